//! Python's statements.

use std::rc::Rc;

use ruff_python_ast::{self as ast, Expr as ParsedExpr, Stmt as Parsed};
use ruff_text_size::{Ranged as _, TextRange};

use super::expressions::operator;
use super::lower::{Lowered, Lowering};
use crate::tree::{Class, Declares, Do, Expr, Function, Handler, Kind, Stmt};

impl Lowering<'_> {
    /// One statement; an import of several modules is several.
    pub(super) fn statement(&mut self, parsed: &Parsed, body: &mut Vec<Stmt>) -> Lowered<()> {
        match parsed {
            Parsed::Import(import) => self.imports(import, body),
            Parsed::ImportFrom(import) => self.imports_from(import, body),
            _ => {
                let kind = self.within(parsed, |lowering| lowering.done(parsed))?;
                body.push(Stmt { kind, at: self.at(parsed.range()) });
                Ok(())
            }
        }
    }

    pub(super) fn suite(&mut self, parsed: &[Parsed]) -> Lowered<Vec<Stmt>> {
        let mut body = Vec::with_capacity(parsed.len());
        for one in parsed {
            self.statement(one, &mut body)?;
        }
        Ok(body)
    }

    fn done(&mut self, parsed: &Parsed) -> Lowered<Do> {
        Ok(match parsed {
            Parsed::Expr(one) => Do::Expr(self.expression(&one.value)?),
            Parsed::Assign(assign) => {
                let targets = self.expressions(&assign.targets)?;
                Do::Assign(targets, self.expression(&assign.value)?, Declares::No)
            }
            Parsed::AugAssign(assign) => {
                let target = Box::new(self.expression(&assign.target)?);
                let value = Box::new(self.expression(&assign.value)?);
                let kind = Kind::Assign(target, Some(operator(assign.op)), value);
                Do::Expr(Expr { kind, at: self.at(assign.range) })
            }
            Parsed::AnnAssign(assign) => self.annotated(assign)?,
            Parsed::If(branch) => {
                let test = self.expression(&branch.test)?;
                let then = self.suite(&branch.body)?;
                Do::If(test, then, self.otherwise(&branch.elif_else_clauses)?)
            }
            Parsed::While(repeat) => {
                let test = self.expression(&repeat.test)?;
                let body = self.suite(&repeat.body)?;
                Do::While(test, body, self.suite(&repeat.orelse)?)
            }
            Parsed::For(each) => Do::For {
                target: self.expression(&each.target)?,
                source: self.expression(&each.iter)?,
                body: self.suite(&each.body)?,
                otherwise: self.suite(&each.orelse)?,
                declares: Declares::No,
            },
            Parsed::Try(attempt) => self.attempt(attempt)?,
            Parsed::With(with) => {
                let mut items = Vec::with_capacity(with.items.len());
                for item in &with.items {
                    let value = self.expression(&item.context_expr)?;
                    items.push((value, self.perhaps(item.optional_vars.as_deref())?));
                }
                Do::With(items, self.suite(&with.body)?)
            }
            Parsed::FunctionDef(function) => Do::Function(self.function(function)?),
            Parsed::ClassDef(class) => Do::Class(self.class(class)?),
            Parsed::Return(back) => Do::Return(self.perhaps(back.value.as_deref())?),
            Parsed::Raise(raise) => {
                let values = [raise.exc.as_deref(), raise.cause.as_deref()];
                Do::Raise(self.expressions(values.into_iter().flatten())?)
            }
            Parsed::Assert(assert) => {
                let parts = std::iter::once(&*assert.test).chain(assert.msg.as_deref());
                let kind = Kind::Plain(self.expressions(parts)?);
                Do::Expr(Expr { kind, at: self.at(assert.range) })
            }
            Parsed::Delete(delete) => Do::Delete(self.expressions(&delete.targets)?),
            Parsed::Global(ast::StmtGlobal { names, .. })
            | Parsed::Nonlocal(ast::StmtNonlocal { names, .. }) => {
                Do::Global(names.iter().map(|name| self.identifier(name)).collect())
            }
            Parsed::Match(choice) => {
                let subject = self.expression(&choice.subject)?;
                let cases = choice.cases.iter().map(|case| self.case(case)).collect::<Lowered<_>>()?;
                Do::Match(subject, cases)
            }
            Parsed::Pass(_) => Do::Nothing,
            Parsed::Break(_) | Parsed::Continue(_) => Do::Leave,
            Parsed::TypeAlias(_) => return self.refuse("a type with a name of its own", parsed),
            Parsed::Import(_) | Parsed::ImportFrom(_) | Parsed::IpyEscapeCommand(_) => {
                return self.refuse(super::NOT_PYTHON, parsed);
            }
        })
    }

    fn perhaps(&mut self, parsed: Option<&ParsedExpr>) -> Lowered<Option<Expr>> {
        parsed.map(|parsed| self.expression(parsed)).transpose()
    }

    /// `x: int = 1`: the annotation is worked out too, and what `x` is made of.
    fn annotated(&mut self, assign: &ast::StmtAnnAssign) -> Lowered<Do> {
        let at = self.at(assign.range);
        let mut parts = vec![self.expression(&assign.annotation)?];
        let Some(value) = &assign.value else {
            if !assign.target.is_name_expr() {
                parts.push(self.expression(&assign.target)?);
            }
            return Ok(Do::Expr(Expr { kind: Kind::Plain(parts), at }));
        };
        let noted = Expr { kind: Kind::Plain(parts), at };
        let kind = Kind::Choice(vec![noted, self.expression(value)?]);
        let target = self.expression(&assign.target)?;
        Ok(Do::Assign(vec![target], Expr { kind, at }, Declares::No))
    }

    /// `elif` and `else`: each is one level deeper in the tree.
    fn otherwise(&mut self, clauses: &[ast::ElifElseClause]) -> Lowered<Vec<Stmt>> {
        let Some((clause, rest)) = clauses.split_first() else { return Ok(Vec::new()) };
        let Some(test) = &clause.test else { return self.suite(&clause.body) };
        let kind = self.within(clause, |lowering| {
            let test = lowering.expression(test)?;
            let then = lowering.suite(&clause.body)?;
            Ok(Do::If(test, then, lowering.otherwise(rest)?))
        })?;
        Ok(vec![Stmt { kind, at: self.at(clause.range) }])
    }

    fn attempt(&mut self, attempt: &ast::StmtTry) -> Lowered<Do> {
        let body = self.suite(&attempt.body)?;
        let mut handlers = Vec::with_capacity(attempt.handlers.len());
        for ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let types = self.perhaps(handler.type_.as_deref())?;
            let target = handler.name.as_ref().map(|name| {
                let at = self.at(name.range);
                Expr { kind: Kind::Name(self.identifier(name)), at }
            });
            handlers.push(Handler { types, target, body: self.suite(&handler.body)? });
        }
        let otherwise = self.suite(&attempt.orelse)?;
        Ok(Do::Try { body, handlers, otherwise, last: self.suite(&attempt.finalbody)? })
    }

    fn untyped(&self, parameters: Option<&ast::TypeParams>) -> Lowered<()> {
        match parameters {
            Some(parameters) => self.refuse("parameters for types", parameters),
            None => Ok(()),
        }
    }

    fn decorators(&mut self, decorators: &[ast::Decorator]) -> Lowered<Vec<Expr>> {
        self.expressions(decorators.iter().map(|decorator| &decorator.expression))
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) -> Lowered<Rc<Function>> {
        self.untyped(function.type_params.as_deref())?;
        let decorators = self.decorators(&function.decorator_list)?;
        let name = Some(self.identifier(&function.name));
        let mut parameters = self.parameters(&function.parameters)?;
        if let Some(annotation) = &function.returns {
            let at = self.at(annotation.range());
            parameters.push(self.annotation(annotation, at)?);
        }
        let body = self.suite(&function.body)?;
        let at = self.at(function.range);
        Ok(Rc::new(Function { name, parameters, body, decorators, at }))
    }

    fn class(&mut self, class: &ast::StmtClassDef) -> Lowered<Rc<Class>> {
        self.untyped(class.type_params.as_deref())?;
        let decorators = self.decorators(&class.decorator_list)?;
        let name = Some(self.identifier(&class.name));
        let bases = match &class.arguments {
            Some(arguments) => self.arguments(arguments)?,
            None => Vec::new(),
        };
        let body = self.suite(&class.body)?;
        Ok(Rc::new(Class { name, bases, body, decorators }))
    }

    /// `import a.b as c, d`
    fn imports(&mut self, import: &ast::StmtImport, body: &mut Vec<Stmt>) -> Lowered<()> {
        self.eager(import.is_lazy, import.range)?;
        let at = self.at(import.range);
        for alias in &import.names {
            let module = self.identifier(&alias.name);
            let local = alias.asname.as_ref().map(|name| self.identifier(name));
            let whole = local.is_some();
            let first = Rc::from(module.split('.').next().unwrap_or(""));
            let kind = Do::Import { module, name: local.unwrap_or(first), whole };
            body.push(Stmt { kind, at });
        }
        Ok(())
    }

    /// `from ..a import b as c, d`
    fn imports_from(&mut self, import: &ast::StmtImportFrom, body: &mut Vec<Stmt>) -> Lowered<()> {
        self.eager(import.is_lazy, import.range)?;
        let at = self.at(import.range);
        let dots = ".".repeat(usize::try_from(import.level).unwrap_or(usize::MAX).min(64));
        let named = import.module.as_ref().map(|name| self.identifier(name));
        let module: Rc<str> = Rc::from(dots + named.as_deref().unwrap_or(""));
        for alias in &import.names {
            let name = self.identifier(&alias.name);
            let kind = if &*name == "*" {
                Do::From { module: Rc::clone(&module), name: None, local: name }
            } else {
                let local = alias.asname.as_ref().map(|name| self.identifier(name));
                let local = local.unwrap_or_else(|| Rc::clone(&name));
                Do::From { module: Rc::clone(&module), name: Some(name), local }
            };
            body.push(Stmt { kind, at });
        }
        Ok(())
    }

    fn eager(&self, lazy: bool, range: TextRange) -> Lowered<()> {
        if lazy { self.refuse("an import at a time of its own", &range) } else { Ok(()) }
    }
}

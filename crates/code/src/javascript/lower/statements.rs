//! Statements.

use std::rc::Rc;

use oxc_ast::ast::{
    Declaration, ForInStatement, ForOfStatement, ForStatement, ForStatementInit, ForStatementLeft,
    ImportOrExportKind, Statement, SwitchStatement, TryStatement, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc_span::{GetSpan, Span};

use super::{Lower, Lowered, at, expr};
use crate::javascript::UNREAD;
use crate::tree::{Case, Declares, Do, Expr, Handler, Kind, Stmt};

const TYPESCRIPT: &str = "a declaration of TypeScript";

impl Lower<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) -> Lowered<Vec<Stmt>> {
        let mut body = Vec::new();
        for statement in statements {
            self.statement(statement, &mut body)?;
        }
        Ok(body)
    }

    /// A statement that is the body of another.
    fn inner(&mut self, statement: &Statement<'_>) -> Lowered<Vec<Stmt>> {
        let mut body = Vec::new();
        self.statement(statement, &mut body)?;
        Ok(body)
    }

    pub(super) fn statement(&mut self, statement: &Statement<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        let span = statement.span();
        self.within(span, |lower| {
            if let Some(declaration) = statement.as_declaration() {
                return lower.declaration(declaration, body);
            }
            if let Some(kind) = lower.kind(statement, body)? {
                body.push(Stmt { kind, at: at(span) });
            }
            Ok(())
        })
    }

    /// What a statement does; `None` when nothing is left to be pushed.
    fn kind(&mut self, statement: &Statement<'_>, body: &mut Vec<Stmt>) -> Lowered<Option<Do>> {
        let span = statement.span();
        Ok(Some(match statement {
            Statement::BlockStatement(block) => Do::Block(self.statements(&block.body)?),
            Statement::BreakStatement(_) | Statement::ContinueStatement(_) => Do::Leave,
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => Do::Nothing,
            Statement::ExpressionStatement(inner) => Do::Expr(self.expression(&inner.expression)?),
            Statement::IfStatement(branch) => {
                let test = self.expression(&branch.test)?;
                let then = self.inner(&branch.consequent)?;
                let other = match &branch.alternate {
                    Some(other) => self.inner(other)?,
                    None => Vec::new(),
                };
                Do::If(test, then, other)
            }
            Statement::WhileStatement(each) => {
                Do::While(self.expression(&each.test)?, self.inner(&each.body)?, Vec::new())
            }
            Statement::DoWhileStatement(each) => {
                Do::While(self.expression(&each.test)?, self.inner(&each.body)?, Vec::new())
            }
            Statement::ForStatement(each) => self.counting(each)?,
            Statement::ForInStatement(each) => self.each_name(each)?,
            Statement::ForOfStatement(each) => self.each_item(each)?,
            Statement::LabeledStatement(labelled) => Do::Block(self.inner(&labelled.body)?),
            Statement::ReturnStatement(returned) => Do::Return(match &returned.argument {
                Some(value) => Some(self.expression(value)?),
                None => None,
            }),
            Statement::ThrowStatement(thrown) => Do::Raise(vec![self.expression(&thrown.argument)?]),
            Statement::SwitchStatement(switch) => self.switch(switch)?,
            Statement::TryStatement(attempt) => self.attempt(attempt)?,
            Statement::WithStatement(_) => return self.refuse("`with`", span),
            Statement::ImportDeclaration(import) => {
                self.imports(import, body)?;
                return Ok(None);
            }
            Statement::ExportDeclaration(export) => {
                self.declaration(&export.declaration, body)?;
                return Ok(None);
            }
            Statement::ExportDefaultDeclaration(export) => {
                self.exported_default(export, body)?;
                return Ok(None);
            }
            Statement::ExportNamedDeclaration(_) => return Ok(None),
            Statement::ExportFromDeclaration(export) => {
                if export.export_kind == ImportOrExportKind::Type {
                    return Ok(None);
                }
                return self.refuse("an export of another module", span);
            }
            Statement::ExportAllDeclaration(_) => {
                return self.refuse("an export that is not known", span);
            }
            _ => return self.refuse(UNREAD, span),
        }))
    }

    fn declaration(&mut self, declaration: &Declaration<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        let span = declaration.span();
        let kind = match declaration {
            Declaration::VariableDeclaration(variables) => return self.variables(variables, body),
            Declaration::FunctionDeclaration(function) => match self.function(function)? {
                Some(function) => Do::Function(Rc::new(function)),
                None => return Ok(()),
            },
            Declaration::ClassDeclaration(class) => {
                if class.declare {
                    return Ok(());
                }
                Do::Class(Rc::new(self.class(class)?))
            }
            Declaration::TSTypeAliasDeclaration(_) | Declaration::TSInterfaceDeclaration(_) => return Ok(()),
            Declaration::TSEnumDeclaration(_)
            | Declaration::TSExternalModuleDeclaration(_)
            | Declaration::TSNamespaceDeclaration(_)
            | Declaration::TSGlobalDeclaration(_)
            | Declaration::TSImportEqualsDeclaration(_) => return self.refuse(TYPESCRIPT, span),
        };
        body.push(Stmt { kind, at: at(span) });
        Ok(())
    }

    /// `var a = 1, {b} = c`.
    fn variables(&mut self, variables: &VariableDeclaration<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        if variables.declare {
            return Ok(());
        }
        let declares = self.declares(variables)?;
        for one in &variables.declarations {
            let target = self.pattern(&one.id)?;
            let kind = match &one.init {
                Some(value) => Do::Assign(vec![target], self.expression(value)?, declares),
                None => Do::Declare(target, declares),
            };
            body.push(Stmt { kind, at: at(one.span) });
        }
        Ok(())
    }

    fn declares(&self, variables: &VariableDeclaration<'_>) -> Lowered<Declares> {
        match variables.kind {
            VariableDeclarationKind::Var => Ok(Declares::Function),
            VariableDeclarationKind::Let | VariableDeclarationKind::Const => Ok(Declares::Block),
            VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing => {
                self.refuse("`using`", variables.span)
            }
        }
    }

    fn counting(&mut self, each: &ForStatement<'_>) -> Lowered<Do> {
        let mut first = Vec::new();
        match &each.init {
            Some(ForStatementInit::VariableDeclaration(variables)) => {
                self.variables(variables, &mut first)?;
            }
            Some(other) => match other.as_expression() {
                Some(value) => {
                    first.push(Stmt { kind: Do::Expr(self.expression(value)?), at: at(other.span()) });
                }
                None => return self.refuse(UNREAD, other.span()),
            },
            None => {}
        }
        let test = match &each.test {
            Some(test) => self.expression(test)?,
            None => expr(Kind::Constant, each.span),
        };
        let mut body = self.inner(&each.body)?;
        if let Some(step) = &each.update {
            body.push(Stmt { kind: Do::Expr(self.expression(step)?), at: at(step.span()) });
        }
        first.push(Stmt { kind: Do::While(test, body, Vec::new()), at: at(each.span) });
        Ok(Do::Block(first))
    }

    fn each_item(&mut self, each: &ForOfStatement<'_>) -> Lowered<Do> {
        let (target, declares) = self.left(&each.left, each.span)?;
        let source = self.expression(&each.right)?;
        Ok(Do::For { target, source, body: self.inner(&each.body)?, otherwise: Vec::new(), declares })
    }

    fn each_name(&mut self, each: &ForInStatement<'_>) -> Lowered<Do> {
        let (target, declares) = self.left(&each.left, each.span)?;
        // Names of members are plain texts.
        let source = expr(Kind::Plain(vec![self.expression(&each.right)?]), each.right.span());
        Ok(Do::For { target, source, body: self.inner(&each.body)?, otherwise: Vec::new(), declares })
    }

    /// What a loop sets.
    fn left(&mut self, left: &ForStatementLeft<'_>, span: Span) -> Lowered<(Expr, Declares)> {
        match left {
            ForStatementLeft::VariableDeclaration(variables) => {
                let declares = self.declares(variables)?;
                match variables.declarations.as_slice() {
                    [one] if one.init.is_none() => Ok((self.pattern(&one.id)?, declares)),
                    _ => self.refuse(UNREAD, variables.span),
                }
            }
            other => match other.as_assignment_target() {
                Some(target) => Ok((self.target(target)?, Declares::No)),
                None => self.refuse(UNREAD, span),
            },
        }
    }

    fn switch(&mut self, switch: &SwitchStatement<'_>) -> Lowered<Do> {
        let subject = self.expression(&switch.discriminant)?;
        let mut cases = Vec::new();
        for case in &switch.cases {
            let tests = match &case.test {
                Some(test) => vec![self.expression(test)?],
                None => Vec::new(),
            };
            cases.push(Case { binds: Vec::new(), tests, body: self.statements(&case.consequent)? });
        }
        Ok(Do::Match(subject, cases))
    }

    fn attempt(&mut self, attempt: &TryStatement<'_>) -> Lowered<Do> {
        let body = self.statements(&attempt.block.body)?;
        let mut handlers = Vec::new();
        if let Some(handler) = &attempt.handler {
            let target = match &handler.param {
                Some(parameter) => Some(self.pattern(&parameter.pattern)?),
                None => None,
            };
            handlers.push(Handler { types: None, target, body: self.statements(&handler.body.body)? });
        }
        let last = match &attempt.finalizer {
            Some(last) => self.statements(&last.body)?,
            None => Vec::new(),
        };
        Ok(Do::Try { body, handlers, otherwise: Vec::new(), last })
    }
}

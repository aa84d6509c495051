//! Python's expressions.

use std::rc::Rc;

use ruff_python_ast::{self as ast, ArgOrKeyword, Expr as Parsed, Operator as Sign};
use ruff_text_size::{Ranged as _, TextRange};

use super::lower::{Lowered, Lowering};
use super::texts;
use crate::tree::{
    Argument, At, Call, Clause, Comprehension, Do, Expr, Function, Kind, Operator, Parameter, ParameterKind,
    Stmt,
};

/// `for … in …` in one comprehension.
const CLAUSES: usize = 8;
/// Parameters of one function.
const PARAMETERS: usize = 64;

pub(super) fn operator(sign: Sign) -> Operator {
    match sign {
        Sign::Add => Operator::Add,
        Sign::Div => Operator::Divide,
        Sign::Mod => Operator::Modulo,
        Sign::Sub
        | Sign::Mult
        | Sign::MatMult
        | Sign::Pow
        | Sign::LShift
        | Sign::RShift
        | Sign::BitOr
        | Sign::BitXor
        | Sign::BitAnd
        | Sign::FloorDiv => Operator::Other,
    }
}

impl Lowering<'_> {
    pub(super) fn expression(&mut self, parsed: &Parsed) -> Lowered<Expr> {
        let kind = self.within(parsed, |lowering| lowering.kind(parsed))?;
        Ok(Expr { kind, at: self.at(parsed.range()) })
    }

    fn boxed(&mut self, parsed: &Parsed) -> Lowered<Box<Expr>> {
        self.expression(parsed).map(Box::new)
    }

    pub(super) fn expressions<'e>(
        &mut self,
        parsed: impl IntoIterator<Item = &'e Parsed>,
    ) -> Lowered<Vec<Expr>> {
        parsed.into_iter().map(|one| self.expression(one)).collect()
    }

    fn kind(&mut self, parsed: &Parsed) -> Lowered<Kind> {
        Ok(match parsed {
            Parsed::Name(name) => Kind::Name(self.name(&name.id, name.range)),
            Parsed::StringLiteral(text) => self.texts(text.value.as_slice()),
            Parsed::BytesLiteral(bytes) => self.bytes(bytes.value.as_slice()),
            Parsed::FString(format) => self.template(&format.value)?,
            Parsed::NumberLiteral(number) => texts::number(&number.value),
            Parsed::BooleanLiteral(truth) => Kind::Truth(truth.value),
            Parsed::NoneLiteral(_) => Kind::Nothing,
            Parsed::EllipsisLiteral(_) => Kind::Constant,
            Parsed::Attribute(attribute) => {
                let base = self.boxed(&attribute.value)?;
                Kind::Attribute(base, self.identifier(&attribute.attr))
            }
            Parsed::Subscript(subscript) => self.subscript(subscript)?,
            Parsed::Call(call) => {
                let callee = self.expression(&call.func)?;
                let arguments = self.arguments(&call.arguments)?;
                Kind::Call(Box::new(Call { callee, arguments }))
            }
            Parsed::BinOp(binary) => {
                let left = self.boxed(&binary.left)?;
                Kind::Binary(operator(binary.op), left, self.boxed(&binary.right)?)
            }
            Parsed::BoolOp(either) => {
                // No one of them is certain to be the result.
                let nothing = Expr { kind: Kind::Constant, at: self.at(either.range) };
                let mut options = vec![nothing];
                options.extend(self.expressions(&either.values)?);
                Kind::Choice(options)
            }
            Parsed::If(choice) => {
                Kind::Choice(self.expressions([&*choice.test, &*choice.body, &*choice.orelse])?)
            }
            Parsed::UnaryOp(unary) => Kind::Plain(vec![self.expression(&unary.operand)?]),
            Parsed::Compare(compare) => {
                let parts = std::iter::once(&*compare.left).chain(&*compare.comparators);
                Kind::Plain(self.expressions(parts)?)
            }
            Parsed::List(ast::ExprList { elts, .. })
            | Parsed::Tuple(ast::ExprTuple { elts, .. })
            | Parsed::Set(ast::ExprSet { elts, .. }) => Kind::Sequence(self.expressions(elts)?),
            Parsed::Dict(dict) => Kind::Mapping(self.entries(dict)?),
            Parsed::Named(named) => {
                let target = self.boxed(&named.target)?;
                Kind::Assign(target, None, self.boxed(&named.value)?)
            }
            Parsed::Lambda(lambda) => Kind::Function(self.lambda(lambda)?),
            Parsed::Starred(starred) => Kind::Spread(self.boxed(&starred.value)?),
            Parsed::Await(waits) => Kind::Await(self.boxed(&waits.value)?),
            Parsed::Yield(ast::ExprYield { value, .. }) => {
                Kind::Yield(value.as_deref().map(|value| self.boxed(value)).transpose()?)
            }
            Parsed::YieldFrom(from) => Kind::Yield(Some(self.boxed(&from.value)?)),
            Parsed::ListComp(ast::ExprListComp { elt, generators, .. })
            | Parsed::SetComp(ast::ExprSetComp { elt, generators, .. })
            | Parsed::Generator(ast::ExprGenerator { elt, generators, .. }) => {
                self.comprehension(&[elt], generators, parsed.range())?
            }
            Parsed::DictComp(ast::ExprDictComp { key: Some(key), value, generators, range, .. }) => {
                self.comprehension(&[key, value], generators, *range)?
            }
            Parsed::DictComp(_) => return self.refuse("a dictionary spread by a comprehension", parsed),
            Parsed::TString(_) => return self.refuse("a template text", parsed),
            Parsed::Slice(_) | Parsed::IpyEscapeCommand(_) => return self.refuse(super::NOT_PYTHON, parsed),
        })
    }

    /// `a[0]`, `a[1:2]`, `a[b, c]`
    fn subscript(&mut self, subscript: &ast::ExprSubscript) -> Lowered<Kind> {
        let base = self.boxed(&subscript.value)?;
        let items = match &*subscript.slice {
            Parsed::Tuple(tuple) if tuple.elts.iter().any(Parsed::is_slice_expr) => tuple.elts.as_slice(),
            slice @ Parsed::Slice(_) => std::slice::from_ref(slice),
            index => return Ok(Kind::Index(base, self.boxed(index)?)),
        };
        let mut parts = Vec::new();
        for item in items {
            match item {
                Parsed::Slice(slice) => {
                    let bounds = [&slice.lower, &slice.upper, &slice.step];
                    parts.extend(self.expressions(bounds.into_iter().flatten().map(|bound| &**bound))?);
                }
                other => parts.push(self.expression(other)?),
            }
        }
        Ok(Kind::Slice(base, parts))
    }

    fn entries(&mut self, dict: &ast::ExprDict) -> Lowered<Vec<(Option<Expr>, Expr)>> {
        let mut entries = Vec::with_capacity(dict.items.len());
        for item in &dict.items {
            let key = item.key.as_ref().map(|key| self.expression(key)).transpose()?;
            entries.push((key, self.expression(&item.value)?));
        }
        Ok(entries)
    }

    /// Arguments in the order they are written in, which is the order they are worked out in.
    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> Lowered<Vec<Argument>> {
        let mut lowered = Vec::with_capacity(arguments.len());
        for argument in arguments.iter_source_order() {
            lowered.push(match argument {
                ArgOrKeyword::Arg(value) => Argument { name: None, value: self.expression(value)? },
                ArgOrKeyword::Keyword(ast::Keyword { arg: Some(name), value, .. }) => {
                    Argument { name: Some(self.identifier(name)), value: self.expression(value)? }
                }
                ArgOrKeyword::Keyword(ast::Keyword { arg: None, value, range, .. }) => {
                    let kind = Kind::SpreadNamed(self.boxed(value)?);
                    Argument { name: None, value: Expr { kind, at: self.at(*range) } }
                }
            });
        }
        Ok(lowered)
    }

    fn comprehension(
        &mut self,
        values: &[&Parsed],
        generators: &[ast::Comprehension],
        range: TextRange,
    ) -> Lowered<Kind> {
        if generators.len() > CLAUSES {
            return self.refuse("a comprehension that is not known", &range);
        }
        let mut clauses = Vec::with_capacity(generators.len());
        for generator in generators {
            clauses.push(Clause {
                target: self.expression(&generator.target)?,
                source: self.expression(&generator.iter)?,
                tests: self.expressions(&generator.ifs)?,
            });
        }
        let values = self.expressions(values.iter().copied())?;
        Ok(Kind::Comprehension(Box::new(Comprehension { clauses, values })))
    }

    fn lambda(&mut self, lambda: &ast::ExprLambda) -> Lowered<Rc<Function>> {
        let parameters = match &lambda.parameters {
            Some(parameters) => self.parameters(parameters)?,
            None => Vec::new(),
        };
        let value = self.expression(&lambda.body)?;
        let body = vec![Stmt { at: value.at, kind: Do::Return(Some(value)) }];
        let at = self.at(lambda.range);
        Ok(Rc::new(Function { name: None, parameters, body, decorators: Vec::new(), at }))
    }

    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) -> Lowered<Vec<Parameter>> {
        let mut lowered = Vec::new();
        let groups = [
            (&parameters.posonlyargs, ParameterKind::One),
            (&parameters.args, ParameterKind::One),
            (&parameters.kwonlyargs, ParameterKind::Named),
        ];
        for (group, kind) in groups {
            if kind == ParameterKind::Named
                && let Some(rest) = &parameters.vararg
            {
                self.parameter(rest, None, ParameterKind::Rest, &mut lowered)?;
            }
            for one in group {
                self.parameter(&one.parameter, one.default(), kind, &mut lowered)?;
            }
        }
        if let Some(rest) = &parameters.kwarg {
            self.parameter(rest, None, ParameterKind::RestNamed, &mut lowered)?;
        }
        if lowered.len() > PARAMETERS {
            return self.refuse("too many parameters", parameters);
        }
        Ok(lowered)
    }

    fn parameter(
        &mut self,
        parameter: &ast::Parameter,
        default: Option<&Parsed>,
        kind: ParameterKind,
        lowered: &mut Vec<Parameter>,
    ) -> Lowered<()> {
        let at = self.at(parameter.name.range);
        if let Some(annotation) = parameter.annotation() {
            lowered.push(self.annotation(annotation, at)?);
        }
        let target = Expr { kind: Kind::Name(self.identifier(&parameter.name)), at };
        let default = default.map(|default| self.expression(default)).transpose()?;
        lowered.push(Parameter { target, default, kind });
        Ok(())
    }

    /// An annotation is worked out where the function is defined, as a default is.
    pub(super) fn annotation(&mut self, annotation: &Parsed, at: At) -> Lowered<Parameter> {
        let default = Some(self.expression(annotation)?);
        Ok(Parameter { target: Expr { kind: Kind::Constant, at }, default, kind: ParameterKind::Named })
    }
}

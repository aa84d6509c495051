//! Expressions.

use std::rc::Rc;

use oxc_ast::ast::{
    Argument as OxcArgument, ArrayExpressionElement, AssignmentExpression, AwaitExpression, BinaryOperator,
    CallExpression, ChainElement, ComputedMemberExpression, Expression, ImportExpression, ObjectExpression,
    ObjectProperty, ObjectPropertyKind, PrivateFieldExpression, PropertyKey, PropertyKind,
    StaticMemberExpression, TemplateLiteral, UnaryExpression, UnaryOperator,
};
use oxc_ast::ast::{AssignmentOperator, StringLiteral};
use oxc_span::{GetSpan, Span};

use super::{Lower, Lowered, at, expr};
use crate::javascript::UNREAD;
use crate::tree::{Argument, Call, Expr, Kind, Operator};

/// Whole numbers up to this are the same in both number types.
const EXACT: f64 = 9_007_199_254_740_991.0;

impl Lower<'_> {
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> Lowered<Expr> {
        self.within(expression.span(), |lower| lower.one(expression))
    }

    pub(super) fn expressions<'e, 'a: 'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Expression<'a>>,
    ) -> Lowered<Vec<Expr>> {
        expressions.into_iter().map(|expression| self.expression(expression)).collect()
    }

    fn one(&mut self, expression: &Expression<'_>) -> Lowered<Expr> {
        let span = expression.span();
        let kind = match expression {
            Expression::BooleanLiteral(literal) => Kind::Truth(literal.value),
            Expression::NullLiteral(_) => Kind::Nothing,
            Expression::NumericLiteral(literal) => number(literal.value),
            Expression::BigIntLiteral(_) | Expression::RegExpLiteral(_) => Kind::Constant,
            Expression::StringLiteral(literal) => string(literal),
            Expression::TemplateLiteral(template) => return self.template(template),
            Expression::Identifier(name) => Kind::Name(self.name(&name.name, span)?),
            Expression::Super(_) => Kind::Name(Rc::from("super")),
            Expression::ThisExpression(_) => Kind::Name(Rc::from("this")),
            Expression::ImportMeta(_) => Kind::Name(Rc::from("import.meta")),
            Expression::ArrayExpression(array) => {
                Kind::Sequence(array.elements.iter().map(|item| self.element(item)).collect::<Lowered<_>>()?)
            }
            Expression::ObjectExpression(object) => return self.object(object),
            Expression::ArrowFunctionExpression(arrow) => Kind::Function(Rc::new(self.arrow(arrow)?)),
            Expression::FunctionExpression(function) => match self.function(function)? {
                Some(function) => Kind::Function(Rc::new(function)),
                None => return self.refuse(UNREAD, span),
            },
            Expression::ClassExpression(class) => Kind::Class(Rc::new(self.class(class)?)),
            other => return self.operation(other, span),
        };
        Ok(expr(kind, span))
    }

    /// What works something out of other values.
    fn operation(&mut self, expression: &Expression<'_>, span: Span) -> Lowered<Expr> {
        let kind = match expression {
            Expression::AssignmentExpression(assignment) => return self.assignment(assignment),
            Expression::AwaitExpression(awaited) => return self.awaited(awaited),
            Expression::YieldExpression(yielded) => Kind::Yield(match &yielded.argument {
                Some(argument) => Some(Box::new(self.expression(argument)?)),
                None => None,
            }),
            Expression::BinaryExpression(binary) => {
                let left = self.expression(&binary.left)?;
                let right = self.expression(&binary.right)?;
                match binary.operator {
                    BinaryOperator::Addition => Kind::Binary(Operator::Add, Box::new(left), Box::new(right)),
                    _ => Kind::Plain(vec![left, right]),
                }
            }
            Expression::PrivateInExpression(binary) => Kind::Plain(vec![self.expression(&binary.right)?]),
            // Either side may be the value.
            Expression::LogicalExpression(logical) => Kind::Choice(vec![
                expr(Kind::Constant, span),
                self.expression(&logical.left)?,
                self.expression(&logical.right)?,
            ]),
            Expression::ConditionalExpression(choice) => {
                Kind::Choice(self.expressions([&choice.test, &choice.consequent, &choice.alternate])?)
            }
            Expression::SequenceExpression(sequence) => {
                // All are worked out, the last is the value.
                let mut items = self.expressions(&sequence.expressions)?;
                let last = items.pop().unwrap_or(expr(Kind::Constant, span));
                Kind::Choice(vec![expr(Kind::Plain(items), span), last])
            }
            Expression::ImportExpression(import) => return self.import(import),
            Expression::UnaryExpression(unary) => return self.unary(unary),
            Expression::UpdateExpression(update) => {
                let place = self.simple_target(&update.argument)?;
                let nothing = expr(Kind::Constant, span);
                Kind::Assign(Box::new(place), Some(Operator::Other), Box::new(nothing))
            }
            other => return self.reached(other, span),
        };
        Ok(expr(kind, span))
    }

    /// Members, calls, and what is only typed.
    fn reached(&mut self, expression: &Expression<'_>, span: Span) -> Lowered<Expr> {
        match expression {
            Expression::ComputedMemberExpression(member) => self.computed(member),
            Expression::StaticMemberExpression(member) => self.member(member),
            Expression::PrivateFieldExpression(member) => self.private(member),
            Expression::ParenthesizedExpression(inner) => self.expression(&inner.expression),
            Expression::TSAsExpression(typed) => self.expression(&typed.expression),
            Expression::TSSatisfiesExpression(typed) => self.expression(&typed.expression),
            Expression::TSTypeAssertion(typed) => self.expression(&typed.expression),
            Expression::TSNonNullExpression(typed) => self.expression(&typed.expression),
            Expression::TSInstantiationExpression(typed) => self.expression(&typed.expression),
            Expression::NewTarget(_) => self.refuse("`new.target`", span),
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new) => {
                let callee = self.expression(&new.callee)?;
                let arguments = self.arguments(&new.arguments)?;
                Ok(expr(Kind::Call(Box::new(Call { callee, arguments })), span))
            }
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call),
                ChainElement::TSNonNullExpression(value) => self.expression(&value.expression),
                ChainElement::ComputedMemberExpression(member) => self.computed(member),
                ChainElement::StaticMemberExpression(member) => self.member(member),
                ChainElement::PrivateFieldExpression(member) => self.private(member),
            },
            Expression::TaggedTemplateExpression(tagged) => {
                // A tag is called with the pieces.
                let callee = self.expression(&tagged.tag)?;
                let pieces = self.template(&tagged.quasi)?;
                let value = expr(Kind::Plain(vec![pieces]), span);
                let arguments = vec![Argument { name: None, value }];
                Ok(expr(Kind::Call(Box::new(Call { callee, arguments })), span))
            }
            _ => self.refuse(UNREAD, span),
        }
    }

    /// A name; what is a keyword in another kind of text is none.
    pub(super) fn name(&self, name: &str, span: Span) -> Lowered<Rc<str>> {
        if matches!(name, "await" | "yield" | "let") {
            return self.refuse("a name that is a keyword elsewhere", span);
        }
        Ok(Rc::from(name))
    }

    fn element(&mut self, element: &ArrayExpressionElement<'_>) -> Lowered<Expr> {
        match element {
            ArrayExpressionElement::Elision(nothing) => Ok(expr(Kind::Constant, nothing.span)),
            ArrayExpressionElement::SpreadElement(spread) => {
                let inner = self.expression(&spread.argument)?;
                Ok(expr(Kind::Spread(Box::new(inner)), spread.span))
            }
            other => match other.as_expression() {
                Some(value) => self.expression(value),
                None => self.refuse(UNREAD, other.span()),
            },
        }
    }

    fn arguments(&mut self, arguments: &[OxcArgument<'_>]) -> Lowered<Vec<Argument>> {
        arguments
            .iter()
            .map(|argument| {
                let value = match argument {
                    OxcArgument::SpreadElement(spread) => {
                        let inner = self.expression(&spread.argument)?;
                        expr(Kind::Spread(Box::new(inner)), spread.span)
                    }
                    other => match other.as_expression() {
                        Some(value) => self.expression(value)?,
                        None => return self.refuse(UNREAD, other.span()),
                    },
                };
                Ok(Argument { name: None, value })
            })
            .collect()
    }

    fn call(&mut self, call: &CallExpression<'_>) -> Lowered<Expr> {
        let callee = self.expression(&call.callee)?;
        let arguments = self.arguments(&call.arguments)?;
        Ok(expr(Kind::Call(Box::new(Call { callee, arguments })), call.span))
    }

    fn member(&mut self, member: &StaticMemberExpression<'_>) -> Lowered<Expr> {
        let base = self.expression(&member.object)?;
        Ok(expr(Kind::Attribute(Box::new(base), Rc::from(&*member.property.name)), member.span))
    }

    fn private(&mut self, member: &PrivateFieldExpression<'_>) -> Lowered<Expr> {
        let base = self.expression(&member.object)?;
        let name = format!("#{}", member.field.name);
        Ok(expr(Kind::Attribute(Box::new(base), Rc::from(name)), member.span))
    }

    fn computed(&mut self, member: &ComputedMemberExpression<'_>) -> Lowered<Expr> {
        let base = self.expression(&member.object)?;
        let index = self.expression(&member.expression)?;
        Ok(expr(Kind::Index(Box::new(base), Box::new(index)), member.span))
    }

    pub(super) fn member_target(&mut self, member: &oxc_ast::ast::MemberExpression<'_>) -> Lowered<Expr> {
        use oxc_ast::ast::MemberExpression;
        match member {
            MemberExpression::ComputedMemberExpression(member) => self.computed(member),
            MemberExpression::StaticMemberExpression(member) => self.member(member),
            MemberExpression::PrivateFieldExpression(member) => self.private(member),
        }
    }

    fn template(&mut self, template: &TemplateLiteral<'_>) -> Lowered<Expr> {
        let mut pieces = Vec::new();
        let mut values = template.expressions.iter();
        for quasi in &template.quasis {
            let kind = match &quasi.value.cooked {
                Some(text) if !quasi.lone_surrogates => Kind::Text(Rc::from(text.as_str())),
                _ => Kind::Constant,
            };
            pieces.push(expr(kind, quasi.span));
            if let Some(value) = values.next() {
                pieces.push(self.expression(value)?);
            }
        }
        Ok(expr(Kind::Template(pieces), template.span))
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Lowered<Expr> {
        let target = self.target(&assignment.left)?;
        let value = self.expression(&assignment.right)?;
        let operator = match assignment.operator {
            AssignmentOperator::Assign => None,
            AssignmentOperator::Addition => Some(Operator::Add),
            other if other.is_logical() => {
                // What is there or what is given.
                let span = assignment.span;
                let value = expr(Kind::Choice(vec![expr(Kind::Constant, span), target.clone(), value]), span);
                return Ok(expr(Kind::Assign(Box::new(target), None, Box::new(value)), span));
            }
            _ => Some(Operator::Other),
        };
        Ok(expr(Kind::Assign(Box::new(target), operator, Box::new(value)), assignment.span))
    }

    fn awaited(&mut self, awaited: &AwaitExpression<'_>) -> Lowered<Expr> {
        // In a script, `await` may be a name and the slash a division.
        let behind = self.text.get(awaited.argument.span().start as usize..).unwrap_or("");
        if behind.starts_with('/') {
            return self.refuse("`await` before a slash", awaited.span);
        }
        let value = self.expression(&awaited.argument)?;
        Ok(expr(Kind::Await(Box::new(value)), awaited.span))
    }

    fn import(&mut self, import: &ImportExpression<'_>) -> Lowered<Expr> {
        if import.options.is_some() || import.phase.is_some() {
            return self.refuse("options of an import", import.span);
        }
        let module = self.expression(&import.source)?;
        Ok(expr(Kind::Import(Box::new(module)), import.span))
    }

    fn unary(&mut self, unary: &UnaryExpression<'_>) -> Lowered<Expr> {
        let value = self.expression(&unary.argument)?;
        let member = matches!(value.kind, Kind::Attribute(..) | Kind::Index(..));
        if unary.operator == UnaryOperator::Delete && member {
            // Takes a member away: like putting another there.
            let nothing = expr(Kind::Constant, unary.span);
            return Ok(expr(Kind::Assign(Box::new(value), None, Box::new(nothing)), unary.span));
        }
        Ok(expr(Kind::Plain(vec![value]), unary.span))
    }

    fn object(&mut self, object: &ObjectExpression<'_>) -> Lowered<Expr> {
        let mut entries = Vec::new();
        for property in &object.properties {
            entries.push(match property {
                ObjectPropertyKind::SpreadProperty(spread) => (None, self.expression(&spread.argument)?),
                ObjectPropertyKind::ObjectProperty(property) => self.property(property)?,
            });
        }
        Ok(expr(Kind::Mapping(entries), object.span))
    }

    fn property(&mut self, property: &ObjectProperty<'_>) -> Lowered<(Option<Expr>, Expr)> {
        let key = self.key(&property.key)?;
        let value = self.expression(&property.value)?;
        // What a getter gives is not the function itself.
        let value = match property.kind {
            PropertyKind::Init => value,
            PropertyKind::Get | PropertyKind::Set => expr(Kind::Plain(vec![value]), property.span),
        };
        Ok((Some(key), value))
    }

    /// A member's name: a text, or what it is worked out from.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> Lowered<Expr> {
        let span = key.span();
        let kind = match key {
            PropertyKey::StaticIdentifier(name) => Kind::Text(Rc::from(&*name.name)),
            PropertyKey::PrivateIdentifier(name) => Kind::Text(Rc::from(format!("#{}", name.name))),
            PropertyKey::StringLiteral(text) if text.lone_surrogates => {
                return self.refuse("a member's name that is not worked out", span);
            }
            PropertyKey::NumericLiteral(literal) => match number(literal.value) {
                Kind::Number(number) => Kind::Text(Rc::from(number.to_string())),
                _ => Kind::Text(Rc::from("number")),
            },
            other => match other.as_expression() {
                Some(value) => return self.expression(value),
                None => return self.refuse(UNREAD, span),
            },
        };
        Ok(expr(kind, span))
    }
}

fn string(literal: &StringLiteral<'_>) -> Kind {
    if literal.lone_surrogates { Kind::Constant } else { Kind::Text(Rc::from(literal.value.as_str())) }
}

fn number(value: f64) -> Kind {
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number that fits")]
        let whole = value as i64;
        Kind::Number(whole)
    } else {
        Kind::Constant
    }
}

/// The name of a statement's or member's place.
pub(super) fn named(name: Rc<str>, span: Span) -> Expr {
    Expr { kind: Kind::Name(name), at: at(span) }
}

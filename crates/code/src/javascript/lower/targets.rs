//! What is set: names, members and patterns of them.

use std::rc::Rc;

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, AssignmentTargetRest,
    BindingIdentifier, BindingPattern, BindingRestElement, SimpleAssignmentTarget,
};
use oxc_span::{GetSpan, Span};

use super::expressions::named;
use super::{Lower, Lowered, expr};
use crate::javascript::UNREAD;
use crate::tree::{Expr, Kind};

impl Lower<'_> {
    /// A name, or an array or object of patterns, in a declaration or among parameters.
    pub(super) fn pattern(&mut self, pattern: &BindingPattern<'_>) -> Lowered<Expr> {
        let span = pattern.span();
        self.within(span, |lower| {
            let kind = match pattern {
                BindingPattern::BindingIdentifier(name) => return lower.binding(name),
                BindingPattern::AssignmentPattern(inner) => {
                    let target = lower.pattern(&inner.left)?;
                    let default = lower.expression(&inner.right)?;
                    Kind::Assign(Box::new(target), None, Box::new(default))
                }
                BindingPattern::ArrayPattern(array) => {
                    let mut items = Vec::new();
                    for item in &array.elements {
                        items.push(match item {
                            Some(item) => lower.pattern(item)?,
                            None => expr(Kind::Constant, array.span),
                        });
                    }
                    if let Some(rest) = &array.rest {
                        let inner = lower.rest(rest)?;
                        items.push(expr(Kind::Spread(Box::new(inner)), rest.span));
                    }
                    Kind::Sequence(items)
                }
                BindingPattern::ObjectPattern(object) => {
                    let mut entries = Vec::new();
                    for property in &object.properties {
                        let key = lower.key(&property.key)?;
                        entries.push((Some(key), lower.pattern(&property.value)?));
                    }
                    if let Some(rest) = &object.rest {
                        entries.push((None, lower.rest(rest)?));
                    }
                    Kind::Mapping(entries)
                }
            };
            Ok(expr(kind, span))
        })
    }

    pub(super) fn rest(&mut self, rest: &BindingRestElement<'_>) -> Lowered<Expr> {
        self.pattern(&rest.argument)
    }

    pub(super) fn binding(&self, name: &BindingIdentifier<'_>) -> Lowered<Expr> {
        Ok(named(self.name(&name.name, name.span)?, name.span))
    }

    /// The left of an assignment.
    pub(super) fn target(&mut self, target: &AssignmentTarget<'_>) -> Lowered<Expr> {
        let span = target.span();
        self.within(span, |lower| {
            let kind = match target {
                AssignmentTarget::ArrayAssignmentTarget(array) => {
                    let mut items = Vec::new();
                    for item in &array.elements {
                        items.push(match item {
                            Some(item) => lower.defaulted(item)?,
                            None => expr(Kind::Constant, array.span),
                        });
                    }
                    if let Some(rest) = &array.rest {
                        let inner = lower.rest_target(rest)?;
                        items.push(expr(Kind::Spread(Box::new(inner)), rest.span));
                    }
                    Kind::Sequence(items)
                }
                AssignmentTarget::ObjectAssignmentTarget(object) => {
                    let mut entries = Vec::new();
                    for property in &object.properties {
                        entries.push(lower.target_property(property)?);
                    }
                    if let Some(rest) = &object.rest {
                        entries.push((None, lower.rest_target(rest)?));
                    }
                    Kind::Mapping(entries)
                }
                other => match other.as_simple_assignment_target() {
                    Some(simple) => return lower.simple_target(simple),
                    None => return lower.refuse(UNREAD, span),
                },
            };
            Ok(expr(kind, span))
        })
    }

    fn rest_target(&mut self, rest: &AssignmentTargetRest<'_>) -> Lowered<Expr> {
        self.target(&rest.target)
    }

    fn defaulted(&mut self, target: &AssignmentTargetMaybeDefault<'_>) -> Lowered<Expr> {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(inner) => {
                let target = self.target(&inner.binding)?;
                let default = self.expression(&inner.init)?;
                Ok(expr(Kind::Assign(Box::new(target), None, Box::new(default)), inner.span))
            }
            other => match other.as_assignment_target() {
                Some(target) => self.target(target),
                None => self.refuse(UNREAD, other.span()),
            },
        }
    }

    fn target_property(&mut self, property: &AssignmentTargetProperty<'_>) -> Lowered<(Option<Expr>, Expr)> {
        match property {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(inner) => {
                let span = inner.binding.span;
                let name = self.name(&inner.binding.name, span)?;
                let key = expr(Kind::Text(Rc::clone(&name)), span);
                let mut value = named(name, span);
                if let Some(default) = &inner.init {
                    let default = self.expression(default)?;
                    value = expr(Kind::Assign(Box::new(value), None, Box::new(default)), inner.span);
                }
                Ok((Some(key), value))
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(inner) => {
                let key = self.key(&inner.name)?;
                Ok((Some(key), self.defaulted(&inner.binding)?))
            }
        }
    }

    /// A name or a member.
    pub(super) fn simple_target(&mut self, target: &SimpleAssignmentTarget<'_>) -> Lowered<Expr> {
        let value = match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                return Ok(named(self.name(&name.name, name.span)?, name.span));
            }
            SimpleAssignmentTarget::TSAsExpression(typed) => self.expression(&typed.expression)?,
            SimpleAssignmentTarget::TSSatisfiesExpression(typed) => self.expression(&typed.expression)?,
            SimpleAssignmentTarget::TSNonNullExpression(typed) => self.expression(&typed.expression)?,
            SimpleAssignmentTarget::TSTypeAssertion(typed) => self.expression(&typed.expression)?,
            other => match other.as_member_expression() {
                Some(member) => return self.member_target(member),
                None => return self.refuse(UNREAD, other.span()),
            },
        };
        self.place(value, target.span())
    }

    fn place(&self, value: Expr, span: Span) -> Lowered<Expr> {
        match value.kind {
            Kind::Name(_) | Kind::Attribute(..) | Kind::Index(..) => Ok(value),
            _ => self.refuse("an assignment to something that is no place", span),
        }
    }
}

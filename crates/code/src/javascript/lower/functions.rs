//! Functions and classes.

use std::rc::Rc;

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, Class as OxcClass, ClassElement, Decorator, Expression,
    FormalParameters, Function as OxcFunction, FunctionBody, MethodDefinition, PropertyDefinition,
};
use oxc_span::{GetSpan, Span};

use super::expressions::named;
use super::{Lower, Lowered, at};
use crate::javascript::UNREAD;
use crate::tree::{Argument, Class, Declares, Do, Expr, Function, Kind, Parameter, ParameterKind, Stmt};

/// Parameters of a function at most.
const PARAMETERS: usize = 64;

impl Lower<'_> {
    /// A function; `None` when it is only declared.
    pub(super) fn function(&mut self, function: &OxcFunction<'_>) -> Lowered<Option<Function>> {
        let name = match &function.id {
            Some(id) => Some(self.name(&id.name, id.span)?),
            None => None,
        };
        let Some(body) = &function.body else { return Ok(None) };
        self.made(name, &function.params, body, function.span).map(Some)
    }

    fn made(
        &mut self,
        name: Option<Rc<str>>,
        parameters: &FormalParameters<'_>,
        body: &FunctionBody<'_>,
        span: Span,
    ) -> Lowered<Function> {
        let parameters = self.parameters(parameters)?;
        let body = self.within(span, |lower| lower.statements(&body.statements))?;
        Ok(Function { name, parameters, body, decorators: Vec::new(), at: at(span) })
    }

    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>) -> Lowered<Function> {
        let value = match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => {
                return self.made(None, &arrow.params, body, arrow.span);
            }
            other => other.as_expression(),
        };
        let Some(value) = value else { return self.refuse(UNREAD, arrow.span) };
        let parameters = self.parameters(&arrow.params)?;
        let value = self.expression(value)?;
        let body = vec![Stmt { at: value.at, kind: Do::Return(Some(value)) }];
        Ok(Function { name: None, parameters, body, decorators: Vec::new(), at: at(arrow.span) })
    }

    fn parameters(&mut self, parameters: &FormalParameters<'_>) -> Lowered<Vec<Parameter>> {
        let mut made = Vec::new();
        for item in &parameters.items {
            self.undecorated(&item.decorators)?;
            let target = self.pattern(&item.pattern)?;
            let default = match &item.initializer {
                Some(default) => Some(self.expression(default)?),
                None => None,
            };
            made.push(Parameter { target, default, kind: ParameterKind::One });
        }
        if let Some(rest) = &parameters.rest {
            self.undecorated(&rest.decorators)?;
            let target = self.rest(&rest.rest)?;
            made.push(Parameter { target, default: None, kind: ParameterKind::Rest });
        }
        if made.len() > PARAMETERS {
            return self.refuse("too many parameters", parameters.span);
        }
        Ok(made)
    }

    fn undecorated(&self, decorators: &[Decorator<'_>]) -> Lowered<()> {
        match decorators.first() {
            Some(decorator) => self.refuse("a decorator", decorator.span),
            None => Ok(()),
        }
    }

    pub(super) fn class(&mut self, class: &OxcClass<'_>) -> Lowered<Class> {
        self.undecorated(&class.decorators)?;
        let name = match &class.id {
            Some(id) => Some(self.name(&id.name, id.span)?),
            None => None,
        };
        let mut bases = Vec::new();
        if let Some(heritage) = &class.heritage {
            bases.push(Argument { name: None, value: self.base(&heritage.expression)? });
        }
        let mut body = Vec::new();
        self.within(class.span, |lower| {
            class.body.body.iter().try_for_each(|element| lower.element_of_class(element, &mut body))
        })?;
        Ok(Class { name, bases, body, decorators: Vec::new() })
    }

    /// A base that is a plain name with members.
    fn base(&mut self, base: &Expression<'_>) -> Lowered<Expr> {
        let mut inner = base;
        loop {
            match inner {
                Expression::StaticMemberExpression(member) => inner = &member.object,
                Expression::Identifier(_) => return self.expression(base),
                _ => return self.refuse(UNREAD, base.span()),
            }
        }
    }

    fn element_of_class(&mut self, element: &ClassElement<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        match element {
            ClassElement::StaticBlock(block) => {
                let inner = self.statements(&block.body)?;
                body.push(Stmt { kind: Do::Block(inner), at: at(block.span) });
                Ok(())
            }
            ClassElement::MethodDefinition(method) => self.method(method, body),
            ClassElement::PropertyDefinition(field) => self.field(field, body),
            ClassElement::TSIndexSignature(_) => Ok(()),
            ClassElement::AccessorProperty(accessor) => self.refuse(UNREAD, accessor.span),
        }
    }

    fn method(&mut self, method: &MethodDefinition<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        self.undecorated(&method.decorators)?;
        let name = self.member_name(&method.key, body)?;
        let function = &method.value;
        // Without a body it is only declared.
        if let Some(inner) = &function.body {
            let function = self.made(Some(name), &function.params, inner, method.span)?;
            body.push(Stmt { kind: Do::Function(Rc::new(function)), at: at(method.span) });
        }
        Ok(())
    }

    fn field(&mut self, field: &PropertyDefinition<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        self.undecorated(&field.decorators)?;
        let name = self.member_name(&field.key, body)?;
        if let Some(value) = &field.value {
            let value = self.expression(value)?;
            let target = named(name, field.key.span());
            let kind = Do::Assign(vec![target], value, Declares::Block);
            body.push(Stmt { kind, at: at(field.span) });
        }
        Ok(())
    }

    /// A member's name; one that is worked out is worked out first, and has no name here.
    fn member_name(&mut self, key: &oxc_ast::ast::PropertyKey<'_>, body: &mut Vec<Stmt>) -> Lowered<Rc<str>> {
        let key = self.key(key)?;
        match key.kind {
            Kind::Text(name) => Ok(name),
            _ => {
                body.push(Stmt { at: key.at, kind: Do::Expr(key) });
                Ok(Rc::from(""))
            }
        }
    }
}

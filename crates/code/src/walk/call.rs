//! Calls: of functions of the text, of things of the tables, of methods.

use std::rc::Rc;

use super::value::Value;
use super::{CALLS, Language, Walk, data};
use crate::tree::{At, Call, Function, Kind, ParameterKind};

/// What a call is given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) positional: Vec<Value>,
    pub(super) named: Vec<(Rc<str>, Value)>,
    /// There may be more.
    pub(super) open: bool,
    /// Positions are certain.
    pub(super) exact: bool,
}

impl Default for Given {
    fn default() -> Self {
        Self { positional: Vec::new(), named: Vec::new(), open: false, exact: true }
    }
}

impl Given {
    /// A call of which nothing is known.
    pub(super) fn anything() -> Self {
        Self { open: true, exact: false, ..Self::default() }
    }

    pub(super) fn of(values: &[Value]) -> Self {
        Self { positional: values.to_vec(), ..Self::default() }
    }

    /// The argument at a position or of a name; `None`: certainly not given.
    pub(super) fn get(&self, at: usize, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.named.iter().find(|(found, _)| !name.is_empty() && &**found == name) {
            return Some(value.clone());
        }
        match self.positional.get(at) {
            Some(value) if self.exact => Some(value.clone()),
            Some(_) => Some(Value::Unknown),
            None if self.open => Some(Value::Unknown),
            None => None,
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.named.iter().map(|(_, value)| value))
    }

    pub(super) fn is_plain(&self) -> bool {
        !self.open && self.all().all(Value::is_plain)
    }
}

impl Walk {
    pub(super) fn call(&mut self, call: &Call, at: At) -> Value {
        if let Kind::Attribute(base, name) = &call.callee.kind {
            let base = self.eval(base);
            if let Value::Known(module) = &base {
                let callee = self.known(&format!("{module}.{name}"), at);
                let given = self.given(&call.arguments);
                return self.apply(&callee, &given, at);
            }
            let given = self.given(&call.arguments);
            return self.call_method(&base, name, &given, at);
        }
        if let Kind::Name(name) = &call.callee.kind
            && &**name == "super"
        {
            self.given(&call.arguments);
            return Value::Object;
        }
        let callee = self.eval(&call.callee);
        let given = self.given(&call.arguments);
        self.apply(&callee, &given, at)
    }

    /// Calls a value.
    pub(super) fn apply(&mut self, callee: &Value, given: &Given, at: At) -> Value {
        match callee {
            Value::Known(name) => self.call_known(&Rc::clone(name), given, at),
            Value::Closure(function, frame) => self.call_closure(&Rc::clone(function), *frame, given, at),
            Value::Method(base, name) => self.call_method(&Rc::clone(base), &Rc::clone(name), given, at),
            Value::Class(_) => {
                given.all().for_each(|value| self.lose(value, at));
                Value::Object
            }
            Value::Identity => {
                if self.language == Language::JavaScript {
                    given.all().for_each(|value| self.lose(value, at));
                }
                given.get(0, "").unwrap_or(Value::Identity)
            }
            _ => {
                given.all().for_each(|value| self.lose(value, at));
                self.doubt("a function that is not known is called", at);
                Value::Unknown
            }
        }
    }

    /// Calls a function of the text here and now.
    pub(super) fn call_closure(
        &mut self,
        function: &Rc<Function>,
        frame: usize,
        given: &Given,
        at: At,
    ) -> Value {
        let pointer = Rc::as_ptr(function);
        if self.calls.contains(&pointer) || self.calls.len() >= CALLS {
            given.all().for_each(|value| self.lose(value, at));
            self.later(function, frame, Value::Unknown);
            return Value::Unknown;
        }
        if !self.step(at) {
            return Value::Unknown;
        }
        self.followed.push(pointer);
        let inner = self.frames.push(Some(frame));
        let before = std::mem::replace(&mut self.frame, inner);
        self.calls.push(pointer);
        self.returns.push(None);
        let mark = self.frames.mark();
        self.parameters(function, given, inner);
        self.locals(function, inner);
        self.declare_all(&function.body, false);
        self.body(&function.body);
        self.blur(mark);
        self.calls.pop();
        self.frame = before;
        let value = self.returns.pop().flatten();
        value.unwrap_or(Value::Plain)
    }

    /// Calls a function of the text at an unknown time.
    pub(super) fn follow_later(&mut self, function: &Rc<Function>, frame: usize, given: &Value) {
        let before = self.later_than.replace(self.frames.len());
        let here = std::mem::replace(&mut self.frame, frame);
        let given = match given {
            Value::Unknown => Given::anything(),
            value => Given { positional: vec![value.clone(); function.parameters.len()], ..Given::default() },
        };
        let value = self.call_closure(function, frame, &given, function.at);
        self.lose(&value, function.at);
        self.frame = here;
        self.later_than = before;
    }

    fn parameters(&mut self, function: &Function, given: &Given, frame: usize) {
        for parameter in &function.parameters {
            super::names::targets(&parameter.target, &mut |name| {
                self.frames.declare(frame, name);
            });
        }
        let mut at = 0;
        for parameter in &function.parameters {
            let name: Rc<str> = match &parameter.target.kind {
                Kind::Name(name) => Rc::clone(name),
                _ => Rc::from(""),
            };
            let value = match parameter.kind {
                ParameterKind::One => {
                    at += 1;
                    given.get(at - 1, &name)
                }
                ParameterKind::Named => given.get(usize::MAX, &name),
                ParameterKind::Rest if given.open || !given.exact => Some(Value::Unknown),
                ParameterKind::Rest => {
                    let rest = given.positional.get(at..).unwrap_or(&[]);
                    rest.iter().for_each(|value| self.lose(value, function.at));
                    Some(Value::List(rest.into(), false))
                }
                ParameterKind::RestNamed => {
                    given.named.iter().for_each(|(_, value)| self.lose(value, function.at));
                    Some(if given.is_plain() { Value::Plain } else { Value::Unknown })
                }
            };
            let value = match (value, &parameter.default) {
                // `undefined` takes the default too.
                (Some(value), Some(default)) if self.language == Language::JavaScript => {
                    let other = self.eval(default);
                    self.join(&value, &other)
                }
                (Some(value), _) => value,
                (None, Some(default)) if self.language == Language::JavaScript => self.eval(default),
                (None, Some(default)) => {
                    // Worked out where the function was made; a constant is the same now.
                    if matches!(
                        default.kind,
                        Kind::Text(_) | Kind::Number(_) | Kind::Truth(_) | Kind::Nothing | Kind::Constant
                    ) || self.is_steady(default)
                    {
                        self.eval(default)
                    } else {
                        Value::Unknown
                    }
                }
                (None, None) => Value::Plain,
            };
            self.bind(&parameter.target, &value, parameter.target.at);
        }
    }

    /// Whether it means the same at all times: a name that is set once, or a member of a module under such a name.
    fn is_steady(&self, expr: &crate::tree::Expr) -> bool {
        match &expr.kind {
            Kind::Name(name) => self.names.is_constant(name) && self.frames.find(0, name).is_some(),
            Kind::Attribute(base, _) => self.is_steady(base),
            _ => false,
        }
    }

    fn locals(&mut self, function: &Function, frame: usize) {
        if self.language == Language::JavaScript {
            super::names::declared(&function.body, false, &mut |name| {
                self.frames.declare(frame, name);
            });
            return;
        }
        let mut outside = Vec::new();
        globals(&function.body, &mut outside);
        super::names::python_locals(&function.body, &mut |name| {
            if !outside.contains(name) {
                self.frames.declare(frame, name);
            }
        });
    }

    /// Defaults are worked out where a function is made.
    pub(super) fn defaults(&mut self, function: &Function) {
        if self.language == Language::JavaScript {
            return;
        }
        for default in function.parameters.iter().filter_map(|parameter| parameter.default.as_ref()) {
            let value = self.eval(default);
            self.lose(&value, default.at);
        }
    }

    /// `base.name(…)`.
    pub(super) fn call_method(&mut self, base: &Value, name: &Rc<str>, given: &Given, at: At) -> Value {
        if self.language == Language::JavaScript
            && let Some(value) = self.promised(base, name, given, at)
        {
            return value;
        }
        match base {
            Value::Known(module) => {
                let callee = self.known(&format!("{module}.{name}"), at);
                self.apply(&callee, given, at)
            }
            Value::Instance(kind, inner) => {
                self.call_instance(kind, &Rc::clone(inner), base, name, given, at)
            }
            Value::Environment => self.environment(name, given, at),
            Value::Map(members, false) if self.language == Language::JavaScript => {
                let member = members.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
                match member {
                    Some(callee) => self.apply(&callee, given, at),
                    None => self.call_data(base, name, given, at),
                }
            }
            Value::Object => {
                given.all().for_each(|value| self.lose(value, at));
                if name.starts_with("__") && !data::is_plain_dunder(name) {
                    self.hide(&format!("the member `{name}` leads to anything"), at);
                }
                Value::Unknown
            }
            Value::Unknown => {
                given.all().for_each(|value| self.lose(value, at));
                if !data::is_harmless(self.language, name, given) {
                    self.doubt(&format!("`{name}` of something that is not known is called"), at);
                }
                Value::Unknown
            }
            Value::Closure(..) | Value::Class(_) | Value::Method(..) | Value::Identity => {
                given.all().for_each(|value| self.lose(value, at));
                self.lose(base, at);
                self.doubt(&format!("`{name}` of a function is called"), at);
                Value::Unknown
            }
            _ => self.call_data(base, name, given, at),
        }
    }

    /// `then`, `catch`, `finally`: a promise is taken for what it gives.
    fn promised(&mut self, base: &Value, name: &str, given: &Given, at: At) -> Option<Value> {
        if !matches!(name, "then" | "catch" | "finally")
            || matches!(base, Value::Object)
            || matches!(base, Value::Known(name) if !crate::tables::is_module(self.language, name))
        {
            return None;
        }
        let first = given.get(0, "").unwrap_or(Value::Plain);
        let given_value = if name == "then" { base.clone() } else { Value::Plain };
        let mut value = self.call_back(&first, &Given::of(&[given_value]), at);
        if let Some(second) = given.get(1, "") {
            let other = self.call_back(&second, &Given::of(&[Value::Plain]), at);
            value = self.join(&value, &other);
        }
        if name == "finally" {
            return Some(base.clone());
        }
        if name == "catch" {
            value = self.join(base, &value);
        }
        Some(value)
    }

    /// Something is handed a function and calls it once with these.
    pub(super) fn call_back(&mut self, callee: &Value, given: &Given, at: At) -> Value {
        match callee {
            Value::Closure(..) | Value::Known(_) | Value::Method(..) => {
                let mut result = Value::Unknown;
                // Perhaps it is not called.
                self.perhaps(|walk| result = walk.apply(callee, given, at));
                result
            }
            Value::Identity => given.get(0, "").unwrap_or(Value::Unknown),
            value if value.is_plain() => Value::Plain,
            // What is not known has been written down as called with anything, or is data.
            _ => Value::Unknown,
        }
    }

    pub(super) fn require_call(&mut self, given: &Given, at: At) -> Value {
        let name = given.get(0, "").unwrap_or(Value::Unknown);
        self.require(&name, at)
    }
}

fn globals(body: &[crate::tree::Stmt], found: &mut Vec<Rc<str>>) {
    use crate::tree::Do;
    for stmt in body {
        match &stmt.kind {
            Do::Global(names) => found.extend(names.iter().cloned()),
            Do::If(_, one, other) | Do::While(_, one, other) => {
                globals(one, found);
                globals(other, found);
            }
            Do::For { body, otherwise, .. } => {
                globals(body, found);
                globals(otherwise, found);
            }
            Do::Try { body, handlers, otherwise, last } => {
                globals(body, found);
                handlers.iter().for_each(|handler| globals(&handler.body, found));
                globals(otherwise, found);
                globals(last, found);
            }
            Do::With(_, body) | Do::Block(body) => globals(body, found),
            Do::Match(_, cases) => cases.iter().for_each(|case| globals(&case.body, found)),
            _ => {}
        }
    }
}

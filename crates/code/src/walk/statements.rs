//! Statements.

use std::rc::Rc;

use super::value::Value;
use super::{Language, Walk};
use crate::tables;
use crate::tree::{At, Case, Class, Declares, Do, Function, Handler, Kind, Stmt};

impl Walk {
    /// Declares the names of a text or block; functions of JavaScript are there from its start.
    pub(super) fn declare_all(&mut self, body: &[Stmt], top: bool) {
        let frame = self.frame;
        if self.language == Language::Python {
            if top {
                super::names::python_locals(body, &mut |name| {
                    self.frames.declare(frame, name);
                });
            }
            return;
        }
        if top {
            super::names::declared(body, false, &mut |name| {
                self.frames.declare(frame, name);
            });
        }
        for stmt in body {
            match &stmt.kind {
                Do::Assign(items, _, Declares::Block) => items.iter().for_each(|item| {
                    super::names::targets(item, &mut |name| {
                        self.frames.declare(frame, name);
                    });
                }),
                Do::Declare(target, Declares::Block) => super::names::targets(target, &mut |name| {
                    self.frames.declare(frame, name);
                }),
                Do::Class(class) => class.name.iter().for_each(|name| {
                    self.frames.declare(frame, name);
                }),
                Do::Import { name, .. } | Do::From { local: name, .. } => {
                    self.frames.declare(frame, name);
                }
                _ => {}
            }
        }
        for stmt in body {
            if let Do::Function(function) = &stmt.kind {
                self.define(function, stmt.at);
            }
        }
        // Imports come before everything else.
        if top {
            for stmt in body {
                if matches!(stmt.kind, Do::From { .. }) {
                    self.stmt(stmt);
                }
            }
        }
    }

    fn define(&mut self, function: &Rc<Function>, at: At) {
        self.defaults(function);
        self.defined.push((Rc::clone(function), self.frame));
        let mut value = Value::Closure(Rc::clone(function), self.frame);
        for decorator in function.decorators.iter().rev() {
            let callee = self.eval(decorator);
            value = match &callee {
                Value::Known(name) if tables::find(self.language, name) == Some("-> identity") => value,
                _ => self.apply(&callee, &super::call::Given::of(&[value]), decorator.at),
            };
        }
        let Some(name) = &function.name else { return };
        if self.language == Language::JavaScript {
            self.frames.declare(self.frame, name);
        }
        let target = crate::tree::Expr { kind: Kind::Name(Rc::clone(name)), at };
        self.bind(&target, &value, at);
    }

    pub(super) fn body(&mut self, body: &[Stmt]) {
        body.iter().for_each(|stmt| self.stmt(stmt));
    }

    /// Statements with names of their own, in JavaScript.
    fn block(&mut self, body: &[Stmt]) {
        if self.language == Language::Python {
            return self.body(body);
        }
        let before = self.frame;
        self.frame = self.frames.push(Some(before));
        self.declare_all(body, false);
        self.body(body);
        self.frame = before;
    }

    pub(super) fn stmt(&mut self, stmt: &Stmt) {
        if !self.step(stmt.at) {
            return;
        }
        match &stmt.kind {
            Do::Expr(value) => {
                let value = self.eval(value);
                // `node -p` prints it.
                if self.language == Language::JavaScript && self.frame == 0 {
                    self.printed(&value, stmt.at);
                }
            }
            Do::Assign(targets, value, _) => {
                let value = self.eval(value);
                for target in targets {
                    self.bind(target, &value, stmt.at);
                }
            }
            Do::Declare(target, declares) => {
                if *declares == Declares::Block {
                    self.bind(target, &Value::Plain, stmt.at);
                }
            }
            Do::Import { module, name, whole } => {
                let value = self.module(module, stmt.at);
                let value = if *whole || matches!(value, Value::Unknown) {
                    value
                } else {
                    Value::Known(Rc::clone(name))
                };
                self.bind_import(name, &value, stmt.at);
            }
            Do::From { module, name, local } => self.import_from(module, name.as_ref(), local, stmt.at),
            Do::If(test, then, other) => {
                self.eval(test);
                self.either(|walk| walk.block(then), |walk| walk.block(other));
            }
            Do::While(test, body, other) => {
                self.again(&mut |walk| {
                    walk.eval(test);
                    walk.block(body);
                });
                self.perhaps(|walk| walk.block(other));
            }
            Do::For { target, source, body, otherwise, declares } => {
                self.for_each(target, source, body, *declares);
                self.perhaps(|walk| walk.block(otherwise));
            }
            Do::Try { body, handlers, otherwise, last } => self.attempt(body, handlers, otherwise, last),
            Do::With(items, body) => self.managed(items, body),
            Do::Function(function) => {
                if self.language == Language::Python {
                    self.define(function, stmt.at);
                }
            }
            Do::Class(class) => {
                let value = self.class(class);
                if let Some(name) = &class.name {
                    let target = crate::tree::Expr { kind: Kind::Name(Rc::clone(name)), at: stmt.at };
                    self.bind(&target, &value, stmt.at);
                }
            }
            Do::Return(value) => {
                let value = value.as_ref().map_or(Value::Plain, |value| self.eval(value));
                if let Some(before) = self.returns.last().cloned() {
                    let joined = before.map_or(value.clone(), |before| self.join(&before, &value));
                    if let Some(place) = self.returns.last_mut() {
                        *place = Some(joined);
                    }
                }
            }
            Do::Raise(values) => values.iter().for_each(|value| {
                let value = self.eval(value);
                self.lose(&value, stmt.at);
            }),
            Do::Leave | Do::Global(_) | Do::Nothing => {}
            Do::Delete(targets) => targets.iter().for_each(|target| self.delete(target, stmt.at)),
            Do::Match(subject, cases) => self.matched(subject, cases, stmt.at),
            Do::Block(body) => self.block(body),
        }
    }

    /// All of a value is shown.
    fn printed(&mut self, value: &Value, at: At) {
        match value {
            Value::Environment => self.reveal(value, at),
            Value::List(items, _) => items.iter().for_each(|item| self.printed(item, at)),
            Value::Map(members, _) => members.iter().for_each(|(_, item)| self.printed(item, at)),
            _ => {}
        }
    }

    fn bind_import(&mut self, name: &Rc<str>, value: &Value, at: At) {
        if &**name == " " {
            return;
        }
        let target = crate::tree::Expr { kind: Kind::Name(Rc::clone(name)), at };
        self.bind(&target, value, at);
    }

    fn import_from(&mut self, module: &Rc<str>, name: Option<&Rc<str>>, local: &Rc<str>, at: At) {
        if self.language == Language::JavaScript {
            let from = self.require(&Value::text(module), at);
            let value = match name {
                Some(name) if &**name != "default" => self.member(&from, name, at),
                _ => from,
            };
            return self.bind_import(local, &value, at);
        }
        if &**module == "__future__" {
            return;
        }
        let from = self.module(module, at);
        match (from, name) {
            (Value::Known(from), Some(name)) => {
                let value = self.known(&format!("{from}.{name}"), at);
                self.bind_import(local, &value, at);
            }
            (Value::Known(from), None) => {
                self.doubt("all names of a module are imported", at);
                self.stars.push(from);
            }
            (other, Some(_)) => self.bind_import(local, &other, at),
            (_, None) => {}
        }
    }

    fn for_each(
        &mut self,
        target: &crate::tree::Expr,
        source: &crate::tree::Expr,
        body: &[Stmt],
        declares: Declares,
    ) {
        let value = self.eval(source);
        self.reveal(&value, source.at);
        let before = self.frame;
        if self.language == Language::JavaScript && declares == Declares::Block {
            self.frame = self.frames.push(Some(before));
            let frame = self.frame;
            super::names::targets(target, &mut |name| {
                self.frames.declare(frame, name);
            });
        }
        let (rounds, exact) = self.rounds(&value);
        let mark = self.frames.mark();
        if exact {
            for item in rounds {
                self.perhaps(|walk| {
                    walk.bind(target, &item, target.at);
                    walk.block(body);
                });
            }
        } else {
            for item in rounds {
                self.again(&mut |walk| {
                    walk.bind(target, &item, target.at);
                    walk.block(body);
                });
            }
        }
        self.blur(mark);
        self.frame = before;
    }

    fn attempt(&mut self, body: &[Stmt], handlers: &[Handler], otherwise: &[Stmt], last: &[Stmt]) {
        // Wherever it is left, the handlers go on from there.
        self.anywhere(|walk| walk.block(body));
        for handler in handlers {
            self.perhaps(|walk| {
                if let Some(types) = &handler.types {
                    walk.eval(types);
                }
                let before = walk.frame;
                if walk.language == Language::JavaScript {
                    walk.frame = walk.frames.push(Some(before));
                    let frame = walk.frame;
                    if let Some(target) = &handler.target {
                        super::names::targets(target, &mut |name| {
                            walk.frames.declare(frame, name);
                        });
                    }
                }
                if let Some(target) = &handler.target {
                    let thrown =
                        if walk.language == Language::Python { Value::Plain } else { Value::Unknown };
                    walk.bind(target, &thrown, target.at);
                }
                walk.block(&handler.body);
                walk.frame = before;
            });
        }
        self.perhaps(|walk| walk.block(otherwise));
        self.block(last);
    }

    fn managed(&mut self, items: &[(crate::tree::Expr, Option<crate::tree::Expr>)], body: &[Stmt]) {
        self.anywhere(|walk| {
            for (value, target) in items {
                let value = walk.eval(value);
                walk.lose(&value, At::default());
                if let Some(target) = target {
                    walk.bind(target, &value, target.at);
                }
            }
            walk.body(body);
        });
    }

    fn delete(&mut self, target: &crate::tree::Expr, at: At) {
        match &target.kind {
            // The name may then be the language's own again.
            Kind::Name(name) => {
                let shadows = tables::find(self.language, name).is_some();
                if shadows {
                    self.doubt(&format!("`{name}` is taken away"), at);
                }
            }
            Kind::Sequence(items) => items.iter().for_each(|item| self.delete(item, at)),
            Kind::Index(base, index) => {
                let base = self.eval(base);
                let index = self.eval(index);
                self.set_item_gone(&base, &index, at);
            }
            Kind::Slice(base, _) => {
                self.eval(base);
            }
            _ => self.doubt("something is taken away", at),
        }
    }

    fn set_item_gone(&mut self, base: &Value, _index: &Value, at: At) {
        if !base.is_plain()
            && !matches!(base, Value::List(..) | Value::Map(..) | Value::Many(_) | Value::Unknown)
        {
            self.doubt("something is taken away", at);
        }
    }

    fn matched(&mut self, subject: &crate::tree::Expr, cases: &[Case], at: At) {
        let value = self.eval(subject);
        self.lose(&value, at);
        let plain = value.is_plain();
        let before = self.frame;
        if self.language == Language::JavaScript {
            self.frame = self.frames.push(Some(before));
            for case in cases {
                self.declare_all(&case.body, false);
            }
        }
        for case in cases {
            self.perhaps(|walk| {
                for name in &case.binds {
                    let target = crate::tree::Expr { kind: Kind::Name(Rc::clone(name)), at };
                    walk.bind(&target, &if plain { Value::Plain } else { Value::Unknown }, at);
                }
                case.tests.iter().for_each(|test| {
                    walk.eval(test);
                });
                walk.body(&case.body);
            });
        }
        self.frame = before;
    }

    /// A class: its body now, its methods at any time.
    pub(super) fn class(&mut self, class: &Rc<Class>) -> Value {
        for base in &class.bases {
            let value = self.eval(&base.value);
            let fine = match &value {
                Value::Known(name) => {
                    base.name.is_none() && tables::is_base(self.language, name)
                        || base.name.is_some() && &**name == "abc.ABCMeta"
                }
                Value::Class(_) => base.name.is_none(),
                Value::Plain => base.name.is_some(),
                _ => false,
            };
            if !fine {
                self.lose(&value, base.value.at);
                self.doubt("a class of a kind that is not known", base.value.at);
            }
        }
        let around = self.frame;
        let inner = self.frames.push(Some(around));
        self.frame = inner;
        for stmt in &class.body {
            if let Do::Function(function) = &stmt.kind {
                for decorator in &function.decorators {
                    let callee = self.eval(decorator);
                    let fine = match &callee {
                        Value::Known(name) => tables::find(self.language, name)
                            .is_some_and(|spec| spec == "-> identity" || spec == "@data"),
                        // `@x.setter`
                        Value::Plain | Value::Unknown | Value::Identity => true,
                        _ => false,
                    };
                    if !fine {
                        self.apply(&callee, &super::call::Given::of(&[Value::Unknown]), decorator.at);
                    }
                }
                self.defaults(function);
                if let Some(name) = &function.name
                    && self.language == Language::Python
                {
                    let slot = self.frames.declare(inner, name);
                    self.frames.set(slot, Some(Value::Unknown));
                }
                // Methods do not see the names of the class.
                self.later(function, around, Value::Unknown);
            } else if self.language == Language::JavaScript {
                if let Do::Assign(_, value, _) = &stmt.kind {
                    let value = self.eval(value);
                    self.lose(&value, stmt.at);
                } else {
                    self.stmt(stmt);
                }
            } else {
                self.declare_class_names(stmt, inner);
                self.stmt(stmt);
                if let Do::Assign(_, value, _) = &stmt.kind {
                    let value = self.eval(value);
                    self.lose(&value, stmt.at);
                }
            }
        }
        self.frame = around;
        for decorator in &class.decorators {
            let callee = self.eval(decorator);
            let fine = matches!(&callee, Value::Known(name) if tables::find(self.language, name) == Some("-> identity"))
                || matches!(callee, Value::Identity);
            if !fine {
                self.apply(&callee, &super::call::Given::of(&[Value::Class(Rc::clone(class))]), decorator.at);
            }
        }
        Value::Class(Rc::clone(class))
    }

    fn declare_class_names(&mut self, stmt: &Stmt, frame: usize) {
        super::names::python_locals(std::slice::from_ref(stmt), &mut |name| {
            self.frames.declare(frame, name);
        });
    }
}

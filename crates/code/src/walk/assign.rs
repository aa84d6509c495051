//! What is set where.

use std::rc::Rc;

use super::value::Value;
use super::{Language, Walk};
use crate::tree::{At, Expr, Kind, Operator};

impl Walk {
    /// Sets a name, or the names of a pattern, where they are declared.
    pub(super) fn bind(&mut self, target: &Expr, value: &Value, at: At) {
        match &target.kind {
            Kind::Name(name) => self.bind_name(name, value, at),
            Kind::Sequence(items) => self.bind_items(items, value, at),
            Kind::Mapping(entries) => {
                for (key, inner) in entries {
                    match key {
                        Some(key) => {
                            let key = self.eval(key);
                            let part = match key.known() {
                                Some(name) => self.member(value, &Rc::from(name), inner.at),
                                None => {
                                    self.lose(value, at);
                                    value.item_of_map()
                                }
                            };
                            self.bind(inner, &part, at);
                        }
                        None => {
                            self.lose(value, at);
                            self.bind(
                                inner,
                                &if value.is_plain() { Value::Plain } else { Value::Unknown },
                                at,
                            );
                        }
                    }
                }
            }
            Kind::Assign(inner, _, default) => {
                let mut other = Value::Plain;
                self.perhaps(|walk| other = walk.eval(default));
                let joined = self.join(value, &other);
                self.bind(inner, &joined, at);
            }
            Kind::Spread(inner) => {
                self.lose(value, at);
                self.bind(inner, &if value.is_plain() { Value::Plain } else { Value::Unknown }, at);
            }
            Kind::Attribute(base, name) => {
                let base = self.eval(base);
                self.set_member(&base, name, value, at);
            }
            Kind::Index(base, index) => {
                let base = self.eval(base);
                let index = self.eval(index);
                self.set_item(&base, &index, value, at);
            }
            Kind::Slice(base, parts) => {
                let base = self.eval(base);
                parts.iter().for_each(|part| {
                    self.eval(part);
                });
                self.set_item(&base, &Value::Plain, value, at);
            }
            Kind::Constant => {}
            _ => {
                self.eval(target);
                self.lose(value, at);
                self.doubt("an assignment that is not known", at);
            }
        }
    }

    fn bind_items(&mut self, items: &[Expr], value: &Value, at: At) {
        let fixed = items.iter().all(|item| !matches!(item.kind, Kind::Spread(_)));
        for (number, item) in items.iter().enumerate() {
            let part = match value {
                Value::List(values, false) if fixed => values.get(number).cloned().unwrap_or(Value::Plain),
                other => other.item(),
            };
            self.bind(item, &part, at);
        }
    }

    fn bind_name(&mut self, name: &Rc<str>, value: &Value, at: At) {
        let slot = match self.frames.find(self.frame, name) {
            Some(slot) => slot,
            // Not declared anywhere: the text's own names.
            None => self.frames.declare(0, name),
        };
        if self.language == Language::JavaScript
            && self.frames.find(0, name).is_none()
            && crate::tables::find(self.language, name).is_some()
            && slot.frame == 0
        {
            self.hide(&format!("`{name}` is replaced"), at);
        }
        let shared = self.names.is_shared(name);
        let value = if self.names.mutates { opened(value) } else { value.clone() };
        if !self.names.is_constant(name) || shared {
            match &value {
                Value::Known(module) if crate::tables::is_module(self.language, module) && !shared => {
                    self.wild.insert(Rc::clone(name));
                }
                value => self.lose(value, at),
            }
        }
        self.frames.set(slot, Some(if shared { Value::Unknown } else { value }));
    }

    fn set_member(&mut self, base: &Value, name: &Rc<str>, value: &Value, at: At) {
        self.lose(value, at);
        let harmless = match base {
            Value::Known(module) => {
                self.language == Language::JavaScript
                    && matches!(
                        (&**module, &**name),
                        ("process", "exitCode") | ("module", "exports") | ("exports", _)
                    )
            }
            Value::Instance(..)
            | Value::Environment
            | Value::Closure(..)
            | Value::Class(_)
            | Value::Method(..) => false,
            _ => true,
        };
        let reaches = name.starts_with("__") || matches!(&**name, "prototype" | "constructor");
        if !harmless || reaches && !matches!((base, &**name), (Value::Object, "__dict__")) {
            if matches!(base, Value::Known(_)) || reaches {
                self.hide(&format!("the member `{name}` is set"), at);
            }
            self.doubt(&format!("the member `{name}` is set"), at);
        }
    }

    fn set_item(&mut self, base: &Value, index: &Value, value: &Value, at: At) {
        if self.language == Language::JavaScript && !matches!(index, Value::Number(_)) {
            match index.known() {
                Some(name) => return self.set_member(base, &Rc::from(name), value, at),
                // `x[k] = v` on data may meet `__proto__`, of which only data can come.
                None if base.is_plain() || matches!(base, Value::Map(..) | Value::List(..)) => {}
                None => self.doubt("a member whose name is not known is set", at),
            }
        }
        self.lose(value, at);
        match base {
            Value::Environment
            | Value::Known(_)
            | Value::Instance(..)
            | Value::Closure(..)
            | Value::Class(_) => {
                self.doubt("an item of something that is no data is set", at);
            }
            _ => {}
        }
    }

    /// An assignment that is a value too.
    pub(super) fn assign_value(
        &mut self,
        target: &Expr,
        operator: Option<Operator>,
        value: &Expr,
        at: At,
    ) -> Value {
        let result = match operator {
            None => self.eval(value),
            Some(operator) => {
                let before = self.eval(target);
                let value = self.eval(value);
                self.augmented(operator, &before, &value, at)
            }
        };
        self.bind(target, &result, at);
        result
    }

    fn augmented(&mut self, operator: Operator, before: &Value, value: &Value, at: At) -> Value {
        match (operator, before) {
            (Operator::Add, Value::List(..) | Value::Many(_)) => {
                self.lose(value, at);
                before.concat(value)
            }
            (Operator::Add, _) => before.concat(value),
            (Operator::Divide, Value::Instance("path", _)) => Value::Instance(
                "path",
                Rc::new(Value::word(super::value::join_paths(&before.to_word(), &value.to_word()))),
            ),
            _ if before.is_plain() => Value::Plain,
            _ if self.language == Language::JavaScript => Value::Plain,
            _ => {
                self.lose(value, at);
                Value::Unknown
            }
        }
    }
}

/// A value under a name in a text that changes lists in place.
fn opened(value: &Value) -> Value {
    match value {
        Value::List(items, _) => Value::List(Rc::clone(items), true),
        Value::Map(members, _) => Value::Map(Rc::clone(members), true),
        other => other.clone(),
    }
}

//! Functions over items.

use std::rc::Rc;

use crate::tree::At;
use crate::walk::Walk;
use crate::walk::call::Given;
use crate::walk::value::Value;

impl Walk {
    /// Functions over items.
    pub(super) fn special_items(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let first = Self::first(given);
        Some(match name {
            "map" | "filter" | "itertools.starmap" | "functools.reduce" | "itertools.filterfalse" => {
                let source = given.get(1, "").unwrap_or(Value::Unknown);
                self.reveal(&source, at);
                let (rounds, exact) = self.rounds(&source);
                let mut results = Vec::new();
                for item in rounds {
                    let arguments = if matches!(name, "map" | "filter") && given.positional.len() == 2 {
                        Given::of(&[item])
                    } else {
                        Given::anything()
                    };
                    let mut result = Value::Unknown;
                    self.again(&mut |walk| result = walk.call_back(&first, &arguments, at));
                    results.push(result);
                }
                results.iter().for_each(|value| self.lose(value, at));
                match name {
                    "map" if exact => Value::List(results.into(), false),
                    "map" => results.pop().map_or(Value::Plain, |value| Value::Many(Rc::new(value))),
                    "filter" => Value::Many(Rc::new(source.item())),
                    _ => Value::Unknown,
                }
            }
            "sorted" | "min" | "max" => {
                if let Some(key) = given.get(usize::MAX, "key") {
                    let item = if given.positional.len() == 1 { first.item() } else { Value::Unknown };
                    self.call_back(&key, &Given::of(&[item]), at);
                }
                match (&first, name) {
                    (_, "sorted") => Value::Many(Rc::new(first.item())),
                    _ if given.positional.len() == 1 => first.item(),
                    _ if given.positional.iter().all(Value::is_plain) => Value::Plain,
                    _ => Value::Unknown,
                }
            }
            "list" | "tuple" | "iter" | "reversed" | "set" | "frozenset" if given.positional.len() == 1 => {
                self.reveal(&first, at);
                match first {
                    Value::List(..) | Value::Many(_) => first,
                    other => {
                        self.lose(&other, at);
                        let item = other.item();
                        if item.is_plain() && !matches!(item, Value::Word(_)) {
                            Value::Plain
                        } else {
                            Value::Many(Rc::new(item))
                        }
                    }
                }
            }
            "enumerate" => {
                let item = Value::List([Value::Plain, first.item()].into(), false);
                match &first {
                    Value::List(items, false) => Value::List(
                        items
                            .iter()
                            .map(|item| Value::List([Value::Plain, item.clone()].into(), false))
                            .collect(),
                        false,
                    ),
                    _ => Value::Many(Rc::new(item)),
                }
            }
            "zip" => {
                let items: Vec<Value> = given.positional.iter().map(Value::item).collect();
                if given.open {
                    Value::Unknown
                } else {
                    Value::Many(Rc::new(Value::List(items.into(), false)))
                }
            }
            "next" => first.item(),
            "range" => Value::Plain,
            _ => return None,
        })
    }
}

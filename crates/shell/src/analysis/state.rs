//! What the shell remembers from one command to the next.

use std::rc::Rc;

use super::value::{Field, Value};
use crate::syntax::Node;

/// How many directories the shell may be in before they count as unknown.
pub(super) const DIRECTORIES: usize = 4;

/// State of a shell at one point of the text.
#[derive(Clone, Debug)]
pub(super) struct State {
    vars: Vec<Var>,
    /// Any variable may have been set by something that was not seen.
    forgotten: bool,
    /// Directories it may be in, absolute; none when unknown.
    pub(super) dirs: Vec<Rc<str>>,
    pub(super) functions: Vec<Function>,
    pub(super) aliases: Vec<(Rc<str>, Value)>,
    /// `$1` and following; `None` when unknown.
    pub(super) positional: Option<Rc<[Field]>>,
    /// `$0`, when known.
    pub(super) zero: Option<Field>,
    /// Commands found by name may come from anywhere.
    pub(super) path_changed: bool,
    /// This point is not reached.
    pub(super) dead: bool,
}

#[derive(Clone, Debug)]
struct Var {
    name: Rc<str>,
    value: Value,
    exported: bool,
}

/// A function defined in the text.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: Rc<str>,
    pub(super) body: Rc<Node>,
    /// Whether it is certain that it is defined here.
    pub(super) certain: bool,
    /// Number by order of definition.
    pub(super) id: usize,
    /// Whether it was found in a nested text, where spans would mislead.
    pub(super) nested: bool,
}

impl State {
    pub(super) fn new(cwd: &str) -> Self {
        Self {
            vars: Vec::new(),
            forgotten: false,
            dirs: vec![Rc::from(cwd)],
            functions: Vec::new(),
            aliases: Vec::new(),
            positional: None,
            zero: None,
            path_changed: false,
            dead: false,
        }
    }

    /// What the text itself made of a variable; `None` when it is as the shell inherited it.
    pub(super) fn assigned(&self, name: &str) -> Option<&Value> {
        let found = self.vars.iter().find(|var| &*var.name == name).map(|var| &var.value);
        found.or(if self.forgotten { Some(&Value::Unknown) } else { None })
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        match self.vars.iter_mut().find(|var| &*var.name == name) {
            Some(var) => var.value = value,
            None => self.vars.push(Var { name: Rc::from(name), value, exported: false }),
        }
    }

    pub(super) fn export(&mut self, name: &str) {
        if let Some(var) = self.vars.iter_mut().find(|var| &*var.name == name) {
            var.exported = true;
        }
    }

    /// Whether it is certain that programs get the variable as this text left it.
    pub(super) fn is_exported(&self, name: &str) -> bool {
        self.vars.iter().any(|var| &*var.name == name && var.exported)
    }

    /// Takes back a temporary assignment.
    pub(super) fn restore(&mut self, name: &str, before: Option<Value>, exported: bool) {
        match before {
            Some(value) => self.set(name, value),
            None => self.vars.retain(|var| &*var.name != name),
        }
        if let Some(var) = self.vars.iter_mut().find(|var| &*var.name == name) {
            var.exported &= exported;
        }
    }

    pub(super) fn forget_variables(&mut self) {
        self.vars.clear();
        self.forgotten = true;
        self.positional = None;
    }

    /// The state a new shell process starts with.
    pub(super) fn child(&self) -> Self {
        let mut child = self.clone();
        for var in child.vars.iter_mut().filter(|var| !var.exported && &*var.name != "IFS") {
            var.value = Value::Unknown;
        }
        child.vars.retain(|var| &*var.name != "IFS");
        child.functions.clear();
        child.aliases.clear();
        child.positional = None;
        child
    }

    /// What holds when either state may be the real one.
    pub(super) fn merge(self, other: Self) -> Self {
        if other.dead {
            return self;
        }
        if self.dead {
            return other;
        }
        let mut merged = self;
        for var in &mut merged.vars {
            var.value = match other.vars.iter().find(|theirs| theirs.name == var.name) {
                Some(theirs) => {
                    var.exported &= theirs.exported;
                    var.value.merged(&theirs.value)
                }
                None => Value::Unknown,
            };
        }
        for theirs in other.vars {
            if !merged.vars.iter().any(|var| var.name == theirs.name) {
                merged.vars.push(Var { value: Value::Unknown, exported: false, ..theirs });
            }
        }
        merged.forgotten |= other.forgotten;
        merged.path_changed |= other.path_changed;
        merged.dirs = either(merged.dirs, other.dirs);
        for function in &mut merged.functions {
            function.certain &=
                other.functions.iter().any(|theirs| theirs.id == function.id && theirs.certain);
        }
        for theirs in other.functions {
            if !merged.functions.iter().any(|function| function.id == theirs.id) {
                merged.functions.push(Function { certain: false, ..theirs });
            }
        }
        for theirs in other.aliases {
            if !merged.aliases.contains(&theirs) {
                merged.aliases.push(theirs);
            }
        }
        if merged.positional != other.positional {
            merged.positional = None;
        }
        merged
    }

    /// Whether both describe the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        let functions = self.functions.len() == other.functions.len()
            && self
                .functions
                .iter()
                .zip(&other.functions)
                .all(|(a, b)| a.id == b.id && a.certain == b.certain);
        functions
            && self.forgotten == other.forgotten
            && self.dirs == other.dirs
            && self.path_changed == other.path_changed
            && self.positional == other.positional
            && self.aliases == other.aliases
            && self.dead == other.dead
            && self.vars.len() == other.vars.len()
            && self.vars.iter().all(|var| {
                other.vars.iter().any(|theirs| theirs.name == var.name && theirs.value == var.value)
            })
    }
}

fn either(mut a: Vec<Rc<str>>, b: Vec<Rc<str>>) -> Vec<Rc<str>> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    for dir in b {
        if !a.contains(&dir) {
            a.push(dir);
        }
    }
    if a.len() > DIRECTORIES {
        a.clear();
    }
    a
}

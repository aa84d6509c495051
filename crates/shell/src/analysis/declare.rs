//! `declare` and its kin: attributes that change what later assignments mean, and values that are expanded twice.

use std::rc::Rc;

use super::Machine;
use super::simple::Call;
use super::value::{Field, Value};
use super::words::is_name;

/// Arrays that Bash itself has.
const BUILT_IN: [&str; 14] = [
    "BASH_ALIASES",
    "BASH_ARGC",
    "BASH_ARGV",
    "BASH_CMDS",
    "BASH_LINENO",
    "BASH_REMATCH",
    "BASH_SOURCE",
    "BASH_VERSINFO",
    "COPROC",
    "DIRSTACK",
    "FUNCNAME",
    "GROUPS",
    "MAPFILE",
    "PIPESTATUS",
];

/// Names remembered at most; more make every name an array.
const NAMES: usize = 256;

/// Variables that may be arrays.
#[derive(Default)]
pub(super) struct Arrays {
    names: Vec<Rc<str>>,
}

impl Arrays {
    pub(super) fn add(&mut self, name: &str) {
        if self.names.len() <= NAMES && !self.names.iter().any(|known| **known == *name) {
            self.names.push(Rc::from(name));
        }
    }

    fn may_have(&self, name: &str) -> bool {
        self.names.len() > NAMES
            || BUILT_IN.contains(&name)
            || self.names.iter().any(|known| **known == *name)
    }
}

/// What the words of one `declare` have in common.
#[derive(Default)]
struct Declared {
    exported: bool,
    functions: bool,
    references: bool,
    arrays: bool,
    global: bool,
}

impl Machine<'_> {
    /// `declare`, `typeset`, `local`, `export`, `readonly`.
    pub(super) fn declare(&mut self, name: &str, words: &[Field], call: &Call) {
        let mut declared = Declared { exported: name == "export", ..Declared::default() };
        declared.arrays =
            words.iter().any(|word| word.start().starts_with('-') && word.start().contains(['a', 'A']));
        for word in words {
            let start = word.start().to_owned();
            declared.functions |= start.starts_with('-') && start.contains('f');
            declared.references |= start.starts_with('-') && start.contains('n') && name != "export";
            if declared.functions
                && declared.exported
                && crate::programs::names(self.context.added).any(|program| program == start)
            {
                self.push_unknown(
                    &start,
                    call.span.clone(),
                    "a function takes the place of a command in shells",
                );
            }
            if start.starts_with('-') {
                declared.exported |= start.contains('x');
                if name != "export" {
                    self.attributes(&start, call);
                }
                declared.global |= start.contains('g');
            } else if let Some((variable, _)) = start.split_once('=') {
                self.declared_local(name, variable.trim_end_matches('+'), &declared);
                self.declared_value(variable, word, &declared, call);
            } else {
                self.declared_local(name, word.text().unwrap_or(""), &declared);
                self.declared_name(name, word, &declared);
            }
        }
    }

    /// In a function, a variable of its own.
    fn declared_local(&mut self, builtin: &str, name: &str, declared: &Declared) {
        let local = builtin == "local" || matches!(builtin, "declare" | "typeset") && !declared.global;
        if local && !self.calls.is_empty() && !self.memory.locals.iter().any(|known| **known == *name) {
            self.memory.locals.push(Rc::from(name));
        }
    }

    /// Options of `declare` that change what is assigned from now on.
    fn attributes(&mut self, options: &str, call: &Call) {
        // `-l`, `-u`, `-c` change its case.
        if options.contains(['l', 'u', 'c']) {
            self.state.forget_variables();
            self.push_unknown(
                options,
                call.span.clone(),
                "what is assigned to such a variable is spelled otherwise",
            );
        }
        // `-n` makes a reference, `-i` evaluates what is assigned, subscripts with commands in them too; `-f` and
        // `-p` only look.
        if options.contains(['n', 'i']) {
            self.state.forget_variables();
            self.push_unknown(options, call.span.clone(), "what is assigned to such a variable is evaluated");
        }
    }

    /// A word of `declare` in which no `=` is seen.
    fn declared_name(&mut self, builtin: &str, word: &Field, declared: &Declared) {
        let name = word.start().to_owned();
        if word.text().is_none() {
            self.state.forget_variables();
            // The others take names only.
            if matches!(builtin, "declare" | "typeset" | "local") {
                self.evaluated_text(word);
            }
            return;
        }
        if declared.arrays {
            self.memory.arrays.add(&name);
        }
        if declared.exported {
            self.state.export(&name);
        } else if builtin != "readonly" && is_name(&name) && self.state.assigned(&name).is_none() {
            let value = if builtin == "local" { Value::Unset } else { self.variable(&name) };
            self.state.set(&name, value);
        }
    }

    /// `variable=value` as a word of `declare`.
    fn declared_value(&mut self, variable: &str, word: &Field, declared: &Declared, call: &Call) {
        let text = word.without(variable.len() + 1);
        let value = Value::of(&text);
        let plain = variable.trim_end_matches('+');
        if !is_name(plain) {
            if variable.contains('[') {
                self.evaluated_text(&Field::known(variable));
            }
            return;
        }
        if declared.arrays {
            self.memory.arrays.add(plain);
        }
        self.elements_in_text(plain, &value, call);
        let value = if plain.len() < variable.len() { Value::Unknown } else { value };
        if let (true, Value::Known(target)) = (declared.references, &value)
            && is_name(target)
            && self.memory.references.len() < 64
        {
            self.memory.references.push((Rc::from(plain), Rc::clone(target)));
        }
        self.history_file(plain, &value);
        self.state.set(plain, value);
        if declared.exported {
            self.state.export(plain);
        }
        if crate::programs::environment(plain).is_some() {
            let mut inner = Call::new(Vec::new(), call.span.clone());
            self.environment_value(plain, &text, &mut inner);
            self.state.path_changed |= inner.path_changed;
        }
    }

    /// `declare -a name='( … )'`: a text in parentheses is read as elements of an array, and expanded once more.
    fn elements_in_text(&mut self, name: &str, value: &Value, call: &Call) {
        let array = self.memory.arrays.may_have(name);
        let certain = match value {
            Value::Known(text) if text.starts_with('(') => {
                let commands = text.contains(['$', '`']) || text.contains("<(") || text.contains(">(");
                !(commands || (array && text.contains('[')))
            }
            Value::Partly { prefix, safe, .. } if prefix.is_empty() => *safe || !array,
            Value::Partly { prefix, safe, .. } => *safe || !prefix.starts_with('('),
            Value::Glob(_) | Value::Unknown | Value::List(_) => !array,
            Value::Known(_) | Value::Number | Value::Unset => true,
        };
        if certain {
            return;
        }
        self.push_unknown(name, call.span.clone(), "elements of an array are read from a text");
        if let Value::Known(text) = value {
            let line = format!("_={text}");
            if crate::read(&line).is_ok() {
                self.subshell(|machine| machine.text(&line, false, None));
            }
        }
    }
}

//! Assignments, as statements and as arguments of `declare` and friends.

use std::rc::Rc;

use placet_model::{Arg, Span};

use super::Machine;
use super::program::Scope;
use super::simple::Call;
use super::value::{Field, Value};
use super::words::is_name;
use crate::syntax::{Assignment, Part, Simple, Value as Assigned, Word};

/// Whether the words behind the command word are assignments, which are not split.
pub(super) fn is_declaration(simple: &Simple) -> bool {
    let name = |at: usize| match simple.words.get(at).map(|word| word.parts.as_slice()) {
        Some([Part::Bare(text) | Part::Quoted(text)]) => text.as_str(),
        _ => "",
    };
    let first = match name(0) {
        "command" | "builtin" => name(1),
        first => first,
    };
    matches!(first, "export" | "declare" | "typeset" | "local" | "readonly")
}

/// Variables of Bash that are integers: what is assigned to them is evaluated, commands in subscripts too.
const EVALUATED: [&str; 6] = ["RANDOM", "SRANDOM", "SECONDS", "OPTIND", "HISTCMD", "LINENO"];

/// Elements of an array that are followed.
const LIST: usize = 4096;

impl Machine<'_> {
    /// A word of `declare`: not split when it is an assignment.
    pub(super) fn declared_word(&mut self, word: &Word, fields: &mut Vec<Field>) {
        let assignment = matches!(word.parts.first(), Some(Part::Bare(text)) if text.split_once('=').is_some_and(|(name, _)| is_name(name.trim_end_matches('+'))));
        if !assignment || word.parts.iter().any(|part| matches!(part, Part::Braces(_) | Part::Range(_))) {
            return self.word_into(word, fields);
        }
        let field = self.one(word);
        fields.push(Field { elastic: false, ..field });
    }

    /// An assignment without a command.
    pub(super) fn assign_here(&mut self, assignments: &[Assignment], span: &Span) {
        for assignment in assignments {
            self.assign(assignment);
        }
        if assignments.iter().all(|assignment| crate::programs::environment(&assignment.name).is_none()) {
            return;
        }
        let mut call = Call::new(Vec::new(), self.span(span));
        let before = self.actions.len();
        self.environment(assignments, &mut call);
        self.state.path_changed |= call.path_changed;
        if call.path_changed && self.actions.len() == before {
            self.push_configuration("PATH", span);
        }
    }

    pub(super) fn assign(&mut self, assignment: &Assignment) {
        self.heed_tied(&assignment.name);
        if let Some(index) = &assignment.index {
            self.evaluate(index, None);
        }
        let value = match &assignment.value {
            Assigned::Scalar(word) => self.value_of(word),
            Assigned::Array(elements) => {
                let mut fields = Vec::new();
                let mut plain = true;
                for (index, word) in elements {
                    if let Some(index) = index {
                        self.evaluate(index, None);
                        plain = false;
                    }
                    self.word_into(word, &mut fields);
                }
                if plain {
                    Value::List(Rc::from(fields))
                } else {
                    Value::List(Rc::from([Field::unknown(true)]))
                }
            }
        };
        let value = match (assignment.index.is_some(), assignment.append) {
            (true, _) => Value::List(Rc::from([Field::unknown(true)])),
            (false, true) => self.appended(&assignment.name, value, Self::is_array(&assignment.value)),
            (false, false) => value,
        };
        if EVALUATED.contains(&assignment.name.as_str()) {
            match &value {
                Value::Known(text) => self.evaluated_text(&Field::known(&**text)),
                _ => self.evaluated_text(&Field::unknown(false)),
            }
        }
        if assignment.index.is_some() || Self::is_array(&assignment.value) {
            self.memory.arrays.add(&assignment.name);
        }
        self.history_file(&assignment.name, &value);
        // To name what patterns do not stand for makes them stand for names with a dot.
        self.memory.dotted |= assignment.name == "GLOBIGNORE";
        self.pass_secret(&assignment.name);
        let target = self.memory.references.iter().rev().find(|(name, _)| **name == assignment.name);
        if let Some((_, target)) = target.cloned() {
            self.state.set(&target, value.clone());
        }
        self.state.set(&assignment.name, value);
    }

    fn appended(&mut self, name: &str, value: Value, array: bool) -> Value {
        match (self.variable(name), value) {
            (Value::List(before), Value::List(more)) if before.len() + more.len() <= LIST => {
                Value::List(before.iter().chain(more.iter()).cloned().collect())
            }
            (Value::Unset, value) => value,
            (Value::Known(before), Value::Known(more))
                if !array && before.len() + more.len() <= super::words::WORD =>
            {
                Value::known(&format!("{before}{more}"))
            }
            (Value::Known(_), Value::Known(_)) if !array => self.too_long(),
            (Value::List(_), Value::List(_)) => self.too_long(),
            _ => Value::Unknown,
        }
    }

    /// `NAME=VALUE` in front of the child of `env` or `sudo`.
    pub(super) fn assigned_word(&mut self, field: &Field, scope: &mut Scope) {
        let Some((name, _)) = field.start().split_once('=') else {
            return Self::amend_scope(scope, 0, false);
        };
        let name = name.to_owned();
        let value = field.without(name.len() + 1);
        let mut call = Call::new(Vec::new(), scope.span.clone());
        if matches!(name.as_str(), "CLAUDE_CONFIG_DIR" | "HOME")
            && scope
                .words
                .iter()
                .any(|word| word.text().is_some_and(|text| text == "claude" || text.ends_with("/claude")))
        {
            call.does |= crate::programs::does_bit(placet_model::Does::Gate);
        }
        let here = std::mem::replace(&mut self.state.dirs, scope.dirs.clone());
        self.exported_function(&name, &value, scope);
        self.environment_value(&name, &value, &mut call);
        self.state.dirs = here;
        Self::amend_scope(scope, call.does, !call.path_changed);
        if call.path_changed {
            self.push_unknown(
                &format!("PATH={}", super::paths::shown(&value.arg)),
                scope.span.clone(),
                "commands by name may come from anywhere",
            );
        }
    }

    /// `BASH_FUNC_ls%%=() { … }`: a Bash started with it has a function by that name.
    fn exported_function(&mut self, name: &str, value: &Field, scope: &Scope) {
        let Some(function) = name.strip_prefix("BASH_FUNC_") else { return };
        let shown = super::paths::shown(&value.arg);
        self.push_unknown(&shown, scope.span.clone(), "a function takes the place of a command in shells");
        let text = value.text().map(|body| format!("placet_function {body}"));
        if let Some(text) = text.filter(|text| crate::read(text).is_ok()) {
            self.chain.push(function.trim_end_matches(['%', '(', ')']).to_owned());
            self.subshell(|machine| machine.text(&format!("{text}\nplacet_function"), true, None));
            self.chain.pop();
        }
    }

    /// A shell setting that changes what later commands mean.
    pub(super) fn push_configuration(&mut self, text: &str, span: &Span) {
        let command = placet_model::Command {
            program: String::new(),
            location: placet_model::Location::Path,
            subcommand: Vec::new(),
            flags: Vec::new(),
            operands: Vec::new(),
            argv: vec![Arg::Known(text.to_owned())],
            streams: Vec::new(),
            does: vec![placet_model::Does::Configure],
            understood: false,
            text: format!("{text}=…"),
        };
        let span = self.span(span);
        self.push_command(super::emit::Ready {
            command,
            span,
            why: Some("commands by name may come from anywhere now".into()),
        });
    }
}

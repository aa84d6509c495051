//! What builtins of the shell change for the commands behind them.

use std::rc::Rc;

use placet_model::{Arg, EntryKind};

use super::Machine;
use super::simple::Call;
use super::value::{Field, Value};
use super::words::is_name;

/// Whether `name` is a builtin that runs in the shell itself.
pub(super) fn is_builtin(name: &str) -> bool {
    matches!(name, "eval" | "trap" | "." | "source" | "command" | "builtin" | "exec")
}

impl Machine<'_> {
    /// Applies a builtin's effect on the state of the shell.
    pub(super) fn after_builtin(&mut self, call: &Call) {
        let Some(name) = call.words.first().and_then(Field::text) else { return };
        let name = name.to_owned();
        let words = call.words.get(1..).unwrap_or(&[]);
        match name.as_str() {
            "cd" | "pushd" => self.change_directory(words),
            "popd" => self.change_unknown(),
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(&name, words, call),
            "unset" => self.unset(words),
            "set" => self.set_options(words),
            "shift" => self.shift(words),
            "alias" => self.alias(words),
            "unalias" => {}
            "read" | "mapfile" | "readarray" | "getopts" => self.reads(&name, words, call),
            "printf" => self.printf_v(words),
            "let" => words.iter().for_each(|word| self.let_word(word)),
            "test" | "[" => self.numeric_test(words),
            "break" | "continue" => self.breaks(),
            "return" => self.returns(),
            "exit" | "logout" => self.state.dead = self.calls.is_empty(),
            "enable" if words.iter().any(|word| word.text().is_none_or(|text| text.starts_with("-f"))) => {
                self.push_unknown("enable -f", call.span.clone(), "a builtin is loaded from a file");
            }
            "shopt" if words.iter().any(|word| word.text().is_none_or(|text| text == "dotglob")) => {
                self.memory.dotted = true;
            }
            "shopt"
                if words.iter().any(|word| {
                    word.text().is_none_or(|text| {
                        matches!(text, "lastpipe" | "compat31" | "compat32" | "expand_aliases_all")
                    })
                }) =>
            {
                self.push_unknown(
                    "shopt",
                    call.span.clone(),
                    "an option changes where the last command of a pipeline runs",
                );
            }
            "wait" if words.iter().any(|word| word.text().is_none_or(|text| text.starts_with("-p"))) => {
                self.push_unknown("wait -p", call.span.clone(), "the name of the variable is evaluated");
            }
            "hash" if words.iter().any(|word| word.text().is_none_or(|text| text.starts_with("-p"))) => {
                self.state.path_changed = true;
                self.push_unknown(
                    "hash -p",
                    call.span.clone(),
                    "a command name stands for another program from here on",
                );
            }
            "history" => self.history(words, call),
            "fc" if !words.iter().any(|word| word.start().starts_with('-') && word.start().contains('l')) => {
                self.push_unknown("fc", call.span.clone(), "commands of the history are run again");
            }
            _ => {}
        }
    }

    fn change_unknown(&mut self) {
        let before = self.state.clone();
        self.state.set("OLDPWD", Value::Unknown);
        self.state.dirs.clear();
        self.failed = Some(before);
    }

    fn change_directory(&mut self, words: &[Field]) {
        if self.is_other_cd(words) {
            return self.change_unknown();
        }
        let mut operands =
            words.iter().filter(|word| !matches!(word.text(), Some("--" | "-L" | "-P" | "-e" | "-@" | "-n")));
        let target = match operands.next() {
            Some(word) => word.clone(),
            None => match self.variable("HOME") {
                Value::Known(home) => Field::known(&*home),
                _ => Field::unknown(false),
            },
        };
        let before = self.state.clone();
        let old = match self.state.dirs.as_slice() {
            [one] => Value::Known(Rc::clone(one)),
            _ => Value::Unknown,
        };
        // `CDPATH` may lead anywhere.
        let detour = self.state.assigned("CDPATH").is_some_and(|value| !matches!(value, Value::Unset));
        match &target.arg {
            Arg::Known(text) if detour && !text.starts_with(['/', '.', '-', '+', '~']) => {
                self.enter_by_list(text)
            }
            Arg::Known(text)
                if text != "-"
                    && !text.starts_with('+')
                    && !text.starts_with('~')
                    && (!detour || text.starts_with(['/', '.'])) =>
            {
                self.enter_known(text);
            }
            _ => self.state.dirs.clear(),
        }
        self.state.set("OLDPWD", old);
        let exists = !self.state.dirs.is_empty()
            && self.state.dirs.iter().all(|dir| self.context.facts.kind(dir) == Some(EntryKind::Directory));
        if !exists {
            self.failed = Some(before);
        }
    }

    /// `cd NAME` with `CDPATH`: below one of its directories, or here.
    fn enter_by_list(&mut self, text: &str) {
        let Some(Value::Known(list)) = self.state.assigned("CDPATH").cloned() else {
            return self.state.dirs.clear();
        };
        let mut found: Vec<Rc<str>> = Vec::new();
        for dir in std::mem::take(&mut self.state.dirs) {
            for start in list.split(':').chain([""]) {
                let start = placet_model::path::absolute(start, &dir, None);
                let place: Rc<str> = Rc::from(placet_model::path::absolute(text, &start, None));
                if !found.contains(&place) {
                    found.push(place);
                }
            }
        }
        if found.len() <= super::state::DIRECTORIES {
            self.state.dirs = found;
        }
    }

    fn enter_known(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.state.dirs.is_empty() && text.starts_with('/') {
            self.state.dirs = vec![Rc::from(placet_model::path::absolute(text, "/", None))];
            return;
        }
        self.state.dirs = self
            .state
            .dirs
            .iter()
            .map(|dir| Rc::from(placet_model::path::absolute(text, dir, None)))
            .collect();
        self.state.dirs.dedup();
    }

    fn unset(&mut self, words: &[Field]) {
        for word in words.iter().filter(|word| !word.start().starts_with('-')) {
            match word.text().map(str::to_owned) {
                Some(name) if is_name(&name) => {
                    self.state.set(&name, Value::Unset);
                    for function in self.state.functions.iter_mut().filter(|function| *function.name == *name)
                    {
                        function.certain = false;
                    }
                }
                Some(other) => self.evaluated_text(&Field::known(other)),
                None => {
                    self.state.forget_variables();
                    self.evaluated_text(word);
                }
            }
        }
    }

    fn set_options(&mut self, words: &[Field]) {
        let keyword = words.iter().any(|word| {
            word.text().is_some_and(|text| {
                text == "keyword" || (text.starts_with('-') && !text.starts_with("--") && text.contains('k'))
            })
        });
        if keyword {
            self.push_unknown(
                "set -k",
                None,
                "assignments among the arguments count as environment from here on",
            );
        }
        let dashes = words.iter().position(|word| word.text() == Some("--"));
        let first = words.iter().position(|word| !word.start().starts_with(['-', '+']));
        let from = match (dashes, first) {
            (Some(at), _) => Some(at + 1),
            // The operand of `-o`.
            (None, Some(at))
                if at
                    .checked_sub(1)
                    .and_then(|before| words.get(before))
                    .is_some_and(|before| before.start().ends_with('o')) =>
            {
                None
            }
            (None, first) => first,
        };
        if let Some(from) = from {
            self.state.positional = Some(Rc::from(words.get(from..).unwrap_or(&[])));
        }
    }

    fn shift(&mut self, words: &[Field]) {
        let count = match words.first() {
            None => Some(1),
            Some(word) => word.text().and_then(|text| text.parse::<usize>().ok()),
        };
        let fields = self.state.positional.take();
        if let (Some(count), Some(fields)) = (count, fields)
            && !fields.iter().take(count).any(Field::may_be_several)
            && (count <= fields.len() || !fields.iter().any(Field::may_be_several))
        {
            // Too large a number shifts nothing.
            let rest = fields.get(count..).unwrap_or(&fields);
            self.state.positional = Some(Rc::from(rest));
        }
    }

    fn alias(&mut self, words: &[Field]) {
        for word in words {
            match word.start().split_once('=') {
                Some((name, _)) => {
                    let name: Rc<str> = Rc::from(name);
                    let value = Value::of(&word.without(name.len() + 1));
                    self.state.aliases.push((name, value));
                }
                None if word.text().is_none() => {
                    self.push_unknown("alias", None, "an alias is defined whose name is not known");
                }
                None => {}
            }
        }
    }

    /// Builtins that set variables from what they read.
    fn reads(&mut self, name: &str, words: &[Field], call: &Call) {
        let mut named = false;
        let mut words_left = words.iter().peekable();
        while let Some(word) = words_left.next() {
            let start = word.start();
            if name != "read" && start.starts_with("-C") && name != "getopts" {
                let text = if start.len() > 2 { Some(word.without(2)) } else { words_left.next().cloned() };
                match text.as_ref().and_then(Field::text).map(str::to_owned) {
                    Some(text) => {
                        self.chain.push(name.to_owned());
                        self.text(&text, false, None);
                        self.chain.pop();
                    }
                    None => self.push_unknown(
                        "mapfile -C",
                        call.span.clone(),
                        "a command is run whose text is not known",
                    ),
                }
                continue;
            }
            match word.text() {
                Some(text) if is_name(text) => {
                    let only = name == "read"
                        && words.iter().filter(|word| !word.start().starts_with('-')).count() == 1;
                    if name != "read"
                        || words
                            .iter()
                            .any(|word| word.start().starts_with('-') && word.start().contains('a'))
                    {
                        self.memory.arrays.add(text);
                    }
                    let value = if only && call.own_input { self.line_read(words) } else { Value::Unknown };
                    self.set_variable(text, value);
                    named = true;
                }
                Some(text) if text.contains('[') => self.evaluated_text(&Field::known(text)),
                Some(_) => {}
                None => {
                    self.state.forget_variables();
                    self.evaluated_text(word);
                }
            }
        }
        if !named {
            self.state.set("REPLY", Value::Unknown);
            self.state.set("MAPFILE", Value::Unknown);
        }
        if name == "getopts" {
            self.state.set("OPTARG", Value::Unknown);
        }
    }

    /// What `read NAME` takes from standard input: the first line, without blanks around it.
    fn line_read(&self, words: &[Field]) -> Value {
        let plain = words
            .iter()
            .all(|word| matches!(word.text(), Some(text) if !text.starts_with('-') || text == "-r"));
        let blanks = matches!(self.state.assigned("IFS"), None | Some(Value::Unset));
        match &self.stdin {
            super::Stdin::Known(text) if plain && blanks && !text.contains('\\') => {
                Value::known(text.lines().next().unwrap_or("").trim_matches([' ', '\t']))
            }
            _ => Value::Unknown,
        }
    }

    fn printf_v(&mut self, words: &[Field]) {
        let Some(first) = words.first() else { return };
        let target = match first.text() {
            Some("-v") => words.get(1).cloned(),
            Some(text) if text.starts_with("-v") => Some(first.without(2)),
            Some(_) => None,
            None if first.could_be_option() => Some(Field::unknown(false)),
            None => None,
        };
        let Some(target) = target else { return };
        match target.text() {
            Some(name) if is_name(name) => {
                let texts: Option<Vec<&str>> =
                    words.get(2..).unwrap_or(&[]).iter().map(Field::text).collect();
                let value = texts.as_deref().and_then(super::substitution::printf);
                let value = value.map_or(Value::Unknown, |text| Value::known(&text));
                self.set_variable(name, value);
            }
            _ => {
                self.state.forget_variables();
                self.evaluated_text(&target);
            }
        }
    }

    fn let_word(&mut self, word: &Field) {
        match word.text().map(str::to_owned) {
            Some(text) => {
                let part = crate::syntax::Part::Quoted(text);
                self.evaluate(&[part], None);
            }
            None => self.push_unknown(
                "let",
                None,
                "arithmetic evaluates text that is not known, and may run commands in it",
            ),
        }
    }

    /// `test -v 'a[$(cmd)]'` evaluates the subscript; `-eq` does not in `test`, only in `[[`.
    fn numeric_test(&mut self, words: &[Field]) {
        for (at, word) in words.iter().enumerate() {
            if matches!(word.text(), Some("-v" | "-R"))
                && let Some(operand) = words.get(at + 1)
            {
                self.evaluated_text(operand);
            }
        }
    }
}

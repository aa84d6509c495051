//! Command and process substitution, and the few commands whose output is certain.

use std::rc::Rc;

use placet_model::Arg;

use super::value::{Field, Value};
use super::{Machine, Stdin};
use crate::syntax::{Direction, Entry, Join, Kind, List, Node, Part, Redirect, RedirectOperator, Simple};

impl Machine<'_> {
    /// Walks the commands of `$( … )` and tells what they print.
    pub(super) fn substitution(&mut self, list: &List) -> Value {
        let mut value = Value::Unknown;
        self.deeper(|machine| {
            machine.subshell(|machine| {
                let stdin = std::mem::replace(&mut machine.stdin, Stdin::Unknown);
                machine.list(list);
                machine.stdin = stdin;
            });
            value = machine.printed_by(list);
        });
        value
    }

    /// `<( … )`
    pub(super) fn process(&mut self, direction: Direction, list: &List) {
        let several = self.process_text.take().is_some();
        self.deeper(|machine| {
            machine.subshell(|machine| {
                let input =
                    if direction == Direction::Write { Stdin::Unknown } else { machine.stdin.clone() };
                let stdin = std::mem::replace(&mut machine.stdin, input);
                machine.concurrent += 1;
                machine.list(list);
                machine.concurrent -= 1;
                machine.stdin = stdin;
            });
        });
        let text = if several || direction == Direction::Write { None } else { self.printed_whole(list) };
        self.process_text = Some(text);
    }

    /// What a list of one simple command prints.
    fn printed_whole(&mut self, list: &List) -> Option<String> {
        let [entry] = list.entries.as_slice() else { return None };
        let [Node { kind: Kind::Simple(simple), redirects, .. }] = entry.stages.as_slice() else {
            return None;
        };
        self.printed(simple, redirects)
    }

    /// Remembers what a file holds after `echo … > file` and `cat > file <<…`.
    pub(super) fn remember_text(&mut self, simple: &Simple, redirects: &[Redirect]) {
        let written = |redirect: &&Redirect| {
            matches!(redirect.operator, RedirectOperator::Write | RedirectOperator::Clobber)
                && !is_stderr(redirect)
        };
        let mut files = redirects.iter().filter(written);
        let (Some(file), None) = (files.next(), files.next()) else { return };
        let rest: Vec<Redirect> = redirects.iter().filter(|redirect| !written(redirect)).cloned().collect();
        let Some(text) = self.printed(simple, &rest) else { return };
        self.remember_file(file, &text);
    }

    /// The same after `{ echo …; echo …; } > file`.
    pub(super) fn remember_group(&mut self, list: &List, redirects: &[Redirect]) {
        let [file] = redirects else { return };
        if !matches!(file.operator, RedirectOperator::Write | RedirectOperator::Clobber) || is_stderr(file) {
            return;
        }
        let mut text = String::new();
        for entry in &list.entries {
            let [Node { kind: Kind::Simple(simple), redirects, .. }] = entry.stages.as_slice() else {
                return;
            };
            if entry.join == Join::Or || entry.background || !redirects.is_empty() {
                return;
            }
            let Some(printed) = self.printed(simple, &[]) else { return };
            text.push_str(&printed);
        }
        self.remember_file(file, &text);
    }

    fn remember_file(&mut self, file: &Redirect, text: &str) {
        let field = self.quietly(|machine| machine.one(&file.target));
        if field.text().is_none() {
            self.memory.holds_partly(super::paths::shown(&field.arg), text);
        }
        for path in self.paths(&field, placet_model::Reach::Entry, &self.state.dirs.clone()) {
            self.memory.holds(&path.absolute, text);
        }
    }

    fn printed_by(&mut self, list: &List) -> Value {
        let Some((entry, before)) = list.entries.split_last() else { return Value::Unknown };
        let mut assignments = Vec::new();
        for entry in before {
            let [Node { kind: Kind::Simple(simple), redirects, .. }] = entry.stages.as_slice() else {
                return Value::Unknown;
            };
            if !simple.words.is_empty() || !redirects.is_empty() || entry.background || entry.join == Join::Or
            {
                return Value::Unknown;
            }
            assignments.extend(&simple.assignments);
        }
        if entry.join == Join::Or {
            return Value::Unknown;
        }
        self.quietly(|machine| {
            for assignment in assignments {
                machine.assign(assignment);
            }
            machine.printed_last(entry)
        })
    }

    fn printed_last(&mut self, entry: &Entry) -> Value {
        let Some(Node { kind: Kind::Simple(simple), redirects, .. }) = entry.stages.last() else {
            return Value::Unknown;
        };
        if redirects.iter().any(|redirect| redirect.body.is_none() && !is_stderr(redirect)) {
            return self.counted(simple).unwrap_or(Value::Unknown);
        }
        if entry.stages.len() > 1 {
            return self.counted(simple).unwrap_or(Value::Unknown);
        }
        if let Some(text) = self.printed(simple, redirects) {
            return Value::known(text.trim_end_matches('\n'));
        }
        self.found(simple).or_else(|| self.counted(simple)).unwrap_or(Value::Unknown)
    }

    /// What `echo`, `printf`, `cat` with a here-document or `pwd` print, line end included.
    pub(super) fn printed(&mut self, simple: &Simple, redirects: &[Redirect]) -> Option<String> {
        let name = literal(simple, 0)?;
        if !simple.assignments.is_empty()
            || self.state.functions.iter().any(|function| &*function.name == name)
        {
            return None;
        }
        if !matches!(name, "echo" | "printf" | "cat" | "pwd")
            || self.state.aliases.iter().any(|(alias, _)| &**alias == name)
        {
            return None;
        }
        if name == "cat" {
            let [redirect] = redirects else { return None };
            let body = redirect.body.as_ref().filter(|_| simple.words.len() == 1)?;
            return self.quietly(|machine| machine.parts_one(body, true)).text().map(str::to_owned);
        }
        if !redirects.iter().all(is_stderr) {
            return None;
        }
        let fields = self.quietly(|machine| machine.words(&simple.words));
        let words: Option<Vec<&str>> = fields.iter().skip(1).map(Field::text).collect();
        let words = words?;
        match name {
            "echo" => echo(&words),
            "printf" => printf(&words),
            _ if words.is_empty() => match self.variable("PWD") {
                Value::Known(dir) => Some(dir.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Expands something a second time without writing anything down again.
    pub(super) fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let actions = self.actions.len();
        let state = self.state.clone();
        let own = self.own_commands;
        let bounded = (self.stopped, self.overlong);
        let result = work(self);
        self.actions.truncate(actions);
        self.state = state;
        self.own_commands = own;
        // That a bound was reached is said once, and must not be taken back.
        if (self.stopped, self.overlong) != bounded {
            self.push_unknown("", None, "the text is too long or too involved to be followed");
        }
        result
    }

    /// `which rm`, `command -v rm`: some path that ends in the name. `mktemp`: some new path.
    fn found(&mut self, simple: &Simple) -> Option<Value> {
        let words: Option<Vec<&str>> = (0..simple.words.len()).map(|at| literal(simple, at)).collect();
        let partly = |prefix: &str, suffix: &str, safe| Value::Partly {
            prefix: Rc::from(prefix),
            suffix: Rc::from(suffix),
            safe,
        };
        let words = words?;
        if words.first().is_some_and(|name| self.is_redefined(name)) {
            return None;
        }
        match words.as_slice() {
            ["which", name] | ["command", "-v", name] | ["type", "-p" | "-P", name]
                if !name.starts_with('-') && !name.contains('/') =>
            {
                Some(partly("/", &format!("/{name}"), true))
            }
            ["git", "rev-parse", "--show-toplevel"] => self.top_of_project(),
            ["mktemp", rest @ ..] => self.new_temporary(rest),
            ["git", "ls-files", rest @ ..] => {
                let files = super::feed::tracked(rest)?;
                if let [one] = files.as_slice() { Some(Value::of(one)) } else { None }
            }
            _ => None,
        }
    }

    /// Whether a function or an alias of the text takes the program's place.
    fn is_redefined(&self, name: &str) -> bool {
        self.state.functions.iter().any(|function| &*function.name == name)
            || self.state.aliases.iter().any(|(alias, _)| &**alias == name)
    }

    /// The name of a file or folder that `mktemp` has just made. Every one is given another.
    fn new_temporary(&mut self, words: &[&str]) -> Option<Value> {
        if self.state.assigned("TMPDIR").is_some() || self.remote {
            return None;
        }
        let (mut stem, mut end, mut template_given) = ("tmp.", "", false);
        for word in words {
            match *word {
                "-d" | "-q" | "-dq" | "-qd" | "--directory" | "--quiet" => {}
                suffix if suffix.starts_with("--suffix=") => end = suffix.get(9..)?,
                template if template.starts_with("/tmp/") && template.ends_with("XXX") => {
                    stem = template.get(5..)?.trim_end_matches('X');
                    template_given = true;
                }
                _ => return None,
            }
        }
        let plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if !plain(stem) || !plain(end) || stem.is_empty() {
            return None;
        }
        // A template is a path of its own; only the default name lies where TMPDIR says.
        let dir = self.context.facts.variable("TMPDIR").filter(|dir| dir.starts_with('/') && !template_given);
        let dir = dir.as_deref().map_or("/tmp", |dir| dir.trim_end_matches('/'));
        self.temporaries += 1;
        Some(Value::known(&format!("{dir}/{stem}XXXXXXX{:03}{end}", self.temporaries)))
    }

    /// The top of the repository the shell is in, when that is certainly the project.
    fn top_of_project(&self) -> Option<Value> {
        let project = self.context.project;
        let is = |dir: &str| self.context.facts.kind(&format!("{dir}/.git")).is_some();
        let below = |dir: &str| {
            std::iter::successors(Some(dir), |dir| dir.rsplit_once('/').map(|(parent, _)| parent))
                .take_while(|dir| *dir != project && !dir.is_empty())
                .any(is)
        };
        let known = !self.state.dirs.is_empty()
            && is(project)
            && self
                .state
                .dirs
                .iter()
                .all(|dir| placet_model::path::relative_to(dir, project).is_some() && !below(dir));
        known.then(|| Value::known(project))
    }

    /// Commands that print one number.
    fn counted(&self, simple: &Simple) -> Option<Value> {
        if !self.state.functions.is_empty() || !self.state.aliases.is_empty() {
            return None;
        }
        let number = match (literal(simple, 0)?, literal(simple, 1)) {
            ("nproc", _) => true,
            // With other operators `expr` prints texts.
            ("expr", _) => {
                simple.words.len() == 4 && matches!(literal(simple, 2), Some("+" | "-" | "/" | "%" | "*"))
            }
            ("wc", Some("-l" | "-c" | "-w" | "-m")) | ("grep", Some("-c")) | ("id", Some("-u" | "-g")) => {
                true
            }
            ("date", Some(format)) => matches!(
                format,
                "+%s"
                    | "+%Y"
                    | "+%Y%m%d"
                    | "+%Y-%m-%d"
                    | "+%H%M%S"
                    | "+%Y%m%d%H%M%S"
                    | "+%Y%m%d-%H%M%S"
                    | "+%Y%m%d_%H%M%S"
                    | "+%s%N"
            ),
            _ => false,
        };
        number.then_some(Value::Number)
    }
}

/// `2>…` changes nothing about what is printed.
pub(super) fn is_stderr(redirect: &Redirect) -> bool {
    matches!(redirect.descriptor, crate::syntax::Descriptor::Number(2)) && redirect.body.is_none()
}

/// The text of a word without any expansion in it.
pub(super) fn literal(simple: &Simple, at: usize) -> Option<&str> {
    match simple.words.get(at)?.parts.as_slice() {
        [Part::Bare(text)] if !text.contains(['*', '?', '[', '~']) => Some(text),
        [Part::Quoted(text)] => Some(text),
        [Part::Double(parts)] => match parts.as_slice() {
            [Part::Quoted(text) | Part::Bare(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn echo(words: &[&str]) -> Option<String> {
    let mut words = words;
    let mut end = "\n";
    if let [first, rest @ ..] = words
        && *first == "-n"
    {
        words = rest;
        end = "";
    }
    // `-e`, `-nE` and the like; backslashes depend on shell options.
    if words.first().is_some_and(|word| word.starts_with('-')) || words.iter().any(|word| word.contains('\\'))
    {
        return None;
    }
    Some(words.join(" ") + end)
}

/// What `printf` makes of its format and words, where that is certain.
pub(super) fn printf(words: &[&str]) -> Option<String> {
    let (format, rest) = words.split_first()?;
    if format.starts_with('-') {
        return None;
    }
    let mut out = String::new();
    let mut arguments = rest.iter();
    let mut used = false;
    loop {
        let mut chars = format.chars().peekable();
        let mut consumed = false;
        while let Some(c) = chars.next() {
            match c {
                '%' => match chars.next()? {
                    '%' => out.push('%'),
                    's' => {
                        out.push_str(arguments.next().unwrap_or(&""));
                        consumed = true;
                    }
                    _ => return None,
                },
                '\\' => out.push(match chars.next()? {
                    'n' => '\n',
                    't' => '\t',
                    '\\' => '\\',
                    // More digits would make it an octal number.
                    '0' if !chars.peek().is_some_and(char::is_ascii_digit) => '\0',
                    _ => return None,
                }),
                other => out.push(other),
            }
        }
        used |= consumed;
        if !used || arguments.len() == 0 {
            return Some(out);
        }
    }
}

impl Field {
    /// The word as a value of standard input.
    pub(super) fn stdin(&self) -> Stdin {
        match &self.arg {
            Arg::Known(text) => Stdin::Known(text.clone()),
            _ => Stdin::Unknown,
        }
    }
}

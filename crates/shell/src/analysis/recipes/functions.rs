//! Functions of makefiles, as far as they are plain.

use super::variables::{Automatic, Value, Variables};

impl Variables {
    /// `$(call name,arguments)`.
    pub(super) fn call(&mut self, text: &str, automatic: Automatic<'_>, depth: u16, out: &mut String) {
        let given: Vec<String> = arguments(text)
            .into_iter()
            .map(|argument| {
                let mut value = String::new();
                self.expand_into(argument, automatic, depth, &mut value);
                value
            })
            .collect();
        let name = given.first().map(|name| name.trim().to_owned()).unwrap_or_default();
        if !self.values.contains_key(&name) {
            return self.unknown(out);
        }
        self.arguments.push(given);
        self.variable(&name, automatic, depth + 1, out);
        self.arguments.pop();
    }

    /// A function of make; `false` when it is not understood here.
    pub(super) fn function(
        &mut self,
        word: &str,
        text: &str,
        automatic: Automatic<'_>,
        depth: u16,
        out: &mut String,
    ) -> bool {
        let parts = arguments(text);
        let part = |at: usize| parts.get(at).copied().unwrap_or("");
        let done = match word {
            "foreach" => self.each([part(0), part(1), part(2)], automatic, depth, out),
            "if" => {
                let mut condition = String::new();
                self.expand_into(part(0), automatic, depth, &mut condition);
                let set = condition.trim();
                // A variable of the environment may be empty; the home never is.
                if set.contains("${") && set != "${HOME}" {
                    return false;
                }
                let branch = if set.is_empty() { 2 } else { 1 };
                self.expand_into(part(branch), automatic, depth + 1, out);
                Some(())
            }
            "file" => self.file([part(0), part(1)], automatic, depth, out),
            _ => self.words(word, [part(0), part(1), part(2)], automatic, depth, out),
        };
        done.is_some()
    }

    /// An argument; `None` when only the shell knows a part of it.
    fn plain(&mut self, part: &str, automatic: Automatic<'_>, depth: u16) -> Option<String> {
        let mut value = String::new();
        self.expand_into(part, automatic, depth, &mut value);
        (!value.contains("${")).then_some(value)
    }

    /// `$(foreach name,list,text)`.
    fn each(
        &mut self,
        [name, list, body]: [&str; 3],
        automatic: Automatic<'_>,
        depth: u16,
        out: &mut String,
    ) -> Option<()> {
        let name = self.plain(name, automatic, depth)?.trim().to_owned();
        let list = self.plain(list, automatic, depth)?;
        let before = self.values.get(&name).cloned();
        for (at, item) in list.split_ascii_whitespace().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            self.values.insert(name.clone(), Value::Plain(item.to_owned()));
            self.expand_into(body, automatic, depth + 1, out);
        }
        match before {
            Some(value) => self.values.insert(name, value),
            None => self.values.remove(&name),
        };
        Some(())
    }

    /// `$(file <name)` and `$(file >name,text)`, as a shell would do it.
    fn file(
        &mut self,
        [operation, text]: [&str; 2],
        automatic: Automatic<'_>,
        depth: u16,
        out: &mut String,
    ) -> Option<()> {
        let operation = self.plain(operation, automatic, depth)?;
        let operation = operation.trim();
        if let Some(path) = operation.strip_prefix('<') {
            self.shell.push(format!("cat {}", path.trim()));
            self.unknown(out);
            return Some(());
        }
        let quoted = self.plain(text, automatic, depth)?.replace('\'', "'\\''");
        let sign = if operation.starts_with(">>") { ">>" } else { ">" };
        let path = operation.trim_start_matches('>').trim();
        self.shell.push(format!("printf '%s\\n' '{quoted}' {sign} {path}"));
        Some(())
    }

    /// Functions that make words of words.
    fn words(
        &mut self,
        word: &str,
        [first, second, third]: [&str; 3],
        automatic: Automatic<'_>,
        depth: u16,
        out: &mut String,
    ) -> Option<()> {
        let first = self.plain(first, automatic, depth)?;
        let second = self.plain(second, automatic, depth)?;
        let text = match word {
            "subst" | "patsubst" => self.plain(third, automatic, depth)?,
            _ => String::new(),
        };
        let each = |text: &str, change: &dyn Fn(&str) -> String| {
            text.split_ascii_whitespace().map(change).collect::<Vec<_>>().join(" ")
        };
        out.push_str(&match word {
            "subst" if !first.is_empty() => text.replace(&first, &second),
            "patsubst" => each(&text, &|word| substituted(word, &first, &second)),
            "addprefix" => each(&second, &|word| format!("{first}{word}")),
            "addsuffix" => each(&second, &|word| format!("{word}{first}")),
            _ => return None,
        });
        Some(())
    }
}

/// The arguments of a function: divided at commas outside of references.
fn arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// `word` with the pattern `from` turned into `to`, `%` standing for the same in both.
fn substituted(word: &str, from: &str, to: &str) -> String {
    let stem = match from.split_once('%') {
        Some((front, end)) => word.strip_prefix(front).and_then(|rest| rest.strip_suffix(end)),
        None => (word == from).then_some(""),
    };
    stem.map_or_else(|| word.to_owned(), |stem| to.replacen('%', stem, 1))
}

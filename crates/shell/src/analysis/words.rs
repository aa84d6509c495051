//! Expansion of words.

use super::Machine;
use super::builder::Builder;
use super::value::{Field, Value};
use crate::syntax::{Part, Word};

/// Longest word that values may make, in bytes. What stands in the text itself may be longer.
pub(super) const WORD: usize = 32 * 1024;
/// Bytes of values that are put into words, over the whole text.
const EXPANDED: usize = 1024 * 1024;

impl Machine<'_> {
    /// Expands words to the fields of a command.
    pub(super) fn words(&mut self, words: &[Word]) -> Vec<Field> {
        let mut fields = Vec::with_capacity(words.len());
        for word in words {
            self.word_into(word, &mut fields);
        }
        fields
    }

    /// Expands one word, which may become none or several fields.
    pub(super) fn word_into(&mut self, word: &Word, fields: &mut Vec<Field>) {
        if !self.step() {
            return;
        }
        if let [Part::Bare(text)] = word.parts.as_slice()
            && (text == "[" || !text.contains(['*', '?', '[', '~']))
        {
            fields.push(Field::known(text.as_str()));
            return;
        }
        if word.parts.iter().any(|part| matches!(part, Part::Braces(_) | Part::Range(_))) {
            match super::braces::expand(&word.parts) {
                Some(words) => words.iter().for_each(|parts| self.parts_into(parts, fields)),
                None => {
                    self.parts_one(&word.parts, false);
                    fields.push(Field::unknown(true));
                }
            }
            return;
        }
        self.parts_into(&word.parts, fields);
    }

    fn parts_into(&mut self, parts: &[Part], fields: &mut Vec<Field>) {
        let mut builder = Builder::new(self.separators(), true, true);
        self.parts(parts, false, &mut builder);
        fields.append(&mut builder.finish());
    }

    /// Expands a word where it stays one word: assignments, `case`, `[[`, redirections of here-strings.
    pub(super) fn one(&mut self, word: &Word) -> Field {
        self.parts_one(&word.parts, false)
    }

    /// The same for loose parts.
    pub(super) fn parts_one(&mut self, parts: &[Part], quoted: bool) -> Field {
        if !self.step() {
            return Field::unknown(false);
        }
        let mut builder = Builder::new(None, false, false);
        self.parts(parts, quoted, &mut builder);
        builder.finish_one()
    }

    /// Expands a word to a value.
    pub(super) fn value_of(&mut self, word: &Word) -> Value {
        Value::of(&self.one(word))
    }

    pub(super) fn parts(&mut self, parts: &[Part], quoted: bool, builder: &mut Builder) {
        for part in parts {
            self.part(part, quoted, builder);
        }
    }

    fn part(&mut self, part: &Part, quoted: bool, builder: &mut Builder) {
        match part {
            Part::Bare(text) if quoted => builder.literal(text),
            Part::Bare(text) => self.bare(text, builder),
            Part::Quoted(text) => builder.quoted(text),
            Part::Double(parts) => {
                // `"$@"` without arguments is no word at all.
                if !matches!(parts.as_slice(), [Part::Parameter(parameter)] if is_all(parameter, "@")) {
                    builder.quote();
                }
                self.parts(parts, true, builder);
            }
            Part::Parameter(parameter) => {
                let value = self.parameter(parameter);
                let value = self.bounded(value, builder.length());
                let value = self.unsplit(value, quoted || !builder.splits());
                let several = is_all(parameter, "@");
                if quoted && !several {
                    builder.quote();
                }
                match &value {
                    // Where words are not split, an unquoted one is joined, too.
                    Value::List(fields) if is_all(parameter, "*") && (quoted || !builder.splits()) => {
                        builder.join(fields, self.separators().as_deref());
                    }
                    Value::Unknown if several => builder.unknown(true, false),
                    _ => builder.value(&value, quoted),
                }
            }
            Part::Command(list) => {
                let value = self.substitution(list);
                builder.value(&value, quoted);
            }
            Part::Process(direction, list) => {
                self.process(*direction, list);
                builder.quoted("/dev/fd/63");
            }
            Part::Arithmetic(parts) => {
                let value = self.arithmetic_value(parts);
                builder.value(&value, true);
            }
            Part::Braces(_) | Part::Range(_) => self.literal_braces(part, builder),
        }
    }

    /// The value, unless the word or everything that was expanded so far gets too long with it: `x=$x$x` doubles
    /// with every command.
    fn bounded(&mut self, value: Value, before: usize) -> Value {
        let length = value.length();
        self.expanded = self.expanded.saturating_add(length);
        if length == 0 || (before.saturating_add(length) <= WORD && self.expanded <= EXPANDED) {
            return value;
        }
        self.too_long()
    }

    /// A value that is not followed any more.
    pub(super) fn too_long(&mut self) -> Value {
        if !self.overlong {
            self.overlong = true;
            self.push_unknown("", None, "values get too long to be followed");
        }
        Value::Unknown
    }

    /// Braces where they are not expanded (assignments): their text, as far as it matters.
    fn literal_braces(&mut self, part: &Part, builder: &mut Builder) {
        match part {
            Part::Range(text) => {
                builder.literal("{");
                builder.literal(text);
                builder.literal("}");
            }
            Part::Braces(alternatives) => {
                builder.literal("{");
                for (at, parts) in alternatives.iter().enumerate() {
                    if at > 0 {
                        builder.literal(",");
                    }
                    self.parts(parts, false, builder);
                }
                builder.literal("}");
            }
            _ => {}
        }
    }

    /// Unquoted text: tilde at the start, behind `name=` and behind `:` of such a word.
    fn bare(&mut self, text: &str, builder: &mut Builder) {
        let fresh = builder.is_fresh();
        if fresh && text.starts_with('~') {
            return self.tilde(text, builder);
        }
        let assignment = if fresh { text.split_once('=').filter(|(name, _)| is_name(name)) } else { None };
        match assignment {
            Some((name, value)) if value.contains('~') => {
                builder.literal(name);
                builder.literal("=");
                for (at, piece) in value.split(':').enumerate() {
                    if at > 0 {
                        builder.literal(":");
                    }
                    if piece.starts_with('~') { self.tilde(piece, builder) } else { builder.bare(piece) }
                }
            }
            _ if text == "~" || text.starts_with("~/") => match builder.so_far() {
                Some(before)
                    if before.ends_with(['=', ':'])
                        && before.split_once('=').is_some_and(|(name, _)| is_name(name)) =>
                {
                    self.tilde(text, builder);
                }
                _ => builder.bare(text),
            },
            _ => builder.bare(text),
        }
    }

    /// `~`, `~/…`; other users' homes are left as they are, which no path rule takes for an ordinary path.
    pub(super) fn tilde(&mut self, text: &str, builder: &mut Builder) {
        let rest = text.strip_prefix('~').unwrap_or(text);
        let own = rest.is_empty() || rest.starts_with('/');
        match rest.strip_prefix('+') {
            Some(after) if after.is_empty() || after.starts_with('/') => {
                let value = self.variable("PWD");
                builder.value(&value, true);
                return builder.bare(after);
            }
            _ => {}
        }
        let (user, below) =
            rest.split_once('/').map_or((rest, ""), |(user, _)| (user, rest.get(user.len()..).unwrap_or("")));
        let rest = if !own && self.context.home.and_then(|home| home.rsplit('/').next()) == Some(user) {
            below
        } else {
            rest
        };
        if !own && rest.len() > below.len() {
            builder.unknown(false, false);
            return;
        }
        match self.variable("HOME") {
            Value::Known(home) if home.starts_with('/') => builder.literal(&home),
            // Nobody said where it is; path rules know what to make of that.
            _ if self.state.assigned("HOME").is_none() => builder.literal("~"),
            _ => builder.unknown(false, false),
        }
        builder.bare(rest);
    }

    /// Characters at which unquoted values are split, `None` when unknown.
    fn separators(&self) -> Option<String> {
        match self.state.assigned("IFS") {
            None | Some(Value::Unset) => Some(" \t\n".to_owned()),
            Some(Value::Known(text)) => Some(text.to_string()),
            Some(_) => None,
        }
    }
}

/// `$@` and `${a[@]}` when `sign` is `@`, `$*` and `${a[*]}` when it is `*`.
fn is_all(parameter: &crate::syntax::Parameter, sign: &str) -> bool {
    let index = |index: &Vec<Part>| matches!(index.as_slice(), [Part::Bare(text) | Part::Quoted(text)] if text == sign);
    parameter.name == sign || parameter.index.as_ref().is_some_and(index)
}

pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

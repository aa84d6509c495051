//! Puts the parts of a word together to fields: splitting, pathname patterns, unknown stretches.

use placet_model::Arg;

use super::value::{Field, Value};

/// Collects one word's expansion.
pub(super) struct Builder {
    done: Vec<Field>,
    /// Literal text since the last unknown stretch.
    text: String,
    /// The same as a pattern with quoted specials escaped; only kept once a special character was seen.
    pattern: Option<String>,
    /// First and last unquoted pattern character in `text`.
    special: Option<(usize, usize)>,
    /// Text before the first unknown stretch, once there was one.
    prefix: Option<String>,
    elastic: bool,
    safe: bool,
    quoted: bool,
    started: bool,
    /// Characters unquoted values are split at; `None` when unknown.
    separators: Option<String>,
    /// Whether unquoted values are split and patterns count at all (not in assignments, `[[`, `case`).
    splits: bool,
    globs: bool,
}

fn is_special(c: char) -> bool {
    matches!(c, '*' | '?' | '[')
}

impl Builder {
    pub(super) fn new(separators: Option<String>, splits: bool, globs: bool) -> Self {
        Self {
            done: Vec::new(),
            text: String::new(),
            pattern: None,
            special: None,
            prefix: None,
            elastic: false,
            safe: true,
            quoted: false,
            started: false,
            separators,
            splits,
            globs,
        }
    }

    /// Whether unquoted values become several words.
    pub(super) fn splits(&self) -> bool {
        self.splits
    }

    /// Nothing was put in yet.
    pub(super) fn is_fresh(&self) -> bool {
        !self.started && self.done.is_empty()
    }

    /// The literal text of the word so far, when all of it is literal.
    pub(super) fn so_far(&self) -> Option<&str> {
        (self.prefix.is_none() && self.done.is_empty()).then_some(self.text.as_str())
    }

    /// Bytes of the field so far.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// `""` and the like: the word exists even when empty.
    pub(super) fn quote(&mut self) {
        self.started = true;
        self.quoted = true;
    }

    /// Text in which nothing has a meaning.
    pub(super) fn quoted(&mut self, text: &str) {
        self.quote();
        self.literal(text);
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.started = true;
        if self.pattern.is_some() || text.contains(|c| is_special(c) || c == '\\') {
            let mut pattern = self.take_pattern();
            for c in text.chars() {
                if is_special(c) || c == '\\' {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            self.pattern = Some(pattern);
        }
        self.text.push_str(text);
    }

    /// Unquoted text of the word itself: pattern characters count, blanks cannot occur.
    pub(super) fn bare(&mut self, text: &str) {
        self.started = true;
        if !self.globs || !text.contains(is_special) {
            return self.literal(text);
        }
        let from = self.text.len();
        let mut pattern = self.take_pattern();
        pattern.push_str(text);
        self.pattern = Some(pattern);
        for (at, _) in text.char_indices().filter(|(_, c)| is_special(*c)) {
            let first = self.special.map_or(from + at, |(first, _)| first);
            self.special = Some((first, from + at + 1));
        }
        self.text.push_str(text);
    }

    fn take_pattern(&mut self) -> String {
        self.pattern.take().unwrap_or_else(|| {
            let mut pattern = String::with_capacity(self.text.len() + 8);
            for c in self.text.chars() {
                if is_special(c) || c == '\\' {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern
        })
    }

    /// A pattern whose expansion is part of the word.
    fn fitting(&mut self, pattern: &str) {
        self.started = true;
        let from = self.text.len();
        let mut whole = self.take_pattern();
        whole.push_str(pattern);
        self.pattern = Some(whole);
        self.text.push_str(pattern);
        let first = pattern.find(is_special).unwrap_or(0);
        let last = pattern.rfind(is_special).unwrap_or(0);
        self.special = Some((self.special.map_or(from + first, |(first, _)| first), from + last + 1));
    }

    /// Text of which nothing is known. `safe` as in [`Field`].
    pub(super) fn unknown(&mut self, elastic: bool, safe: bool) {
        self.started = true;
        if self.prefix.is_none() {
            let end = self.special.map_or(self.text.len(), |(first, _)| first);
            self.prefix = Some(self.text.get(..end).unwrap_or("").to_owned());
        }
        self.text.clear();
        self.pattern = None;
        self.special = None;
        self.elastic |= elastic && self.splits;
        self.safe &= safe;
    }

    /// Ends a field.
    fn split(&mut self) {
        if !self.started {
            return;
        }
        self.started = false;
        let text = std::mem::take(&mut self.text);
        let pattern = self.pattern.take();
        let special = self.special.take();
        let arg = match (self.prefix.take(), special, pattern) {
            (Some(prefix), special, _) => {
                let from = special.map_or(0, |(_, last)| last);
                Arg::Partly { prefix, suffix: text.get(from..).unwrap_or("").to_owned() }
            }
            (None, Some(_), Some(pattern)) => Arg::Glob(pattern),
            (None, _, _) => Arg::Known(text),
        };
        self.done.push(Field { arg, elastic: self.elastic, safe: self.safe, quoted: self.quoted });
        self.elastic = false;
        self.safe = true;
        self.quoted = false;
    }

    /// A variable's value.
    pub(super) fn value(&mut self, value: &Value, quoted: bool) {
        if quoted && !matches!(value, Value::List(_)) {
            self.quote();
        }
        match value {
            Value::Unset => {}
            Value::Known(text) if quoted || !self.splits => self.literal(text),
            Value::Known(text) => self.split_value(text),
            Value::Glob(pattern) => self.fitting(pattern),
            Value::Partly { prefix, suffix, safe } => {
                if !prefix.is_empty() {
                    self.literal(prefix);
                }
                self.unknown(!quoted && !safe, *safe);
                if !suffix.is_empty() {
                    self.literal(suffix);
                }
            }
            Value::Number => self.unknown(false, true),
            Value::Unknown => self.unknown(!quoted, false),
            Value::List(fields) => self.list(fields, quoted),
        }
    }

    /// Several words joined to one, as `"$*"` does. `separators` is the value of `IFS`, `None` when unknown.
    pub(super) fn join(&mut self, fields: &[Field], separators: Option<&str>) {
        match fields {
            [] => {}
            [one] => self.value(&Value::of(one), true),
            many => self.joined(many, separators.map(|text| text.get(..1).unwrap_or(""))),
        }
    }

    /// Several words, kept apart where words are split.
    fn list(&mut self, fields: &[Field], quoted: bool) {
        if !self.splits {
            match fields {
                [] => {}
                [one] => self.value(&Value::of(one), quoted),
                many => self.joined(many, Some(" ")),
            }
            return;
        }
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                self.split();
            }
            if field.elastic {
                self.unknown(true, false);
            } else {
                self.value(&Value::of(field), quoted);
            }
        }
    }

    fn joined(&mut self, fields: &[Field], separator: Option<&str>) {
        for (at, field) in fields.iter().enumerate() {
            // No word, no separator.
            let several = fields.iter().take(at + 1).any(Field::may_be_several);
            match separator {
                _ if at == 0 => {}
                Some(text) if !several => self.literal(text),
                _ => self.unknown(false, false),
            }
            match &field.arg {
                Arg::Known(text) => self.literal(text),
                _ => self.unknown(false, false),
            }
        }
    }

    fn split_value(&mut self, text: &str) {
        let Some(separators) = self.separators.clone() else {
            self.unknown(true, false);
            return;
        };
        let mut rest = text;
        while let Some(at) = rest.find(|c| separators.contains(c)) {
            let (piece, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            if !piece.is_empty() {
                self.bare(piece);
            }
            let first = tail.chars().next().unwrap_or(' ');
            if !first.is_ascii_whitespace() {
                self.started = true;
            }
            self.split();
            let mut chars = tail.chars();
            chars.next();
            rest = chars.as_str();
        }
        if !rest.is_empty() {
            self.bare(rest);
        }
    }

    /// The fields.
    pub(super) fn finish(mut self) -> Vec<Field> {
        self.split();
        self.done
    }

    /// Everything as one field, for places where a word stays one word.
    pub(super) fn finish_one(self) -> Field {
        let mut fields = self.finish();
        match fields.len() {
            0 => Field { quoted: true, ..Field::known("") },
            1 => fields.swap_remove(0),
            _ => Field::unknown(false),
        }
    }
}

//! A reader of JSON, as far as recipe files need it: it refuses, it never guesses.

/// Nesting that is read.
const DEPTH: u16 = 64;

/// A JSON value. Numbers and words are not needed.
#[derive(Debug, PartialEq)]
pub(super) enum Json {
    Text(String),
    /// In the order of the file; of a repeated name the last counts.
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Other,
}

impl Json {
    /// The member of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads a document; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Json> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blank();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Passes `c` when it comes next.
    fn take(&mut self, c: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(c);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: u16) -> Option<Json> {
        if depth > DEPTH {
            return None;
        }
        self.blank();
        match self.rest().chars().next()? {
            '"' => self.string().map(Json::Text),
            '{' => self.object(depth),
            '[' => self.array(depth),
            _ => {
                let rest = self.rest();
                let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
                let length = rest.len() - rest.trim_start_matches(word).len();
                self.at += length;
                (length > 0).then_some(Json::Other)
            }
        }
    }

    fn object(&mut self, depth: u16) -> Option<Json> {
        self.at += 1;
        let mut members = Vec::new();
        if self.take('}') {
            return Some(Json::Object(members));
        }
        loop {
            self.blank();
            let name = self.string()?;
            if !self.take(':') {
                return None;
            }
            members.push((name, self.value(depth + 1)?));
            if self.take('}') {
                return Some(Json::Object(members));
            }
            if !self.take(',') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: u16) -> Option<Json> {
        self.at += 1;
        let mut values = Vec::new();
        if self.take(']') {
            return Some(Json::Array(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.take(']') {
                return Some(Json::Array(values));
            }
            if !self.take(',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let rest = self.rest().strip_prefix('"')?;
        let mut out = String::new();
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 2;
                    return Some(out);
                }
                '\\' => match chars.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    'u' => {
                        let mut code = 0;
                        for _ in 0..4 {
                            code = code * 16 + chars.next()?.1.to_digit(16)?;
                        }
                        // Halves of a pair never stand in a command that is worth following.
                        out.push(char::from_u32(code)?);
                    }
                    c @ ('"' | '\\' | '/') => out.push(c),
                    _ => return None,
                },
                c if c < ' ' => return None,
                c => out.push(c),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, read};

    #[test]
    fn what_is_json_and_what_is_not() {
        let value = read(
            "\u{feff} {\"a\": {\"b\\u0041\\n\": \"x\"}, \"n\": [1, true, -2.5e3, []], \"a\": \"last\"} ",
        )
        .unwrap();
        assert_eq!(value.get("a").and_then(Json::text), Some("last"));
        for text in [
            "",
            "{",
            "{\"a\" 1}",
            "{\"a\": 1,}",
            "{'a': 1}",
            "[1 2]",
            "\"a\nb\"",
            "{} {}",
            "\"\\x\"",
            "// x\n{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }
}

//! The pass over a text. Every step moves forward past what it looked at, so the whole is linear.

use super::{Redactor, is_mark, names, shapes};

/// Longest user part of a URL that is looked for, in bytes.
const AUTHORITY_LIMIT_BYTES: usize = 512;

pub(super) fn redacted(text: &str, redactor: &Redactor) -> String {
    let mut scan = Scan {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
        redactor,
        program: "",
        login: false,
        no_user_before: 0,
    };
    while scan.at < text.len() {
        scan.step();
    }
    scan.out
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    out: String,
    redactor: &'a Redactor,
    /// Program with secret options that the current command line names.
    program: &'a str,
    /// Whether `login` was among its words.
    login: bool,
    /// No `@` of a URL lies before this place, as was found out already.
    no_user_before: usize,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn copy(&mut self, bytes: usize) {
        let rest = self.rest();
        let mut end = bytes.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        self.out.push_str(rest.get(..end).unwrap_or_default());
        self.at += end;
    }

    fn hide(&mut self, kind: &str, bytes: usize) {
        let secret = self.rest().get(..bytes).unwrap_or_default();
        if secret.is_empty() {
            return;
        }
        self.out.push_str(&self.redactor.mark(kind, secret));
        self.at += bytes;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(&byte) = rest.as_bytes().first() else { return };
        match byte {
            b'-' if rest.starts_with("-----BEGIN ") => match shapes::private_key(rest) {
                Some(length) => self.hide("private-key", length),
                None => self.copy(11),
            },
            b'-' if self.at_word_start() => self.option(),
            b'[' if rest.starts_with("[redacted:") => self.copy(mark_length(rest).unwrap_or(1)),
            b':' if rest.starts_with("://") => self.url(),
            b'\n' | b';' | b'|' | b'&' => {
                (self.program, self.login) = ("", false);
                self.copy(1);
            }
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => self.name(),
            _ => self.copy(1),
        }
    }

    fn at_word_start(&self) -> bool {
        self.at == 0
            || self
                .text
                .as_bytes()
                .get(self.at - 1)
                .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'('))
    }

    /// A word that starts with a dash.
    fn option(&mut self) {
        let rest = self.rest();
        let word = word(rest);
        if let Some((form, length)) =
            (!self.program.is_empty()).then(|| names::secret_option(self.program, word)).flatten()
        {
            self.option_value(form, length, word.len());
            return;
        }
        let dashes = word.bytes().take_while(|byte| *byte == b'-').count();
        let name = identifier(word.get(dashes..).unwrap_or_default());
        let ends_word = dashes + name.len() == word.len();
        self.copy(dashes + name.len());
        if !names::is_secret_name(name) {
            return;
        }
        if !ends_word {
            self.assigned(name);
        } else if self.rest().starts_with(' ') {
            // `--password VALUE`; another option behind it means that it took none.
            let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
            self.copy(blanks);
            if !self.rest().starts_with('-') {
                self.value("option", name);
            }
        }
    }

    fn option_value(&mut self, form: names::Form, option: usize, word: usize) {
        use names::Form;
        if form == Form::Login && !self.login {
            self.copy(word);
            return;
        }
        self.copy(option);
        if word == option {
            let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
            self.copy(blanks);
        } else if self.rest().starts_with('=') {
            self.copy(1);
        }
        if form == Form::UserPassword {
            let value = value_length(self.rest());
            match self.rest().get(..value).and_then(|text| text.find(':')) {
                Some(colon) => self.copy(colon + 1),
                None => {
                    self.copy(value);
                    return;
                }
            }
        }
        self.value("option", "");
    }

    /// A run of letters, digits and joining marks: a token, or a name that something is given to.
    fn name(&mut self) {
        let rest = self.rest();
        if let Some((kind, length)) = shapes::token(rest) {
            self.hide(kind, length);
            return;
        }
        let name = identifier(rest);
        self.look_at_program(name);
        // Inside a longer name a token may start behind a joining mark: `key_ghp_…`.
        if let Some(at) = token_inside(rest, name.len()) {
            self.copy(at);
            return;
        }
        self.copy(name.len().max(1));
        if name.eq_ignore_ascii_case("bearer") && self.rest().starts_with(' ') {
            self.copy(1);
            if word(self.rest()).len() >= 8 {
                self.value("authorization", "");
            }
        } else if names::is_secret_name(name) {
            self.assigned(name);
        }
    }

    fn look_at_program(&mut self, name: &'a str) {
        if names::has_secret_options(name) {
            (self.program, self.login) = (name, false);
        } else if name == "login" {
            self.login = true;
        }
    }

    /// Behind a secret name: `=`, `:` or `=>`, with blanks and a closing quote around, then the value.
    fn assigned(&mut self, name: &str) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut at = usize::from(matches!(bytes.first(), Some(b'"' | b'\'')));
        let blanks =
            |at: usize| bytes.iter().skip(at).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        at += blanks(at);
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'='), Some(b'>')) | (Some(b':'), Some(b'=')) => at += 2,
            (Some(b'='), Some(b'=')) => return,
            (Some(b'=' | b':'), _) => at += 1,
            _ => return,
        }
        at += blanks(at);
        self.copy(at);
        self.value("value", name);
    }

    /// The value that starts here, without its quotes.
    fn value(&mut self, kind: &str, name: &str) {
        let lower = name.to_ascii_lowercase();
        let quote = self.rest().bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        if quote.is_some() {
            self.copy(1);
        }
        if let Some(length) = reference_length(self.rest()) {
            self.copy(length);
            return;
        }
        // A header's scheme may stay: `Authorization: Bearer …`.
        let first = identifier(self.rest());
        let scheme = ["bearer", "basic", "token", "digest", "negotiate"]
            .iter()
            .any(|scheme| first.eq_ignore_ascii_case(scheme));
        if scheme && self.rest().as_bytes().get(first.len()) == Some(&b' ') {
            self.copy(first.len() + 1);
        }
        let whole_line = lower.contains("authorization") || lower.contains("cookie");
        let length = match quote {
            Some(quote) => quoted_length(self.rest(), quote),
            None if whole_line => {
                self.rest().bytes().take_while(|byte| !matches!(byte, b'\n' | b'"' | b'\'')).count()
            }
            None => value_length(self.rest()),
        };
        let value = self.rest().get(..length).unwrap_or_default();
        if is_mark(value) {
            self.copy(length);
        } else {
            self.hide(if whole_line { "authorization" } else { kind }, length);
        }
    }

    /// `://`, maybe with a user part behind it.
    fn url(&mut self) {
        self.copy(3);
        if self.at < self.no_user_before {
            return;
        }
        let rest = self.rest();
        let end = rest
            .bytes()
            .take(AUTHORITY_LIMIT_BYTES)
            .position(|byte| {
                byte.is_ascii_whitespace() || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>')
            })
            .unwrap_or_else(|| rest.len().min(AUTHORITY_LIMIT_BYTES));
        let Some(sign) =
            rest.as_bytes().get(..end).and_then(|authority| authority.iter().rposition(|byte| *byte == b'@'))
        else {
            self.no_user_before = self.at + end;
            return;
        };
        let user = rest.get(..sign).unwrap_or_default();
        let secret_from = match user.find(':') {
            _ if is_mark(user) => sign,
            Some(colon) => colon + 1,
            // A long user name without a password is a token.
            None if user.len() >= 16 => 0,
            None => sign,
        };
        self.copy(secret_from);
        let length = sign - secret_from;
        let secret = self.rest().get(..length).unwrap_or_default();
        if reference_length(secret) == Some(length) || is_mark(secret) {
            self.copy(length);
        } else {
            self.hide("url-user", length);
        }
    }
}

/// The word up to the next blank.
fn word(text: &str) -> &str {
    text.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default()
}

/// Letters, digits, `_`, `-` and `.` at the start.
fn identifier(text: &str) -> &str {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    text.get(..length).unwrap_or_default()
}

/// Where inside the name of `length` bytes that `text` starts with a token starts, behind a joining mark.
fn token_inside(text: &str, length: usize) -> Option<usize> {
    let name = text.get(..length)?.as_bytes();
    (1..length).find(|at| {
        let joined = name.get(at - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        joined && text.get(*at..).is_some_and(|rest| shapes::token(rest).is_some())
    })
}

/// Length of an unquoted value.
fn value_length(text: &str) -> usize {
    text.bytes()
        .take_while(|byte| {
            !byte.is_ascii_whitespace()
                && !matches!(
                    byte,
                    b'"' | b'\'' | b'`' | b';' | b'&' | b'|' | b',' | b')' | b'}' | b'>' | b'<'
                )
        })
        .count()
}

/// Length up to the closing quote; without one, an unquoted value.
fn quoted_length(text: &str, quote: u8) -> usize {
    let mut escaped = false;
    text.bytes()
        .position(|byte| {
            let ends = byte == quote && !escaped;
            escaped = byte == b'\\' && !escaped && quote == b'"';
            ends
        })
        .unwrap_or(text.len())
}

/// Length of `$NAME` or `${NAME}`, which name a secret without holding it. Nothing may follow: the rest of
/// the word could be the secret.
fn reference_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('$')?;
    let braced = rest.starts_with('{');
    let name = rest
        .bytes()
        .skip(usize::from(braced))
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let end = 1 + name + if braced { 2 } else { 0 };
    let closed = !braced || text.as_bytes().get(end - 1) == Some(&b'}');
    let over = text.as_bytes().get(end).is_none_or(|byte| {
        byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b';' | b'&' | b'|' | b',' | b')')
    });
    (name > 0 && closed && over).then_some(end)
}

/// Length of the mark that `text` starts with.
fn mark_length(text: &str) -> Option<usize> {
    let end = text.bytes().take(64).position(|byte| byte == b']')? + 1;
    is_mark(text.get(..end)?).then_some(end)
}

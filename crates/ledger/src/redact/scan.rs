//! The pass over a text. Every step moves forward past what it looked at, so the whole is linear.

use super::found::Found;
use super::shell::{self, Span};
use super::{Redactor, is_mark, names, shapes};

/// Longest user part of a URL that is looked for, in bytes.
const AUTHORITY_LIMIT_BYTES: usize = 512;

/// `text` with marks in the place of its secrets, which are added to `found`.
pub(super) fn redacted(text: &str, redactor: &Redactor, found: &mut Found) -> String {
    let spans = shell::secrets(text);
    for (_, value) in &spans {
        // What the shell makes of a piece is what other parts of a record show.
        value.iter().for_each(|value| found.add("argument", value));
    }
    let mut spans = spans.into_iter().map(|(span, _)| span);
    let mut scan = Scan {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
        redactor,
        found,
        span: spans.next(),
        no_user_before: 0,
    };
    while scan.at < text.len() {
        while scan.span.is_none_or(|span| span.start < scan.at) {
            scan.span = spans.next();
            if scan.span.is_none() {
                break;
            }
        }
        scan.step();
    }
    scan.out
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    out: String,
    redactor: &'a Redactor,
    found: &'a mut Found,
    /// The next piece that is secret by its place in a command.
    span: Option<Span>,
    /// No `@` of a URL lies before this place, as was found out already.
    no_user_before: usize,
}

impl<'a> Scan<'a> {
    /// The text up to the next piece that is known to be secret: nothing reads or copies past it.
    fn rest(&self) -> &'a str {
        let end = self.span.map_or(self.text.len(), |span| span.start);
        self.text.get(self.at..end).unwrap_or_default()
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

    fn hide(&mut self, kind: &'static str, bytes: usize) {
        if bytes == 0 {
            return;
        }
        // What goes on as a secret by its place is one secret with it.
        let end = self.at + bytes;
        self.conceal(kind, self.span.filter(|span| span.start == end).map_or(end, |span| span.end));
    }

    /// Puts a mark in the place of all up to `end`, and of a key block that starts before it.
    fn conceal(&mut self, kind: &'static str, end: usize) {
        let start = self.text.get(self.at..end).and_then(|secret| secret.find("-----BEGIN"));
        let block = start.map(|start| self.at + start).and_then(|start| {
            let length = shapes::private_key(self.text.get(start..)?)?;
            Some(start + length)
        });
        let end = block.map_or(end, |block| block.max(end));
        let secret = self.text.get(self.at..end).unwrap_or_default();
        self.found.add(kind, secret);
        self.out.push_str(&self.redactor.mark(kind, secret));
        self.at = end;
    }

    fn step(&mut self) {
        if let Some(span) = self.span.filter(|span| span.start == self.at) {
            self.span = None;
            self.argument(span);
            return;
        }
        let rest = self.rest();
        let Some(&byte) = rest.as_bytes().first() else { return };
        match byte {
            b'-' if rest.starts_with("-----BEGIN ") => {
                // A key block is one secret, whatever it looks like inside.
                match self.text.get(self.at..).and_then(shapes::private_key) {
                    Some(length) => self.conceal("private-key", self.at + length),
                    None => self.copy(11),
                }
            }
            b'-' if self.at_word_start() => self.option(),
            b'[' if rest.starts_with("[redacted:") => self.copy(mark_length(rest).unwrap_or(1)),
            b':' if rest.starts_with("://") => self.url(),
            b'/' => {
                let open = shapes::webhook(rest).unwrap_or((1, 0));
                self.copy(open.0);
                self.hide("webhook", open.1);
            }
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => self.name(),
            _ => self.copy(1),
        }
    }

    /// A word of a command that is secret by its place. What tells more by its shape is named after that.
    fn argument(&mut self, span: Span) {
        let secret = self.text.get(span.start..span.end).unwrap_or_default();
        let kind = match shapes::token(secret) {
            Some((kind, length)) if length == secret.len() => kind,
            _ => "argument",
        };
        self.conceal(kind, span.end);
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
        let dashes = word.bytes().take_while(|byte| *byte == b'-').count();
        let name = identifier(word.get(dashes..).unwrap_or_default());
        let ends_word = dashes + name.len() == word.len();
        self.copy(dashes + name.len());
        if !names::is_secret_name(name) {
            if names::is_weak_name(name) {
                self.assigned(name, Strength::Weak);
            }
            return;
        }
        if !ends_word {
            self.assigned(name, Strength::Strong);
        } else if self.rest().starts_with(' ') {
            // `--password VALUE`; another option behind it means that it took none.
            let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
            self.copy(blanks);
            if !self.rest().starts_with('-') {
                self.value("option", name, Strength::Strong);
            }
        }
    }

    /// A run of letters, digits and joining marks: a token, or a name that something is given to.
    fn name(&mut self) {
        let rest = self.rest();
        if let Some((kind, length)) = shapes::token(rest) {
            self.hide(kind, length);
            return;
        }
        let name = identifier(rest);
        // Inside a longer name a token may start behind a joining mark: `key_ghp_…`.
        if let Some(at) = token_inside(rest, name.len()) {
            self.copy(at);
            return;
        }
        self.copy(name.len().max(1));
        if name.eq_ignore_ascii_case("bearer") && self.rest().starts_with(' ') {
            self.copy(1);
            if word(self.rest()).len() >= 8 {
                self.value("authorization", "", Strength::Strong);
            }
        } else if names::is_secret_name(name) {
            let from = self.at - name.len();
            if !self.assigned(name, Strength::Strong) {
                self.said(name, from);
            }
        } else if name.eq_ignore_ascii_case("identified") && starts_with_word(self.rest(), " by ") {
            self.copy(4);
            self.quoted_next();
        } else if names::is_weak_name(name) {
            self.assigned(name, Strength::Weak);
        }
    }

    /// Behind a secret name that nothing is assigned to: `PASSWORD '…'` of SQL, `login … password …` of netrc.
    fn said(&mut self, name: &str, from: usize) {
        if !name.eq_ignore_ascii_case("password") || !self.rest().starts_with([' ', '\t']) {
            return;
        }
        let before = self.text.get(from.saturating_sub(120)..from).unwrap_or_default();
        let mut words = before.split_ascii_whitespace().rev();
        if words.nth(1) == Some("login") {
            self.copy(1);
            self.value("value", "", Strength::Strong);
        } else if self.rest().trim_start().starts_with('\'') {
            self.quoted_next();
        }
    }

    /// A text in quotes behind blanks.
    fn quoted_next(&mut self) {
        let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
        self.copy(blanks);
        if self.rest().starts_with(['\'', '"']) {
            self.value("value", "", Strength::Strong);
        }
    }

    /// Behind a secret name: `=`, `:`, `=>` or what else gives it a value, then the value. Whether there was one.
    fn assigned(&mut self, name: &str, strength: Strength) -> bool {
        let Some(length) = joint_length(self.rest()) else { return false };
        self.copy(length);
        // A type stands between name and value: `token: string = "…"`.
        let kind = identifier(self.rest()).len();
        let behind = self.rest().get(kind..).unwrap_or_default();
        if kind > 0 && [" = \"", " = '", "=\"", "='"].iter().any(|joint| behind.starts_with(joint)) {
            let equals = behind.find('=').unwrap_or_default();
            self.copy(kind + equals + 1);
            let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
            self.copy(blanks);
        }
        self.value("value", name, strength);
        true
    }

    /// The value that starts here, without its quotes.
    fn value(&mut self, kind: &'static str, name: &str, strength: Strength) {
        if self.rest().starts_with("\\\"") {
            self.copy(1);
        }
        let quote = self.rest().bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        if quote.is_some() {
            self.copy(1);
        }
        if let Some(length) = reference_length(self.rest()) {
            self.copy(length);
            return;
        }
        // What a command writes, or a file that holds it; the command is looked at for itself.
        let rest = self.rest();
        if rest == "$" || rest.starts_with("$(") || rest.starts_with('`') || names::is_source(word(rest)) {
            self.copy(1);
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
        let lower = name.to_ascii_lowercase();
        let whole_line = lower.contains("authorization") || lower.contains("cookie");
        let length = match quote {
            Some(quote) => quoted_length(self.rest(), quote),
            None if whole_line => {
                self.rest().bytes().take_while(|byte| !matches!(byte, b'\n' | b'"' | b'\'')).count()
            }
            None => value_length(self.rest()),
        };
        let value = self.rest().get(..length).unwrap_or_default();
        let value = value.strip_suffix('\\').unwrap_or(value);
        let plain = strength == Strength::Weak && !names::looks_random(value);
        if is_mark(value) || plain {
            // What is no secret by its name may still be one by its shape; it is looked at again.
            self.copy(if plain { 0 } else { value.len() });
        } else {
            self.hide(if whole_line { "authorization" } else { kind }, value.len());
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

/// How surely a name means a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    /// Whatever its value is.
    Strong,
    /// When the value looks random.
    Weak,
}

/// Length of what joins a name and its value: `=`, `:`, `:=`, `=>`, also behind the quote and bracket that
/// close the name; `", "` between two quoted arguments; `","value":` of lists of variables; `>` of an element.
fn joint_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let skip =
        |at: usize, test: fn(&u8) -> bool| at + bytes.iter().skip(at).take_while(|byte| test(byte)).count();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut at = usize::from(byte(0) == Some(b'\\'));
    let quoted = matches!(byte(at), Some(b'"' | b'\''));
    at = if quoted { at + 1 } else { 0 };
    if quoted && byte(at) == Some(b']') {
        at += 1;
    }
    at = skip(at, blank);
    let end = match (byte(at), byte(at + 1)) {
        (Some(b'='), Some(b'>')) | (Some(b':'), Some(b'=')) => at + 2,
        (Some(b'='), Some(b'=')) => return None,
        (Some(b'=' | b':'), _) => at + 1,
        (Some(b'>'), Some(next))
            if at == 0 && !next.is_ascii_whitespace() && next != b'>' && next != b'=' =>
        {
            at + 1
        }
        (Some(b','), _) if quoted => listed_value(text, at + 1)?,
        (Some(b'\n'), _) => listed_value(text, at + 1)?,
        _ => return None,
    };
    Some(skip(end, blank))
}

/// Where the value starts when a name is itself a value: `"name": "…", "value": "…"`, or an argument of a call.
fn listed_value(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let blanks = rest.bytes().take(64).take_while(u8::is_ascii_whitespace).count();
    let at = from + blanks;
    let behind = text.get(at..)?;
    for key in ["\"value\":", "\"Value\":", "\\\"value\\\":", "value:"] {
        if behind.starts_with(key) {
            return Some(at + key.len());
        }
    }
    let is_argument = text.as_bytes().get(from.wrapping_sub(1)) == Some(&b',')
        && behind.starts_with(['"', '\''])
        && !rest.get(..blanks)?.contains('\n')
        // `"token", "next"` is a list of words; a call closes behind its second argument.
        && behind.get(1..).and_then(|value| value.find(behind.chars().next()?).map(|end| (value, end)))
            .is_some_and(|(value, end)| value.get(end + 1..).is_some_and(|after| after.starts_with(')')));
    is_argument.then_some(at)
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
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

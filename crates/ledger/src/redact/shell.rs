//! A rough reading of shell text, enough to tell which words belong together.
//!
//! It refuses nothing and is no judge of what runs: it only finds out where the words of a command start and
//! end, so that a secret is hidden whole however it is quoted. One pass, and one more for each of at most
//! three levels of quotes.

use std::borrow::Cow;

use super::programs;

/// Levels of quoted text that are read as commands of their own.
const DEPTH_MAX: usize = 3;
/// Values shorter than this say nothing.
const SECRET_MIN_BYTES: usize = 2;
/// Words of a command that are looked at when a substitution opens behind them.
const LOOK_BACK_WORDS: usize = 32;
/// Here-documents without an end that are looked for, each through the rest of the text.
const UNENDED_MAX: usize = 8;

/// A piece of the text that is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Secret pieces of `text`, in their order, none within another. The second of a pair is what the shell makes
/// of it, where that differs from the piece.
pub(super) fn secrets(text: &str) -> Vec<(Span, Option<String>)> {
    let mut found = Vec::new();
    collect(text, 0, DEPTH_MAX, &mut found);
    found.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
    let mut end = 0;
    found.retain(|(span, _)| {
        let fresh = span.start >= end && span.end > span.start;
        end = if fresh { span.end } else { end };
        fresh
    });
    found
}

fn collect(text: &str, offset: usize, depth: usize, found: &mut Vec<(Span, Option<String>)>) {
    let commands = Reader::read(text);
    let at = |start: usize, end: usize| Span { start: offset + start, end: offset + end };
    for (index, command) in commands.iter().enumerate() {
        let words: Vec<&Word<'_>> = command.words.iter().filter(|word| word.role == Role::Plain).collect();
        let values: Vec<&str> = words.iter().map(|word| word.value.as_ref()).collect();
        let secrets = programs::secrets(&values);
        for secret in &secrets.words {
            let Some(word) = words.get(secret.word) else { continue };
            let value = word.value.get(secret.from..).unwrap_or_default();
            if is_shown(value) {
                continue;
            }
            let start = word.raw_offset(secret.from);
            let raw = text.get(start..word.end).unwrap_or_default();
            let (start, end) = without_quotes(raw, start, word.end);
            let differs = (text.get(start..end) != Some(value)).then(|| value.to_owned());
            found.push((at(start, end), differs));
        }
        if secrets.stdin {
            let here = command.words.iter().filter(|word| word.role == Role::Here);
            for word in here.filter(|word| !is_shown(&word.value)) {
                let raw = text.get(word.start..word.end).unwrap_or_default();
                let (start, end) = without_quotes(raw, word.start, word.end);
                found.push((at(start, end), Some(word.value.to_string())));
            }
            if let Some((start, end)) = command.heredoc {
                found.push((at(start, end), None));
            }
            if let Some(writer) = command.piped.then(|| commands.get(index.wrapping_sub(1))).flatten() {
                written(writer, &at, text, found);
            }
        }
        if command.feeds_secret {
            written(command, &at, text, found);
        }
        if let Some((start, end)) = command.heredoc.filter(|_| depth > 0) {
            collect(text.get(start..end).unwrap_or_default(), offset + start, depth - 1, found);
        }
        if depth > 0 {
            for &(start, end) in command.words.iter().flat_map(|word| &word.quoted) {
                if let Some(inner) = text.get(start..end).filter(|inner| inner.contains(' ')) {
                    collect(inner, offset + start, depth - 1, found);
                }
            }
        }
    }
}

/// What `echo` and `printf` write is what the command behind the pipe reads.
fn written(
    writer: &Command<'_>,
    at: &dyn Fn(usize, usize) -> Span,
    text: &str,
    found: &mut Vec<(Span, Option<String>)>,
) {
    let mut words = writer.words.iter().filter(|word| word.role == Role::Plain);
    if !words.by_ref().take(3).any(|word| ["echo", "printf"].contains(&word.value.as_ref())) {
        return;
    }
    for word in words.filter(|word| !word.value.starts_with(['-', '%']) && !is_shown(&word.value)) {
        let raw = text.get(word.start..word.end).unwrap_or_default();
        let (start, end) = without_quotes(raw, word.start, word.end);
        found.push((at(start, end), Some(word.value.to_string())));
    }
}

/// Whether a value names a secret without holding it, or is none.
fn is_shown(value: &str) -> bool {
    let reference = value.strip_prefix('$').is_some_and(|rest| {
        let rest = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(rest);
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let made = (value.starts_with("$(") || value.starts_with('`'))
        && !value.contains("echo")
        && !value.contains("printf");
    reference
        || made
        || value.len() < SECRET_MIN_BYTES
        || super::is_mark(value)
        || super::names::is_source(value)
}

/// The same piece without a quote around it, so that the record shows that it was quoted.
fn without_quotes(raw: &str, start: usize, end: usize) -> (usize, usize) {
    let quoted = ['"', '\''].into_iter().any(|quote| {
        raw.len() >= 2 && raw.starts_with(quote) && raw.ends_with(quote) && raw.matches(quote).count() == 2
    });
    if quoted { (start + 1, end - 1) } else { (start, end) }
}

/// What a word is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Plain,
    /// Text for stdin.
    Here,
    /// File of a redirection.
    Target,
}

#[derive(Debug)]
struct Word<'a> {
    start: usize,
    end: usize,
    /// What the shell makes of it, variables left as they are.
    value: Cow<'a, str>,
    /// For each byte of the value its place in the text, where they differ.
    places: Vec<usize>,
    /// Insides of its quotes.
    quoted: Vec<(usize, usize)>,
    role: Role,
}

impl Word<'_> {
    fn raw_offset(&self, byte: usize) -> usize {
        match &self.value {
            Cow::Borrowed(_) => self.start + byte,
            // A quote that opens just there belongs to the value.
            Cow::Owned(_) => {
                let place = self.places.get(byte).copied().unwrap_or(self.end);
                self.quoted.iter().find(|(start, _)| *start == place).map_or(place, |(start, _)| start - 1)
            }
        }
    }
}

#[derive(Debug, Default)]
struct Command<'a> {
    words: Vec<Word<'a>>,
    /// Whether it reads what the command before it writes.
    piped: bool,
    /// Whether what it writes becomes a secret: `TOKEN=$(…)`.
    feeds_secret: bool,
    /// The text of a here-document.
    heredoc: Option<(usize, usize)>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    done: Vec<Command<'a>>,
    open: Vec<Command<'a>>,
    current: Command<'a>,
    next_role: Role,
    /// End word of a here-document that starts on the next line.
    awaited: Option<String>,
    /// Here-documents whose end was not found.
    unended: usize,
    /// No quote of that kind closes behind that place.
    unclosed: [usize; 2],
}

impl<'a> Reader<'a> {
    fn read(text: &'a str) -> Vec<Command<'a>> {
        let mut reader = Self {
            text,
            at: 0,
            done: Vec::new(),
            open: Vec::new(),
            current: Command::default(),
            next_role: Role::Plain,
            awaited: None,
            unended: 0,
            unclosed: [usize::MAX; 2],
        };
        while let Some(byte) = reader.byte(0) {
            reader.step(byte);
        }
        reader.end_command(false);
        while let Some(command) = reader.open.pop() {
            reader.done.push(command);
        }
        reader.done
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\\' if self.byte(1) == Some(b'\n') => self.at += 2,
            b'\n' => {
                self.at += 1;
                self.heredoc();
                self.end_command(false);
            }
            b'|' if self.byte(1) != Some(b'|') => {
                self.at += 1 + usize::from(self.byte(1) == Some(b'&'));
                self.end_command(true);
            }
            b';' | b'&' | b'|' | b'`' => {
                self.at += 1;
                self.end_command(false);
            }
            b'(' => {
                let feeds_secret = self.is_secret_so_far();
                self.at += 1;
                self.next_role = Role::Plain;
                let inner = Command { feeds_secret, ..Command::default() };
                self.open.push(std::mem::replace(&mut self.current, inner));
            }
            b')' => {
                self.at += 1;
                self.end_command(false);
                self.current = self.open.pop().unwrap_or_default();
            }
            b'<' | b'>' => self.redirection(),
            _ => self.word(),
        }
    }

    /// Whether the word that ends here with the `$` of a substitution is a secret.
    fn is_secret_so_far(&self) -> bool {
        let from = self.current.words.len().saturating_sub(LOOK_BACK_WORDS);
        let words: Vec<&str> = self.current.words.iter().skip(from).map(|word| word.value.as_ref()).collect();
        self.current.words.last().is_some_and(|word| word.end == self.at && word.value.ends_with('$'))
            && programs::secrets(&words).words.iter().any(|secret| secret.word + 1 == words.len())
    }

    fn end_command(&mut self, pipes: bool) {
        let ended = std::mem::replace(&mut self.current, Command { piped: pipes, ..Command::default() });
        if !ended.words.is_empty() {
            self.done.push(ended);
        }
        self.next_role = Role::Plain;
    }

    fn redirection(&mut self) {
        let start = self.at;
        while self.byte(0).is_some_and(|byte| matches!(byte, b'<' | b'>' | b'&' | b'-')) {
            self.at += 1;
        }
        let operator = self.text.get(start..self.at).unwrap_or_default();
        match operator {
            "<<<" => self.next_role = Role::Here,
            "<<" | "<<-" => {
                self.next_role = Role::Target;
                self.awaited = Some(String::new());
            }
            _ => self.next_role = Role::Target,
        }
        // `2>`: the number is part of the redirection.
        let is_number =
            |word: &Word<'_>| word.end == start && word.value.bytes().all(|byte| byte.is_ascii_digit());
        if self.current.words.last().is_some_and(is_number) {
            self.current.words.pop();
        }
    }

    /// The text behind the line that ends here, when one was announced.
    fn heredoc(&mut self) {
        let Some(end) = self.awaited.take().filter(|end| !end.is_empty()) else { return };
        if self.unended >= UNENDED_MAX {
            return;
        }
        let mut at = self.at;
        for line in self.text.get(self.at..).unwrap_or_default().split_inclusive('\n') {
            if line.trim_end_matches(['\n', '\r']).trim_start_matches('\t') == end {
                self.current.heredoc = Some((self.at, at));
                self.at = at + line.len();
                return;
            }
            at += line.len();
        }
        self.unended += 1;
    }

    fn word(&mut self) {
        let start = self.at;
        let mut value = String::new();
        let (mut places, mut quoted) = (Vec::new(), Vec::new());
        let mut plain = true;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' | b'\'' if self.closes(byte).is_some() => {
                    let close = self.closes(byte).unwrap_or(self.at);
                    self.begin_owned(&mut plain, start, &mut value, &mut places);
                    quoted.push((self.at + 1, close));
                    self.at += 1;
                    while self.at < close {
                        if byte == b'"' && self.byte(0) == Some(b'\\') && self.at + 1 < close {
                            self.at += 1;
                        }
                        self.take(&mut value, &mut places);
                    }
                    self.at = close + 1;
                }
                b'$' if matches!(self.byte(1), Some(b'"' | b'\'')) && self.is_quote_behind() => {
                    self.begin_owned(&mut plain, start, &mut value, &mut places);
                    self.at += 1;
                }
                b'\\' if self.byte(1).is_some() => {
                    self.begin_owned(&mut plain, start, &mut value, &mut places);
                    self.at += 1;
                    if self.byte(0) == Some(b'\n') {
                        self.at += 1
                    } else {
                        self.take(&mut value, &mut places)
                    }
                }
                // The inside of a substitution is a command of its own; the word ends there.
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'<' | b'>' | b'`' => break,
                _ if plain => self.at += 1,
                _ => self.take(&mut value, &mut places),
            }
        }
        let value = if plain {
            Cow::Borrowed(self.text.get(start..self.at).unwrap_or_default())
        } else {
            Cow::Owned(value)
        };
        if let Some(end) =
            self.awaited.as_mut().filter(|end| end.is_empty() && self.next_role == Role::Target)
        {
            end.push_str(&value);
        }
        let role = std::mem::replace(&mut self.next_role, Role::Plain);
        self.current.words.push(Word { start, end: self.at, value, places, quoted, role });
    }

    /// From here on the value is not a piece of the text any more.
    fn begin_owned(&self, plain: &mut bool, start: usize, value: &mut String, places: &mut Vec<usize>) {
        if std::mem::replace(plain, false) {
            value.push_str(self.text.get(start..self.at).unwrap_or_default());
            places.extend(start..self.at);
        }
    }

    /// Takes one character into a value.
    fn take(&mut self, value: &mut String, places: &mut Vec<usize>) {
        let Some(char) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            self.at += 1;
            return;
        };
        value.push(char);
        places.extend(std::iter::repeat_n(self.at, char.len_utf8()));
        self.at += char.len_utf8();
    }

    /// Whether the quote behind this place closes: `$'…'`.
    fn is_quote_behind(&mut self) -> bool {
        let Some(quote) = self.byte(1) else { return false };
        self.at += 1;
        let closes = self.closes(quote).is_some();
        self.at -= 1;
        closes
    }

    /// Where the quote that opens here closes. An apostrophe in prose does not.
    fn closes(&mut self, quote: u8) -> Option<usize> {
        let known = self.unclosed.get_mut(usize::from(quote == b'"'))?;
        if self.at >= *known {
            return None;
        }
        let mut escaped = false;
        let found = self.text.as_bytes().iter().skip(self.at + 1).position(|&byte| {
            let ends = byte == quote && !escaped;
            escaped = byte == b'\\' && !escaped && quote == b'"';
            ends
        });
        if found.is_none() {
            *known = self.at;
        }
        found.map(|length| self.at + 1 + length)
    }
}

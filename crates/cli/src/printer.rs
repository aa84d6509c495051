//! The one door to the terminal: data to stdout, everything else to stderr.
//!
//! `INVARIANT:` nothing deceptive leaves here raw: texts from elsewhere are made visible where they are put
//! into a line ([`crate::style`]), and what is left but our own colours is made visible here (guarded by
//! `tests/it/deceptive.rs`).

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Display;
use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use placet_model::visible::{is_deceptive, visible, visible_json};
use serde::Serialize;

use crate::failure::Failure;
use crate::style::{self, fold, paint};

/// Widest line of tables and wrapped text, in columns.
pub(crate) const WIDTH: usize = 80;

/// Writes what commands have to say.
pub(crate) struct Printer {
    out: RefCell<AutoStream<std::io::Stdout>>,
    err: RefCell<AutoStream<std::io::Stderr>>,
    json: bool,
    log: Option<RefCell<File>>,
}

impl Printer {
    /// A printer for this process's own streams. With `json`, stdout carries one JSON document and nothing
    /// else.
    pub(crate) fn new(color: ColorChoice, json: bool) -> Self {
        Self {
            out: RefCell::new(AutoStream::new(std::io::stdout(), color)),
            err: RefCell::new(AutoStream::new(std::io::stderr(), color)),
            json,
            log: None,
        }
    }

    /// The same with a readable log of what happens appended to `path`. Never stdout.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(crate) fn with_log(mut self, path: &Path) -> Result<Self, Failure> {
        let file = File::options().append(true).create(true).open(path);
        let file = file
            .map_err(|error| Failure::new(format!("log `{}` cannot be opened: {error}", path.display())))?;
        self.log = Some(RefCell::new(file));
        Ok(self)
    }

    /// Writes to the log, if there is one.
    pub(crate) fn debug(&self, what: &str, text: impl Display) {
        if let Some(log) = &self.log {
            let _ =
                writeln!(log.borrow_mut(), "[{}] {what}: {}", std::process::id(), visible(&text.to_string()));
        }
    }

    /// Whether the answer is wanted as JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// A line of the answer.
    pub(crate) fn data(&self, line: impl Display) {
        // A reader that went away (`| head`) is no reason to complain.
        let _ = writeln!(self.out.borrow_mut(), "{}", guarded(&line.to_string()));
    }

    /// Text of the answer, lines and all.
    pub(crate) fn text(&self, text: &str) {
        let _ = self.out.borrow_mut().write_all(guarded(text).as_bytes());
    }

    /// The whole answer as one JSON document.
    pub(crate) fn document(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.data(visible_json(&text)),
            Err(error) => self.error(&Failure::new(format!("the answer cannot be written as JSON: {error}"))),
        }
    }

    /// One JSON value on one line, for streams of answers.
    pub(crate) fn json_line(&self, value: &impl Serialize) {
        if let Ok(text) = serde_json::to_string(value) {
            self.data(visible_json(&text));
        }
    }

    /// Something the person may want to know.
    pub(crate) fn note(&self, line: impl Display) {
        let _ = writeln!(self.err.borrow_mut(), "{}", guarded(&line.to_string()));
    }

    /// Something the person should look at.
    pub(crate) fn warning(&self, line: impl Display) {
        self.note(format_args!("{}: {line}", paint(style::WARNING, "warning")));
    }

    /// What to do next; on a line of its own.
    pub(crate) fn hint(&self, line: impl Display) {
        for (index, line) in fold(&line.to_string(), WIDTH - 6).into_iter().enumerate() {
            let mark = if index == 0 { paint(style::HINT, "hint:") } else { "     ".to_owned() };
            self.note(format_args!("{mark} {line}"));
        }
    }

    /// Why the command failed.
    pub(crate) fn error(&self, failure: &Failure) {
        self.debug("failed", &failure.message);
        if self.json {
            let error = serde_json::json!({ "message": failure.message, "hint": failure.hint });
            self.document(&serde_json::json!({ "error": error }));
            return;
        }
        self.note(format_args!("{}: {}", paint(style::ERROR, "error"), visible(&failure.message)));
        if let Some(hint) = &failure.hint {
            self.hint(hint);
        }
    }

    /// Whether a person sits at both ends.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks a yes-or-no question; the default is no. `None` when nobody is there to answer.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        if !self.is_interactive() {
            return None;
        }
        {
            let mut err = self.err.borrow_mut();
            let _ = write!(err, "{} [y/N] ", guarded(question));
            let _ = err.flush();
        }
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

/// `text` with everything deceptive made visible but the codes of our own styles and the line ends of CSV.
fn guarded(text: &str) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let own = style::code_length(rest).or_else(|| rest.starts_with("\r\n").then_some(2));
        let (piece, behind) = rest.split_at_checked(own.unwrap_or(c.len_utf8())).unwrap_or((rest, ""));
        if own.is_some() {
            out.push_str(piece);
        } else {
            out.push_str(&visible(piece));
        }
        rest = behind;
    }
    Cow::Owned(out)
}

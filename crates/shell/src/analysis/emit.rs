//! Writes actions down.

use std::borrow::Cow;

use placet_model::{Action, ActionKind, Arg, Command, Location, Origin, Resource, Span};

use super::Machine;
use super::paths::shown;
use super::value::Field;
use crate::programs::{does_bit, does_list};

/// Longest text kept in an `execute:unknown`.
const LONG: usize = 4096;

/// A command, ready to be written down.
pub(super) struct Ready {
    pub(super) command: Command,
    pub(super) span: Option<Span>,
    pub(super) why: Option<Cow<'static, str>>,
}

impl Machine<'_> {
    /// Something will run and it is not known what. `text` is what there is of it.
    pub(super) fn push_unknown(&mut self, text: &str, span: Option<Span>, why: &'static str) {
        let end = (0..=LONG.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.actions.push(Action {
            kind: ActionKind::ExecuteUnknown,
            resource: Resource::Text(text.get(..end).unwrap_or("").to_owned()),
            origin: Origin::Command,
            span: span.filter(|_| self.texts == 0),
            chain: self.chain.clone(),
            why: Some(Cow::Borrowed(why)),
        });
    }

    /// Writes a command down and tells where.
    pub(super) fn push_command(&mut self, ready: Ready) -> usize {
        self.actions.push(Action {
            kind: ActionKind::ExecuteShell,
            resource: Resource::Command(Box::new(ready.command)),
            origin: Origin::Command,
            span: ready.span,
            chain: self.chain.clone(),
            why: ready.why,
        });
        self.actions.len() - 1
    }

    /// Adds what was found out about a command behind its back.
    pub(super) fn amend(&mut self, at: usize, does: u32, understood: bool) {
        let Some(Resource::Command(command)) = self.actions.get_mut(at).map(|action| &mut action.resource)
        else {
            return;
        };
        command.understood &= understood;
        if does != 0 {
            let inspect = does_bit(placet_model::Does::Inspect);
            let bits = command.does.iter().fold(does, |bits, does| bits | does_bit(*does));
            command.does = does_list(if bits == inspect { bits } else { bits & !inspect });
        }
    }

    /// A shell whose text is known adds nothing to what the text does.
    pub(super) fn only_wraps(&mut self, at: usize) {
        let Some(Resource::Command(command)) = self.actions.get_mut(at).map(|action| &mut action.resource)
        else {
            return;
        };
        command.does.retain(|does| *does != placet_model::Does::Execute);
        if command.does.is_empty() {
            command.does.push(placet_model::Does::Inspect);
        }
    }

    /// A file or host that a command touches.
    pub(super) fn push_effect(
        &mut self,
        kind: ActionKind,
        resource: Resource,
        span: Option<&Span>,
        why: &'static str,
    ) {
        if let (ActionKind::WriteFile, Resource::Path(path)) = (&kind, &resource) {
            self.memory.wrote(path);
        }
        self.actions.push(Action {
            kind,
            resource,
            origin: Origin::Effect,
            span: span.cloned(),
            chain: self.chain.clone(),
            why: (!why.is_empty()).then_some(Cow::Borrowed(why)),
        });
    }

    /// A text without any command (blank, a comment, assignments) still is one harmless thing to do.
    pub(super) fn push_nothing(&mut self, text: &str) {
        let text = text.trim();
        let command = Command {
            program: String::new(),
            location: Location::Path,
            subcommand: Vec::new(),
            flags: Vec::new(),
            operands: Vec::new(),
            argv: Vec::new(),
            streams: Vec::new(),
            does: vec![placet_model::Does::Inspect],
            understood: true,
            text: text.to_owned(),
        };
        self.push_command(Ready { command, span: None, why: None });
    }
}

/// The words as a person would type them.
pub(super) fn line(words: &[Field]) -> String {
    let mut out = String::with_capacity(words.len() * 8);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        match &word.arg {
            Arg::Known(text) => quote_into(text, &mut out),
            other => out.push_str(&shown(other)),
        }
    }
    out
}

fn quote_into(text: &str, out: &mut String) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-^".contains(&byte) || byte >= 0x80;
    let braces = |byte: u8| matches!(byte, b'{' | b'}') && !text.contains([',', '.']);
    if !text.is_empty() && text.bytes().all(|byte| plain(byte) || braces(byte)) {
        out.push_str(text);
        return;
    }
    // Commands such as `[` and `{}` of find read better bare.
    if matches!(text, "[" | "]" | "{}" | "!" | "~") {
        out.push_str(text);
        return;
    }
    out.push('\'');
    for c in text.chars() {
        if c == '\'' { out.push_str("'\\''") } else { out.push(c) }
    }
    out.push('\'');
}

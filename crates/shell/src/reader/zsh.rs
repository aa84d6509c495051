//! What zsh reads otherwise than Bash: refused where zsh may be the shell.
//!
//! Agents run their texts in the shell that people work with, which on many machines is zsh. It understands nearly
//! everything that is written for Bash; this is the rest, as far as it could hide a command or a path.

use super::cursor::{Read, Reader};
use super::words::is_name_start;
use placet_model::Dialect;

const WHY: &str = "zsh and Bash read this differently";

impl Reader<'_> {
    fn may_be_zsh(&self) -> bool {
        self.dialect == Dialect::Zsh
    }

    /// Refuses what stands at `at` where zsh may be the shell, if it `differs` there.
    pub(super) fn zsh_refuse(&self, at: usize, differs: bool) -> Read<()> {
        if differs && self.may_be_zsh() { self.refuse_at(at, WHY) } else { Ok(()) }
    }

    /// Behind a `$`: `$=x`, `$~x`, `$^x` and `$+x` expand there, `$#x` is a length, `$"x"` is no translation.
    pub(super) fn zsh_dollar(&mut self) -> Read<()> {
        if !self.may_be_zsh() {
            return Ok(());
        }
        let next = self.peek_second();
        let name =
            next.is_some_and(|byte| is_name_start(byte) || byte.is_ascii_digit() || b"{(@*".contains(&byte));
        match self.peek() {
            // What follows may be a `$` or a quote that belongs to it.
            Some(b'=' | b'~' | b'^' | b'+') if next.is_some_and(|byte| !b" \t\n/".contains(&byte)) => {
                self.refuse(WHY)
            }
            Some(b'#') if name => self.refuse(WHY),
            Some(b'"') => self.refuse(WHY),
            _ => Ok(()),
        }
    }

    /// Behind `$name`: a subscript or a modifier of it (`$x[1]`, `$x:h`).
    pub(super) fn zsh_behind_parameter(&mut self) -> Read<()> {
        if !self.may_be_zsh() {
            return Ok(());
        }
        match (self.peek(), self.peek_second()) {
            (Some(b'['), _) => self.refuse(WHY),
            (Some(b':'), Some(next)) if next.is_ascii_alphabetic() || next == b'&' => self.refuse(WHY),
            _ => Ok(()),
        }
    }

    /// Behind the `:` of `${x:…}`: what is no number, and no default, may be a modifier or a pattern.
    pub(super) fn zsh_colon(&mut self) -> Read<()> {
        let plain = |byte: u8| {
            byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'=' | b'?' | b'+' | b'$' | b'(')
        };
        let differs = !self.peek().is_some_and(plain);
        self.zsh_refuse(self.pos, differs)
    }

    /// A word as it stands in the text: `=name` and `~name` are looked up, lone braces close and open groups.
    pub(super) fn zsh_word(&self, start: usize) -> Read<()> {
        if !self.may_be_zsh() {
            return Ok(());
        }
        let text = self.slice(start, self.pos)?.replace("\\\n", "");
        let named = looks_up(&text) || text.split([':', '=']).skip(1).any(is_user);
        self.zsh_refuse(start, named || text == "{" || text == "}")
    }

    /// A word with braces: an alternative without text is a word of its own.
    pub(super) fn zsh_braces(&self, start: usize) -> Read<()> {
        let text = self.slice(start, self.pos)?;
        let holes = ["{,", ",,", ",}", "{{", "}}"];
        self.zsh_refuse(start, text.starts_with('{') && holes.iter().any(|hole| text.contains(hole)))
    }

    /// Behind an operator of redirection: `>!` overwrites, `<1-9>` is a pattern.
    pub(super) fn zsh_redirect(&mut self) -> Read<()> {
        if !self.may_be_zsh() {
            return Ok(());
        }
        if self.peek() == Some(b'!') {
            return self.refuse(WHY);
        }
        let rest = self.slice(self.pos, self.end)?;
        let range = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        self.zsh_refuse(self.pos, range.len() < rest.len() && range.starts_with('>'))
    }
}

fn looks_up(text: &str) -> bool {
    let mut bytes = text.bytes();
    match bytes.next() {
        Some(b'=') => bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_./".contains(&byte)),
        Some(b'~') => is_user(text),
        _ => false,
    }
}

/// `~name`, which may be a variable there.
fn is_user(text: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-+".contains(&byte);
    let mut rest = text.bytes();
    rest.next() == Some(b'~')
        && rest.next().is_some_and(name)
        && !matches!(text.get(1..).map(|rest| rest.split('/').next().unwrap_or("")), Some("+" | "-"))
}

//! Simple commands, and which kind of command comes next.

use super::cursor::{Read, Reader};
use super::lists::is_reserved;
use super::words::bare_text;
use crate::syntax::{Kind, Node, Redirect, Simple};

/// Builtins whose arguments may be `name=( … )`.
const DECLARING: [&str; 5] = ["declare", "typeset", "local", "export", "readonly"];

impl Reader<'_> {
    /// A command of any kind.
    pub(super) fn command(&mut self) -> Read<Node> {
        self.blanks();
        self.peek();
        let start = self.pos;
        if self.peek() == Some(b'(') {
            let kind = self.nested(Reader::parenthesis)?;
            return self.compound_node(start, kind);
        }
        match self.reserved() {
            None | Some("time") => self.simple(true),
            Some(word) => self.reserved_command(start, word),
        }
    }

    /// Adds the redirections behind a compound command.
    pub(super) fn compound_node(&mut self, start: usize, kind: Kind) -> Read<Node> {
        let redirects = self.redirects()?;
        self.after_compound = redirects.is_empty();
        Ok(Node { kind, redirects, span: self.span(start) })
    }

    /// Assignments, redirections and words in any order Bash allows. With `functions`, also `name() …`.
    pub(super) fn simple(&mut self, functions: bool) -> Read<Node> {
        let start = self.pos;
        let mut end = start;
        let mut simple = Simple::default();
        let mut redirects = Vec::new();
        let mut declares = false;
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b';' | b'|' | b')') => break,
                Some(b'#') => {
                    self.comment()?;
                    break;
                }
                Some(b'(') => {
                    let alone =
                        simple.words.len() == 1 && simple.assignments.is_empty() && redirects.is_empty();
                    let name = simple.words.first().and_then(bare_text);
                    return match name {
                        Some(name) if functions && alone => {
                            let name = name.to_owned();
                            self.function_behind(start, name)
                        }
                        _ => self.refuse("unexpected `(`"),
                    };
                }
                _ => {}
            }
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
            } else if self.peek() == Some(b'&') {
                break;
            } else if let Some(assignment) =
                self.leading_assignment(&simple, declares, redirects.is_empty())?
            {
                simple.assignments.push(assignment);
            } else {
                let opens = self.peek() == Some(b'{') && simple.words.is_empty();
                // A group there, whatever follows.
                self.zsh_refuse(self.pos, opens)?;
                let word = self.argument()?;
                if simple.words.is_empty() {
                    declares = bare_text(&word).is_some_and(|text| DECLARING.contains(&text));
                }
                simple.words.push(word);
            }
            end = self.pos;
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && redirects.is_empty() {
            return self.refuse("command expected");
        }
        self.first_word(start, &simple, &redirects)?;
        self.after_compound = false;
        Ok(Node { kind: Kind::Simple(simple), redirects, span: self.span_to(start, end) })
    }

    /// Refuses what counts as another kind of command where it runs.
    fn first_word(&mut self, start: usize, simple: &Simple, redirects: &[Redirect]) -> Read<()> {
        // Bash 5.2 runs a substitution from its own printout, where redirections come last: a reserved word behind
        // one would then stand first.
        let moves = self.in_substitution && !redirects.is_empty() && simple.assignments.is_empty();
        let first = simple.words.first().and_then(bare_text);
        // It runs the command behind it.
        self.zsh_refuse(start, first == Some("-"))?;
        if first.is_some_and(is_reserved) {
            if moves {
                return self.refuse_at(start, "reserved word behind a redirection in a substitution");
            }
            // It counts as one there.
            self.zsh_refuse(start, !redirects.is_empty() || !simple.assignments.is_empty())?;
        }
        Ok(())
    }

    fn leading_assignment(
        &mut self,
        simple: &Simple,
        declares: bool,
        certain: bool,
    ) -> Read<Option<crate::syntax::Assignment>> {
        if simple.words.is_empty() {
            self.assignment(false, certain)
        } else if declares {
            self.assignment(true, certain)
        } else {
            Ok(None)
        }
    }

    /// A word of the command. `{a[1]}` before `<` or `>` would be a redirection to a variable.
    fn argument(&mut self) -> Read<crate::syntax::Word> {
        let start = self.pos;
        let word = self.expandable_word()?;
        if matches!(self.peek(), Some(b'<' | b'>')) {
            let text = self.slice(start, self.pos)?;
            if text.starts_with('{') && text.ends_with('}') && text.contains('[') {
                return self.refuse("subscript before a redirection");
            }
        }
        Ok(word)
    }
}

//! Redirections.

use super::bodies::placeholder;
use super::cursor::{Read, Reader};
use super::words::{Flavour, bare_text, is_meta, is_name_start};
use crate::syntax::{Descriptor, Part, Redirect, RedirectOperator, Word};

impl Reader<'_> {
    /// A redirection, if one comes next. Only where a word could start.
    pub(super) fn redirect(&mut self) -> Read<Option<Redirect>> {
        let start = self.pos;
        let descriptor = match self.peek() {
            Some(b'<' | b'>' | b'&') => Some(Descriptor::Default),
            Some(b'0'..=b'9') => self.numbered()?,
            Some(b'{') => self.named()?,
            _ => None,
        };
        let Some(descriptor) = descriptor else {
            self.pos = start;
            return Ok(None);
        };
        let Some(operator) = self.redirect_operator(&descriptor) else {
            self.pos = start;
            return Ok(None);
        };
        self.redirect_target(start, descriptor, operator).map(Some)
    }

    /// Redirections behind a compound command.
    pub(super) fn redirects(&mut self) -> Read<Vec<Redirect>> {
        let mut redirects = Vec::new();
        loop {
            let before = self.pos;
            self.blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => {
                    self.pos = before;
                    return Ok(redirects);
                }
            }
        }
    }

    /// `2` right before `<` or `>`; not before `<(`, which makes one word with the number.
    fn numbered(&mut self) -> Read<Option<Descriptor>> {
        let mut value: u32 = 0;
        let mut fits = true;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            self.bump();
            match value.checked_mul(10).and_then(|value| value.checked_add(u32::from(digit - b'0'))) {
                Some(next) if next <= i32::MAX as u32 => value = next,
                _ => fits = false,
            }
        }
        // `2&>` is one operator there.
        let one = self.peek() == Some(b'&') && self.peek_second() == Some(b'>');
        self.zsh_refuse(self.pos, one)?;
        if !self.at_angle() {
            return Ok(None);
        }
        if fits { Ok(Some(Descriptor::Number(value))) } else { self.refuse("number before a redirection") }
    }

    /// `{name}` right before `<` or `>`.
    fn named(&mut self) -> Read<Option<Descriptor>> {
        self.bump();
        if !self.peek().is_some_and(is_name_start) {
            return Ok(None);
        }
        let name = self.name()?;
        if !self.take(b'}') || !self.at_angle() {
            return Ok(None);
        }
        Ok(Some(Descriptor::Variable(name)))
    }

    fn at_angle(&mut self) -> bool {
        matches!(self.peek(), Some(b'<' | b'>')) && self.peek_second() != Some(b'(')
    }

    /// The operator, `None` for `<(`, `>(` and an `&` of its own.
    fn redirect_operator(&mut self, descriptor: &Descriptor) -> Option<RedirectOperator> {
        let first = self.peek()?;
        let second = self.peek_second();
        let operator = match (first, second) {
            (b'<' | b'>', Some(b'(')) => return None,
            (b'<', Some(b'<')) => {
                self.take_two();
                if self.take(b'<') { RedirectOperator::HereString } else { RedirectOperator::HereDocument }
            }
            (b'<', Some(b'&')) => self.two(RedirectOperator::DuplicateRead),
            (b'<', Some(b'>')) => self.two(RedirectOperator::ReadWrite),
            (b'<', _) => self.one(RedirectOperator::Read),
            (b'>', Some(b'>')) => self.two(RedirectOperator::Append),
            (b'>', Some(b'&')) => self.two(RedirectOperator::DuplicateWrite),
            (b'>', Some(b'|')) => self.two(RedirectOperator::Clobber),
            (b'>', _) => self.one(RedirectOperator::Write),
            (b'&', Some(b'>')) if *descriptor == Descriptor::Default => {
                self.take_two();
                if self.take(b'>') { RedirectOperator::AppendBoth } else { RedirectOperator::WriteBoth }
            }
            _ => return None,
        };
        Some(operator)
    }

    fn one(&mut self, operator: RedirectOperator) -> RedirectOperator {
        self.bump();
        operator
    }

    fn two(&mut self, operator: RedirectOperator) -> RedirectOperator {
        self.take_two();
        operator
    }

    fn redirect_target(
        &mut self,
        start: usize,
        descriptor: Descriptor,
        operator: RedirectOperator,
    ) -> Read<Redirect> {
        self.zsh_redirect()?;
        let strip = operator == RedirectOperator::HereDocument && self.take(b'-');
        self.blanks();
        if self.peek() == Some(b'#') {
            return self.refuse("redirection without a word");
        }
        let (operator, target, body) = match operator {
            RedirectOperator::HereDocument => {
                let (target, number) = self.document_delimiter(strip)?;
                (operator, target, placeholder(number))
            }
            RedirectOperator::DuplicateRead | RedirectOperator::DuplicateWrite => {
                let target = self.duplicate_target()?;
                if is_output(operator, &descriptor) && target.parts.iter().any(may_expand_again) {
                    return self.refuse("target of `>&` that is expanded twice");
                }
                (settle(operator, &descriptor, &target), target, None)
            }
            RedirectOperator::HereString => (operator, self.word(Flavour::Plain)?, None),
            _ => (operator, self.expandable_word()?, None),
        };
        Ok(Redirect { descriptor, operator, target, body, span: self.span(start) })
    }

    /// What follows `>&`. A `-` stands alone even when letters follow: in `>&-a` the `a` is another word.
    fn duplicate_target(&mut self) -> Read<Word> {
        if self.peek() == Some(b'-') {
            let start = self.pos;
            self.bump();
            let glued = self.peek().is_some_and(|byte| !is_meta(byte));
            self.zsh_refuse(start, glued)?;
            return Ok(Word { parts: vec![Part::Bare("-".to_owned())], span: self.span(start) });
        }
        self.expandable_word()
    }
}

/// `>&word` writes both streams to a file when the word cannot be a descriptor.
fn settle(operator: RedirectOperator, descriptor: &Descriptor, target: &Word) -> RedirectOperator {
    if !is_output(operator, descriptor) {
        return operator;
    }
    let could_be_descriptor = match bare_text(target) {
        Some(text) => {
            text == "-" || text.strip_suffix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
        }
        None => target.parts.iter().any(|part| !matches!(part, Part::Bare(_) | Part::Quoted(_))),
    };
    if could_be_descriptor { operator } else { RedirectOperator::WriteBoth }
}

/// Whether it is the `>&` that may mean a file for both streams.
fn is_output(operator: RedirectOperator, descriptor: &Descriptor) -> bool {
    operator == RedirectOperator::DuplicateWrite
        && matches!(descriptor, Descriptor::Default | Descriptor::Number(1))
}

/// Whether a part of that target may mean something else when Bash expands it once more, without its quotes:
/// `>&2'$(x)'` runs `x`, `>&'~/x'` is a file at home, and a variable may hold either.
fn may_expand_again(part: &Part) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "./_-+:,=@% ".contains(c);
    match part {
        Part::Bare(_) => false,
        Part::Quoted(text) => !text.chars().all(plain),
        Part::Double(parts) => parts.iter().any(may_expand_again),
        _ => true,
    }
}

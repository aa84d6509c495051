//! Whether Bash's scanner for brace expansion sees a word as the reader does.
//!
//! That scanner goes over the raw text with a simpler idea of quoting: a quote ends at the next of its kind also
//! inside `"${…}"`, and back-quotes mean nothing in double quotes. Its way is followed here over the same text: what
//! is unquoted text to the reader must be so to the scanner, and braces and commas elsewhere must be hidden from it.

use super::cursor::{Read, Reader};
use super::words::Quoting;

/// Where the scanner stands.
struct Scan {
    at: usize,
    /// The quote it is in.
    quote: Option<u8>,
    /// `${` passed outside of quotes, and the braces that opened in each.
    expansions: Vec<usize>,
    /// Next of the reader's quotes and expansions.
    next: usize,
}

impl Reader<'_> {
    /// Whether the word from `start` to the present position, of which `opaque` are the parts that are not unquoted
    /// text, has the same borders for both.
    pub(super) fn has_same_borders(&mut self, start: usize, opaque: &[(usize, usize)]) -> Read<bool> {
        let end = self.pos;
        let mut scan = Scan { at: start, quote: None, expansions: Vec::new(), next: 0 };
        while scan.at < end {
            self.spend(1)?;
            while opaque.get(scan.next).is_some_and(|(_, close)| *close <= scan.at) {
                scan.next += 1;
            }
            let part = opaque.get(scan.next).copied().filter(|(open, _)| *open <= scan.at);
            if !self.scan_one(&mut scan, part)? {
                self.pos = end;
                return Ok(false);
            }
        }
        self.pos = end;
        Ok(scan.at == end && scan.quote.is_none() && scan.expansions.is_empty())
    }

    /// Goes on by one item; `false` when the two disagree. `part`: the quote or expansion around it.
    fn scan_one(&mut self, scan: &mut Scan, part: Option<(usize, usize)>) -> Read<bool> {
        let Some(byte) = self.raw_at(scan.at) else { return Ok(false) };
        let next = self.raw_at(scan.at + 1);
        match (byte, scan.quote) {
            (b'\\', None | Some(b'"' | b'`')) => scan.at += 2,
            (b'$', None | Some(b'"' | b'`')) if next == Some(b'{') => {
                if scan.quote.is_none() {
                    scan.expansions.push(0);
                }
                scan.at += 2;
            }
            (b'$', Some(b'"')) if next == Some(b'(') => return self.pass_substitution(scan, part),
            (_, Some(quote)) => {
                if byte == quote {
                    scan.quote = None;
                }
                scan.at += 1;
            }
            // The word that Bash scans holds such a text decoded, between quotes of its own.
            (b'$', None) if next == Some(b'\'') => match part {
                Some((open, close)) if open == scan.at => scan.at = close,
                _ => return Ok(false),
            },
            (b'$' | b'<' | b'>', None) if next == Some(b'(') => return self.pass_substitution(scan, part),
            (b'\'' | b'"' | b'`', None) => {
                scan.quote = Some(byte);
                scan.at += 1;
            }
            _ => return Ok(scan.text(byte, part.is_some())),
        }
        // What is text to the reader is none to the scanner, or the end lies in a pair.
        Ok(part.is_some_and(|(_, close)| scan.at <= close) || byte == b'\\' && next == Some(b'\n'))
    }

    fn pass_substitution(&mut self, scan: &mut Scan, part: Option<(usize, usize)>) -> Read<bool> {
        let Some((open, close)) = part else { return Ok(false) };
        if open == scan.at {
            scan.at = close;
            return Ok(true);
        }
        let mark = self.mark();
        self.pos = scan.at;
        if self.raw() == Some(b'$') {
            let quoting = if scan.quote.is_some() { Quoting::Double } else { Quoting::Bare };
            self.dollar(&mut Vec::new(), quoting)?;
        } else {
            self.process()?;
        }
        scan.at = self.pos;
        self.reset(mark);
        Ok(scan.at <= close)
    }
}

impl Scan {
    /// A byte outside of quotes.
    fn text(&mut self, byte: u8, hidden: bool) -> bool {
        self.at += 1;
        match self.expansions.last_mut() {
            Some(open) => {
                match byte {
                    b'{' => *open += 1,
                    b'}' if *open == 0 => {
                        self.expansions.pop();
                    }
                    b'}' => *open -= 1,
                    _ => {}
                }
                hidden
            }
            None => !(hidden && matches!(byte, b'{' | b'}' | b',' | b'.')),
        }
    }
}

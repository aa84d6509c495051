//! `$'…'`: escapes decoded as Bash decodes them.

use super::cursor::{Read, Reader};

impl Reader<'_> {
    /// The text of `$'…'`, from its opening quote.
    pub(super) fn ansi_quoted(&mut self) -> Read<String> {
        self.bump();
        let mut bytes = Vec::new();
        loop {
            self.spend(1)?;
            match self.raw() {
                None => return self.refuse("unclosed `$'`"),
                Some(b'\'') => {
                    self.pos += 1;
                    break;
                }
                Some(b'\\') => {
                    self.pos += 1;
                    self.ansi_escape(&mut bytes)?;
                }
                Some(byte) => {
                    self.pos += 1;
                    bytes.push(byte);
                }
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) if text.bytes().any(|byte| matches!(byte, 0 | 1 | 0x7f)) => {
                self.refuse("control character")
            }
            Ok(text) => Ok(text),
            Err(_) => self.refuse("bytes that are not UTF-8"),
        }
    }

    fn ansi_escape(&mut self, bytes: &mut Vec<u8>) -> Read<()> {
        let Some(letter) = self.raw() else {
            return self.refuse("unclosed `$'`");
        };
        self.pos += 1;
        let simple = match letter {
            b'a' => 0x07,
            b'b' => 0x08,
            b'e' | b'E' => 0x1b,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'\\' | b'\'' => letter,
            b'"' | b'?' => {
                self.zsh_refuse(self.pos, true)?;
                letter
            }
            b'0'..=b'7' => {
                self.pos -= 1;
                let value = self.digits(8, 3);
                bytes.push((value.unwrap_or(0) & 0xff) as u8);
                return Ok(());
            }
            b'x' => {
                if self.raw() == Some(b'{') {
                    return self.refuse("`\\x{` in `$'`");
                }
                match self.digits(16, 2) {
                    Some(value) => bytes.push((value & 0xff) as u8),
                    None => bytes.extend_from_slice(b"\\x"),
                }
                return Ok(());
            }
            b'u' | b'U' => return self.ansi_unicode(letter, bytes),
            b'c' => return self.refuse("`\\c` in `$'`"),
            _ => {
                self.zsh_refuse(self.pos, true)?;
                bytes.extend_from_slice(&[b'\\', letter]);
                return Ok(());
            }
        };
        bytes.push(simple);
        Ok(())
    }

    fn ansi_unicode(&mut self, letter: u8, bytes: &mut Vec<u8>) -> Read<()> {
        let most = if letter == b'u' { 4 } else { 8 };
        match self.digits(16, most) {
            None => bytes.extend_from_slice(&[b'\\', letter]),
            Some(value) => match char::from_u32(value) {
                Some(character) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                None => return self.refuse("no such character"),
            },
        }
        Ok(())
    }

    /// Up to `most` digits, `None` if there is none.
    fn digits(&mut self, radix: u32, most: usize) -> Option<u32> {
        let mut value = None;
        for _ in 0..most {
            let Some(digit) = self.raw().and_then(|byte| char::from(byte).to_digit(radix)) else { break };
            value = Some(value.unwrap_or(0_u32).wrapping_mul(radix).wrapping_add(digit));
            self.pos += 1;
        }
        value
    }
}

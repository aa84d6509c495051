//! Changes that break a text in places.

use super::Generator;

/// What is put in.
const PIECES: [&str; 56] = [
    "\"",
    "'",
    "`",
    "$",
    "\\",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    "&",
    "|",
    "<",
    ">",
    "#",
    "\n",
    " ",
    "\\\n",
    "$(",
    "${",
    "((",
    "))",
    "[[",
    "]]",
    "<<E\n",
    "PWN ",
    "!",
    "=",
    "do ",
    "done ",
    "esac ",
    "in ",
    "fi ",
    ";;",
    "<(",
    "*",
    "@(",
    "time ",
    "x=",
    "a[",
    "\t",
    ",",
    "..",
    "$'",
    "$\"",
    "EOF\n",
    "&>",
    ">&-",
    "\r",
    "$((",
    "1",
    "coproc ",
    "function ",
    "case ",
];

impl Generator {
    pub(super) fn mutate(&mut self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let at = self.random.below(characters.len() + 1);
        let length = 1 + self.random.below(4);
        let (before, after) = characters.split_at(at);
        let before: String = before.iter().collect();
        let behind: String = after.iter().collect();
        let without: String = after.iter().skip(length).collect();
        match self.random.below(6) {
            0 | 1 => format!("{before}{without}"),
            2..=4 => {
                let piece = self.random.pick(&PIECES);
                format!("{before}{piece}{behind}")
            }
            _ => {
                let from = self.random.below(characters.len() + 1);
                let piece: String = characters.iter().skip(from).take(self.random.below(12)).collect();
                format!("{before}{piece}{behind}")
            }
        }
    }
}

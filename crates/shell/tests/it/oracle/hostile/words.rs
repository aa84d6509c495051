//! Words, quotes and expansions.

use super::Generator;

impl Generator {
    pub(super) fn word(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..=self.random.below(2) {
            let piece = match self.random.below(14) {
                0 => "'a b'".to_owned(),
                1 => format!("\"{}\"", self.quoted(depth)),
                2..=4 if depth > 0 => self.expansion(depth - 1),
                5 => self
                    .random
                    .pick(&[
                        "{a,b}",
                        "{1..3}",
                        "{a,{b,c}}",
                        "{",
                        "}",
                        "{}",
                        "{a",
                        "{a,'b,c'}",
                        "a}b",
                        "{a..c}",
                        "{a}{b,c}",
                        "{,}",
                    ])
                    .to_owned(),
                6 => self
                    .random
                    .pick(&["\\$", "\\ ", "\\\n", "\\\\", "\\'", "\\\"", "\\`", "\\;", "\\(PWN\\)"])
                    .to_owned(),
                7 => self.random.pick(&["$'a\\'b'", "$'\\n'", "$\"a\"", "$'$(PWN)'", "$'\\x24'"]).to_owned(),
                8 => self
                    .random
                    .pick(&[
                        "a#", "=", "%", "~", "*", "?", "!", "-", "^", "@", "+", "[a]", "in", "do", "if",
                        "esac", "done", "time",
                    ])
                    .to_owned(),
                9 if depth > 0 => format!("<({})", self.substituted(depth - 1)),
                10 if depth > 0 => format!("{{{},{}}}", self.expansion(depth - 1), self.word(depth - 1)),
                _ => self.random.pick(&["a", "b", "x", "1", "-n", "foo", "a=b"]).to_owned(),
            };
            out.push_str(&piece);
        }
        out
    }

    pub(super) fn quoted(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..=self.random.below(2) {
            let piece = match self.random.below(8) {
                0 => "it's".to_owned(),
                1 => self
                    .random
                    .pick(&["\\\"", "\\$", "\\`", "\\\\", "\\\n", "\\a", "$", "#", "\n", ")", "}", "(", "{"])
                    .to_owned(),
                2..=5 if depth > 0 => self.expansion(depth - 1),
                _ => "text ; x".to_owned(),
            };
            out.push_str(&piece);
        }
        out
    }

    pub(super) fn expansion(&mut self, depth: usize) -> String {
        match self.random.below(15) {
            0..=2 => format!("$({})", self.substituted(depth)),
            3 => format!("`{}`", self.list(depth.min(1)).replace('\\', "\\\\").replace('`', "\\`")),
            4 => {
                format!("${{x{}{}}}", self.random.pick(&[":-", "-", ":=", ":+", "+", "="]), self.word(depth))
            }
            5 => format!("${{x{}\"{}\"}}", self.random.pick(&[":-", "-", ":="]), self.quoted(depth)),
            6 => format!(
                "${{HOME{}{}}}",
                self.random.pick(&["#", "##", "%", "%%", "/", "//", "^", ",,", "/#"]),
                self.word(depth)
            ),
            7 => format!("$(({}))", self.arithmetic(depth)),
            8 => format!("$[{}]", self.arithmetic(depth)),
            9 => format!("${{a[{}]}}", self.arithmetic(depth)),
            10 => format!("${{HOME:{}}}", self.arithmetic(depth)),
            11 => self
                .random
                .pick(&[
                    "$x", "${x}", "$1", "$@", "$#", "${#x}", "${!x}", "$$", "${a[@]}", "${!a@}", "${x@Q}",
                    "$",
                ])
                .to_owned(),
            12 => format!("$(({}) ; {})", self.list(depth), self.list(depth)),
            13 => format!("$( ({}) )", self.list(depth)),
            _ => format!("${{x:-'{}'}}", self.random.pick(&["a", "$(PWN i)", "}", "a b", "\"", "`PWN j`"])),
        }
    }

    pub(super) fn substituted(&mut self, depth: usize) -> String {
        let outer = std::mem::take(&mut self.documents);
        let mut out = self.list(depth);
        let bodies = self.bodies(depth);
        out.push_str(&bodies);
        if !bodies.is_empty() && self.random.one_in(2) {
            out.push_str(&self.list(depth.min(1)));
            out.push_str(&self.bodies(depth));
        }
        self.documents = outer;
        out
    }

    pub(super) fn arithmetic(&mut self, depth: usize) -> String {
        match self.random.below(9) {
            0 => "1".to_owned(),
            1 => "x+1".to_owned(),
            2 => format!("{} + 2", self.expansion(depth.min(1))),
            3 => format!("( {} ) * 3", self.expansion(depth.min(1))),
            4 => "1<<2".to_owned(),
            5 => format!("a[{}]", self.expansion(depth.min(1))),
            6 => "x ? 1 : 0".to_owned(),
            7 => "16#ff".to_owned(),
            _ => format!("\"{}\"", self.expansion(depth.min(1))),
        }
    }
}

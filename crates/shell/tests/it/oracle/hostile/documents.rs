//! Redirections and here-documents.

use super::Generator;

impl Generator {
    pub(super) fn redirect(&mut self, depth: usize) -> String {
        match self.random.below(16) {
            0 => format!("<<< {}", self.word(depth)),
            1 => format!("< <({})", self.substituted(depth.saturating_sub(1))),
            2 => format!("> >({})", self.substituted(depth.saturating_sub(1))),
            3..=6 => self.document(),
            7 => format!(">{}", self.word(depth)),
            8 => format!("<{}", self.word(depth)),
            _ => self
                .random
                .pick(&[
                    ">/dev/null",
                    "2>&1",
                    ">&-",
                    "2>&-",
                    "{fd}>/dev/null",
                    "&>/dev/null",
                    "&>>o",
                    ">|o",
                    "<>o",
                    "3<&0",
                    ">&2",
                    "<&-",
                    "1>&2-",
                    ">& o",
                ])
                .to_owned(),
        }
    }

    pub(super) fn document(&mut self) -> String {
        let name = self.random.pick(&["E", "EOF", "E.1"]).to_owned();
        let quoted = self.random.one_in(3);
        let tabs = self.random.one_in(3);
        let operator = if tabs { "<<-" } else { "<<" };
        let shown = if quoted {
            self.random.pick(&["'@'", "\"@\"", "\\@"]).replace('@', &name)
        } else {
            name.clone()
        };
        let blank = self.random.pick(&["", " "]);
        self.documents.push((name, quoted, tabs));
        format!("{operator}{blank}{shown}")
    }

    pub(super) fn newline(&mut self, depth: usize) -> String {
        let bodies = self.bodies(depth);
        if bodies.is_empty() {
            self.random.pick(&["\n", "\n\n", "\n# c\n", "\n \t"]).to_owned()
        } else {
            bodies
        }
    }

    /// A newline and the bodies that are due.
    pub(super) fn bodies(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for (name, _, tabs) in std::mem::take(&mut self.documents) {
            for _ in 0..self.random.below(3) {
                let tab = if tabs { self.random.pick(&["", "\t"]) } else { "" };
                let text = match self.random.below(8) {
                    0 => format!("$({})", self.command(depth.min(1))),
                    1 => format!("`{}`", self.marked()),
                    2 => format!("${{x:-{}}}", self.expansion(depth.min(1))),
                    3 => "\"text' \\$(PWN no) \\".to_owned() + "\nmore",
                    4 => self.expansion(depth.min(1)),
                    5 => "PWN text of a body".to_owned(),
                    _ => "plain ) } text".to_owned(),
                };
                let pending = std::mem::take(&mut self.documents);
                drop(pending);
                out.push_str(&format!("{tab}{text}\n"));
            }
            let tab = if tabs && self.random.one_in(2) { "\t" } else { "" };
            out.push_str(&format!("{tab}{name}\n"));
        }
        if out.is_empty() { out } else { format!("\n{out}") }
    }
}

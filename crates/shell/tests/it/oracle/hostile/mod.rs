//! Bash texts at random, the same for the same seed: a grammar that puts `PWN` into every construct, then
//! mutations that break it in places.

mod documents;
mod mutate;
mod words;

use super::random::Random;

/// The text of number `seed`.
pub(super) fn line(seed: u64) -> String {
    let mut generator = Generator { random: Random::new(seed), marks: 0, documents: Vec::new() };
    let depth = [1, 1, 2, 2, 2, 3][generator.random.below(6)];
    let mut text = generator.list(depth);
    text.push_str(&generator.bodies(depth));
    if generator.random.one_in(2) {
        for _ in 0..=generator.random.below(2) {
            text = generator.mutate(&text);
        }
    }
    text
}

struct Generator {
    random: Random,
    marks: usize,
    /// Here-documents whose bodies are due: delimiter, quoted, tabs.
    documents: Vec<(String, bool, bool)>,
}

impl Generator {
    fn list(&mut self, depth: usize) -> String {
        let mut out = self.pipeline(depth);
        for _ in 0..[0, 0, 1, 1, 2][self.random.below(5)] {
            let joint = self.random.pick(&[
                " ; ", ";", "", " && ", " || ", " & ", "&", "&&", "||", " ;\\\n ", "", "# c", " # c",
            ]);
            out.push_str(if joint == "# c" { " # c" } else { joint });
            if joint.is_empty() || joint == "||" || joint.ends_with('c') {
                out.push_str(&self.newline(depth));
            }
            out.push_str(&self.pipeline(depth));
        }
        out
    }

    fn pipeline(&mut self, depth: usize) -> String {
        let mut out = String::new();
        if self.random.one_in(6) {
            out.push_str(self.random.pick(&[
                "! ",
                "time ",
                "time -p ",
                "time -- ",
                "! ! ",
                "! time ",
                "time ! ",
                "time -p -- ",
            ]));
        }
        out.push_str(&self.command(depth));
        while self.random.one_in(6) {
            let joint = self.random.pick(&[" | ", "|", " |& ", "| "]);
            out.push_str(joint);
            if joint == "| " {
                out.push_str(&self.newline(depth));
            }
            out.push_str(&self.command(depth));
        }
        out
    }

    fn command(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.simple(0);
        }
        let inner = depth - 1;
        let mut out = match self.random.below(24) {
            0 => format!("( {} )", self.list(inner)),
            1 => format!("({})", self.list(inner)),
            2 => format!("{{ {}; }}", self.list(inner)),
            3 => format!("if {}; then {}; fi", self.list(inner), self.list(inner)),
            4 => format!(
                "if {}; then :; elif {}; then : ;else {}; fi",
                self.list(inner),
                self.list(inner),
                self.list(inner)
            ),
            5 => format!("while {}; do {}; break; done", self.list(inner), self.list(inner)),
            6 => format!("for x in {} {}; do {}; done", self.word(inner), self.word(inner), self.list(inner)),
            7 => format!("for ((i={};i<1;i++)); do {}; done", self.arithmetic(inner), self.list(inner)),
            8 => self.case(inner),
            9 => format!("f() {{ {}; }}; f", self.list(inner)),
            10 => {
                format!("function f {}{{ {}; }}; f", self.random.pick(&["", "() ", "\\\n"]), self.list(inner))
            }
            11 => format!("[[ {} ]]", self.test(inner)),
            12 => format!("(({}))", self.arithmetic(inner)),
            13 => format!("coproc {}; wait", self.coprocess(inner)),
            14 => format!("{{ {} }}", self.bracketed(inner)),
            15 => format!("f() {}; f", self.bracketed(inner)),
            16 => format!(
                "(({}) {} ({}))",
                self.list(inner),
                self.random.pick(&[";", "|", "&&", " ; "]),
                self.list(inner)
            ),
            17 => format!("for x in 1 2; {{ {}; }}", self.list(inner)),
            18 => format!("select x in a; do {}; break; done <<<1", self.list(inner)),
            _ => return self.simple(depth),
        };
        if self.random.one_in(4) {
            out.push(' ');
            out.push_str(&self.redirect(inner));
        }
        out
    }

    fn bracketed(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => format!("({})", self.list(depth)),
            1 => format!("[[ {} ]]", self.test(depth)),
            2 => format!("{{ {}; }}", self.list(depth)),
            _ => format!("(( {} ))", self.arithmetic(depth)),
        }
    }

    fn coprocess(&mut self, depth: usize) -> String {
        match self.random.below(3) {
            0 => self.simple(depth),
            1 => format!("NAME {{ {}; }}", self.list(depth)),
            _ => format!("({})", self.list(depth)),
        }
    }

    fn case(&mut self, depth: usize) -> String {
        let end = self.random.pick(&[";;", ";&", ";;&", " ;; "]);
        let open = self.random.pick(&["", "(", "( "]);
        let subject = self.word(depth);
        let pattern = self.random.pick(&["*", "a|*", "a | *", "\"$x\"|*"]);
        format!(
            "case {subject} in {open}{pattern}) {}{end} b) {};; {}) : ; esac",
            self.list(depth),
            self.list(depth),
            self.word(depth)
        )
    }

    fn test(&mut self, depth: usize) -> String {
        let left = self.word(depth);
        match self.random.below(8) {
            0 => format!("-n {left}"),
            1 => format!("{left} == {}", self.word(depth)),
            2 => format!(
                "{left} =~ {}",
                self.random.pick(&["a|b", "(a b)", "^[a-z]+$", "$(PWN r)", "[[:space:]]", "(\"$(PWN q)\")"])
            ),
            3 => format!("! {left}"),
            4 => format!("( {left} || {} )", self.word(depth)),
            5 => format!("{left} == @(a|{})", self.word(depth)),
            6 => format!("{left} && -z {}", self.word(depth)),
            _ => left,
        }
    }

    fn simple(&mut self, depth: usize) -> String {
        let mut out = String::new();
        while self.random.one_in(5) {
            out.push_str(&self.assignment(depth));
            out.push(' ');
        }
        while self.random.one_in(7) {
            out.push_str(&self.redirect(depth));
            out.push(' ');
        }
        if self.random.one_in(14) {
            let words: &[&str] = if out.is_empty() {
                &["time ", "\\time ", "command "]
            } else {
                &["time ", "if ", "{ ", "! "]
            };
            out.push_str(self.random.pick(words));
        }
        if self.random.one_in(2) {
            out.push_str(&self.marked());
        } else {
            out.push_str(
                self.random.pick(&["echo", ":", "cat", "foo", "{a", "declare", "export", "[", "local"]),
            );
        }
        for _ in 0..self.random.below(3) {
            out.push(' ');
            out.push_str(&self.word(depth));
        }
        while self.random.one_in(5) {
            out.push(' ');
            out.push_str(&self.redirect(depth));
        }
        out
    }

    /// `PWN` in some spelling with a number of its own.
    fn marked(&mut self) -> String {
        self.marks += 1;
        let name = self.random.pick(&[
            "PWN",
            "PWN",
            "PWN",
            "PWN",
            "PWN",
            "\\PWN",
            "'PWN'",
            "P\"W\"N",
            "PW\\\nN",
            "$'PW\\x4e'",
            "P''WN",
            "PWN\\\n",
            "\"PWN\"",
        ]);
        format!("{name} {}", self.marks)
    }

    fn assignment(&mut self, depth: usize) -> String {
        match self.random.below(7) {
            0 => format!("a=({} {})", self.word(depth), self.word(depth)),
            1 => format!("a[{}]={}", self.arithmetic(depth).replace(' ', ""), self.word(depth)),
            2 => format!("a+={}", self.word(depth)),
            3 => format!(
                "a=([{}]={} {})",
                self.random.pick(&["0", "1", "$(PWN s)", "x"]),
                self.word(depth),
                self.word(depth)
            ),
            4 => "a=".to_owned(),
            _ => format!("a={}", self.word(depth)),
        }
    }
}

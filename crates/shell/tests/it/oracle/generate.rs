//! Bash texts at random, the same for the same seed: a grammar that puts `PWN` into every construct, then
//! mutations that break it in places.

/// Random numbers (splitmix64).
pub(super) struct Random(u64);

impl Random {
    /// Starts at `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

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

    fn redirect(&mut self, depth: usize) -> String {
        match self.random.below(16) {
            0 => format!("<<< {}", self.word(depth)),
            1 => format!("< <({})", self.list(depth.saturating_sub(1))),
            2 => format!("> >({})", self.list(depth.saturating_sub(1))),
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

    fn document(&mut self) -> String {
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

    fn newline(&mut self, depth: usize) -> String {
        let bodies = self.bodies(depth);
        if bodies.is_empty() {
            self.random.pick(&["\n", "\n\n", "\n# c\n", "\n \t"]).to_owned()
        } else {
            bodies
        }
    }

    /// A newline and the bodies that are due.
    fn bodies(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for (name, _, tabs) in std::mem::take(&mut self.documents) {
            for _ in 0..self.random.below(3) {
                let tab = if tabs { self.random.pick(&["", "\t"]) } else { "" };
                let text = match self.random.below(6) {
                    0 => format!("$({})", self.command(depth.min(1))),
                    1 => format!("`{}`", self.marked()),
                    2 => format!("${{x:-{}}}", self.expansion(depth.min(1))),
                    3 => "\"text' \\$(PWN no) \\".to_owned() + "\nmore",
                    4 => self.expansion(depth.min(1)),
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

    fn word(&mut self, depth: usize) -> String {
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
                9 if depth > 0 => format!("<({})", self.list(depth - 1)),
                10 if depth > 0 => format!("{{{},{}}}", self.expansion(depth - 1), self.word(depth - 1)),
                _ => self.random.pick(&["a", "b", "x", "1", "-n", "foo", "a=b"]).to_owned(),
            };
            out.push_str(&piece);
        }
        out
    }

    fn quoted(&mut self, depth: usize) -> String {
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

    fn expansion(&mut self, depth: usize) -> String {
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

    fn substituted(&mut self, depth: usize) -> String {
        let outer = std::mem::take(&mut self.documents);
        let mut out = self.list(depth);
        let bodies = self.bodies(depth);
        out.push_str(&bodies);
        self.documents = outer;
        out
    }

    fn arithmetic(&mut self, depth: usize) -> String {
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

    fn mutate(&mut self, text: &str) -> String {
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
                let piece = self.random.pick(&[
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
                ]);
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

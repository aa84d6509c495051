//! Lines at random that move values, arguments and directories about, the same for the same seed.

pub(super) struct Generator {
    state: u64,
    /// Functions defined so far.
    functions: Vec<String>,
}

const VARIABLES: [&str; 4] = ["V", "W", "X", "IFS_LIKE"];
const LITERALS: [&str; 14] =
    ["a", "b", "c d", "x.txt", "-f", "a/c", "..", ".", "n*", "--", "", "q'q", "1", "tool"];
const DIRECTORIES: [&str; 8] = ["a", "b", "a/c", "..", ".", "missing", "-", "$V"];

impl Generator {
    pub(super) fn line(seed: u64) -> String {
        let mut generator =
            Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678, functions: Vec::new() };
        let count = 2 + generator.below(4);
        let mut out = String::new();
        for _ in 0..count {
            let statement = generator.statement(3);
            let joint = generator.pick(&["; ", "\n", " && ", " || ", "; "]);
            if !out.is_empty() {
                out.push_str(if statement.contains("<<E") || out.ends_with('\n') { "" } else { joint });
            }
            if statement.contains("<<E") && !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&statement);
        }
        out
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn list(&mut self, depth: usize) -> String {
        let first = self.statement(depth);
        if self.below(2) == 0 || first.contains("<<E") {
            return first;
        }
        let second = self.statement(depth);
        if second.contains("<<E") {
            return first;
        }
        format!("{first}{}{second}", self.pick(&["; ", " && ", " || "]))
    }

    fn statement(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.command();
        }
        let inner = depth - 1;
        match self.below(37) {
            0..=8 => self.command(),
            9..=12 => self.assignment(),
            13..=15 => self.directory(inner),
            16 => {
                format!("if {}; then {}; else {}; fi", self.list(inner), self.list(inner), self.list(inner))
            }
            17 => format!("for V in {} {}; do {}; done", self.word(), self.word(), self.list(inner)),
            18 => format!("( {} )", self.list(inner)),
            19 => format!("{{ {}; }}", self.list(inner)),
            20 => format!("{} | {}", self.command(), self.command()),
            21 => format!(
                "case {} in {}) {};; *) {};; esac",
                self.word(),
                self.pick(&["a", "b*", "$V"]),
                self.list(inner),
                self.list(inner)
            ),
            22 => {
                let name = format!("f{}", self.functions.len());
                let text =
                    format!("{name}() {{ {}; }}; {name} {} {}", self.list(inner), self.word(), self.word());
                self.functions.push(name);
                text
            }
            23 => match self.functions.last().cloned() {
                Some(name) => format!("{name} {}", self.word()),
                None => self.command(),
            },
            24 => format!("eval {}", quoted(&self.list(inner))),
            25 => format!("sh -c {} zero {} {}", quoted(&self.list(inner)), self.word(), self.word()),
            26 => format!("i=0; while [ $i -lt 2 ]; do i=$((i+1)); {}; done", self.list(inner)),
            27 => format!("! {}", self.command()),
            28 => format!("echo {} | sh", quoted(&self.command())),
            29 => format!("{} && {} & wait", self.directory(0), self.command()),
            30 => format!("until {}; do {}; break; done", self.statement(0), self.list(inner)),
            31 => format!("while {}; do {}; break; done", self.directory(0), self.list(inner)),
            32 => format!("{{ {}; }} &\nwait", self.list(inner)),
            33 => format!("trap {} EXIT", quoted(&self.command())),
            34 => format!("time {}", self.directory(0)),
            _ => format!("sh <<{}\n{}\nE\n", self.pick(&["E", "'E'"]), self.command()),
        }
    }

    fn command(&mut self) -> String {
        let words: Vec<String> = (0..self.below(4)).map(|_| self.word()).collect();
        let words = words.join(" ");
        match self.below(14) {
            0..=4 => format!("{} {words}", self.pick(&["tool", "other", "to\\ol", "'tool'", "\"other\""])),
            5..=6 => format!("touch {words}"),
            7 => format!("rm -f {words}"),
            8 => format!("tool {words} {} {}", self.pick(&[">", ">>", "2>", ">|", "&>"]), self.target()),
            9 => format!("{}={} tool {words}", self.pick(&VARIABLES), self.word()),
            10 => format!(
                "{} tool {words}",
                self.pick(&[
                    "env A=1",
                    "env -u A",
                    "command",
                    "builtin command",
                    "exec env",
                    "timeout 5",
                    "nice"
                ])
            ),
            11 => format!("$V {words}"),
            12 => format!("echo {words} > {}", self.target()),
            _ => self
                .pick(&[
                    "shift",
                    "set -- a \"b c\"",
                    "true",
                    "false",
                    "unset V",
                    "set -- $V",
                    "shift 2",
                    "exit",
                    "return",
                ])
                .to_owned(),
        }
    }

    fn target(&mut self) -> String {
        self.pick(&["out", "a/out", "\"$V\"out", "../out2", "b/\"c d\"", "$V.o", "{x}", "~/home.o"])
            .to_owned()
    }

    fn assignment(&mut self) -> String {
        let name = self.pick(&VARIABLES);
        let word = self.word();
        match self.below(12) {
            0..=5 => format!("{name}={word}"),
            6 => format!("{name}+={word}"),
            7 => format!("export {name}={word}"),
            8 => format!("A=({word} {})", self.word()),
            9 => format!("read {name} <<< {word}"),
            10 => format!("printf -v {name} %s {word}"),
            _ => format!("declare {name}={word}"),
        }
    }

    fn directory(&mut self, depth: usize) -> String {
        let dir = self.pick(&DIRECTORIES);
        match self.below(6) {
            0 | 1 => format!("cd {dir}"),
            2 => format!("cd {dir} && {}", self.list(depth)),
            3 => format!("cd {dir} || {}", self.list(depth)),
            4 => format!("pushd {dir}"),
            _ => format!("(cd {dir}; {})", self.list(depth)),
        }
    }

    fn word(&mut self) -> String {
        let literal = self.pick(&LITERALS);
        let name = self.pick(&VARIABLES);
        match self.below(30) {
            0..=4 => quoted(literal),
            5..=6 => self.pick(&["a", "b", "x.txt", "tool", "-f"]).to_owned(),
            7..=8 => format!("${name}"),
            9..=10 => format!("\"${name}\""),
            11 => format!("${{{name}:-{}}}", self.pick(&["a", "b", "$W"])),
            12 => format!("${{{name}:+{}}}", self.pick(&["a", "b", "$W"])),
            13 => format!("${{{name}%{}}}", self.pick(&["t", ".txt", "*x", "?"])),
            14 => "\"$@\"".to_owned(),
            15 => self.pick(&["$1", "\"$2\"", "$*", "$#", "${1:-a}"]).to_owned(),
            16 => format!("\"${{A[{}]}}\"", self.pick(&["@", "*", "0", "1"])),
            17 => format!("$(echo {})", quoted(literal)),
            18 => format!("\"$(printf %s {})\"", quoted(literal)),
            19 => "$((1+2*3))".to_owned(),
            20 => self.pick(&["{a,b}", "x{1..3}", "{a,b}{c,$V}", "{a}", "{a..c}"]).to_owned(),
            21 => self.pick(&["*.txt", "?", "[ab]", "a/*", "\"*\".txt", "no*match"]).to_owned(),
            22 => self.pick(&["~", "~/x", "'~'", "$HOME/y", "\"$PWD\"/z"]).to_owned(),
            23 => self.pick(&["$'a\\tb'", "$'\\x61'", "a\\ b", "a\"b\"'c'"]).to_owned(),
            24 => format!("pre${name}post"),
            25 => format!("${{#{name}}}"),
            26 => format!("${{{name}#{}}}", self.pick(&["a", "x.", "*/", "?"])),
            27 => format!("${{{name}:0:1}}"),
            28 => format!("${{{name}/a/b}}"),
            _ => format!("`echo {}`", self.pick(&["a", "b", "x.txt"])),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

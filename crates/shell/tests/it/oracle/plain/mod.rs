//! Bash texts as people and agents write them, the same for the same seed: no mutations, and every construct about
//! as often as it is met.
//!
//! Where the weights come from: the 6,421 lines of `tests/corpora/everyday.jsonl` and the 37,199 lines of the 432
//! shell scripts under `/usr` and `/etc` of a Debian 12 were searched for each construct. Shares in per cent of
//! the lines, everyday corpus / scripts:
//!
//! | construct | share | construct | share | construct | share |
//! | --- | --- | --- | --- | --- | --- |
//! | `;` | 2.5 / 16 | `if` | 0.3 / 5.8 | `"…"` | 11 / 35 |
//! | `&&`, `\|\|` | 7.4 / 7.5 | `for … in` | 0.4 / 0.7 | `'…'` | 10 / 6.2 |
//! | pipe | 6.6 / 3.9 | `for ((` | 0 / 0.01 | `$name` | 3.6 / 33 |
//! | `&` | 0.2 / 0.2 | `while`, `until` | 0.1 / 0.4 | `${name}` | 1.0 / 3.8 |
//! | `!` | 0.05 / 1.1 | `case` | 0 / 1.8 | `${name:-…}` etc. | 0.3 / 1.8 |
//! | `time` | 0.2 / 0.1 | function | 0.02 / 1.7 | `${name[…]}` | 0.05 / 0.2 |
//! | `> file`, `>>` | 3.2 / 2.9 | `{ …; }` | 0.2 / 0.6 | `$( )` | 1.9 / 3.6 |
//! | `2>` | 1.1 / 1.3 | `( … )` | 0.3 / 0.1 | back-quotes | 0.2 / 1.9 |
//! | `2>&1` | 0.8 / 0.6 | `[[ ]]` | 0.02 / 0.1 | `$(( ))` | 0.03 / 0.3 |
//! | `< file` | 0.8 / 1.2 | `(( ))` | 0.03 / 0.1 | `\x` | 2.0 / 2.8 |
//! | here-document | 0.5 / 0.4 | `select` | 0 / 0.003 | braces | 0.5 / 0.06 |
//! | here-document in `$( )` | 0.09 / 0.01 | `coproc`, `$[ ]` | 0 / 0 | `$'…'` | 0.08 / 0.1 |
//! | here-string | 0.1 / 0.02 | `x=…` | 4.5 / 19 | glob | 5.7 / 5.5 |
//! | `&>` | 0 / 0.02 | `x=( )` | 0 / 0.07 | `<( )` | 0.2 / 0.01 |
//!
//! A weight is about the larger of the two shares, in tenths of a per cent; what is met at all has at least 1, and
//! so has what is met nowhere but belongs to the language. A text has several lines, so a rare construct stands in
//! more texts than its share says.

mod pieces;
mod words;

use super::random::Random;

/// The text of number `seed`.
pub(super) fn line(seed: u64) -> String {
    let mut writer = Writer { random: Random::new(seed ^ 0x706c_6169), marks: 0, documents: Vec::new() };
    let depth = writer.random.weighted(&[(3, 1), (5, 2), (2, 3)]);
    let lines = writer.random.weighted(&[(6, 1), (2, 2), (1, 3), (1, 5)]);
    let mut text = String::new();
    for number in 0..lines {
        let line = writer.joined(depth);
        text.push_str(&line);
        let bodies = writer.bodies(depth);
        text.push_str(&bodies);
        if number + 1 < lines && bodies.is_empty() {
            text.push_str(writer.random.weighted(&[
                (30, "\n"),
                (3, "\n\n"),
                (2, "\n# a remark\n"),
                (2, " # why\n"),
            ]));
        }
    }
    text
}

/// Constructs that are commands.
#[derive(Clone, Copy)]
enum Shape {
    Simple,
    Bracket,
    If,
    IfElse,
    ForIn,
    ForCount,
    While,
    ReadLoop,
    Case,
    Function,
    Group,
    Subshell,
    Test,
    Arithmetic,
    Select,
    Coprocess,
}

const SHAPES: [(u32, Shape); 16] = [
    (700, Shape::Simple),
    (30, Shape::Bracket),
    (40, Shape::If),
    (20, Shape::IfElse),
    (7, Shape::ForIn),
    (1, Shape::ForCount),
    (2, Shape::While),
    (2, Shape::ReadLoop),
    (18, Shape::Case),
    (17, Shape::Function),
    (6, Shape::Group),
    (3, Shape::Subshell),
    (2, Shape::Test),
    (2, Shape::Arithmetic),
    (1, Shape::Select),
    (1, Shape::Coprocess),
];

struct Writer {
    random: Random,
    marks: usize,
    /// Here-documents whose bodies are due: delimiter, quoted, tabs.
    documents: Vec<(&'static str, bool, bool)>,
}

impl Writer {
    /// Pipelines of one line.
    fn joined(&mut self, depth: usize) -> String {
        let mut out = self.pipeline(depth);
        for _ in 0..self.random.weighted(&[(60, 0), (30, 1), (8, 2), (2, 4)]) {
            out.push_str(self.random.weighted(&[
                (160, "; "),
                (60, " && "),
                (15, " || "),
                (2, " & "),
                (1, ";"),
                (1, "&&"),
            ]));
            out.push_str(&self.pipeline(depth));
        }
        if self.random.one_in(250) {
            out.push_str(" &");
        }
        out
    }

    /// What stands in a compound command: on the same line or on its own.
    fn block(&mut self, depth: usize) -> String {
        if self.random.one_in(2) {
            return format!(" {}; ", self.joined(depth).trim_end_matches(" &"));
        }
        let mut out = String::from("\n");
        for _ in 0..self.random.weighted(&[(6, 1), (3, 2), (1, 3)]) {
            out.push_str("  ");
            out.push_str(&self.joined(depth));
            let bodies = self.bodies(depth);
            out.push_str(if bodies.is_empty() { "\n" } else { &bodies });
        }
        out
    }

    fn pipeline(&mut self, depth: usize) -> String {
        let mut out =
            self.random.weighted(&[(980, ""), (11, "! "), (2, "time "), (1, "time -p ")]).to_owned();
        out.push_str(&self.command(depth));
        for _ in 0..self.random.weighted(&[(92, 0), (6, 1), (1, 2)]) {
            out.push_str(self.random.weighted(&[
                (60, " | "),
                (2, "|"),
                (1, " |& "),
                (1, " |\n  "),
                (1, " \\\n  | "),
            ]));
            out.push_str(&self.command(depth));
        }
        out
    }

    fn command(&mut self, depth: usize) -> String {
        let shape = if depth == 0 { Shape::Simple } else { self.random.weighted(&SHAPES) };
        let inner = depth.saturating_sub(1);
        match shape {
            Shape::Simple => self.simple(depth),
            Shape::Bracket => format!("[ {} ] && {}", self.bracket(inner), self.simple(inner)),
            Shape::If => format!("if {}; then{}fi", self.condition(inner), self.block(inner)),
            Shape::IfElse => format!(
                "if {}; then{}{}else{}fi",
                self.condition(inner),
                self.block(inner),
                if self.random.one_in(3) {
                    format!("elif {}; then{}", self.condition(inner), self.block(inner))
                } else {
                    String::new()
                },
                self.block(inner)
            ),
            Shape::ForIn => {
                let words: Vec<String> = (0..=self.random.below(3)).map(|_| self.word(inner)).collect();
                format!("for x in {}; do{}done", words.join(" "), self.block(inner))
            }
            Shape::ForCount => format!(
                "for (({}; {}; {})); do{}done",
                self.random.pick(&["i=0", "i = 1", "i=0, j=2"]),
                self.random.pick(&["i<2", "i < 3", "i <= ${#x}", "i<$#+1"]),
                self.random.pick(&["i++", "i += 2", "++i", "i=i+1"]),
                self.block(inner)
            ),
            Shape::While => {
                let word = self.random.pick(&["while", "until"]);
                format!("{word} {}; do{}break; done", self.condition(inner), self.block(inner))
            }
            Shape::ReadLoop => self.read_loop(inner),
            Shape::Case => self.case(inner),
            Shape::Function => self.function(inner),
            Shape::Group => format!("{{{}}}{}", self.block(inner), self.behind(inner)),
            Shape::Subshell => {
                let list = self.joined(inner);
                let (open, close) =
                    self.random.weighted(&[(3, ("(", ")")), (1, ("( ", " )")), (1, ("(\n  ", "\n)"))]);
                let bodies = self.bodies(inner);
                let close = if bodies.is_empty() { close } else { ")" };
                format!("{open}{list}{bodies}{close}{}", self.behind(inner))
            }
            Shape::Test => format!("[[ {} ]] && {}", self.test(inner), self.simple(inner)),
            Shape::Arithmetic => format!("(( {} ))", self.sum(inner)),
            Shape::Select => format!("select x in a b; do{}break; done <<< 1", self.block(inner)),
            Shape::Coprocess => format!(
                "coproc {}; wait",
                self.random.pick(&["PWN co", "NAME { PWN co; }", "{ cat | PWN co; }"])
            ),
        }
    }

    /// A redirection behind a compound command, seldom.
    fn behind(&mut self, depth: usize) -> String {
        if self.random.one_in(8) { format!(" {}", self.redirect(depth)) } else { String::new() }
    }

    fn condition(&mut self, depth: usize) -> String {
        match self.random.weighted(&[(40, 0), (10, 1), (40, 2), (3, 3), (2, 4)]) {
            0 => format!("[ {} ]", self.bracket(depth)),
            1 => format!("[[ {} ]]", self.test(depth)),
            2 => self.simple(depth),
            3 => format!("! {}", self.simple(depth)),
            _ => format!("(( {} ))", self.sum(depth)),
        }
    }

    fn read_loop(&mut self, depth: usize) -> String {
        let read = self.random.pick(&["read -r line", "IFS= read -r line", "read a b"]);
        let body = self.block(depth);
        match self.random.below(4) {
            0 => format!("while {read}; do{body}done < <({})", self.joined(depth.min(1))),
            1 => format!("echo a b | while {read}; do{body}done"),
            2 => format!("while {read}; do{body}done <<< \"{}\"", self.quoted(depth)),
            _ => {
                let document = self.document();
                format!("while {read}; do{body}done {document}")
            }
        }
    }

    fn case(&mut self, depth: usize) -> String {
        let subject = self.word(depth);
        let mut out = format!("case {subject} in");
        for _ in 0..=self.random.below(2) {
            let open = self.random.weighted(&[(5, ""), (1, "(")]);
            let pattern = self.random.pick(&[
                "*.txt",
                "-h|--help",
                "a | b",
                "[Yy]*",
                "\"\"",
                "'a b'",
                "$x",
                "\"$x\"*",
                "x",
            ]);
            let body = self.block(depth);
            let body = body.trim_end().trim_end_matches(';');
            let end = self.random.weighted(&[(20, ";;"), (1, ";&"), (1, ";;&")]);
            let gap = if body.ends_with('\n') || body.trim_end().ends_with('E') {
                "\n"
            } else {
                self.random.pick(&[" ", "\n"])
            };
            out.push_str(&format!("\n  {open}{pattern}){body}{gap}{end}"));
        }
        let body = self.block(depth);
        format!("{out}\n  *){body}\nesac")
    }

    fn function(&mut self, depth: usize) -> String {
        let head =
            self.random.weighted(&[(8, "f() {"), (4, "f () {"), (1, "function f {"), (1, "function f() {")]);
        let local = self.random.weighted(&[(2, ""), (1, "\n  local x=$1")]);
        format!("{head}{local}{}}}\nf {}", self.block(depth), self.word(depth))
    }

    fn bracket(&mut self, depth: usize) -> String {
        let word = self.word(depth);
        match self.random.below(6) {
            0 => format!("-n {word}"),
            1 => format!("-z \"{}\"", self.quoted(depth)),
            2 => format!("-f {word}"),
            3 => format!("\"{}\" = {word}", self.quoted(depth)),
            4 => format!("{word} -gt 0"),
            _ => format!("! -e {word} -a 1 = 1"),
        }
    }

    fn test(&mut self, depth: usize) -> String {
        let word = self.word(depth);
        match self.random.below(8) {
            0 => format!("-n {word}"),
            1 => format!("{word} == *.txt"),
            2 => format!(
                "{word} =~ {}",
                self.random.pick(&["^[a-z]+$", "a|b", "^(a|b)$", "[[:space:]]", "$x"])
            ),
            3 => format!("! -d {word}"),
            4 => format!("{word} != a && -z {}", self.word(depth)),
            5 => format!("-f {word} || ( {} == x )", self.word(depth)),
            6 => format!("{word} -lt 3"),
            _ => format!("{word} == @(a|b)"),
        }
    }

    fn sum(&mut self, depth: usize) -> String {
        let term = self
            .random
            .weighted(&[(5, "x"), (5, "$x"), (3, "${x:-1}"), (2, "${#x}"), (2, "1"), (1, "a[0]")])
            .to_owned();
        let term = if self.random.one_in(8) { format!("$({})", self.simple(depth.min(1))) } else { term };
        self.random
            .weighted(&[
                (5, "@ + 1"),
                (2, "@ > 1"),
                (2, "@ % 2 == 0"),
                (1, "( @ + 1 ) * 2"),
                (1, "x = @"),
                (1, "x++"),
                (1, "x += @"),
                (1, "1 << @"),
                (1, "@ ? 1 : 0"),
            ])
            .replace('@', &term)
    }
}

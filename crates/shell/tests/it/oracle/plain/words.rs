//! Simple commands, redirections and words.

use super::{Writer, pieces};

/// Constructs that are words or their parts.
#[derive(Clone, Copy)]
enum Piece {
    Literal,
    Double,
    Single,
    Name,
    Braced,
    Default,
    Change,
    Element,
    Command,
    BackQuoted,
    Sum,
    Escape,
    Glob,
    Braces,
    Ansi,
    Process,
}

const PIECES: [(u32, Piece); 16] = [
    (450, Piece::Literal),
    (350, Piece::Double),
    (80, Piece::Single),
    (110, Piece::Name),
    (20, Piece::Braced),
    (9, Piece::Default),
    (9, Piece::Change),
    (2, Piece::Element),
    (20, Piece::Command),
    (10, Piece::BackQuoted),
    (3, Piece::Sum),
    (28, Piece::Escape),
    (55, Piece::Glob),
    (5, Piece::Braces),
    (1, Piece::Ansi),
    (2, Piece::Process),
];

/// What stands between double quotes.
const QUOTED: [(u32, Piece); 9] = [
    (350, Piece::Literal),
    (330, Piece::Name),
    (38, Piece::Braced),
    (9, Piece::Default),
    (9, Piece::Change),
    (2, Piece::Element),
    (36, Piece::Command),
    (10, Piece::BackQuoted),
    (3, Piece::Sum),
];

impl Writer {
    pub(super) fn simple(&mut self, depth: usize) -> String {
        let mut out = String::new();
        if self.random.one_in(6) {
            let assignment = self.assignment(depth);
            if self.random.one_in(2) {
                return assignment;
            }
            out.push_str(&format!("{assignment} "));
        }
        if self.random.one_in(150) {
            out.push_str(&format!("{} ", self.redirect(depth)));
        }
        if self.random.one_in(2) {
            self.marks += 1;
            let name = self.random.weighted(&[(96, "PWN"), (1, "\\PWN"), (1, "command PWN"), (1, "\"PWN\"")]);
            out.push_str(&format!("{name} {}", self.marks));
        } else {
            out.push_str(self.random.weighted(&[
                (10, "echo"),
                (3, "cat"),
                (3, "grep -q"),
                (2, "ls"),
                (2, "printf '%s\\n'"),
                (2, "foo"),
                (1, "export A=1"),
                (1, "local"),
                (1, "true"),
                (1, "sed -n"),
                (1, "head -1"),
                (1, "set --"),
            ]));
        }
        for _ in 0..self.random.weighted(&[(3, 0), (4, 1), (2, 2), (1, 4)]) {
            out.push_str(self.random.weighted(&[(60, " "), (1, " \\\n    "), (1, "  ")]));
            out.push_str(&self.word(depth));
        }
        for _ in 0..self.random.weighted(&[(93, 0), (6, 1), (1, 2)]) {
            out.push_str(&format!(" {}", self.redirect(depth)));
        }
        out
    }

    fn assignment(&mut self, depth: usize) -> String {
        match self.random.weighted(&[(180, 0), (2, 1), (1, 2), (1, 3), (2, 4), (2, 5)]) {
            1 => format!("a=({} {})", self.word(depth), self.word(depth)),
            2 => format!("a+=({})", self.word(depth)),
            3 => format!("a[{}]={}", self.random.pick(&["0", "$x", "i+1", "key"]), self.word(depth)),
            4 => format!("x+={}", self.word(depth)),
            5 => "x=".to_owned(),
            _ => format!("{}={}", self.random.pick(&["x", "y", "FOO"]), self.word(depth)),
        }
    }

    pub(super) fn redirect(&mut self, depth: usize) -> String {
        match self.random.weighted(&[
            (20, 0),
            (9, 1),
            (13, 2),
            (8, 3),
            (12, 4),
            (1, 5),
            (6, 6),
            (2, 7),
            (2, 8),
            (3, 9),
            (1, 10),
        ]) {
            0 => format!("> {}", self.target(depth)),
            1 => format!(">> {}", self.target(depth)),
            2 => "2>/dev/null".to_owned(),
            3 => self.random.pick(&["2>&1", ">&2", "1>&2", ">/dev/null 2>&1"]).to_owned(),
            4 => format!("< {}", self.target(depth)),
            5 => "&> /dev/null".to_owned(),
            6 => self.document(),
            7 => format!("<<< {}", self.word(depth)),
            8 => format!("< <({})", self.joined(depth.min(1))),
            9 => ">/dev/null".to_owned(),
            _ => self.random.pick(&["3>&1", "3<&0", "2>&-", "> >(cat)", "&>> o"]).to_owned(),
        }
    }

    fn target(&mut self, depth: usize) -> String {
        if self.random.one_in(3) {
            self.word(depth)
        } else {
            self.random.pick(&["o", "a.txt", "\"$x\"", "/dev/null"]).to_owned()
        }
    }

    pub(super) fn document(&mut self) -> String {
        let quoted = self.random.one_in(2);
        let tabs = self.random.one_in(4);
        let name = if self.random.one_in(2) { "EOF" } else { "E" };
        self.documents.push((name, quoted, tabs));
        let shown = if quoted {
            self.random.pick(&["'@'", "'@'", "\"@\"", "\\@"]).replace('@', name)
        } else {
            name.to_owned()
        };
        let blank = self.random.weighted(&[(3, ""), (1, " ")]);
        format!("{}{blank}{shown}", if tabs { "<<-" } else { "<<" })
    }

    /// A newline and the bodies that are due.
    pub(super) fn bodies(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for (name, quoted, tabs) in std::mem::take(&mut self.documents) {
            for _ in 0..self.random.below(3) {
                let text = match self.random.below(4) {
                    0 => self
                        .random
                        .pick(&[
                            "it's (so) text",
                            "a \"b\" c",
                            "{\"a\": [1, 2]}",
                            "if x; then",
                            "PWN text; PWN of a body",
                            "\\$HOME \\\\",
                        ])
                        .to_owned(),
                    _ if quoted => "$(PWN never) `PWN never` ${x".to_owned(),
                    _ => self.quoted(depth.min(1)),
                };
                self.documents.clear();
                out.push_str(&format!("{}{text}\n", if tabs { "\t" } else { "" }));
            }
            out.push_str(&format!("{}{name}\n", if tabs { "\t" } else { "" }));
        }
        if out.is_empty() { out } else { format!("\n{out}") }
    }

    pub(super) fn word(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..self.random.weighted(&[(70, 1), (22, 2), (8, 3)]) {
            let piece = self.random.weighted(&PIECES);
            out.push_str(&self.piece(piece, depth, false));
        }
        out
    }

    /// Text between double quotes.
    pub(super) fn quoted(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..self.random.weighted(&[(60, 1), (25, 2), (15, 3)]) {
            let piece = self.random.weighted(&QUOTED);
            out.push_str(&self.piece(piece, depth, true));
        }
        out
    }

    fn piece(&mut self, piece: Piece, depth: usize, quoted: bool) -> String {
        let inner = depth.saturating_sub(1);
        let choices: &[&str] = match piece {
            Piece::Double => return format!("\"{}\"", self.quoted(depth)),
            Piece::Name => return self.random.weighted(&pieces::NAMES).to_owned(),
            Piece::Braced => return self.random.weighted(&pieces::BRACED).to_owned(),
            Piece::Default => return self.default(inner, quoted),
            Piece::Command => return format!("$({})", self.substituted(inner)),
            Piece::Process => return format!("<({})", self.substituted(inner)),
            Piece::Sum => return format!("$(({}))", self.sum(inner)),
            Piece::BackQuoted => return self.back_quoted(),
            Piece::Literal if quoted => &pieces::QUOTED_LITERALS,
            Piece::Literal => &pieces::LITERALS,
            Piece::Single => &pieces::SINGLES,
            Piece::Change => &pieces::CHANGES,
            Piece::Element => &pieces::ELEMENTS,
            Piece::Escape => &pieces::ESCAPES,
            Piece::Glob => &pieces::GLOBS,
            Piece::Braces => &pieces::BRACES,
            Piece::Ansi => &pieces::ANSI,
        };
        self.random.pick(choices).to_owned()
    }

    /// A command without what needs a backslash in back-quotes.
    fn back_quoted(&mut self) -> String {
        let text = self.joined(0);
        self.documents.clear();
        if text.contains(['`', '\\', '<']) { "`PWN b`".to_owned() } else { format!("`{text}`") }
    }

    fn default(&mut self, depth: usize, quoted: bool) -> String {
        let operator =
            self.random.weighted(&[(10, ":-"), (3, "-"), (2, ":+"), (1, ":="), (2, "+"), (1, ":?")]);
        let value = match self.random.below(9) {
            0 => String::new(),
            1 => "$y".to_owned(),
            2 => format!("$({})", self.simple(depth.min(1))),
            3 => "\"$y\"".to_owned(),
            4 if !quoted => "'a b'".to_owned(),
            5 => "${y:-b}".to_owned(),
            6 => "it is not set".to_owned(),
            7 => "\"a b\"".to_owned(),
            _ => self.random.pick(&["a", "/tmp", "-x", "1", "a/b.c"]).to_owned(),
        };
        self.documents.clear();
        format!("${{x{operator}{value}}}")
    }

    /// What stands in `$( )`: its here-documents end in it.
    fn substituted(&mut self, depth: usize) -> String {
        let outer = std::mem::take(&mut self.documents);
        let mut out = self.joined(depth);
        let bodies = self.bodies(depth);
        out.push_str(&bodies);
        if !bodies.is_empty() && self.random.one_in(3) {
            out.push_str(&self.joined(depth));
            out.push_str(&self.bodies(depth));
        }
        self.documents = outer;
        if out.starts_with('(') { format!(" {out}") } else { out }
    }
}

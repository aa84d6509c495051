//! How deep the parser would have to go into a text, found in one pass without going there.
//!
//! The parser calls itself for every bracket, operator and word that something else stands behind, and has no
//! bound of its own: a text of ten thousand brackets overflows its stack, and it reads what may be the parameters
//! of an arrow function twice, so that time grows with the square of the depth. So everything that is still open
//! at a place is counted, and a text where that is ever too much is refused before it is parsed. Rather too much
//! is counted than too little: an operator counts until its statement or list item has certainly ended.
//!
//! INVARIANT: the parser takes at most about [`MOST`] times two kilobytes of stack for a text that passes (guarded
//! by `tests/it/hostile.rs`, which parses repeated tokens of all kinds on a small stack).

use super::scan::{Before, Scan, Tok, refuse};
use crate::tree::Refusal;

/// What may be open at once.
const MOST: u32 = 96;

/// An open bracket, or the whole text.
#[derive(Clone, Copy, Default)]
struct Level {
    /// What closes it; 0 for the whole text.
    closes: u8,
    /// It is the `${…}` of a template literal.
    template: bool,
    /// It is the head of `if`, `for`, `while` or `with`.
    head: bool,
    /// What counts until the expression ends.
    expression: u32,
    /// What counts until the statement ends.
    statement: u32,
    /// `<` that may be those of types.
    angles: u32,
    /// A decorator stands before what follows.
    decorated: bool,
    /// Dots count: names of nested namespaces.
    dotted: bool,
    /// A statement has ended unless the next token goes on with it.
    ending: bool,
}

impl Level {
    fn weight(&self) -> u32 {
        1 + self.expression + self.statement + self.angles
    }

    fn ended(&mut self) {
        *self = Self { closes: self.closes, template: self.template, head: self.head, ..Self::default() };
    }
}

struct Depth {
    /// All but the innermost.
    outer: Vec<Level>,
    level: Level,
    /// Weight of `outer`.
    around: u32,
    typed: bool,
    /// Where the token at hand starts.
    at: usize,
    /// Where a statement of the whole text had ended last.
    whole: usize,
}

/// What can be told of a text without parsing it.
pub(super) struct Measured {
    /// Why it must not be parsed: too deep, or its depth cannot be told for certain.
    pub(super) refusal: Option<Refusal>,
    /// Up to here there are whole statements, which may be parsed.
    pub(super) whole: usize,
}

/// Measures a text up to what is refused.
pub(super) fn measure(text: &str, typed: bool) -> Measured {
    let mut depth = Depth { outer: Vec::new(), level: Level::default(), around: 0, typed, at: 0, whole: 0 };
    let refusal = depth.check(Scan::new(text, typed)).err();
    Measured { whole: if refusal.is_some() { depth.whole } else { text.len() }, refusal }
}

/// Up to where there are certainly whole statements in a text of which the parser finds fault with a place.
pub(super) fn whole_before(text: &str, typed: bool, fault: usize) -> usize {
    let mut depth = Depth { outer: Vec::new(), level: Level::default(), around: 0, typed, at: 0, whole: 0 };
    let before = text.get(..fault).unwrap_or("");
    // Where it breaks off does not matter, only what ended before.
    let _ = depth.check(Scan::new(before, typed));
    depth.whole
}

/// Words that go on with what stands before them on another line or behind a `}` or `;`.
fn goes_on(word: &str) -> bool {
    matches!(
        word,
        "else"
            | "while"
            | "catch"
            | "finally"
            | "in"
            | "instanceof"
            | "of"
            | "as"
            | "satisfies"
            | "extends"
            | "implements"
            | "is"
            | "from"
    )
}

/// Words that something stands behind, and that may be names too.
fn may_lead(word: &str) -> bool {
    matches!(
        word,
        "async"
            | "keyof"
            | "infer"
            | "readonly"
            | "unique"
            | "asserts"
            | "is"
            | "as"
            | "satisfies"
            | "abstract"
            | "declare"
            | "of"
            | "get"
            | "set"
            | "static"
            | "accessor"
            | "out"
            | "type"
    )
}

impl Depth {
    fn check(&mut self, mut scan: Scan<'_>) -> Result<(), Refusal> {
        let mut before = Before::Open;
        // The two tokens before.
        let (mut earlier, mut last) = (Tok::Sign(";"), Tok::Sign(";"));
        loop {
            let tok = scan.next(before)?;
            if tok == Tok::End {
                return Ok(());
            }
            self.at = scan.start;
            self.settle(last, before, tok, scan.fresh);
            let in_template = tok == Tok::Sign("}") && self.level.template;
            let mut after = match tok {
                Tok::Word(word) => self.word(word, last, before),
                Tok::OddWord => {
                    self.level.expression += 1;
                    self.level.statement += 1;
                    if before == Before::Dot { Before::Value } else { Before::Either }
                }
                Tok::Template(more) => self.stretch(more),
                Tok::Value => Before::Value,
                Tok::Sign(sign) => match self.sign(sign, [earlier, last], before, scan.fresh) {
                    Some(after) => after,
                    None => return refuse("brackets do not match", scan.start),
                },
                Tok::End => before,
            };
            if in_template {
                after = self.stretch(scan.template()?);
            }
            if self.around + self.level.weight() > MOST {
                return refuse("the text is nested too deeply", scan.start);
            }
            before = after;
            (earlier, last) = (last, tok);
        }
    }

    /// A stretch of a template literal was read, with an expression behind it or none.
    fn stretch(&mut self, more: bool) -> Before {
        if more {
            self.open(b'}', false, true);
            Before::Open
        } else {
            Before::Value
        }
    }

    fn ended(&mut self) {
        self.level.ended();
        if self.outer.is_empty() {
            self.whole = self.at;
        }
    }

    fn open(&mut self, closes: u8, head: bool, template: bool) {
        self.around += self.level.weight();
        self.outer.push(self.level);
        self.level = Level { closes, head, template, ..Level::default() };
    }

    /// Ends a statement that has certainly ended before `tok`.
    fn settle(&mut self, last: Tok<'_>, before: Before, tok: Tok<'_>, fresh: bool) {
        let continues = matches!(tok, Tok::Word(word) if goes_on(word));
        if std::mem::take(&mut self.level.ending) && !continues {
            return self.ended();
        }
        let Tok::Word(word) = tok else { return };
        let apart = match (last, before) {
            (Tok::Sign("}"), _) => true,
            (Tok::Word(last), Before::Value | Before::Name) => fresh && !may_lead(last),
            (_, Before::Value) => fresh,
            _ => false,
        };
        let decorated = self.level.decorated
            && matches!(word, "class" | "abstract" | "export" | "declare" | "default" | "async");
        if apart && !continues && !decorated {
            self.ended();
        }
    }

    fn word(&mut self, word: &str, last: Tok<'_>, before: Before) -> Before {
        if before == Before::Dot {
            return Before::Value;
        }
        match word {
            "if" | "else" | "for" | "while" | "do" | "with" => {
                self.level.statement += 1;
                Before::Open
            }
            "case" | "default" => {
                if !self.level.decorated && self.level.angles == 0 {
                    self.level.ended();
                }
                Before::Open
            }
            // The parser takes a list of bases, too, to find fault with it: no comma ends one.
            "extends" => {
                self.level.statement += 1;
                Before::Open
            }
            "new" | "typeof" | "void" | "delete" | "in" | "instanceof" => {
                self.level.expression += 1;
                Before::Open
            }
            "throw" | "return" => Before::Open,
            "yield" | "await" | "class" | "function" => {
                self.level.expression += 1;
                Before::Either
            }
            "of" | "break" | "continue" | "debugger" | "import" | "export" | "var" | "const" | "enum"
            | "try" | "catch" | "finally" | "switch" => Before::Either,
            "this" | "super" | "null" | "true" | "false" => Before::Value,
            _ => {
                self.level.expression += u32::from(may_lead(word));
                self.level.dotted |= matches!(word, "namespace" | "module");
                // Behind an operator or at the start of a statement it is a value, not what is declared.
                let certain = before == Before::Open && last != Tok::Sign(",");
                if certain && !self.typed { Before::Value } else { Before::Name }
            }
        }
    }

    /// `None` when a bracket does not match.
    fn sign(&mut self, sign: &str, around: [Tok<'_>; 2], before: Before, fresh: bool) -> Option<Before> {
        let valued = matches!(before, Before::Value | Before::Name);
        match sign {
            "(" | "[" | "{" => self.opening(sign, around, before),
            ")" | "]" | "}" => return self.closing(sign),
            ";" => {
                self.level.ending = true;
                self.level.expression = 0;
            }
            "," => {
                if self.level.angles == 0 {
                    self.level.expression = 0;
                }
            }
            "." | "?." => {
                self.level.expression += u32::from(self.level.dotted);
                return Some(Before::Dot);
            }
            ":" => self.colon(around),
            "++" | "--" if !fresh && valued => return Some(Before::Value),
            "++" | "--" if !fresh && before == Before::Either => {
                self.level.expression += 1;
                return Some(before);
            }
            "<" | "<<" if self.typed => {
                self.level.angles += if sign == "<" { 1 } else { 2 };
                // A cast or the parameters of a function: what follows stands behind it.
                self.level.expression += u32::from(!valued);
            }
            ">" | ">>" | ">>>" | ">=" | ">>=" | ">>>=" if self.typed => {
                let closed = sign.bytes().filter(|byte| *byte == b'>').count();
                let closed = u32::try_from(closed).unwrap_or(0);
                self.level.angles = self.level.angles.saturating_sub(closed);
                return Some(Before::Either);
            }
            "!" if self.typed && (valued || before == Before::Either) => {
                self.level.expression += 1;
                return Some(Before::Either);
            }
            _ => {
                self.level.decorated |= sign == "@";
                self.level.expression += 1;
            }
        }
        Some(Before::Open)
    }

    fn opening(&mut self, sign: &str, around: [Tok<'_>; 2], before: Before) {
        let [_, last] = around;
        let heads = matches!(last, Tok::Word("if" | "for" | "while" | "with")) && before == Before::Open;
        let awaits = around == [Tok::Word("for"), Tok::Word("await")];
        match sign {
            "(" => self.open(b')', heads || awaits, false),
            "[" => self.open(b']', false, false),
            _ => self.open(b'}', false, false),
        }
    }

    fn closing(&mut self, sign: &str) -> Option<Before> {
        if sign.as_bytes().first() != Some(&self.level.closes) {
            return None;
        }
        let head = self.level.head;
        self.level = self.outer.pop()?;
        self.around -= self.level.weight();
        Some(match sign {
            "}" => Before::Either,
            _ if head => Before::Head,
            _ => Before::Value,
        })
    }

    fn colon(&mut self, [earlier, last]: [Tok<'_>; 2]) {
        let starts = matches!(earlier, Tok::Sign(";" | "{" | "}" | ":" | ")") | Tok::Word("else" | "do"));
        // What may be a label; behind a comma it is the name of a member.
        if starts && matches!(last, Tok::Word(_) | Tok::OddWord) {
            self.level.statement += 1;
        } else {
            self.level.expression += 1;
        }
    }
}

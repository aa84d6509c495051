//! Python's expressions.
//!
//! INVARIANT: no tree is deeper than [`DEPTH`] times a small number (guarded by `tests/it/hostile.rs`).

use std::rc::Rc;

use super::lex::{Tok, Token, lex};
use crate::tree::Do;
use crate::tree::{
    Argument, At, Call, Clause, Comprehension, DEPTH, Expr, Function, Kind, Operator, Parameter,
    ParameterKind, Refusal, Stmt, Text,
};

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) next: usize,
    pub(super) depth: u16,
}

type Parsed<T> = Result<T, Refusal>;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether a word is reserved.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Reads statements until one is refused.
pub(super) fn text(text: &str) -> Text {
    let tokens = match lex(text, 0, text.len(), false) {
        Ok(tokens) => tokens,
        Err(refusal) => return Text { body: Vec::new(), refusal: Some(refusal) },
    };
    let mut parser = Parser { text, tokens, next: 0, depth: 0 };
    let mut body: Vec<Stmt> = Vec::new();
    while *parser.peek() != Tok::End {
        parser.depth = 0;
        if let Err(refusal) = parser.statement(&mut body) {
            return Text { body, refusal: Some(refusal) };
        }
    }
    Text { body, refusal: None }
}

fn expr(kind: Kind, at: At) -> Expr {
    Expr { kind, at }
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Tok {
        self.tokens.get(self.next).map_or(&Tok::End, |token| &token.tok)
    }

    pub(super) fn ahead(&self, count: usize) -> &Tok {
        self.tokens.get(self.next + count).map_or(&Tok::End, |token| &token.tok)
    }

    pub(super) fn at(&self) -> At {
        self.tokens.get(self.next).map_or(At::new(self.text.len(), self.text.len()), |token| token.at)
    }

    /// Where the last token ended.
    pub(super) fn since(&self, from: At) -> At {
        let last = self.next.checked_sub(1).and_then(|at| self.tokens.get(at));
        At { from: from.from, to: last.map_or(from.to, |token| token.at.to).max(from.from) }
    }

    pub(super) fn refusal(&self, why: &'static str) -> Refusal {
        Refusal { why, at: self.at() }
    }

    pub(super) fn refuse<T>(&self, why: &'static str) -> Parsed<T> {
        Err(self.refusal(why))
    }

    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH { self.refuse("the text is nested too deeply") } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(super) fn is(&self, op: &str) -> bool {
        matches!(self.peek(), Tok::Op(found) if *found == op)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Tok::Name(name) if &**name == word)
    }

    pub(super) fn eat(&mut self, op: &str) -> bool {
        let found = self.is(op);
        self.next += usize::from(found);
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, op: &'static str) -> Parsed<()> {
        if self.eat(op) { Ok(()) } else { self.refuse("the text is not Python as it is known here") }
    }

    /// A name that is no keyword.
    pub(super) fn name(&mut self) -> Parsed<Rc<str>> {
        match self.peek() {
            Tok::Name(name) if !is_keyword(name) => {
                let name = Rc::clone(name);
                self.next += 1;
                Ok(name)
            }
            _ => self.refuse("a name is missing"),
        }
    }

    /// An expression in a part of the text, as in an f-string.
    pub(super) fn inner(&mut self, from: usize, to: usize) -> Parsed<Expr> {
        let tokens = lex(self.text, from, to, true)?;
        let before = std::mem::replace(&mut self.tokens, tokens);
        let next = std::mem::replace(&mut self.next, 0);
        let value = self.expressions();
        let ended = *self.peek() == Tok::End;
        self.tokens = before;
        self.next = next;
        if ended { value } else { self.refuse("an expression in an f-string does not end") }
    }

    /// `a, *b, c` or a single expression.
    pub(super) fn expressions(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let first = self.starred()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(",") {
            if !self.starts_expression() {
                break;
            }
            items.push(self.starred()?);
        }
        Ok(expr(Kind::Sequence(items), self.since(from)))
    }

    pub(super) fn starts_expression(&self) -> bool {
        match self.peek() {
            Tok::Name(name) => {
                !is_keyword(name)
                    || matches!(&**name, "False" | "None" | "True" | "await" | "lambda" | "not" | "yield")
            }
            Tok::Number(_) | Tok::Text(_) => true,
            Tok::Op(op) => matches!(*op, "(" | "[" | "{" | "-" | "+" | "~" | "*" | "..."),
            _ => false,
        }
    }

    fn starred(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if self.eat("*") {
            self.enter()?;
            let value = self.binary(0)?;
            self.leave();
            return Ok(expr(Kind::Spread(Box::new(value)), self.since(from)));
        }
        self.named()
    }

    /// `x := y` or an expression.
    pub(super) fn named(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let value = self.expression()?;
        if self.is(":=") {
            if !matches!(value.kind, Kind::Name(_)) {
                return self.refuse("an assignment to something else than a name");
            }
            self.next += 1;
            let assigned = self.expression()?;
            return Ok(expr(Kind::Assign(Box::new(value), None, Box::new(assigned)), self.since(from)));
        }
        Ok(value)
    }

    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let value = self.ternary();
        self.leave();
        value
    }

    fn ternary(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if self.is_word("lambda") {
            return self.lambda();
        }
        if self.eat_word("yield") {
            return self.yielded(from);
        }
        let value = self.either()?;
        if self.eat_word("if") {
            let test = self.either()?;
            if !self.eat_word("else") {
                return self.refuse("an `if` without `else`");
            }
            let other = self.expression()?;
            return Ok(expr(Kind::Choice(vec![test, value, other]), self.since(from)));
        }
        Ok(value)
    }

    fn yielded(&mut self, from: At) -> Parsed<Expr> {
        let value = if self.eat_word("from") {
            Some(self.expression()?)
        } else if self.starts_expression() {
            Some(self.expressions()?)
        } else {
            None
        };
        Ok(expr(Kind::Yield(value.map(Box::new)), self.since(from)))
    }

    fn lambda(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.next += 1;
        let parameters = self.parameters(":", false)?;
        self.expect(":")?;
        let value = self.expression()?;
        let at = self.since(from);
        let body = vec![Stmt { at: value.at, kind: Do::Return(Some(value)) }];
        let function = Function { name: None, parameters, body, decorators: Vec::new(), at };
        Ok(expr(Kind::Function(Rc::new(function)), at))
    }

    /// Parameters up to `end`, which stays.
    pub(super) fn parameters(&mut self, end: &'static str, annotated: bool) -> Parsed<Vec<Parameter>> {
        let mut parameters = Vec::new();
        let mut named = false;
        while !self.is(end) {
            let kind = if self.eat("**") {
                ParameterKind::RestNamed
            } else if self.eat("*") {
                named = true;
                if self.eat(",") {
                    continue;
                }
                ParameterKind::Rest
            } else if self.eat("/") {
                if !self.eat(",") {
                    break;
                }
                continue;
            } else if named {
                ParameterKind::Named
            } else {
                ParameterKind::One
            };
            let at = self.at();
            let target = expr(Kind::Name(self.name()?), at);
            let mut default = None;
            if annotated && self.eat(":") {
                // An annotation is worked out where the function is defined.
                let annotation = self.starred()?;
                parameters.push(Parameter {
                    target: expr(Kind::Constant, at),
                    default: Some(annotation),
                    kind: ParameterKind::Named,
                });
            }
            if self.eat("=") {
                default = Some(self.expression()?);
            }
            parameters.push(Parameter { target, default, kind });
            if !self.eat(",") {
                break;
            }
        }
        if parameters.len() > 64 { self.refuse("too many parameters") } else { Ok(parameters) }
    }

    /// `a or b and c`.
    fn either(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let first = self.negation()?;
        if !self.is_word("or") && !self.is_word("and") {
            return Ok(first);
        }
        let mut options = vec![expr(Kind::Constant, from), first];
        while self.eat_word("or") || self.eat_word("and") {
            options.push(self.negation()?);
        }
        Ok(expr(Kind::Choice(options), self.since(from)))
    }

    fn negation(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if self.eat_word("not") {
            self.enter()?;
            let value = self.negation()?;
            self.leave();
            return Ok(expr(Kind::Plain(vec![value]), self.since(from)));
        }
        let first = self.binary(0)?;
        let mut parts = Vec::new();
        while self.comparison() {
            if parts.is_empty() {
                parts.push(first.clone());
            }
            parts.push(self.binary(0)?);
        }
        if parts.is_empty() { Ok(first) } else { Ok(expr(Kind::Plain(parts), self.since(from))) }
    }

    fn comparison(&mut self) -> bool {
        if ["==", "!=", "<", ">", "<=", ">="].iter().any(|op| self.eat(op)) {
            return true;
        }
        if self.eat_word("in") {
            return true;
        }
        if self.eat_word("is") {
            self.eat_word("not");
            return true;
        }
        if self.is_word("not") && matches!(self.ahead(1), Tok::Name(name) if &**name == "in") {
            self.next += 2;
            return true;
        }
        false
    }

    fn level(&self) -> Option<(u8, Operator)> {
        let Tok::Op(op) = self.peek() else { return None };
        Some(match *op {
            "|" => (1, Operator::Other),
            "^" => (2, Operator::Other),
            "&" => (3, Operator::Other),
            "<<" | ">>" => (4, Operator::Other),
            "+" => (5, Operator::Add),
            "-" => (5, Operator::Other),
            "/" => (6, Operator::Divide),
            "%" => (6, Operator::Modulo),
            "*" | "//" | "@" => (6, Operator::Other),
            _ => return None,
        })
    }

    /// Operators that bind tighter than `least`.
    pub(super) fn binary(&mut self, least: u8) -> Parsed<Expr> {
        let from = self.at();
        let depth = self.depth;
        let mut left = self.unary()?;
        while let Some((level, operator)) = self.level().filter(|(level, _)| *level > least) {
            self.next += 1;
            self.enter()?;
            let right = self.binary(level)?;
            left = expr(Kind::Binary(operator, Box::new(left), Box::new(right)), self.since(from));
        }
        self.depth = depth;
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if self.eat("-") || self.eat("+") || self.eat("~") {
            self.enter()?;
            let value = self.unary()?;
            self.leave();
            return Ok(expr(Kind::Plain(vec![value]), self.since(from)));
        }
        let waits = self.eat_word("await");
        let base = self.postfix()?;
        let base = if waits { expr(Kind::Await(Box::new(base)), self.since(from)) } else { base };
        if self.eat("**") {
            self.enter()?;
            let power = self.unary()?;
            self.leave();
            return Ok(expr(
                Kind::Binary(Operator::Other, Box::new(base), Box::new(power)),
                self.since(from),
            ));
        }
        Ok(base)
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let depth = self.depth;
        let mut value = self.atom()?;
        loop {
            if self.eat(".") {
                let name = self.name()?;
                value = expr(Kind::Attribute(Box::new(value), name), self.since(from));
            } else if self.eat("(") {
                let arguments = self.arguments()?;
                value = expr(Kind::Call(Box::new(Call { callee: value, arguments })), self.since(from));
            } else if self.eat("[") {
                value = self.subscript(value, from)?;
            } else {
                break;
            }
            self.enter()?;
        }
        self.depth = depth;
        Ok(value)
    }

    fn subscript(&mut self, base: Expr, from: At) -> Parsed<Expr> {
        let mut parts = Vec::new();
        let mut slices = false;
        let mut several = false;
        while !self.is("]") {
            if self.eat(":") {
                slices = true;
            } else if self.eat(",") {
                several = true;
            } else {
                parts.push(self.starred()?);
            }
        }
        self.expect("]")?;
        let at = self.since(from);
        match (slices || several, parts.pop()) {
            (false, Some(index)) if parts.is_empty() => {
                Ok(expr(Kind::Index(Box::new(base), Box::new(index)), at))
            }
            (false, _) => self.refuse("an index is missing"),
            (true, last) => {
                parts.extend(last);
                if several && !slices {
                    let index = expr(Kind::Sequence(parts), at);
                    return Ok(expr(Kind::Index(Box::new(base), Box::new(index)), at));
                }
                Ok(expr(Kind::Slice(Box::new(base), parts), at))
            }
        }
    }

    /// Arguments behind an opened bracket, to its end.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while !self.eat(")") {
            let from = self.at();
            if self.eat("**") {
                let value = self.expression()?;
                let value = expr(Kind::SpreadNamed(Box::new(value)), self.since(from));
                arguments.push(Argument { name: None, value });
            } else if matches!(self.peek(), Tok::Name(name) if !is_keyword(name))
                && *self.ahead(1) == Tok::Op("=")
            {
                let name = self.name()?;
                self.next += 1;
                arguments.push(Argument { name: Some(name), value: self.expression()? });
            } else {
                let value = self.starred()?;
                let value = if self.is_word("for") || self.is_word("async") {
                    self.comprehension(vec![value], from)?
                } else {
                    value
                };
                arguments.push(Argument { name: None, value });
            }
            if !self.eat(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments)
    }

    /// `for x in y if z …` behind its values.
    fn comprehension(&mut self, values: Vec<Expr>, from: At) -> Parsed<Expr> {
        let mut clauses = Vec::new();
        loop {
            self.eat_word("async");
            if !self.eat_word("for") {
                break;
            }
            let target = self.targets()?;
            if !self.eat_word("in") {
                return self.refuse("a `for` without `in`");
            }
            let source = self.either_or_lambda()?;
            let mut tests = Vec::new();
            while self.eat_word("if") {
                tests.push(self.condition()?);
            }
            clauses.push(Clause { target, source, tests });
        }
        if clauses.is_empty() || clauses.len() > 8 {
            return self.refuse("a comprehension that is not known");
        }
        Ok(expr(Kind::Comprehension(Box::new(Comprehension { clauses, values })), self.since(from)))
    }

    fn either_or_lambda(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let value = if self.is_word("lambda") { self.lambda() } else { self.either() };
        self.leave();
        value
    }

    /// A test in a comprehension: no bare `a if b else c`.
    fn condition(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let value = self.either_or_lambda()?;
        if self.eat(":=") {
            let assigned = self.expression()?;
            return Ok(expr(Kind::Assign(Box::new(value), None, Box::new(assigned)), self.since(from)));
        }
        Ok(value)
    }

    /// What stands behind `case`: no `a if b else c`.
    pub(super) fn patterns(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let mut items = Vec::new();
        loop {
            let at = self.at();
            let star = self.eat("*");
            let item = self.binary(0)?;
            items.push(if star { expr(Kind::Spread(Box::new(item)), self.since(at)) } else { item });
            if !self.eat(",") || self.is(":") || self.is_word("if") {
                return Ok(expr(Kind::Sequence(items), self.since(from)));
            }
        }
    }

    /// What `for` assigns to.
    pub(super) fn targets(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let one = |parser: &mut Self| {
            let from = parser.at();
            if parser.eat("*") {
                let value = parser.postfix()?;
                return Ok(expr(Kind::Spread(Box::new(value)), parser.since(from)));
            }
            parser.postfix()
        };
        let first = one(self)?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(",") {
            if self.is_word("in") {
                break;
            }
            items.push(one(self)?);
        }
        Ok(expr(Kind::Sequence(items), self.since(from)))
    }

    fn atom(&mut self) -> Parsed<Expr> {
        let at = self.at();
        let token = self.peek().clone();
        match token {
            Tok::Number(value) => {
                self.next += 1;
                Ok(expr(value.map_or(Kind::Constant, Kind::Number), at))
            }
            Tok::Text(_) => self.texts(),
            Tok::Name(name) => match &*name {
                "True" | "False" => {
                    self.next += 1;
                    Ok(expr(Kind::Truth(&*name == "True"), at))
                }
                "None" => {
                    self.next += 1;
                    Ok(expr(Kind::Nothing, at))
                }
                _ => Ok(expr(Kind::Name(self.name()?), at)),
            },
            Tok::Op("...") => {
                self.next += 1;
                Ok(expr(Kind::Constant, at))
            }
            Tok::Op("(") => self.nested(at, Self::bracketed),
            Tok::Op("[") => self.nested(at, Self::list),
            Tok::Op("{") => self.nested(at, Self::braced),
            _ => self.refuse("the text is not Python as it is known here"),
        }
    }

    fn nested(&mut self, at: At, read: impl FnOnce(&mut Self, At) -> Parsed<Expr>) -> Parsed<Expr> {
        self.next += 1;
        self.enter()?;
        let value = read(self, at);
        self.leave();
        value
    }

    /// Literals in a row are one.
    fn texts(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let mut pieces = Vec::new();
        while let Tok::Text(literal) = self.peek() {
            let literal = *literal;
            let at = self.at();
            self.next += 1;
            pieces.push(self.literal(literal, at)?);
        }
        match (pieces.len(), pieces.pop()) {
            (1, Some(one)) => Ok(one),
            (_, last) => {
                pieces.extend(last);
                Ok(expr(Kind::Template(pieces), self.since(from)))
            }
        }
    }

    fn bracketed(&mut self, from: At) -> Parsed<Expr> {
        if self.eat(")") {
            return Ok(expr(Kind::Sequence(Vec::new()), self.since(from)));
        }
        let start = self.next;
        let first = self.starred()?;
        if self.is_word("for") || self.is_word("async") {
            let value = self.comprehension(vec![first], from)?;
            self.expect(")")?;
            return Ok(value);
        }
        if self.is(",") {
            self.next = start;
            let value = self.items(")")?;
            return Ok(expr(Kind::Sequence(value), self.since(from)));
        }
        self.expect(")")?;
        if matches!(first.kind, Kind::Spread(_)) {
            return self.refuse("a star on its own");
        }
        Ok(first)
    }

    fn items(&mut self, end: &'static str) -> Parsed<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.eat(end) {
            items.push(self.starred()?);
            if !self.eat(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(items)
    }

    fn list(&mut self, from: At) -> Parsed<Expr> {
        if self.eat("]") {
            return Ok(expr(Kind::Sequence(Vec::new()), self.since(from)));
        }
        let start = self.next;
        let first = self.starred()?;
        if self.is_word("for") || self.is_word("async") {
            let value = self.comprehension(vec![first], from)?;
            self.expect("]")?;
            return Ok(value);
        }
        self.next = start;
        let items = self.items("]")?;
        Ok(expr(Kind::Sequence(items), self.since(from)))
    }

    /// A dictionary or a set.
    fn braced(&mut self, from: At) -> Parsed<Expr> {
        if self.eat("}") {
            return Ok(expr(Kind::Mapping(Vec::new()), self.since(from)));
        }
        let mut entries = Vec::new();
        let mut items = Vec::new();
        loop {
            if self.eat("**") {
                entries.push((None, self.binary(0)?));
            } else {
                let key = self.starred()?;
                if self.eat(":") {
                    let value = self.expression()?;
                    if entries.is_empty() && (self.is_word("for") || self.is_word("async")) {
                        let value = self.comprehension(vec![key, value], from)?;
                        self.expect("}")?;
                        return Ok(value);
                    }
                    entries.push((Some(key), value));
                } else {
                    if items.is_empty() && (self.is_word("for") || self.is_word("async")) {
                        let value = self.comprehension(vec![key], from)?;
                        self.expect("}")?;
                        return Ok(value);
                    }
                    items.push(key);
                }
            }
            if self.eat("}") {
                break;
            }
            self.expect(",")?;
            if self.eat("}") {
                break;
            }
        }
        let at = self.since(from);
        match (entries.is_empty(), items.is_empty()) {
            (false, true) => Ok(expr(Kind::Mapping(entries), at)),
            (true, false) => Ok(expr(Kind::Sequence(items), at)),
            _ => self.refuse("a set and a dictionary at once"),
        }
    }
}

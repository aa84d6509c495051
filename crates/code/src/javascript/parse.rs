//! JavaScript's expressions.
//!
//! INVARIANT: no tree is deeper than [`DEPTH`] times a small number, and reading takes a bounded number of
//! steps for every byte (guarded by `tests/it/hostile.rs`).

use std::rc::Rc;

use super::lex::{Tok, Token, regex, token, unescape};
use crate::tree::{
    Argument, At, Call, DEPTH, Do, Expr, Function, Kind, Operator, Parameter, ParameterKind, Refusal, Stmt,
    Text,
};

pub(super) type Parsed<T> = Result<T, Refusal>;

/// Tokens looked at, for every byte of the text.
const STEPS: usize = 24;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) now: Token<'t>,
    /// End of the token before.
    pub(super) last: u32,
    pub(super) depth: u16,
    pub(super) typed: bool,
    steps: usize,
    /// `in` is no operator here (head of a `for`).
    pub(super) no_in: bool,
    pub(super) generator: bool,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark<'t> {
    now: Token<'t>,
    last: u32,
    depth: u16,
    no_in: bool,
    generator: bool,
}

pub(super) const UNREAD: &str = "the text is not JavaScript as it is known here";

/// Reads statements until one is refused.
pub(super) fn text(text: &str, typed: bool) -> Text {
    // `#!` is a comment at the very start only.
    let start = if text.starts_with("#!") { text.find('\n').unwrap_or(text.len()) } else { 0 };
    let mut body = Vec::new();
    let first = match token(text, start) {
        Ok(first) => first,
        Err(refusal) => return Text { body, refusal: Some(refusal) },
    };
    let mut parser =
        Parser { text, now: first, last: 0, depth: 0, typed, steps: 0, no_in: false, generator: false };
    while parser.now.tok != Tok::End {
        parser.depth = 0;
        if let Err(refusal) = parser.statement(&mut body) {
            return Text { body, refusal: Some(refusal) };
        }
    }
    Text { body, refusal: None }
}

pub(super) fn expr(kind: Kind, at: At) -> Expr {
    Expr { kind, at }
}

/// Words that are no names.
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "break"
            | "case"
            | "catch"
            | "class"
            | "const"
            | "continue"
            | "debugger"
            | "default"
            | "delete"
            | "do"
            | "else"
            | "enum"
            | "export"
            | "extends"
            | "false"
            | "finally"
            | "for"
            | "function"
            | "if"
            | "import"
            | "in"
            | "instanceof"
            | "new"
            | "null"
            | "return"
            | "super"
            | "switch"
            | "this"
            | "throw"
            | "true"
            | "try"
            | "typeof"
            | "var"
            | "void"
            | "while"
            | "with"
            | "let"
            | "yield"
            | "await"
    )
}

impl<'t> Parser<'t> {
    pub(super) fn mark(&self) -> Mark<'t> {
        Mark {
            now: self.now,
            last: self.last,
            depth: self.depth,
            no_in: self.no_in,
            generator: self.generator,
        }
    }

    pub(super) fn back(&mut self, mark: Mark<'t>) {
        self.now = mark.now;
        self.last = mark.last;
        self.depth = mark.depth;
        self.no_in = mark.no_in;
        self.generator = mark.generator;
    }

    pub(super) fn at(&self) -> At {
        self.now.at
    }

    pub(super) fn since(&self, from: At) -> At {
        At { from: from.from, to: self.last.max(from.from) }
    }

    pub(super) fn refuse<T>(&self, why: &'static str) -> Parsed<T> {
        Err(Refusal { why, at: self.now.at })
    }

    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH { self.refuse("the text is nested too deeply") } else { Ok(()) }
    }

    /// Goes on to the next token.
    pub(super) fn next(&mut self) -> Parsed<()> {
        self.go(self.now.at.to as usize)
    }

    pub(super) fn go(&mut self, to: usize) -> Parsed<()> {
        self.steps += 1;
        if self.steps > self.text.len() * STEPS + 1000 {
            return self.refuse("the text is too involved");
        }
        self.last = u32::try_from(to).unwrap_or(u32::MAX);
        self.now = token(self.text, to)?;
        Ok(())
    }

    pub(super) fn is(&self, op: &str) -> bool {
        matches!(self.now.tok, Tok::Op(found) if found == op)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.now.tok == Tok::Name(word)
    }

    pub(super) fn eat(&mut self, op: &str) -> Parsed<bool> {
        let found = self.is(op);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> Parsed<bool> {
        let found = self.is_word(word);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, op: &'static str) -> Parsed<()> {
        if self.eat(op)? { Ok(()) } else { self.refuse(UNREAD) }
    }

    /// The token behind this one.
    pub(super) fn ahead(&self) -> Parsed<Token<'t>> {
        token(self.text, self.now.at.to as usize)
    }

    pub(super) fn name(&mut self) -> Parsed<Rc<str>> {
        match self.now.tok {
            Tok::Name(name) if !is_reserved(name) => {
                self.next()?;
                Ok(Rc::from(name))
            }
            _ => self.refuse("a name is missing"),
        }
    }

    /// `a, b` or one expression.
    pub(super) fn expressions(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let first = self.assignment()?;
        if !self.is(",") {
            return Ok(first);
        }
        // All are worked out, the last is the value.
        let mut items = vec![first];
        while self.eat(",")? {
            items.push(self.assignment()?);
        }
        let last = items.pop().unwrap_or(expr(Kind::Constant, from));
        let at = self.since(from);
        let before = expr(Kind::Plain(items), at);
        Ok(expr(Kind::Choice(vec![before, last]), at))
    }

    pub(super) fn assignment(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let value = self.assigned();
        self.depth = self.depth.saturating_sub(1);
        value
    }

    fn assigned(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if let Some(arrow) = self.arrow()? {
            return Ok(arrow);
        }
        if self.generator && self.is_word("yield") {
            self.next()?;
            self.eat("*")?;
            let ends = self.now.fresh
                || matches!(self.now.tok, Tok::Op(")" | "]" | "}" | "," | ";" | ":") | Tok::End);
            let value = if ends { None } else { Some(Box::new(self.assignment()?)) };
            return Ok(expr(Kind::Yield(value), self.since(from)));
        }
        let left = self.conditional()?;
        let operator = match self.now.tok {
            Tok::Op("=") => None,
            Tok::Op("+=") => Some(Operator::Add),
            Tok::Op(
                "&&=" | "||=" | "??=" | "-=" | "*=" | "/=" | "%=" | "**=" | "<<=" | ">>=" | ">>>=" | "&="
                | "|=" | "^=",
            ) => Some(Operator::Other),
            _ => return Ok(left),
        };
        if !matches!(
            left.kind,
            Kind::Name(_) | Kind::Attribute(..) | Kind::Index(..) | Kind::Sequence(_) | Kind::Mapping(_)
        ) {
            return self.refuse("an assignment to something that is no place");
        }
        let logical = matches!(self.now.tok, Tok::Op("&&=" | "||=" | "??="));
        self.next()?;
        let value = self.assignment()?;
        let at = self.since(from);
        let value = if logical {
            expr(Kind::Choice(vec![expr(Kind::Constant, at), left.clone(), value]), at)
        } else {
            value
        };
        let operator = if logical { None } else { operator };
        Ok(expr(Kind::Assign(Box::new(left), operator, Box::new(value)), at))
    }

    /// An arrow function, if there is one here.
    fn arrow(&mut self) -> Parsed<Option<Expr>> {
        let mark = self.mark();
        let from = self.at();
        if self.is_word("async") {
            let ahead = self.ahead()?;
            let opens = matches!(ahead.tok, Tok::Op("("))
                || matches!(ahead.tok, Tok::Name(name) if !is_reserved(name));
            if ahead.fresh || !opens {
                return Ok(None);
            }
            self.next()?;
        }
        let parameters = match self.now.tok {
            Tok::Name(name) if !is_reserved(name) => {
                if self.ahead()?.tok != Tok::Op("=>") {
                    self.back(mark);
                    return Ok(None);
                }
                let at = self.at();
                let target = expr(Kind::Name(self.name()?), at);
                vec![Parameter { target, default: None, kind: ParameterKind::One }]
            }
            Tok::Op("(") => match self.arrow_parameters() {
                Some(parameters) => parameters,
                None => {
                    self.back(mark);
                    return Ok(None);
                }
            },
            _ => {
                self.back(mark);
                return Ok(None);
            }
        };
        if !self.is("=>") || self.now.fresh {
            self.back(mark);
            return Ok(None);
        }
        self.next()?;
        let before = (self.generator, self.no_in);
        self.generator = false;
        let body = if self.is("{") {
            self.no_in = false;
            self.body()?
        } else {
            let value = self.assignment()?;
            vec![Stmt { at: value.at, kind: Do::Return(Some(value)) }]
        };
        (self.generator, self.no_in) = before;
        let at = self.since(from);
        let function = Function { name: None, parameters, body, decorators: Vec::new(), at };
        Ok(Some(expr(Kind::Function(Rc::new(function)), at)))
    }

    fn arrow_parameters(&mut self) -> Option<Vec<Parameter>> {
        let parameters = self.parameters().ok()?;
        if self.typed && self.eat(":").ok()? {
            self.skip_type().ok()?;
        }
        self.is("=>").then_some(parameters)
    }

    /// Parameters in brackets.
    pub(super) fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        self.expect("(")?;
        let mut parameters = Vec::new();
        let no_in = std::mem::replace(&mut self.no_in, false);
        while !self.eat(")")? {
            let kind = if self.eat("...")? { ParameterKind::Rest } else { ParameterKind::One };
            while self.typed
                && matches!(self.now.tok, Tok::Name("public" | "private" | "protected" | "readonly"))
                && matches!(self.ahead()?.tok, Tok::Name(_))
            {
                self.next()?;
            }
            let this = self.typed && self.is_word("this");
            let at = self.at();
            let target = if this {
                self.next()?;
                expr(Kind::Constant, at)
            } else {
                self.pattern()?
            };
            if self.typed {
                self.eat("?")?;
                if self.eat(":")? {
                    self.skip_type()?;
                }
            }
            let default = if self.eat("=")? { Some(self.assignment()?) } else { None };
            if !this {
                parameters.push(Parameter { target, default, kind });
            }
            if !self.eat(",")? {
                self.expect(")")?;
                break;
            }
        }
        self.no_in = no_in;
        if parameters.len() > 64 { self.refuse("too many parameters") } else { Ok(parameters) }
    }

    fn conditional(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let test = self.either(0)?;
        if !self.is("?") {
            return Ok(test);
        }
        self.next()?;
        let no_in = std::mem::replace(&mut self.no_in, false);
        let one = self.assignment()?;
        self.no_in = no_in;
        self.expect(":")?;
        let other = self.assignment()?;
        Ok(expr(Kind::Choice(vec![test, one, other]), self.since(from)))
    }

    fn level(&self) -> Option<(u8, Operator)> {
        let Tok::Op(op) = self.now.tok else {
            return match self.now.tok {
                Tok::Name("in") if !self.no_in => Some((7, Operator::Other)),
                Tok::Name("instanceof") => Some((7, Operator::Other)),
                _ => None,
            };
        };
        Some(match op {
            "??" | "||" => (1, Operator::Other),
            "&&" => (2, Operator::Other),
            "|" => (3, Operator::Other),
            "^" => (4, Operator::Other),
            "&" => (5, Operator::Other),
            "==" | "!=" | "===" | "!==" => (6, Operator::Other),
            "<" | ">" | "<=" | ">=" => (7, Operator::Other),
            "<<" | ">>" | ">>>" => (8, Operator::Other),
            "+" => (9, Operator::Add),
            "-" => (9, Operator::Other),
            "*" | "/" | "%" => (10, Operator::Other),
            _ => return None,
        })
    }

    /// Operators that bind tighter than `least`.
    fn either(&mut self, least: u8) -> Parsed<Expr> {
        let from = self.at();
        let depth = self.depth;
        let mut left = self.unary()?;
        loop {
            if self.typed
                && !self.now.fresh
                && matches!(self.now.tok, Tok::Name("as" | "satisfies"))
                && least < 7
            {
                self.next()?;
                self.skip_type()?;
                continue;
            }
            let Some((level, operator)) = self.level().filter(|(level, _)| *level > least) else { break };
            let logic = level <= 2;
            self.next()?;
            self.enter()?;
            let right = self.either(level)?;
            let at = self.since(from);
            left = if logic {
                expr(Kind::Choice(vec![expr(Kind::Constant, at), left, right]), at)
            } else if operator == Operator::Add {
                expr(Kind::Binary(operator, Box::new(left), Box::new(right)), at)
            } else {
                expr(Kind::Plain(vec![left, right]), at)
            };
        }
        self.depth = depth;
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let prefix = match self.now.tok {
            Tok::Op("!" | "-" | "+" | "~") => true,
            Tok::Name("typeof" | "void" | "delete") => true,
            Tok::Op("++" | "--") => {
                self.next()?;
                self.enter()?;
                let place = self.unary()?;
                self.depth -= 1;
                return self.counted(place, from);
            }
            Tok::Name("await") => {
                self.next()?;
                if self.is("/") || self.is("/=") {
                    return self.refuse("`await` before a slash");
                }
                self.enter()?;
                let value = self.unary()?;
                self.depth -= 1;
                return Ok(expr(Kind::Await(Box::new(value)), self.since(from)));
            }
            _ => false,
        };
        if prefix {
            let deletes = self.is_word("delete");
            self.next()?;
            self.enter()?;
            let value = self.unary()?;
            self.depth -= 1;
            let at = self.since(from);
            if deletes && matches!(value.kind, Kind::Attribute(..) | Kind::Index(..)) {
                // Takes a member away: like putting another there.
                let nothing = expr(Kind::Constant, at);
                return Ok(expr(Kind::Assign(Box::new(value), None, Box::new(nothing)), at));
            }
            return Ok(expr(Kind::Plain(vec![value]), at));
        }
        let value = self.postfix()?;
        if (self.is("++") || self.is("--")) && !self.now.fresh {
            self.next()?;
            return self.counted(value, from);
        }
        if self.is("**") {
            self.next()?;
            self.enter()?;
            let power = self.unary()?;
            self.depth -= 1;
            return Ok(expr(Kind::Plain(vec![value, power]), self.since(from)));
        }
        Ok(value)
    }

    fn counted(&self, place: Expr, from: At) -> Parsed<Expr> {
        let at = self.since(from);
        if !matches!(place.kind, Kind::Name(_) | Kind::Attribute(..) | Kind::Index(..)) {
            return self.refuse("an assignment to something that is no place");
        }
        Ok(expr(Kind::Assign(Box::new(place), Some(Operator::Other), Box::new(expr(Kind::Constant, at))), at))
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let depth = self.depth;
        let mut value = if self.is_word("new") { self.new_object()? } else { self.atom()? };
        loop {
            match self.now.tok {
                Tok::Op("." | "?.") => {
                    let optional = self.is("?.");
                    self.next()?;
                    value = match self.now.tok {
                        Tok::Op("(") if optional => self.called(value, from)?,
                        Tok::Op("[") if optional => self.indexed(value, from)?,
                        Tok::Name(name) | Tok::Private(name) => {
                            self.next()?;
                            expr(Kind::Attribute(Box::new(value), Rc::from(name)), self.since(from))
                        }
                        _ => return self.refuse(UNREAD),
                    };
                }
                Tok::Op("(") => value = self.called(value, from)?,
                Tok::Op("[") => value = self.indexed(value, from)?,
                Tok::Op("!") if self.typed && !self.now.fresh => self.next()?,
                Tok::Template => {
                    // A tag is called with the pieces.
                    let pieces = self.template()?;
                    let at = self.since(from);
                    let argument = Argument { name: None, value: expr(Kind::Plain(vec![pieces]), at) };
                    value = expr(Kind::Call(Box::new(Call { callee: value, arguments: vec![argument] })), at);
                }
                Tok::Op("<") if self.typed => {
                    let mark = self.mark();
                    if self.type_arguments().is_ok() && self.is("(") {
                        continue;
                    }
                    self.back(mark);
                    break;
                }
                _ => break,
            }
            self.enter()?;
        }
        self.depth = depth;
        Ok(value)
    }

    fn called(&mut self, callee: Expr, from: At) -> Parsed<Expr> {
        let arguments = self.arguments()?;
        Ok(expr(Kind::Call(Box::new(Call { callee, arguments })), self.since(from)))
    }

    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        self.expect("(")?;
        let no_in = std::mem::replace(&mut self.no_in, false);
        let mut arguments = Vec::new();
        while !self.eat(")")? {
            let value = self.spread()?;
            arguments.push(Argument { name: None, value });
            if !self.eat(",")? {
                self.expect(")")?;
                break;
            }
        }
        self.no_in = no_in;
        Ok(arguments)
    }

    pub(super) fn spread(&mut self) -> Parsed<Expr> {
        let from = self.at();
        if self.eat("...")? {
            let value = self.assignment()?;
            return Ok(expr(Kind::Spread(Box::new(value)), self.since(from)));
        }
        self.assignment()
    }

    fn indexed(&mut self, base: Expr, from: At) -> Parsed<Expr> {
        self.expect("[")?;
        let no_in = std::mem::replace(&mut self.no_in, false);
        let index = self.expressions()?;
        self.no_in = no_in;
        self.expect("]")?;
        Ok(expr(Kind::Index(Box::new(base), Box::new(index)), self.since(from)))
    }

    fn new_object(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.next()?;
        if self.is(".") {
            return self.refuse("`new.target`");
        }
        self.enter()?;
        let mut callee = if self.is_word("new") { self.new_object()? } else { self.atom()? };
        loop {
            if self.eat(".")? {
                let Tok::Name(name) = self.now.tok else { return self.refuse(UNREAD) };
                self.next()?;
                callee = expr(Kind::Attribute(Box::new(callee), Rc::from(name)), self.since(from));
            } else if self.is("[") {
                callee = self.indexed(callee, from)?;
            } else {
                break;
            }
            self.enter()?;
        }
        if self.typed && self.is("<") {
            self.type_arguments()?;
        }
        let arguments = if self.is("(") { self.arguments()? } else { Vec::new() };
        Ok(expr(Kind::Call(Box::new(Call { callee, arguments })), self.since(from)))
    }

    fn atom(&mut self) -> Parsed<Expr> {
        let at = self.at();
        match self.now.tok {
            Tok::Number(value) => {
                self.next()?;
                Ok(expr(value.map_or(Kind::Constant, Kind::Number), at))
            }
            Tok::Text(source) => {
                self.next()?;
                Ok(expr(unescape(source).map_or(Kind::Constant, |text| Kind::Text(Rc::from(text))), at))
            }
            Tok::Template => self.template(),
            Tok::Op("/" | "/=") => {
                let end = regex(self.text, at.from as usize)?;
                self.go(end)?;
                Ok(expr(Kind::Constant, self.since(at)))
            }
            Tok::Op("(") => {
                self.next()?;
                let no_in = std::mem::replace(&mut self.no_in, false);
                let value = self.expressions()?;
                self.no_in = no_in;
                self.expect(")")?;
                Ok(value)
            }
            Tok::Op("[") => self.array(),
            Tok::Op("{") => self.object(),
            Tok::Name(name) => self.word(name),
            _ => self.refuse(UNREAD),
        }
    }

    fn word(&mut self, name: &'t str) -> Parsed<Expr> {
        let at = self.at();
        match name {
            "true" | "false" => {
                self.next()?;
                Ok(expr(Kind::Truth(name == "true"), at))
            }
            "null" => {
                self.next()?;
                Ok(expr(Kind::Nothing, at))
            }
            "this" | "super" => {
                self.next()?;
                Ok(expr(Kind::Name(Rc::from(name)), at))
            }
            "function" => self.function_value(),
            "class" => {
                let class = self.class()?;
                Ok(expr(Kind::Class(class), self.since(at)))
            }
            "import" => {
                self.next()?;
                if self.eat(".")? {
                    let Tok::Name("meta") = self.now.tok else { return self.refuse(UNREAD) };
                    self.next()?;
                    return Ok(expr(Kind::Name(Rc::from("import.meta")), self.since(at)));
                }
                self.expect("(")?;
                let module = self.assignment()?;
                if self.eat(",")? && !self.is(")") {
                    return self.refuse("options of an import");
                }
                self.expect(")")?;
                Ok(expr(Kind::Import(Box::new(module)), self.since(at)))
            }
            "async" => {
                let ahead = self.ahead()?;
                if ahead.tok == Tok::Name("function") && !ahead.fresh {
                    self.next()?;
                    return self.function_value();
                }
                self.next()?;
                Ok(expr(Kind::Name(Rc::from(name)), at))
            }
            _ => Ok(expr(Kind::Name(self.name()?), at)),
        }
    }

    /// A template literal; the current token is its back-quote.
    fn template(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let mut at = from.to as usize;
        let mut pieces = Vec::new();
        self.enter()?;
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            let mut end = 0;
            let bytes = rest.as_bytes();
            let opens = loop {
                match bytes.get(end) {
                    None => return self.refuse("a template is not closed"),
                    Some(b'\\') => end += 2,
                    Some(b'`') => break false,
                    Some(b'$') if bytes.get(end + 1) == Some(&b'{') => break true,
                    Some(_) => end += 1,
                }
            };
            let source = rest.get(..end).unwrap_or("");
            let piece = unescape(source).map_or(Kind::Constant, |text| Kind::Text(Rc::from(text)));
            pieces.push(expr(piece, At::new(at, at + end)));
            if !opens {
                self.go(at + end + 1)?;
                self.depth -= 1;
                return Ok(expr(Kind::Template(pieces), self.since(from)));
            }
            self.go(at + end + 2)?;
            let no_in = std::mem::replace(&mut self.no_in, false);
            pieces.push(self.expressions()?);
            self.no_in = no_in;
            if !self.is("}") {
                return self.refuse("a template's expression does not end");
            }
            at = self.now.at.to as usize;
        }
    }
}

//! Arrays, objects, patterns, functions and classes of JavaScript.

use std::rc::Rc;

use super::lex::{Tok, unescape};
use super::parse::{Parsed, Parser, UNREAD, expr, is_reserved};
use crate::tree::{Argument, At, Class, Declares, Do, Expr, Function, Kind, Stmt};

/// A member's name.
enum Key {
    Known(Rc<str>),
    Computed(Expr),
}

impl Parser<'_> {
    pub(super) fn array(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.expect("[")?;
        let no_in = std::mem::replace(&mut self.no_in, false);
        let mut items = Vec::new();
        while !self.eat("]")? {
            if self.is(",") {
                items.push(expr(Kind::Constant, self.at()));
                self.next()?;
                continue;
            }
            items.push(self.spread()?);
            if !self.eat(",")? {
                self.expect("]")?;
                break;
            }
        }
        self.no_in = no_in;
        Ok(expr(Kind::Sequence(items), self.since(from)))
    }

    pub(super) fn object(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.expect("{")?;
        let no_in = std::mem::replace(&mut self.no_in, false);
        let mut entries = Vec::new();
        while !self.eat("}")? {
            entries.push(self.entry()?);
            if !self.eat(",")? {
                self.expect("}")?;
                break;
            }
        }
        self.no_in = no_in;
        Ok(expr(Kind::Mapping(entries), self.since(from)))
    }

    fn entry(&mut self) -> Parsed<(Option<Expr>, Expr)> {
        if self.eat("...")? {
            return Ok((None, self.assignment()?));
        }
        let (mut generator, mut accessor, mut method) = (false, false, false);
        while let Tok::Name(word @ ("get" | "set" | "async")) = self.now.tok {
            let ahead = self.ahead()?;
            if matches!(ahead.tok, Tok::Op("," | ":" | "(" | "}" | "=")) {
                break;
            }
            accessor |= word != "async";
            method = true;
            self.next()?;
        }
        if self.eat("*")? {
            generator = true;
            method = true;
        }
        let at = self.at();
        let plain = match self.now.tok {
            Tok::Name(name) if !is_reserved(name) => Some(name),
            _ => None,
        };
        let key = self.key()?;
        let key = match key {
            Key::Known(name) => expr(Kind::Text(name), at),
            Key::Computed(key) => key,
        };
        if method || self.is("(") || self.typed && self.is("<") {
            let function = self.method(None, generator, at)?;
            let kind = Kind::Function(Rc::new(function));
            let value = expr(kind, self.since(at));
            // What a getter gives is not the function itself.
            let value = if accessor { expr(Kind::Plain(vec![value]), self.since(at)) } else { value };
            return Ok((Some(key), value));
        }
        if self.eat(":")? {
            return Ok((Some(key), self.assignment()?));
        }
        let Some(name) = plain else { return self.refuse(UNREAD) };
        let target = expr(Kind::Name(Rc::from(name)), at);
        if self.eat("=")? {
            let default = self.assignment()?;
            let value = expr(Kind::Assign(Box::new(target), None, Box::new(default)), self.since(at));
            return Ok((Some(key), value));
        }
        Ok((Some(key), target))
    }

    fn key(&mut self) -> Parsed<Key> {
        let key = match self.now.tok {
            Tok::Name(name) | Tok::Private(name) => Rc::from(name),
            Tok::Text(source) => match unescape(source) {
                Some(text) => Rc::from(text),
                None => return self.refuse("a member's name that is not worked out"),
            },
            Tok::Number(Some(number)) => Rc::from(number.to_string()),
            Tok::Number(None) => Rc::from("number"),
            Tok::Op("[") => {
                self.next()?;
                let no_in = std::mem::replace(&mut self.no_in, false);
                let key = self.assignment()?;
                self.no_in = no_in;
                self.expect("]")?;
                return Ok(Key::Computed(key));
            }
            _ => return self.refuse(UNREAD),
        };
        self.next()?;
        Ok(Key::Known(key))
    }

    /// A name, or an array or object of patterns.
    pub(super) fn pattern(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.enter()?;
        let pattern = match self.now.tok {
            Tok::Op("[") => self.array_pattern()?,
            Tok::Op("{") => self.object_pattern()?,
            _ => expr(Kind::Name(self.name()?), from),
        };
        self.depth -= 1;
        Ok(pattern)
    }

    fn defaulted(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let target = self.pattern()?;
        if self.eat("=")? {
            let default = self.assignment()?;
            return Ok(expr(Kind::Assign(Box::new(target), None, Box::new(default)), self.since(from)));
        }
        Ok(target)
    }

    fn array_pattern(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.eat("]")? {
            let at = self.at();
            if self.is(",") {
                items.push(expr(Kind::Constant, at));
                self.next()?;
                continue;
            }
            let rest = self.eat("...")?;
            let item = self.defaulted()?;
            items.push(if rest { expr(Kind::Spread(Box::new(item)), self.since(at)) } else { item });
            if !self.eat(",")? {
                self.expect("]")?;
                break;
            }
        }
        Ok(expr(Kind::Sequence(items), self.since(from)))
    }

    fn object_pattern(&mut self) -> Parsed<Expr> {
        let from = self.at();
        self.expect("{")?;
        let mut entries = Vec::new();
        while !self.eat("}")? {
            if self.eat("...")? {
                entries.push((None, self.pattern()?));
            } else {
                let at = self.at();
                let plain = match self.now.tok {
                    Tok::Name(name) if !is_reserved(name) => Some(name),
                    _ => None,
                };
                let key = match self.key()? {
                    Key::Known(name) => expr(Kind::Text(name), at),
                    Key::Computed(key) => key,
                };
                let value = if self.eat(":")? {
                    self.defaulted()?
                } else {
                    let Some(name) = plain else { return self.refuse(UNREAD) };
                    let target = expr(Kind::Name(Rc::from(name)), at);
                    if self.eat("=")? {
                        let default = self.assignment()?;
                        expr(Kind::Assign(Box::new(target), None, Box::new(default)), self.since(at))
                    } else {
                        target
                    }
                };
                entries.push((Some(key), value));
            }
            if !self.eat(",")? {
                self.expect("}")?;
                break;
            }
        }
        Ok(expr(Kind::Mapping(entries), self.since(from)))
    }

    /// `function name(…) {…}`; the current token is `function`.
    pub(super) fn function_value(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let function = self.function()?;
        Ok(expr(Kind::Function(Rc::new(function)), self.since(from)))
    }

    pub(super) fn function(&mut self) -> Parsed<Function> {
        let from = self.at();
        self.next()?;
        let generator = self.eat("*")?;
        let name = if matches!(self.now.tok, Tok::Name(_)) { Some(self.name()?) } else { None };
        self.method(name, generator, from)
    }

    /// Parameters and body.
    fn method(&mut self, name: Option<Rc<str>>, generator: bool, from: At) -> Parsed<Function> {
        if self.typed && self.is("<") {
            self.type_parameters()?;
        }
        let before = (self.generator, self.no_in);
        self.generator = generator;
        self.no_in = false;
        let parameters = self.parameters()?;
        if self.typed && self.eat(":")? {
            self.skip_type()?;
        }
        let body = self.body()?;
        (self.generator, self.no_in) = before;
        Ok(Function { name, parameters, body, decorators: Vec::new(), at: self.since(from) })
    }

    /// Statements in braces.
    pub(super) fn body(&mut self) -> Parsed<Vec<Stmt>> {
        self.enter()?;
        self.expect("{")?;
        let mut body = Vec::new();
        while !self.is("}") {
            if self.now.tok == Tok::End {
                return self.refuse("a block does not end");
            }
            self.statement(&mut body)?;
        }
        self.depth -= 1;
        self.next()?;
        Ok(body)
    }

    /// The current token is `class`.
    pub(super) fn class(&mut self) -> Parsed<Rc<Class>> {
        self.next()?;
        let name = match self.now.tok {
            Tok::Name(name) if name != "extends" && name != "implements" => Some(self.name()?),
            _ => None,
        };
        if self.typed && self.is("<") {
            self.type_parameters()?;
        }
        let mut bases = Vec::new();
        if self.eat_word("extends")? {
            self.enter()?;
            let value = self.base()?;
            self.depth -= 1;
            bases.push(Argument { name: None, value });
            if self.typed && self.is("<") {
                self.type_arguments()?;
            }
        }
        if self.typed && self.eat_word("implements")? {
            self.skip_type()?;
            while self.eat(",")? {
                self.skip_type()?;
            }
        }
        self.enter()?;
        self.expect("{")?;
        let mut body = Vec::new();
        while !self.eat("}")? {
            if !self.eat(";")? {
                self.member(&mut body)?;
            }
        }
        self.depth -= 1;
        Ok(Rc::new(Class { name, bases, body, decorators: Vec::new() }))
    }

    /// A base that is a plain name with members.
    fn base(&mut self) -> Parsed<Expr> {
        let from = self.at();
        let mut value = expr(Kind::Name(self.name()?), from);
        while self.eat(".")? {
            self.enter()?;
            let name = self.name()?;
            value = expr(Kind::Attribute(Box::new(value), name), self.since(from));
        }
        Ok(value)
    }

    fn member(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        if self.is("@") {
            return self.refuse("a decorator");
        }
        let mut method = false;
        while let Tok::Name(word) = self.now.tok {
            let modifies = matches!(word, "static" | "get" | "set" | "async")
                || self.typed
                    && matches!(
                        word,
                        "public" | "private" | "protected" | "readonly" | "override" | "declare" | "abstract"
                    );
            let ahead = self.ahead()?;
            if !modifies
                || matches!(ahead.tok, Tok::Op("(" | "=" | ";" | "}" | ":" | "?" | "!"))
                || ahead.fresh
            {
                break;
            }
            if word == "static" && ahead.tok == Tok::Op("{") {
                self.next()?;
                let at = self.at();
                let inner = self.body()?;
                body.push(Stmt { kind: Do::Block(inner), at });
                return Ok(());
            }
            method |= matches!(word, "get" | "set" | "async");
            self.next()?;
        }
        let generator = self.eat("*")?;
        let at = self.at();
        let (name, computed) = match self.key()? {
            Key::Known(name) => (Some(name), None),
            Key::Computed(key) => (None, Some(key)),
        };
        if let Some(key) = computed {
            body.push(Stmt { at, kind: Do::Expr(key) });
        }
        if self.typed && !self.eat("?")? {
            self.eat("!")?;
        }
        if method || generator || self.is("(") || self.typed && self.is("<") {
            let name = name.unwrap_or(Rc::from(""));
            let function = self.method(Some(name), generator, from)?;
            body.push(Stmt { kind: Do::Function(Rc::new(function)), at: self.since(from) });
            return Ok(());
        }
        if self.typed && self.eat(":")? {
            self.skip_type()?;
        }
        if self.eat("=")? {
            let value = self.assignment()?;
            let target = expr(Kind::Name(name.unwrap_or(Rc::from(""))), at);
            body.push(Stmt { kind: Do::Assign(vec![target], value, Declares::Block), at: self.since(from) });
        }
        self.ended()
    }
}

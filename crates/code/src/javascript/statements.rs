//! JavaScript's statements.

use std::rc::Rc;

use super::lex::{Tok, unescape};
use super::parse::{Parsed, Parser, UNREAD, expr, is_reserved};
use crate::tree::{Case, Declares, Do, Expr, Handler, Kind, Stmt};

impl Parser<'_> {
    /// The end of a statement, written or put in by the language.
    pub(super) fn ended(&mut self) -> Parsed<()> {
        if self.eat(";")? || self.is("}") || self.now.tok == Tok::End || self.now.fresh {
            return Ok(());
        }
        self.refuse(UNREAD)
    }

    pub(super) fn statement(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        self.enter()?;
        let kind = match self.now.tok {
            Tok::Op("{") => Some(Do::Block(self.body()?)),
            Tok::Op(";") => {
                self.next()?;
                Some(Do::Nothing)
            }
            Tok::Op("@") => return self.refuse("a decorator"),
            Tok::Name(word) => self.worded(word, body)?,
            _ => Some(self.plain()?),
        };
        self.depth = self.depth.saturating_sub(1);
        if let Some(kind) = kind {
            body.push(Stmt { kind, at: self.since(from) });
        }
        Ok(())
    }

    fn plain(&mut self) -> Parsed<Do> {
        let value = self.expressions()?;
        self.ended()?;
        Ok(Do::Expr(value))
    }

    /// A statement that starts with a word; `None` when nothing is left to be pushed.
    fn worded(&mut self, word: &str, body: &mut Vec<Stmt>) -> Parsed<Option<Do>> {
        Ok(Some(match word {
            "var" | "const" => {
                if self.typed && self.ahead()?.tok == Tok::Name("enum") {
                    return self.refuse("an enumeration");
                }
                self.declarations(body)?;
                self.ended()?;
                return Ok(None);
            }
            "let" => {
                self.declarations(body)?;
                self.ended()?;
                return Ok(None);
            }
            "function" => Do::Function(Rc::new(self.function()?)),
            "async" => {
                let ahead = self.ahead()?;
                if ahead.tok != Tok::Name("function") || ahead.fresh {
                    return Ok(Some(self.plain()?));
                }
                self.next()?;
                Do::Function(Rc::new(self.function()?))
            }
            "class" => Do::Class(self.class()?),
            "if" => self.branch()?,
            "for" => self.each()?,
            "while" => {
                self.next()?;
                let test = self.bracketed()?;
                Do::While(test, self.one()?, Vec::new())
            }
            "do" => {
                self.next()?;
                let inner = self.one()?;
                if !self.eat_word("while")? {
                    return self.refuse(UNREAD);
                }
                let test = self.bracketed()?;
                self.eat(";")?;
                Do::While(test, inner, Vec::new())
            }
            "switch" => self.switch()?,
            "try" => self.attempt()?,
            "return" => {
                self.next()?;
                let ends = self.now.fresh || matches!(self.now.tok, Tok::Op(";" | "}") | Tok::End);
                let value = if ends { None } else { Some(self.expressions()?) };
                self.ended()?;
                Do::Return(value)
            }
            "throw" => {
                self.next()?;
                if self.now.fresh {
                    return self.refuse(UNREAD);
                }
                let value = self.expressions()?;
                self.ended()?;
                Do::Raise(vec![value])
            }
            "break" | "continue" => {
                self.next()?;
                if !self.now.fresh && matches!(self.now.tok, Tok::Name(name) if !is_reserved(name)) {
                    self.next()?;
                }
                self.ended()?;
                Do::Leave
            }
            "debugger" => {
                self.next()?;
                self.ended()?;
                Do::Nothing
            }
            "with" => return self.refuse("`with`"),
            "import" => {
                let ahead = self.ahead()?.tok;
                if matches!(ahead, Tok::Op("(" | ".")) {
                    return Ok(Some(self.plain()?));
                }
                self.imports(body)?;
                return Ok(None);
            }
            "export" => return self.exported(body),
            "interface" | "type" | "declare" | "namespace" | "module" | "enum" | "abstract" if self.typed => {
                return self.typed_statement(word);
            }
            _ => {
                if !is_reserved(word) && self.ahead()?.tok == Tok::Op(":") {
                    self.next()?;
                    self.next()?;
                    let mut inner = Vec::new();
                    self.statement(&mut inner)?;
                    return Ok(Some(Do::Block(inner)));
                }
                self.plain()?
            }
        }))
    }

    /// `interface`, `type` and the like; `None`: nothing runs.
    fn typed_statement(&mut self, word: &str) -> Parsed<Option<Do>> {
        let ahead = self.ahead()?;
        let names = matches!(ahead.tok, Tok::Name(name) if !is_reserved(name)) && !ahead.fresh;
        if !names {
            return if word == "enum" { self.refuse("an enumeration") } else { Ok(Some(self.plain()?)) };
        }
        match word {
            "interface" => {
                self.next()?;
                self.next()?;
                if self.is("<") {
                    self.type_parameters()?;
                }
                if self.eat_word("extends")? {
                    self.skip_type()?;
                    while self.eat(",")? {
                        self.skip_type()?;
                    }
                }
                self.balanced("{", "}")?;
            }
            "type" => {
                self.next()?;
                self.next()?;
                if self.is("<") {
                    self.type_parameters()?;
                }
                self.expect("=")?;
                self.skip_type()?;
                self.ended()?;
            }
            _ => return self.refuse("a declaration of TypeScript"),
        }
        Ok(None)
    }

    /// `var a = 1, {b} = c`, without its end.
    fn declarations(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let declares = if self.is_word("var") { Declares::Function } else { Declares::Block };
        self.next()?;
        loop {
            let from = self.at();
            let target = self.pattern()?;
            if self.typed {
                self.eat("!")?;
                if self.eat(":")? {
                    self.skip_type()?;
                }
            }
            let kind = if self.eat("=")? {
                let value = self.assignment()?;
                Do::Assign(vec![target], value, declares)
            } else {
                Do::Declare(target, declares)
            };
            body.push(Stmt { kind, at: self.since(from) });
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    fn bracketed(&mut self) -> Parsed<Expr> {
        self.expect("(")?;
        let value = self.expressions()?;
        self.expect(")")?;
        Ok(value)
    }

    /// A statement that is the body of another.
    fn one(&mut self) -> Parsed<Vec<Stmt>> {
        let mut body = Vec::new();
        self.statement(&mut body)?;
        Ok(body)
    }

    fn branch(&mut self) -> Parsed<Do> {
        self.next()?;
        let test = self.bracketed()?;
        let then = self.one()?;
        let other = if self.eat_word("else")? { self.one()? } else { Vec::new() };
        Ok(Do::If(test, then, other))
    }

    fn each(&mut self) -> Parsed<Do> {
        self.next()?;
        self.eat_word("await")?;
        let from = self.at();
        self.expect("(")?;
        let mut first = Vec::new();
        let declares = match self.now.tok {
            Tok::Name("var") => Declares::Function,
            Tok::Name("let" | "const") => Declares::Block,
            _ => Declares::No,
        };
        self.no_in = true;
        if declares == Declares::No {
            if !self.is(";") {
                let at = self.at();
                let value = self.expressions()?;
                first.push(Stmt { kind: Do::Expr(value), at });
            }
        } else {
            self.declarations(&mut first)?;
        }
        self.no_in = false;
        let walks = self.is_word("of");
        if walks || self.is_word("in") {
            self.next()?;
            let target = match (first.pop().map(|stmt| stmt.kind), first.is_empty()) {
                (Some(Do::Declare(target, _) | Do::Expr(target)), true) => target,
                _ => return self.refuse(UNREAD),
            };
            let at = self.at();
            let source = if walks { self.assignment()? } else { self.expressions()? };
            // Names of members are plain texts.
            let source = if walks { source } else { expr(Kind::Plain(vec![source]), at) };
            self.expect(")")?;
            return Ok(Do::For { target, source, body: self.one()?, otherwise: Vec::new(), declares });
        }
        self.expect(";")?;
        let at = self.at();
        let test = if self.is(";") { expr(Kind::Constant, at) } else { self.expressions()? };
        self.expect(";")?;
        let at = self.at();
        let step = if self.is(")") { None } else { Some(Stmt { kind: Do::Expr(self.expressions()?), at }) };
        self.expect(")")?;
        let mut body = self.one()?;
        body.extend(step);
        first.push(Stmt { kind: Do::While(test, body, Vec::new()), at: self.since(from) });
        Ok(Do::Block(first))
    }

    fn switch(&mut self) -> Parsed<Do> {
        self.next()?;
        let subject = self.bracketed()?;
        self.expect("{")?;
        let mut cases: Vec<Case> = Vec::new();
        while !self.eat("}")? {
            let tests = if self.eat_word("case")? {
                vec![self.expressions()?]
            } else if self.eat_word("default")? {
                Vec::new()
            } else {
                return self.refuse(UNREAD);
            };
            self.expect(":")?;
            let mut body = Vec::new();
            while !self.is("}") && !self.is_word("case") && !self.is_word("default") {
                self.statement(&mut body)?;
            }
            cases.push(Case { binds: Vec::new(), tests, body });
        }
        Ok(Do::Match(subject, cases))
    }

    fn attempt(&mut self) -> Parsed<Do> {
        self.next()?;
        let body = self.body()?;
        let mut handlers = Vec::new();
        if self.eat_word("catch")? {
            let mut target = None;
            if self.eat("(")? {
                target = Some(self.pattern()?);
                if self.typed && self.eat(":")? {
                    self.skip_type()?;
                }
                self.expect(")")?;
            }
            handlers.push(Handler { types: None, target, body: self.body()? });
        }
        let last = if self.eat_word("finally")? { self.body()? } else { Vec::new() };
        Ok(Do::Try { body, handlers, otherwise: Vec::new(), last })
    }

    fn module_name(&mut self) -> Parsed<Rc<str>> {
        let Tok::Text(source) = self.now.tok else { return self.refuse(UNREAD) };
        let Some(name) = unescape(source) else { return self.refuse(UNREAD) };
        self.next()?;
        if !self.now.fresh && (self.is_word("with") || self.is_word("assert")) {
            self.next()?;
            self.object()?;
        }
        Ok(Rc::from(name))
    }

    fn imports(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        self.next()?;
        let types = self.typed
            && self.is_word("type")
            && matches!(self.ahead()?.tok, Tok::Name(name) if name != "from")
                | matches!(self.ahead()?.tok, Tok::Op("{" | "*"));
        if types {
            self.next()?;
        }
        if matches!(self.now.tok, Tok::Text(_)) {
            let module = self.module_name()?;
            self.ended()?;
            let kind = Do::From { module, name: Some(Rc::from("default")), local: Rc::from(" ") };
            body.push(Stmt { kind, at: self.since(from) });
            return Ok(());
        }
        let mut names: Vec<(Option<Rc<str>>, Rc<str>)> = Vec::new();
        if matches!(self.now.tok, Tok::Name(_)) {
            names.push((Some(Rc::from("default")), self.name()?));
            self.eat(",")?;
        }
        if self.eat("*")? {
            if !self.eat_word("as")? {
                return self.refuse(UNREAD);
            }
            names.push((None, self.name()?));
        } else if self.eat("{")? {
            while !self.eat("}")? {
                self.specifier(&mut names)?;
                if !self.eat(",")? {
                    self.expect("}")?;
                    break;
                }
            }
        }
        if !self.eat_word("from")? {
            return self.refuse(UNREAD);
        }
        let module = self.module_name()?;
        self.ended()?;
        if types {
            return Ok(());
        }
        if names.is_empty() {
            names.push((Some(Rc::from("default")), Rc::from(" ")));
        }
        for (name, local) in names {
            let kind = Do::From { module: Rc::clone(&module), name, local };
            body.push(Stmt { kind, at: self.since(from) });
        }
        Ok(())
    }

    fn specifier(&mut self, names: &mut Vec<(Option<Rc<str>>, Rc<str>)>) -> Parsed<()> {
        if self.typed && self.is_word("type") && matches!(self.ahead()?.tok, Tok::Name(name) if name != "as")
        {
            self.next()?;
            self.next()?;
            if self.eat_word("as")? {
                self.next()?;
            }
            return Ok(());
        }
        let imported: Rc<str> = match self.now.tok {
            Tok::Name(name) => Rc::from(name),
            Tok::Text(source) => Rc::from(unescape(source).unwrap_or_default()),
            _ => return self.refuse(UNREAD),
        };
        self.next()?;
        let local = if self.eat_word("as")? { self.name()? } else { Rc::clone(&imported) };
        if is_reserved(&local) {
            return self.refuse(UNREAD);
        }
        names.push((Some(imported), local));
        Ok(())
    }

    fn exported(&mut self, body: &mut Vec<Stmt>) -> Parsed<Option<Do>> {
        self.next()?;
        match self.now.tok {
            Tok::Name("default") => {
                self.next()?;
                match self.now.tok {
                    Tok::Name("function") => Ok(Some(Do::Function(Rc::new(self.function()?)))),
                    Tok::Name("class") => Ok(Some(Do::Class(self.class()?))),
                    _ => Ok(Some(self.plain()?)),
                }
            }
            Tok::Name("const" | "let" | "var" | "function" | "async" | "class" | "interface" | "type") => {
                self.statement(body)?;
                Ok(None)
            }
            Tok::Op("{") => {
                self.balanced("{", "}")?;
                if self.is_word("from") {
                    return self.refuse("an export of another module");
                }
                self.ended()?;
                Ok(None)
            }
            _ => self.refuse("an export that is not known"),
        }
    }
}

//! Python's statements.

use std::rc::Rc;

use super::lex::Tok;
use super::parse::{Parser, is_keyword};
use crate::tree::{At, Case, Class, Declares, Do, Expr, Function, Handler, Kind, Operator, Refusal, Stmt};

type Parsed<T> = Result<T, Refusal>;

const NOT_PYTHON: &str = "the text is not Python as it is known here";

impl Parser<'_> {
    /// One line of statements, or one compound statement.
    pub(super) fn statement(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        if self.eat("@") {
            return self.decorated(from, body);
        }
        let word = match self.peek() {
            Tok::Name(name) => Rc::clone(name),
            _ => return self.simple_line(body),
        };
        let kind = match &*word {
            "if" => self.branch()?,
            "while" => self.repeat()?,
            "for" => self.each()?,
            "try" => self.attempt()?,
            "with" => self.managed()?,
            "def" => self.function(Vec::new())?,
            "class" => self.class(Vec::new())?,
            "async" => {
                self.next += 1;
                match self.peek() {
                    Tok::Name(name) if matches!(&**name, "for" | "with" | "def") => {
                        return self.statement(body);
                    }
                    _ => return self.refuse(NOT_PYTHON),
                }
            }
            "match" => match self.matched()? {
                Some(kind) => kind,
                None => return self.simple_line(body),
            },
            _ => return self.simple_line(body),
        };
        body.push(Stmt { kind, at: self.since(from) });
        Ok(())
    }

    fn simple_line(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        loop {
            self.small(body)?;
            if self.eat(";") {
                if *self.peek() == Tok::Newline {
                    break;
                }
                continue;
            }
            break;
        }
        if *self.peek() != Tok::Newline {
            return self.refuse(NOT_PYTHON);
        }
        self.next += 1;
        Ok(())
    }

    fn small(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        let word = match self.peek() {
            Tok::Name(name) => Rc::clone(name),
            _ => Rc::from(""),
        };
        if matches!(&*word, "import" | "from") {
            return self.imports(body);
        }
        let kind = match &*word {
            "pass" => self.word(Do::Nothing),
            "break" | "continue" => self.word(Do::Leave),
            "return" => {
                self.next += 1;
                let value = if self.starts_expression() { Some(self.expressions()?) } else { None };
                Do::Return(value)
            }
            "raise" => {
                self.next += 1;
                let mut values = Vec::new();
                if self.starts_expression() {
                    values.push(self.expression()?);
                    if self.eat_word("from") {
                        values.push(self.expression()?);
                    }
                }
                Do::Raise(values)
            }
            "assert" => {
                self.next += 1;
                let mut values = vec![self.expression()?];
                if self.eat(",") {
                    values.push(self.expression()?);
                }
                let at = self.since(from);
                Do::Expr(Expr { kind: Kind::Plain(values), at })
            }
            "del" => {
                self.next += 1;
                Do::Delete(vec![self.expressions()?])
            }
            "global" | "nonlocal" => {
                self.next += 1;
                let mut names = vec![self.name()?];
                while self.eat(",") {
                    names.push(self.name()?);
                }
                Do::Global(names)
            }
            _ => self.assignment()?,
        };
        body.push(Stmt { kind, at: self.since(from) });
        Ok(())
    }

    fn word(&mut self, kind: Do) -> Do {
        self.next += 1;
        kind
    }

    fn assignment(&mut self) -> Parsed<Do> {
        let from = self.at();
        let first = self.expressions()?;
        if self.eat(":") {
            let annotation = self.expression()?;
            let value = if self.eat("=") { Some(self.expressions()?) } else { None };
            let at = self.since(from);
            let noted = Expr { kind: Kind::Plain(vec![annotation]), at };
            return Ok(match value {
                // The annotation is worked out too.
                Some(value) => {
                    let both = Expr { kind: Kind::Choice(vec![noted, value]), at };
                    Do::Assign(vec![first], both, Declares::No)
                }
                None => Do::Expr(noted),
            });
        }
        let operator = match self.peek() {
            Tok::Op("+=") => Some(Operator::Add),
            Tok::Op("/=") => Some(Operator::Divide),
            Tok::Op("%=") => Some(Operator::Modulo),
            Tok::Op("-=" | "*=" | "//=" | "**=" | ">>=" | "<<=" | "&=" | "|=" | "^=" | "@=") => {
                Some(Operator::Other)
            }
            _ => None,
        };
        if let Some(operator) = operator {
            self.next += 1;
            let value = self.expressions()?;
            let at = self.since(from);
            let kind = Kind::Assign(Box::new(first), Some(operator), Box::new(value));
            return Ok(Do::Expr(Expr { kind, at }));
        }
        if !self.is("=") {
            return Ok(Do::Expr(first));
        }
        let mut parts = vec![first];
        while self.eat("=") {
            if parts.len() > 32 {
                return self.refuse("too many assignments at once");
            }
            parts.push(self.expressions()?);
        }
        match parts.pop() {
            Some(value) => Ok(Do::Assign(parts, value, Declares::No)),
            None => self.refuse(NOT_PYTHON),
        }
    }

    fn dotted(&mut self) -> Parsed<String> {
        let mut path = self.name()?.to_string();
        while self.eat(".") {
            path.push('.');
            path.push_str(&self.name()?);
        }
        Ok(path)
    }

    fn imports(&mut self, body: &mut Vec<Stmt>) -> Parsed<()> {
        let from = self.at();
        if self.eat_word("import") {
            loop {
                let path = self.dotted()?;
                let first = path.split('.').next().unwrap_or("").to_owned();
                let alias = if self.eat_word("as") { Some(self.name()?) } else { None };
                let whole = alias.is_some();
                let kind =
                    Do::Import { module: Rc::from(path), name: alias.unwrap_or(Rc::from(first)), whole };
                body.push(Stmt { kind, at: self.since(from) });
                if !self.eat(",") {
                    return Ok(());
                }
            }
        }
        self.next += 1;
        let mut module = String::new();
        while self.is(".") || self.is("...") {
            module.push('.');
            self.next += 1;
        }
        if !self.is_word("import") {
            module.push_str(&self.dotted()?);
        }
        if !self.eat_word("import") {
            return self.refuse(NOT_PYTHON);
        }
        let module: Rc<str> = Rc::from(module);
        if self.eat("*") {
            let kind = Do::From { module, name: None, local: Rc::from("*") };
            body.push(Stmt { kind, at: self.since(from) });
            return Ok(());
        }
        let bracket = self.eat("(");
        loop {
            let name = self.name()?;
            let local = if self.eat_word("as") { self.name()? } else { Rc::clone(&name) };
            let kind = Do::From { module: Rc::clone(&module), name: Some(name), local };
            body.push(Stmt { kind, at: self.since(from) });
            if !self.eat(",") || bracket && self.is(")") {
                break;
            }
        }
        if bracket { self.expect(")") } else { Ok(()) }
    }

    /// What stands behind a colon.
    fn suite(&mut self) -> Parsed<Vec<Stmt>> {
        self.expect(":")?;
        self.enter()?;
        let mut body = Vec::new();
        if *self.peek() == Tok::Newline {
            self.next += 1;
            if *self.peek() != Tok::Indent {
                return self.refuse("a block is empty");
            }
            self.next += 1;
            while *self.peek() != Tok::Dedent {
                if *self.peek() == Tok::End {
                    return self.refuse("a block does not end");
                }
                self.statement(&mut body)?;
            }
            self.next += 1;
        } else {
            self.simple_line(&mut body)?;
        }
        self.leave();
        Ok(body)
    }

    fn otherwise(&mut self) -> Parsed<Vec<Stmt>> {
        if self.eat_word("else") { self.suite() } else { Ok(Vec::new()) }
    }

    fn branch(&mut self) -> Parsed<Do> {
        self.next += 1;
        let test = self.named()?;
        let then = self.suite()?;
        if self.is_word("elif") {
            let from = self.at();
            // Each `elif` is one level deeper in the tree.
            let depth = self.depth;
            self.enter()?;
            let kind = self.branch()?;
            self.depth = depth;
            let other = Stmt { kind, at: self.since(from) };
            return Ok(Do::If(test, then, vec![other]));
        }
        Ok(Do::If(test, then, self.otherwise()?))
    }

    fn repeat(&mut self) -> Parsed<Do> {
        self.next += 1;
        let test = self.named()?;
        let body = self.suite()?;
        Ok(Do::While(test, body, self.otherwise()?))
    }

    fn each(&mut self) -> Parsed<Do> {
        self.next += 1;
        let target = self.targets()?;
        if !self.eat_word("in") {
            return self.refuse("a `for` without `in`");
        }
        let source = self.expressions()?;
        let body = self.suite()?;
        Ok(Do::For { target, source, body, otherwise: self.otherwise()?, declares: Declares::No })
    }

    fn attempt(&mut self) -> Parsed<Do> {
        self.next += 1;
        let body = self.suite()?;
        let mut handlers = Vec::new();
        while self.eat_word("except") {
            self.eat("*");
            let types = if self.is(":") { None } else { Some(self.expressions()?) };
            let at = self.at();
            let target =
                if self.eat_word("as") { Some(Expr { kind: Kind::Name(self.name()?), at }) } else { None };
            handlers.push(Handler { types, target, body: self.suite()? });
        }
        let otherwise = self.otherwise()?;
        let last = if self.eat_word("finally") { self.suite()? } else { Vec::new() };
        if handlers.is_empty() && last.is_empty() {
            return self.refuse("a `try` without an end");
        }
        Ok(Do::Try { body, handlers, otherwise, last })
    }

    fn managed(&mut self) -> Parsed<Do> {
        self.next += 1;
        let start = self.next;
        let depth = self.depth;
        if self.eat("(") {
            // `with (open(a) as f, open(b) as g):`
            if let Ok(items) = self.managers(true)
                && self.eat(")")
                && self.is(":")
            {
                return Ok(Do::With(items, self.suite()?));
            }
            self.next = start;
            self.depth = depth;
        }
        let items = self.managers(false)?;
        Ok(Do::With(items, self.suite()?))
    }

    fn managers(&mut self, bracketed: bool) -> Parsed<Vec<(Expr, Option<Expr>)>> {
        let mut items = Vec::new();
        loop {
            let value = self.named()?;
            let target = if self.eat_word("as") { Some(self.with_target()?) } else { None };
            items.push((value, target));
            if !self.eat(",") || bracketed && self.is(")") {
                return Ok(items);
            }
        }
    }

    fn with_target(&mut self) -> Parsed<Expr> {
        let target = self.binary(0)?;
        match target.kind {
            Kind::Name(_) | Kind::Attribute(..) | Kind::Index(..) | Kind::Sequence(_) => Ok(target),
            _ => self.refuse(NOT_PYTHON),
        }
    }

    fn decorated(&mut self, from: At, body: &mut Vec<Stmt>) -> Parsed<()> {
        let mut decorators = vec![self.named()?];
        loop {
            if *self.peek() != Tok::Newline {
                return self.refuse(NOT_PYTHON);
            }
            self.next += 1;
            if !self.eat("@") {
                break;
            }
            if decorators.len() > 16 {
                return self.refuse("too many decorators");
            }
            decorators.push(self.named()?);
        }
        self.eat_word("async");
        let kind = match self.peek() {
            Tok::Name(name) if &**name == "def" => self.function(decorators)?,
            Tok::Name(name) if &**name == "class" => self.class(decorators)?,
            _ => return self.refuse(NOT_PYTHON),
        };
        body.push(Stmt { kind, at: self.since(from) });
        Ok(())
    }

    fn function(&mut self, decorators: Vec<Expr>) -> Parsed<Do> {
        let from = self.at();
        self.next += 1;
        let name = self.name()?;
        self.expect("(")?;
        let mut parameters = self.parameters(")", true)?;
        self.expect(")")?;
        if self.eat("->") {
            let at = self.at();
            let annotation = self.expression()?;
            parameters.push(crate::tree::Parameter {
                target: Expr { kind: Kind::Constant, at },
                default: Some(annotation),
                kind: crate::tree::ParameterKind::Named,
            });
        }
        let body = self.suite()?;
        let at = self.since(from);
        let function = Function { name: Some(name), parameters, body, decorators, at };
        Ok(Do::Function(Rc::new(function)))
    }

    fn class(&mut self, decorators: Vec<Expr>) -> Parsed<Do> {
        self.next += 1;
        let name = self.name()?;
        let bases = if self.eat("(") { self.arguments()? } else { Vec::new() };
        let body = self.suite()?;
        Ok(Do::Class(Rc::new(Class { name: Some(name), bases, body, decorators })))
    }

    /// `match x:`; `None` when `match` is only a name here.
    fn matched(&mut self) -> Parsed<Option<Do>> {
        let start = self.next;
        let depth = self.depth;
        self.next += 1;
        let opens = self.starts_expression() && {
            let subject = self.expressions();
            match subject {
                Ok(subject)
                    if self.is(":") && *self.ahead(1) == Tok::Newline && *self.ahead(2) == Tok::Indent =>
                {
                    self.next += 3;
                    return Ok(Some(Do::Match(subject, self.cases()?)));
                }
                _ => false,
            }
        };
        debug_assert!(!opens);
        self.next = start;
        self.depth = depth;
        Ok(None)
    }

    fn cases(&mut self) -> Parsed<Vec<Case>> {
        let mut cases = Vec::new();
        self.enter()?;
        while *self.peek() != Tok::Dedent {
            if !self.eat_word("case") {
                return self.refuse(NOT_PYTHON);
            }
            let mut binds = Vec::new();
            let pattern = self.patterns()?;
            captures(&pattern, &mut binds);
            if self.eat_word("as") {
                binds.push(self.name()?);
            }
            let tests = if self.eat_word("if") { vec![self.named()?] } else { Vec::new() };
            let body = self.suite()?;
            cases.push(Case { binds, tests, body });
        }
        self.leave();
        self.next += 1;
        Ok(cases)
    }
}

/// Names that a pattern binds; names of classes and constants in it are left out.
fn captures(pattern: &Expr, names: &mut Vec<Rc<str>>) {
    match &pattern.kind {
        Kind::Name(name) if !is_keyword(name) => names.push(Rc::clone(name)),
        Kind::Sequence(items) | Kind::Plain(items) => items.iter().for_each(|item| captures(item, names)),
        Kind::Spread(item) => captures(item, names),
        Kind::Mapping(entries) => entries.iter().for_each(|(_, value)| captures(value, names)),
        Kind::Binary(_, left, right) => {
            captures(left, names);
            captures(right, names);
        }
        Kind::Call(call) => call.arguments.iter().for_each(|argument| captures(&argument.value, names)),
        _ => {}
    }
}

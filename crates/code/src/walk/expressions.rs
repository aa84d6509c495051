//! Expressions to values.

use std::rc::Rc;

use super::call::Given;
use super::value::{Value, join_paths};
use super::{Language, Walk};
use crate::effects::{Part, What, Word};
use crate::tables;
use crate::tree::{At, Comprehension, Expr, Kind, Operator};

/// Items of a literal that are followed one by one.
const ITEMS: usize = 64;
/// Items that a loop is run for one by one.
pub(super) const ROUNDS: usize = 16;

impl Walk {
    pub(super) fn eval(&mut self, expr: &Expr) -> Value {
        if !self.step(expr.at) {
            return Value::Unknown;
        }
        match &expr.kind {
            Kind::Text(text) => Value::text(text),
            Kind::Number(number) => Value::Number(*number),
            Kind::Truth(truth) => Value::Truth(*truth),
            Kind::Nothing => Value::Nothing,
            Kind::Constant => Value::Plain,
            Kind::Name(name) => self.name(name, expr.at),
            Kind::Template(pieces) => self.template(pieces),
            Kind::Sequence(items) => self.sequence(items),
            Kind::Mapping(entries) => self.mapping(entries),
            Kind::Attribute(base, name) => {
                let base = self.eval(base);
                self.member(&base, name, expr.at)
            }
            Kind::Index(base, index) => {
                let base = self.eval(base);
                let index = self.eval(index);
                self.index(&base, &index, expr.at)
            }
            Kind::Slice(base, parts) => {
                let base = self.eval(base);
                parts.iter().for_each(|part| {
                    self.eval(part);
                });
                match base {
                    Value::List(items, open) => Value::List(items, open).sliced(),
                    base if base.is_plain() => Value::Plain,
                    base => base,
                }
            }
            Kind::Call(call) => self.call(call, expr.at),
            Kind::Binary(operator, left, right) => {
                let left = self.eval(left);
                let right = self.eval(right);
                self.binary(*operator, &left, &right, expr.at)
            }
            Kind::Plain(items) => {
                for item in items {
                    let value = self.eval(item);
                    self.lose_if_tagged(&value, item.at);
                }
                Value::Plain
            }
            Kind::Choice(options) => self.choice(options),
            Kind::Function(function) => {
                self.defaults(function);
                self.defined.push((Rc::clone(function), self.frame));
                Value::Closure(Rc::clone(function), self.frame)
            }
            Kind::Class(class) => self.class(class),
            Kind::Comprehension(comprehension) => self.comprehension(comprehension),
            Kind::Assign(target, operator, value) => self.assign_value(target, *operator, value, expr.at),
            Kind::Await(value) => self.eval(value),
            Kind::Yield(value) => {
                if let Some(value) = value {
                    let value = self.eval(value);
                    self.lose(&value, expr.at);
                }
                Value::Unknown
            }
            Kind::Spread(value) | Kind::SpreadNamed(value) => self.eval(value).item(),
            Kind::Import(module) => {
                let module = self.eval(module);
                self.require(&module, expr.at)
            }
        }
    }

    /// Comparing and negating lets nothing out of sight, except a getter of an object literal.
    fn lose_if_tagged(&mut self, value: &Value, at: At) {
        if matches!(value, Value::Closure(..)) {
            self.lose(value, at);
        }
    }

    fn choice(&mut self, options: &[Expr]) -> Value {
        let Some((first, rest)) = options.split_first() else { return Value::Unknown };
        self.eval(first);
        let mut result: Option<Value> = None;
        for option in rest {
            let mut value = Value::Unknown;
            if rest.len() == 1 {
                value = self.eval(option);
            } else {
                self.perhaps(|walk| value = walk.eval(option));
            }
            result = Some(match result {
                Some(before) => self.join(&before, &value),
                None => value,
            });
        }
        result.unwrap_or(Value::Unknown)
    }

    fn template(&mut self, pieces: &[Expr]) -> Value {
        let mut word = Word::default();
        for piece in pieces {
            let value = self.eval(piece);
            self.reveal(&value, piece.at);
            word = word.then(&value.to_word());
        }
        if word.parts.len() > ITEMS { Value::Plain } else { Value::word(word) }
    }

    /// The environment as a text shows all of it.
    pub(super) fn reveal(&mut self, value: &Value, at: At) {
        if matches!(value, Value::Environment) {
            self.note(What::Variable(None), at);
        }
    }

    fn sequence(&mut self, items: &[Expr]) -> Value {
        let mut values = Vec::with_capacity(items.len().min(ITEMS));
        let mut open = false;
        for item in items {
            if let Kind::Spread(inner) = &item.kind {
                match self.eval(inner) {
                    Value::List(more, more_open) => {
                        values.extend(more.iter().cloned());
                        open |= more_open;
                    }
                    other => {
                        self.lose(&other.item(), item.at);
                        self.reveal(&other, item.at);
                        open = true;
                        values.push(other.item());
                    }
                }
            } else {
                let value = self.eval(item);
                // Which item is taken out again is not always known.
                self.lose(&value, item.at);
                values.push(value);
            }
        }
        if values.len() > ITEMS {
            let plain = !open && values.iter().all(Value::is_plain);
            return if plain { Value::Plain } else { Value::Unknown };
        }
        if open && values.iter().all(Value::is_plain) && items.len() == 1 {
            return Value::Plain;
        }
        Value::List(values.into(), open)
    }

    fn mapping(&mut self, entries: &[(Option<Expr>, Expr)]) -> Value {
        let mut members: Vec<(Rc<str>, Value)> = Vec::new();
        let mut open = false;
        for (key, value) in entries {
            let name = key.as_ref().map(|key| (self.eval(key), key.at));
            let at = value.at;
            let value = self.eval(value);
            if name.is_some() {
                self.lose(&value, at);
            }
            match name {
                Some((name, _)) if name.known().is_some() => {
                    let name = name.known().unwrap_or("");
                    members.retain(|(found, _)| &**found != name);
                    members.push((Rc::from(name), value));
                }
                Some(_) => {
                    open |= !value.is_plain();
                    members.push((Rc::from("\0"), value));
                }
                None => match value {
                    Value::Map(more, more_open) => {
                        members.extend(more.iter().cloned());
                        open |= more_open;
                    }
                    Value::Environment => {
                        members.push((Rc::from("\0environment"), Value::Environment));
                    }
                    other => {
                        open = true;
                        self.lose(&other, At::default());
                    }
                },
            }
        }
        if members.len() > ITEMS {
            let plain = !open && members.iter().all(|(_, value)| value.is_plain());
            return if plain { Value::Plain } else { Value::Unknown };
        }
        Value::Map(members.into(), open)
    }

    fn binary(&mut self, operator: Operator, left: &Value, right: &Value, at: At) -> Value {
        self.reveal(left, at);
        self.reveal(right, at);
        let path = |value: &Value| matches!(value, Value::Instance("path", _));
        match operator {
            Operator::Divide if self.language == Language::Python && (path(left) || path(right)) => {
                Value::Instance("path", Rc::new(Value::word(join_paths(&left.to_word(), &right.to_word()))))
            }
            Operator::Add => {
                let value = left.concat(right);
                if matches!(value, Value::Unknown) {
                    self.lose(left, at);
                    self.lose(right, at);
                }
                value
            }
            Operator::Modulo if self.language == Language::Python && matches!(left, Value::Word(_)) => {
                self.formatted(left, right)
            }
            _ if left.is_plain() && right.is_plain() => Value::Plain,
            _ if self.language == Language::JavaScript => Value::Plain,
            _ => {
                self.lose(left, at);
                self.lose(right, at);
                Value::Unknown
            }
        }
    }

    /// `"…%s…" % value`.
    fn formatted(&mut self, format: &Value, value: &Value) -> Value {
        let Some(text) = format.known() else { return Value::Plain };
        let single = [value.clone()];
        let values: &[Value] = match value {
            Value::List(items, false) => items,
            Value::Word(_) | Value::Number(_) => &single,
            _ => &[],
        };
        let mut values = values.iter();
        let mut word = Word::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            word.push(Part::Text(before.to_owned()));
            match after.chars().next() {
                Some('%') => word.push(Part::Text("%".to_owned())),
                Some('s' | 'd') => match values.next() {
                    Some(value) => word = word.then(&value.to_word()),
                    None => word.push(Part::Unknown),
                },
                _ => {
                    word.push(Part::Unknown);
                    return Value::word(word);
                }
            }
            rest = after.get(1..).unwrap_or("");
        }
        word.push(Part::Text(rest.to_owned()));
        Value::word(word)
    }

    fn comprehension(&mut self, comprehension: &Comprehension) -> Value {
        let before = self.frame;
        self.frame = self.frames.push(Some(before));
        let frame = self.frame;
        for clause in &comprehension.clauses {
            super::names::targets(&clause.target, &mut |name| {
                self.frames.declare(frame, name);
            });
        }
        let mut items = Vec::new();
        self.clause(comprehension, 0, &mut items);
        self.frame = before;
        let counted = comprehension.values.len() == 1
            && items.len() <= ITEMS
            && comprehension.clauses.iter().all(|clause| clause.tests.is_empty());
        if counted && items.iter().all(|(_, exact)| *exact) {
            return Value::List(items.into_iter().map(|(value, _)| value).collect(), false);
        }
        let mut joined: Option<Value> = None;
        for (value, _) in items {
            joined = Some(match joined {
                Some(before) => self.join(&before, &value),
                None => value,
            });
        }
        match joined {
            Some(value) if value.is_plain() && !matches!(value, Value::Word(_)) => Value::Plain,
            Some(value) if comprehension.values.len() == 1 => Value::Many(Rc::new(value)),
            Some(value) if value.is_plain() => Value::Plain,
            Some(_) => Value::Unknown,
            None => Value::Plain,
        }
    }

    fn clause(&mut self, comprehension: &Comprehension, at: usize, items: &mut Vec<(Value, bool)>) {
        let Some(clause) = comprehension.clauses.get(at) else {
            for value in &comprehension.values {
                let at = value.at;
                let value = self.eval(value);
                self.lose(&value, at);
                items.push((value, true));
            }
            return;
        };
        let source = self.eval(&clause.source);
        self.reveal(&source, clause.source.at);
        let (rounds, exact) = self.rounds(&source);
        for item in rounds {
            let from = items.len();
            let mut inner = std::mem::take(items);
            self.anywhere(|walk| {
                walk.bind(&clause.target, &item, clause.target.at);
                clause.tests.iter().for_each(|test| {
                    walk.eval(test);
                });
                walk.clause(comprehension, at + 1, &mut inner);
            });
            *items = inner;
            if !exact {
                items.iter_mut().skip(from).for_each(|(_, counted)| *counted = false);
            }
        }
    }

    /// What a loop over `source` is run for, and whether these are all there are.
    pub(super) fn rounds(&self, source: &Value) -> (Vec<Value>, bool) {
        match source {
            Value::List(items, false) if items.len() <= ROUNDS => (items.to_vec(), true),
            Value::Map(members, false) if members.len() <= ROUNDS && self.language == Language::Python => {
                (members.iter().map(|(name, _)| Value::text(name)).collect(), true)
            }
            Value::List(items, true) if items.len() <= ROUNDS => {
                let mut rounds = items.to_vec();
                rounds.push(Value::Unknown);
                (rounds, false)
            }
            other => (vec![other.item()], false),
        }
    }

    /// Value of a name.
    pub(super) fn name(&mut self, name: &Rc<str>, at: At) -> Value {
        if let Some(slot) = self.frames.find(self.frame, name) {
            if slot.frame == 0
                && self.language == Language::Python
                && tables::find(self.language, name).is_some()
            {
                // Set by the text or the language's own, as it happens.
                return match self.frames.get(slot).cloned() {
                    Some(value) if self.names.is_constant(name) => value,
                    value => {
                        if let Some(value) = value {
                            self.lose(&value, at);
                        }
                        Value::Unknown
                    }
                };
            }
            if self.names.is_shared(name) {
                return Value::Unknown;
            }
            if self.later_than.is_some_and(|frame| slot.frame < frame) && !self.names.is_constant(name) {
                if self.wild.contains(name) {
                    self.doubt("a module under a name that is set more than once", at);
                }
                return Value::Unknown;
            }
            return self.frames.get(slot).cloned().unwrap_or(Value::Unknown);
        }
        self.builtin(name, at)
    }

    fn builtin(&mut self, name: &Rc<str>, at: At) -> Value {
        for module in self.stars.clone() {
            let full = format!("{module}.{name}");
            if tables::find(self.language, &full).is_some() {
                return self.known(&full, at);
            }
        }
        if self.language == Language::JavaScript {
            match &**name {
                "this" | "super" => return Value::Object,
                "undefined" => return Value::Nothing,
                "NaN" | "Infinity" => return Value::Plain,
                "__dirname" | "__filename" | "import.meta" => return Value::word(Word::unknown()),
                _ => {}
            }
        } else {
            match &**name {
                "__name__" => return Value::text("__main__"),
                "__file__" => return Value::word(Word::unknown()),
                "__doc__" | "NotImplemented" | "Ellipsis" => return Value::Plain,
                _ => {}
            }
        }
        if tables::find(self.language, name).is_some()
            || tables::is_module(self.language, name)
                && self.language == Language::JavaScript
                && tables::is_global(name)
        {
            return self.known(name, at);
        }
        let why = format!("the name `{name}` is not known");
        let hides =
            matches!(&**name, "globals" | "locals" | "vars" | "__builtins__" | "globalThis" | "global");
        if hides {
            self.hide(&why, at)
        } else {
            self.doubt(&why, at)
        }
        Value::Unknown
    }

    /// Index or member by a computed name.
    fn index(&mut self, base: &Value, index: &Value, at: At) -> Value {
        if let Value::Environment = base {
            return self.variable(index, at);
        }
        if self.language == Language::JavaScript {
            match index {
                Value::Word(word) if word.text().is_some() => {
                    let name: Rc<str> = Rc::from(word.text().unwrap_or(""));
                    return self.member(base, &name, at);
                }
                Value::Number(_) => {}
                _ if base.is_plain() || matches!(base, Value::List(..) | Value::Map(..) | Value::Many(_)) => {
                }
                _ => {
                    self.doubt("a member whose name is not known", at);
                    return Value::Unknown;
                }
            }
        }
        match (base, index) {
            (Value::List(items, false), Value::Number(number)) => {
                usize::try_from(*number).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Value::Plain)
            }
            (Value::Map(members, false), Value::Word(word)) => match word.text() {
                Some(name) => members
                    .iter()
                    .find(|(found, _)| &**found == name)
                    .map_or_else(|| base.item_of_map(), |(_, value)| value.clone()),
                None => base.item_of_map(),
            },
            (Value::Map(..), _) => base.item_of_map(),
            (Value::Known(name), _) if &**name == "typing" => Value::Plain,
            (Value::Known(name), _) if name.starts_with("typing.") || is_type(name) => Value::Plain,
            (Value::Known(_), _) => {
                self.hide("a member whose name is not known", at);
                Value::Unknown
            }
            _ => base.item(),
        }
    }

    /// An environment variable.
    pub(super) fn variable(&mut self, name: &Value, at: At) -> Value {
        match name.known() {
            Some("HOME" | "USERPROFILE") => Value::word(Word { parts: vec![Part::Home] }),
            Some(name) => {
                self.note(What::Variable(Some(name.to_owned())), at);
                Value::word(Word { parts: vec![Part::Variable(name.to_owned())] })
            }
            None => {
                self.note(What::Variable(None), at);
                Value::word(Word::unknown())
            }
        }
    }

    /// Arguments of a call.
    pub(super) fn given(&mut self, arguments: &[crate::tree::Argument]) -> Given {
        let mut given = Given::default();
        for argument in arguments {
            match &argument.value.kind {
                Kind::Spread(inner) => match self.eval(inner) {
                    Value::List(items, false) => given.positional.extend(items.iter().cloned()),
                    other => {
                        self.lose(&other, argument.value.at);
                        given.open = true;
                        given.positional.push(other.item());
                        given.exact = false;
                    }
                },
                Kind::SpreadNamed(inner) => match self.eval(inner) {
                    Value::Map(members, false) => given.named.extend(members.iter().cloned()),
                    other => {
                        self.lose(&other, argument.value.at);
                        given.open = true;
                    }
                },
                _ => {
                    let value = self.eval(&argument.value);
                    match &argument.name {
                        Some(name) => given.named.push((Rc::clone(name), value)),
                        None => given.positional.push(value),
                    }
                }
            }
        }
        given
    }
}

fn is_type(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "dict"
            | "tuple"
            | "set"
            | "type"
            | "frozenset"
            | "collections.defaultdict"
            | "collections.deque"
    )
}

impl Value {
    /// A part of a list: some of its items.
    fn sliced(self) -> Self {
        match &self {
            _ if self.is_plain() => Self::Plain,
            Self::List(_, false) => Self::Many(Rc::new(self.item())),
            _ => Self::Unknown,
        }
    }

    /// A member of a dictionary of which the name is not known.
    pub(super) fn item_of_map(&self) -> Self {
        match self {
            Self::Map(_, true) => Self::Unknown,
            Self::Map(members, false) => members
                .iter()
                .map(|(_, value)| value.clone())
                .reduce(|one, other| one.joined(&other))
                .map_or(Self::Plain, |value| value.joined(&Self::Plain)),
            _ => Self::Unknown,
        }
    }
}

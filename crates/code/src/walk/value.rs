//! What is known of a value.

use std::rc::Rc;

use crate::effects::{Part, Word};
use crate::tree::{Class, Function};

/// Items and members of a value that are followed one by one at most.
const ITEMS: usize = 64;

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Anything, but no module: those are not let go unseen.
    Unknown,
    /// Data: texts, numbers, dates, collections of such. Nothing in it does anything.
    Plain,
    /// A text, as far as it is known.
    Word(Rc<Word>),
    Number(i64),
    Truth(bool),
    /// `None`, `null`, `undefined`.
    Nothing,
    /// These items, in order; `open`: perhaps others by now.
    List(Rc<[Value]>, bool),
    /// These members; `open`: perhaps others by now.
    Map(Rc<[(Rc<str>, Value)]>, bool),
    /// Some such items.
    Many(Rc<Value>),
    /// A module, or a function, class or constant of one, by its full name.
    Known(Rc<str>),
    /// A thing of a type that the tables know, with what it was made of.
    Instance(&'static str, Rc<Value>),
    /// A method of a value, not yet called.
    Method(Rc<Value>, Rc<str>),
    /// A function of the text, and the frame it was made in.
    Closure(Rc<Function>, usize),
    /// A class of the text.
    Class(Rc<Class>),
    /// An instance of a class of the text.
    Object,
    /// The environment.
    Environment,
    /// A decorator that gives back what it gets.
    Identity,
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Word(Rc::new(Word::known(text)))
    }

    pub(super) fn word(word: Word) -> Self {
        Self::Word(Rc::new(word))
    }

    /// Whether it is certainly nothing but data.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Plain | Self::Word(_) | Self::Number(_) | Self::Truth(_) | Self::Nothing => true,
            Self::List(items, open) => !open && items.iter().all(Self::is_plain),
            Self::Map(members, open) => !open && members.iter().all(|(_, value)| value.is_plain()),
            Self::Many(item) => item.is_plain(),
            _ => false,
        }
    }

    /// The text it stands for where a text or a path is asked for.
    pub(super) fn to_word(&self) -> Word {
        match self {
            Self::Word(word) => (**word).clone(),
            Self::Number(number) => Word::known(number.to_string()),
            Self::Instance("path" | "url" | "request", inner) => inner.to_word(),
            _ => Word::unknown(),
        }
    }

    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Self::Word(word) => word.text(),
            _ => None,
        }
    }

    /// What one of its items is.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(_, true) => Self::Unknown,
            Self::List(items, false) => {
                items.iter().cloned().reduce(|one, other| one.joined(&other)).unwrap_or(Self::Plain)
            }
            Self::Many(item) => (**item).clone(),
            Self::Plain
            | Self::Word(_)
            | Self::Number(_)
            | Self::Truth(_)
            | Self::Nothing
            | Self::Map(..) => Self::Plain,
            Self::Instance("file", _) | Self::Environment => Self::Plain,
            _ => Self::Unknown,
        }
    }

    /// What is known when it is one of the two.
    pub(super) fn joined(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) if a == b => self.clone(),
            (Self::Number(a), Self::Number(b)) if a == b => self.clone(),
            (Self::Truth(a), Self::Truth(b)) if a == b => self.clone(),
            (Self::Known(a), Self::Known(b)) if a == b => self.clone(),
            (Self::Object, Self::Object) => Self::Object,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
            (Self::Environment, Self::Environment) => Self::Environment,
            (Self::Identity, Self::Identity) => Self::Identity,
            (Self::Closure(a, x), Self::Closure(b, y)) if Rc::ptr_eq(a, b) && x == y => self.clone(),
            (Self::Class(a), Self::Class(b)) if Rc::ptr_eq(a, b) => self.clone(),
            (Self::Method(a, x), Self::Method(b, y)) if x == y && Rc::ptr_eq(a, b) => self.clone(),
            (Self::Instance(a, x), Self::Instance(b, y)) if a == b => Self::Instance(a, Rc::new(x.joined(y))),
            (Self::List(a, x), Self::List(b, y)) if a.len() == b.len() && x == y && a.len() <= ITEMS => {
                Self::List(a.iter().zip(b.iter()).map(|(a, b)| a.joined(b)).collect(), *x)
            }
            (Self::Many(a), Self::Many(b)) => Self::Many(Rc::new(a.joined(b))),
            _ if self.is_plain() && other.is_plain() => Self::Plain,
            _ => Self::Unknown,
        }
    }

    /// Whether nothing would change by joining `other` to it.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) | (Self::Plain, Self::Plain) => true,
            (Self::Instance(a, x), Self::Instance(b, y)) => a == b && x.same(y),
            (Self::List(a, x), Self::List(b, y)) => {
                a.len() == b.len() && x == y && a.iter().zip(b.iter()).all(|(a, b)| a.same(b))
            }
            (Self::Map(a, x), Self::Map(b, y)) => Rc::ptr_eq(a, b) && x == y,
            (Self::Many(a), Self::Many(b)) => a.same(b),
            (Self::Word(a), Self::Word(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Truth(a), Self::Truth(b)) => a == b,
            (Self::Known(a), Self::Known(b)) => a == b,
            (Self::Closure(a, x), Self::Closure(b, y)) => Rc::ptr_eq(a, b) && x == y,
            (Self::Class(a), Self::Class(b)) => Rc::ptr_eq(a, b),
            (Self::Method(a, x), Self::Method(b, y)) => x == y && Rc::ptr_eq(a, b),
            (Self::Object, Self::Object)
            | (Self::Nothing, Self::Nothing)
            | (Self::Environment, Self::Environment)
            | (Self::Identity, Self::Identity) => true,
            _ => false,
        }
    }

    /// Joined texts.
    pub(super) fn concat(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::List(a, x), Self::List(b, y)) if a.len() + b.len() <= ITEMS => {
                Self::List(a.iter().chain(b.iter()).cloned().collect(), *x || *y)
            }
            (Self::Number(a), Self::Number(b)) => a.checked_add(*b).map_or(Self::Plain, Self::Number),
            (Self::Word(_), _) | (_, Self::Word(_)) => {
                let word = self.to_word().then(&other.to_word());
                if word.parts.len() > ITEMS || word.shown().len() > 8192 {
                    return Self::Plain;
                }
                Self::word(word)
            }
            _ if self.is_plain() && other.is_plain() => Self::Plain,
            _ => Self::Unknown,
        }
    }
}

/// The parts of `word` behind which nothing follows, joined with a slash as paths are.
pub(super) fn join_paths(left: &Word, right: &Word) -> Word {
    let absolute = match right.parts.first() {
        Some(Part::Text(text)) => text.starts_with('/'),
        Some(Part::Home) => true,
        Some(Part::Inside) => false,
        // An unknown right side may be absolute and replace what is before it.
        Some(Part::Unknown | Part::Variable(_)) => return Word::unknown(),
        None => false,
    };
    if absolute {
        return right.clone();
    }
    let ends = matches!(left.parts.last(), Some(Part::Text(text)) if text.ends_with('/'));
    let mut word = left.clone();
    if !ends && !left.parts.is_empty() {
        word.push(Part::Text("/".to_owned()));
    }
    word.then(right)
}

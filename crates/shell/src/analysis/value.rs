//! What is known of a variable's value and of an expanded word.

use std::rc::Rc;

use placet_model::Arg;

/// A variable's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Certainly not set.
    Unset,
    /// This text.
    Known(Rc<str>),
    /// One path that fits this pattern (a loop variable over `*.rs`).
    Glob(Rc<str>),
    /// Known at both ends only.
    Partly { prefix: Rc<str>, suffix: Rc<str>, safe: bool },
    /// Some number.
    Number,
    /// Anything.
    Unknown,
    /// An indexed array, or several words (`"$@"`).
    List(Rc<[Field]>),
}

impl Value {
    pub(super) fn known(text: &str) -> Self {
        Self::Known(Rc::from(text))
    }

    pub(super) fn of(field: &Field) -> Self {
        match &field.arg {
            Arg::Known(text) => Self::known(text),
            Arg::Glob(pattern) => Self::Glob(Rc::from(pattern.as_str())),
            Arg::Partly { prefix, suffix } if prefix.is_empty() && suffix.is_empty() => {
                if field.safe {
                    Self::Number
                } else {
                    Self::Unknown
                }
            }
            Arg::Partly { prefix, suffix } => Self::Partly {
                prefix: Rc::from(prefix.as_str()),
                suffix: Rc::from(suffix.as_str()),
                safe: field.safe,
            },
        }
    }

    /// Bytes it takes in a word, with a few for every word of a list.
    pub(super) fn length(&self) -> usize {
        let of = |field: &Field| match &field.arg {
            Arg::Known(text) | Arg::Glob(text) => text.len() + 64,
            Arg::Partly { prefix, suffix } => prefix.len() + suffix.len() + 64,
        };
        match self {
            Self::Unset | Self::Number | Self::Unknown => 0,
            Self::Known(text) | Self::Glob(text) => text.len(),
            Self::Partly { prefix, suffix, .. } => prefix.len() + suffix.len(),
            Self::List(fields) => fields.iter().map(of).sum(),
        }
    }

    /// What is known when either of two runs of the text may have happened.
    pub(super) fn merged(&self, other: &Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Self::Number, Self::Known(text)) | (Self::Known(text), Self::Number) if is_number(text) => {
                Self::Number
            }
            (Self::Known(a), Self::Known(b)) if is_number(a) && is_number(b) => Self::Number,
            _ => Self::Unknown,
        }
    }

    /// Whether arithmetic on it can run nothing.
    pub(super) fn is_plain_number(&self) -> bool {
        match self {
            Self::Number | Self::Unset => true,
            Self::Known(text) => is_number(text),
            _ => false,
        }
    }
}

/// Whether arithmetic takes the text for a number or for nothing.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b' '))
}

/// A word after expansion.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) arg: Arg,
    /// May be no word, or several.
    pub(super) elastic: bool,
    /// What is not known is a plain name or number: no blank, no `..`, no leading dash.
    pub(super) safe: bool,
    /// Something in it was quoted.
    pub(super) quoted: bool,
}

impl Field {
    pub(super) fn known(text: impl Into<String>) -> Self {
        Self { arg: Arg::Known(text.into()), elastic: false, safe: true, quoted: false }
    }

    pub(super) fn unknown(elastic: bool) -> Self {
        Self { arg: Arg::unknown(), elastic, safe: false, quoted: false }
    }

    /// Text that starts with `prefix` and whose rest lies below it.
    pub(super) fn below(prefix: String) -> Self {
        Self { arg: Arg::Partly { prefix, suffix: String::new() }, elastic: false, safe: true, quoted: true }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.arg.known()
    }

    /// The text, or the part of it that is certain to come first.
    pub(super) fn start(&self) -> &str {
        match &self.arg {
            Arg::Known(text) => text,
            Arg::Glob(pattern) => {
                let end = pattern.find(['*', '?', '[', '\\']).unwrap_or(pattern.len());
                pattern.get(..end).unwrap_or("")
            }
            Arg::Partly { prefix, .. } => prefix,
        }
    }

    /// Whether it may be no word, or several; what stands behind it is then not at its place.
    pub(super) fn may_be_several(&self) -> bool {
        self.elastic || matches!(self.arg, Arg::Glob(_))
    }

    /// The same word without its first `count` bytes, which must be part of [`Field::start`].
    pub(super) fn without(&self, count: usize) -> Self {
        let cut = |text: &str| text.get(count..).unwrap_or("").to_owned();
        let arg = match &self.arg {
            Arg::Known(text) => Arg::Known(cut(text)),
            Arg::Glob(pattern) => Arg::Glob(cut(pattern)),
            Arg::Partly { prefix, suffix } => Arg::Partly { prefix: cut(prefix), suffix: suffix.clone() },
        };
        Self { arg, ..self.clone() }
    }

    /// Whether the word could be an option that is not seen, or several words.
    pub(super) fn could_be_option(&self) -> bool {
        match &self.arg {
            Arg::Partly { prefix, .. } => !self.safe && (prefix.is_empty() || self.elastic),
            Arg::Known(_) | Arg::Glob(_) => false,
        }
    }
}

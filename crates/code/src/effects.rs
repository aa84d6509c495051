//! What a program text would do: the answer of this crate.

use std::ops::Range;

/// What a program text would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What it does to the world, in the order it was found. Everything that can happen on some way through
    /// the text is here, whether or not that way is taken.
    pub uses: Vec<Use>,
    /// Why there may be more than that; `None` only when every construct is understood for certain.
    pub unknown: Option<Why>,
    /// Modules that are loaded: those taken for the language's own or a well-known package by their first name,
    /// others as they are written. A file of that name in the folder of the program would be run: the caller
    /// must look.
    pub modules: Vec<String>,
}

/// Why a text is not understood as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// In words, lower case.
    pub text: String,
    /// Byte range of the construct.
    pub span: Range<usize>,
    /// Whether it is a way to run what cannot be seen: a text that is run, a member or module by a name made at
    /// run time, syntax that was not read. If not, it is a function or package that the tables do not know.
    pub hides: bool,
}

/// One thing done to the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What it is.
    pub what: What,
    /// Byte range of the construct that does it.
    pub span: Range<usize>,
}

/// One thing done to the world. Paths are relative to the directory of the process unless they start with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A file is read.
    Read(Word),
    /// A tree of files is read.
    ReadTree(Word),
    /// A file is created, changed, moved or given another mode or owner.
    Write(Word),
    /// A tree of files is.
    WriteTree(Word),
    /// A file is removed.
    Delete(Word),
    /// A tree of files is removed.
    DeleteTree(Word),
    /// Names in a directory are listed.
    List(Word),
    /// A program is started with these words.
    Process {
        /// Program and arguments, as far as known.
        words: Vec<Word>,
        /// Whether there may be other words than these.
        open: bool,
        /// Directory it is started in, when that is not the one of this process.
        directory: Option<Word>,
        /// What it reads from standard input; `None`: what this process has.
        input: Option<Word>,
    },
    /// A shell runs this text.
    Shell {
        /// The text.
        text: Word,
        /// Directory it is started in, when that is not the one of this process.
        directory: Option<Word>,
    },
    /// A URL is fetched, nothing is sent with it.
    Fetch(Word),
    /// Something is sent to a URL.
    Send(Word),
    /// A connection to a host that is not known to be a web request.
    Connect(Word),
    /// A statement is given to SQLite.
    Statement {
        /// The file of the database.
        database: Word,
        /// The statement.
        text: Word,
    },
    /// An environment variable is read; `None`: all of them, or which one is not known.
    Variable(Option<String>),
}

/// A text, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// In order; no two texts in a row.
    pub parts: Vec<Part>,
}

/// A stretch of a [`Word`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Text(String),
    /// The value of an environment variable.
    Variable(String),
    /// The home directory of the user.
    Home,
    /// Names of files below the folder in front of it, as a listing gives them: no `..`, no leading slash.
    Inside,
    /// Anything.
    Unknown,
}

impl Word {
    /// A word of which all is known.
    pub fn known(text: impl Into<String>) -> Self {
        Self { parts: vec![Part::Text(text.into())] }
    }

    /// A word of which nothing is known.
    pub fn unknown() -> Self {
        Self { parts: vec![Part::Unknown] }
    }

    /// The whole text, when it is known.
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Adds a stretch.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (Some(Part::Unknown), Part::Unknown) => {}
            (_, part) => self.parts.push(part),
        }
    }

    /// Adds another word.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        for part in &other.parts {
            self.push(part.clone());
        }
        self
    }

    /// For people: what is not known is `…`, variables as in a shell.
    pub fn shown(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Variable(name) => format!("${name}"),
                Part::Home => "$HOME".to_owned(),
                Part::Inside | Part::Unknown => "…".to_owned(),
            })
            .collect()
    }
}

//! The answer of this crate.

/// Which program reads the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL and its shell `psql`.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite and its shell.
    Sqlite,
    /// The shell of MongoDB: JavaScript over documents.
    Mongo,
}

/// What a text would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// In the order it was found, each once.
    pub acts: Vec<Act>,
    /// Why there may be more than that, in words, lower case; `None` when all of it is understood.
    pub unknown: Option<String>,
}

/// One thing done. Paths are those of the machine the shell runs on, relative to its directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Rows or descriptions are looked at.
    Look,
    /// Rows are added or changed, as far as a condition says.
    Change,
    /// Rows that a condition picks are removed.
    Remove,
    /// Tables, indexes and the like are made or changed, and nothing is lost by it.
    Schema,
    /// Data is lost at large: a table, a column or a database is dropped, or every row removed or overwritten.
    Destroy,
    /// Who may do what in the database is changed.
    Grant,
    /// A file is read.
    ReadFile(String),
    /// A file is written.
    WriteFile(String),
    /// A shell runs this text.
    Shell(String),
}

impl Effects {
    /// Adds an act, once.
    pub(crate) fn add(&mut self, act: Act) {
        if !self.acts.contains(&act) {
            self.acts.push(act);
        }
    }

    /// Notes that there may be more; the first reason is kept.
    pub(crate) fn give_up(&mut self, why: impl Into<String>) {
        self.unknown.get_or_insert_with(|| why.into());
    }

    /// Whether nothing but looking is done, for certain.
    pub fn only_looks(&self) -> bool {
        self.unknown.is_none() && self.acts.iter().all(|act| *act == Act::Look)
    }
}

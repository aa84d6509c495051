//! Models that people added: users, organisations, trusted projects.
//!
//! A set of them becomes a book of rows that is kept for the life of the process, like the built-in one, so that
//! looking things up is the same for both. Adding the same set again gives the same number.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use placet_model::LibraryId;
use serde::Deserialize;

use super::layout::Layout;
use super::schema::{Example, Program};
use super::table::Rows;

/// Sets of models one process may have.
const BOOKS: usize = 1_000;

/// Book `n` lies at `n - 1`.
static ADDED: RwLock<Vec<&'static Rows>> = RwLock::new(Vec::new());

/// The written form of one program model, as `programs/README.md` of this crate explains it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct ProgramModel(Program);

impl ProgramModel {
    /// Every name of the program.
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    pub(super) fn examples(&self) -> &[Example] {
        &self.0.examples
    }
}

/// Why models cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LibraryError {
    /// A model is wrong: its place in the list that was given, and what is wrong.
    Model(usize, String),
    /// The process has taken in too many different sets.
    TooMany,
}

impl fmt::Display for LibraryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(_, why) => f.write_str(why),
            Self::TooMany => write!(f, "more than {BOOKS} different sets of program models"),
        }
    }
}

impl std::error::Error for LibraryError {}

/// Takes models in. A name may stand in one of them only; built-in models of the same name are replaced.
///
/// # Errors
/// When a model is wrong, or the process has taken in too many sets.
pub fn add_library(models: &[ProgramModel]) -> Result<LibraryId, LibraryError> {
    if models.is_empty() {
        return Ok(LibraryId::NONE);
    }
    let mut books = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    let number = u16::try_from(books.len() + 1).ok().filter(|number| usize::from(*number) <= BOOKS);
    for known in 1..=books.len() {
        let known = u16::try_from(known).map_err(|_| LibraryError::TooMany)?;
        if books.get(usize::from(known) - 1).copied() == Some(&rows(models, known)?) {
            return Ok(LibraryId(known));
        }
    }
    let number = number.ok_or(LibraryError::TooMany)?;
    books.push(Box::leak(Box::new(rows(models, number)?)));
    Ok(LibraryId(number))
}

fn rows(models: &[ProgramModel], number: u16) -> Result<Rows, LibraryError> {
    let mut layout = Layout::new(number);
    for (at, model) in models.iter().enumerate() {
        if let Some(name) = model.names().iter().find(|name| name.starts_with('_')) {
            let why = format!("`{name}` in `names`: names with `_` in front are not those of programs");
            return Err(LibraryError::Model(at, why));
        }
        layout.add(model.0.clone()).map_err(|why| LibraryError::Model(at, why))?;
    }
    layout.finish().map_err(|why| LibraryError::Model(models.len().saturating_sub(1), why))
}

/// The rows of a book; `None` for the built-in one.
pub(super) fn book(number: u16) -> Option<&'static Rows> {
    let at = usize::from(number).checked_sub(1)?;
    ADDED.read().unwrap_or_else(PoisonError::into_inner).get(at).copied()
}

/// Whether a program of that name has a model, built in or in `library`.
pub fn models_program(name: &str, library: LibraryId) -> bool {
    super::program(name, library).is_some()
}

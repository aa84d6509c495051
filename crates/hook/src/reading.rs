//! Which files a decision was made on.

use std::cell::RefCell;

use placet_ledger::{Hash, InputFile};
use placet_model::{Dialect, Entries, EntryKind, Facts, LibraryId};

/// Files that are noted at most.
const INPUTS: usize = 64;

/// Facts that note whose content was asked for, with the hash of what was given.
pub(crate) struct Reading<'a> {
    facts: &'a dyn Facts,
    inputs: RefCell<Vec<InputFile>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(facts: &'a dyn Facts) -> Self {
        Self { facts, inputs: RefCell::new(Vec::new()) }
    }

    /// What was read so far, each file and content once.
    pub(crate) fn inputs(&self) -> Vec<InputFile> {
        self.inputs.borrow().clone()
    }
}

impl Facts for Reading<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.facts.variable(name)
    }

    fn canonical(&self, path: &str) -> Option<String> {
        self.facts.canonical(path)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        self.facts.kind(path)
    }

    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        let text = self.facts.text(path, limit_bytes)?;
        let mut inputs = self.inputs.borrow_mut();
        if inputs.len() < INPUTS {
            let input = InputFile { path: path.to_owned(), sha256: Hash::of_content(text.as_bytes()) };
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        Some(text)
    }

    fn entries(&self, path: &str, deep: bool, limit: usize) -> Entries {
        self.facts.entries(path, deep, limit)
    }

    fn session_wrote(&self, path: &str) -> bool {
        self.facts.session_wrote(path)
    }

    fn session_planted(&self) -> Option<String> {
        self.facts.session_planted()
    }

    fn dialect(&self) -> Dialect {
        self.facts.dialect()
    }

    fn added_programs(&self) -> LibraryId {
        self.facts.added_programs()
    }
}

//! The program models as the build script compiled them from `programs/*.toml`, those that people added
//! ([`library`]), and how to look things up.

mod examples;
mod layout;
mod library;
mod role;
mod schema;
mod table;

pub use examples::{ExampleMismatch, check_examples};
pub use library::{LibraryError, ProgramModel, add_library, models_program};
pub(crate) use role::Role;
pub(crate) use table::{Count, Key, Level, Name, Opt, Rows, Run, Slot, Style, Sub, Text, When};

use placet_model::LibraryId;

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// Bit of a `does` word in the tables.
pub(crate) fn does_bit(does: placet_model::Does) -> u32 {
    1 << (does as u8)
}

/// The `does` words of a bit set, sorted.
pub(crate) fn does_list(bits: u32) -> Vec<placet_model::Does> {
    placet_model::Does::ALL.into_iter().filter(|does| bits & does_bit(*does) != 0).collect()
}

impl Text {
    pub(crate) fn get(self) -> &'static str {
        let at = self.at as usize;
        let strings = library::book(self.book).map_or(STRINGS, |rows| &rows.strings);
        strings.get(at..at + self.len as usize).unwrap_or("")
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len == 0
    }
}

impl Run {
    fn of<T>(self, built_in: &'static [T], added: fn(&'static Rows) -> &'static [T]) -> &'static [T] {
        if !self.given() {
            return &[];
        }
        let at = self.at as usize;
        let table = library::book(self.book).map_or(built_in, added);
        table.get(at..at + self.len as usize).unwrap_or(&[])
    }

    pub(crate) fn texts(self) -> impl Iterator<Item = &'static str> {
        self.of(&TEXTS, |rows| &rows.texts).iter().map(|text| text.get())
    }

    pub(crate) fn slots(self) -> &'static [Slot] {
        self.of(&SLOTS, |rows| &rows.slots)
    }

    pub(crate) fn keys(self) -> &'static [Key] {
        self.of(&KEYS, |rows| &rows.keys)
    }

    pub(crate) fn is_empty(self) -> bool {
        !self.given() || self.len == 0
    }
}

impl Level {
    /// The option of exactly that spelling.
    pub(crate) fn option(&self, spelling: &str) -> Option<&'static Opt> {
        let options = self.options.of(&OPTIONS, |rows| &rows.options);
        let found = options.binary_search_by(|option| option.spelling.get().cmp(spelling)).ok()?;
        options.get(found)
    }

    /// The long option that `spelling` abbreviates without doubt.
    pub(crate) fn abbreviated(&self, spelling: &str) -> Option<&'static Opt> {
        let options = self.options.of(&OPTIONS, |rows| &rows.options);
        let from = options.partition_point(|option| option.spelling.get() < spelling);
        let rest = options.get(from..).unwrap_or(&[]);
        let mut hits = rest.iter().take_while(|option| option.spelling.get().starts_with(spelling));
        let first = hits.next()?;
        hits.all(|other| other.name.get() == first.name.get()).then_some(first)
    }

    /// The option written as a pattern (`-D*`, `-#`) that `word` fits, with the text behind its fixed part.
    pub(crate) fn pattern<'w>(&self, word: &'w str) -> Option<(&'static Opt, &'w str)> {
        self.patterns.of(&OPTIONS, |rows| &rows.options).iter().find_map(|option| {
            let spelling = option.spelling.get();
            if spelling == "-#" {
                let digits = word.strip_prefix('-')?;
                let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                return number.then_some((option, digits));
            }
            let rest = word.strip_prefix(spelling.strip_suffix('*')?)?;
            Some((option, rest))
        })
    }

    /// The subcommand of that name, or the one that stands for any.
    pub(crate) fn sub(&self, name: &str) -> Option<&'static Level> {
        let subs = self.subs.of(&SUBS, |rows| &rows.subs);
        let found = subs.binary_search_by(|sub| sub.name.get().cmp(name)).ok();
        let found = found.or_else(|| subs.binary_search_by(|sub| sub.name.get().cmp("*")).ok())?;
        level(self.subs.book, subs.get(found)?.level)
    }

    pub(crate) fn whens(&self) -> &'static [When] {
        self.whens.of(&WHENS, |rows| &rows.whens)
    }
}

/// The model of a program by the last component of its command word. Models people added come first.
pub(crate) fn program(name: &str, library: LibraryId) -> Option<&'static Level> {
    if library == LibraryId::UNUSABLE {
        return None;
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let stem = (stem.len() < name.len()).then(|| stem.strip_suffix('-').unwrap_or(stem));
    let books =
        [library::book(library.0).map(|rows| (library.0, rows.names.as_slice())), Some((0, &NAMES[..]))];
    books.into_iter().flatten().find_map(|(book, names)| {
        let exact = |name: &str| {
            let found = names.binary_search_by(|entry| entry.name.get().cmp(name)).ok()?;
            names.get(found)
        };
        let entry = exact(name).or_else(|| exact(stem?).filter(|entry| entry.versioned))?;
        level(book, entry.level)
    })
}

fn level(book: u16, at: u16) -> Option<&'static Level> {
    library::book(book).map_or(&LEVELS[..], |rows| &rows.levels).get(at as usize)
}

/// Names of all programs that have a model.
pub(crate) fn names(library: LibraryId) -> impl Iterator<Item = &'static str> {
    let added = library::book(library.0).map_or(&[][..], |rows| &rows.names);
    NAMES.iter().chain(added).map(|entry| entry.name.get())
}

/// What a variable of the environment does to programs started with it; `None` when nothing is known to.
pub(crate) fn environment(name: &str) -> Option<Role> {
    let level = program("_environment", LibraryId::NONE)?;
    key_role(level.keys, name)
}

/// The role that a `[keys]` table gives to `key`.
pub(crate) fn key_role(keys: Run, key: &str) -> Option<Role> {
    keys.keys()
        .iter()
        .find(|entry| crate::glob::fits_ignoring_case(entry.pattern.get(), key))
        .map(|entry| entry.role)
}

/// A level that takes nothing and does nothing that is known.
pub(crate) fn empty() -> &'static Level {
    const NOTHING: Run = Run { at: 0, len: 0, book: 0 };
    const BLANK: Text = Text { at: 0, len: 0, book: 0 };
    static EMPTY: Level = Level {
        does: 0,
        style: Style::Gnu,
        inherit: false,
        lenient: false,
        bare_cluster: false,
        stdin: Role::None,
        options: NOTHING,
        patterns: NOTHING,
        operands: NOTHING,
        default_operand: BLANK,
        reads: NOTHING,
        writes: NOTHING,
        deletes: NOTHING,
        hosts: NOTHING,
        also: NOTHING,
        why: BLANK,
        keys: NOTHING,
        whens: NOTHING,
        subs: NOTHING,
    };
    &EMPTY
}

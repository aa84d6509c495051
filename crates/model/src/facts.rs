//! How pure code asks about the machine.

/// Facts about file system and environment. Ring 0 never looks itself: the caller hands in an
/// implementation, tests hand in a table, `policy test` hands in [`NoFacts`].
///
/// Every answer may be "do not know"; callers must then take the stricter reading.
pub trait Facts {
    /// Value of an environment variable the commands will inherit.
    fn variable(&self, name: &str) -> Option<String>;

    /// `path` (absolute, lexically clean) with every symlink of its existing part resolved. `None` when
    /// that could not be found out (no access, loop, not asked).
    fn canonical(&self, path: &str) -> Option<String>;

    /// What is at `path`; `None` when it does not exist or could not be found out.
    fn kind(&self, path: &str) -> Option<EntryKind>;

    /// Text of a regular file, at most `limit_bytes` long and valid UTF-8; else `None`.
    fn text(&self, path: &str, limit_bytes: usize) -> Option<String>;

    /// Names inside directory `path`, at most `limit` of them, or every path below it when `deep`.
    fn entries(&self, path: &str, deep: bool, limit: usize) -> Entries;

    /// Whether a tool call of the same session wrote the file at `path` (absolute). Who does not remember
    /// sessions says no.
    fn session_wrote(&self, _path: &str) -> bool {
        false
    }

    /// A file this session wrote whose text, once it runs, starts programs, removes files or reaches for
    /// secrets; `None` when there is none.
    fn session_planted(&self) -> Option<String> {
        None
    }

    /// Which shell may run the texts of this call.
    fn dialect(&self) -> Dialect {
        Dialect::Bash
    }

    /// Program models that people added. Asked only when a command is read.
    fn added_programs(&self) -> LibraryId {
        LibraryId::NONE
    }
}

/// A shell, as far as it decides how a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Bash.
    #[default]
    Bash,
    /// zsh, or Bash: a text counts as read only where both would do what Bash does.
    Zsh,
}

/// A set of program models that people added, beside the built-in ones. `placet-shell` gives the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LibraryId(pub u16);

impl LibraryId {
    /// Only the built-in models.
    pub const NONE: Self = Self(0);
    /// Models that could not be taken in: no program is known then, the built-in ones neither, since one of
    /// the added models may have said worse of it.
    pub const UNUSABLE: Self = Self(u16::MAX);
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, socket or pipe.
    Special,
}

/// Answer of [`Facts::entries`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entries {
    /// All of them: paths relative to the directory asked about. Symlinks are listed, not followed.
    All(Vec<String>),
    /// More than the limit.
    TooMany,
    /// Could not be found out.
    Unknown,
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
    fn canonical(&self, _path: &str) -> Option<String> {
        None
    }
    fn kind(&self, _path: &str) -> Option<EntryKind> {
        None
    }
    fn text(&self, _path: &str, _limit_bytes: usize) -> Option<String> {
        None
    }
    fn entries(&self, _path: &str, _deep: bool, _limit: usize) -> Entries {
        Entries::Unknown
    }
}

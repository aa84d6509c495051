//! A simple command after evaluation and after its program's model has read the words.

use crate::Stream;

/// A word of a command as far as it could be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    /// Exactly this text.
    Known(String),
    /// A pathname pattern that Bash will expand (`*.rs`), written as the pattern.
    Glob(String),
    /// Starts with `prefix` and ends with `suffix`; what is between could not be determined. Both may be
    /// empty. It may also be no word at all or several.
    Partly {
        /// Text before the undetermined part.
        prefix: String,
        /// Text after the undetermined part.
        suffix: String,
    },
}

impl Arg {
    /// A word of which nothing is known.
    pub fn unknown() -> Self {
        Self::Partly { prefix: String::new(), suffix: String::new() }
    }

    /// The text, when all of it is known.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            Self::Glob(_) | Self::Partly { .. } => None,
        }
    }
}

/// One option of a command, spelled the one way its program's model gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flag {
    /// Canonical name without dashes: `recursive` for `-r`, `-R` and `--recursive` of `rm`. For programs
    /// without a model, the spelling without its dashes.
    pub name: String,
    /// Single-letter spelling used by text conditions (`rm -rf`), when there is one.
    pub letter: Option<char>,
    /// The option's value, when it has one.
    pub value: Option<Arg>,
}

/// What kind of thing a command does, as its program's model says. A closed vocabulary: policies choose by
/// these words instead of naming programs one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Does {
    /// Only looks at things and prints.
    Inspect,
    /// Changes files among its operands in a way work can go on from (copy, move, make, format, stage).
    Edit,
    /// Runs the project's own code: builds, tests, scripts, dev servers.
    Build,
    /// Brings in third-party code: installs packages.
    Install,
    /// Reads from the network.
    Fetch,
    /// Sends data out over the network or opens a connection that can.
    Send,
    /// Makes something public: packages, releases, pages.
    Publish,
    /// Removes files or data.
    Delete,
    /// Discards or rewrites work that version control would otherwise keep.
    RewriteHistory,
    /// Acts with other rights: sudo, su, setuid.
    Privilege,
    /// Changes the machine: services, mounts, users, packages of the system, scheduled jobs.
    System,
    /// Runs code that it is given: interpreters, remote shells.
    Execute,
    /// Changes modes, owners or access lists.
    Permissions,
    /// Cannot be taken back.
    Irreversible,
    /// Destroys beyond repair: file systems, devices, whole trees of the system or the home directory.
    Destroy,
    /// Prints or copies secrets.
    Secrets,
    /// Changes what later commands mean: shell options, aliases, PATH, hooks, configuration that runs code.
    Configure,
    /// Weakens or removes the gate itself.
    Gate,
}

impl Does {
    /// Every value, in declaration order.
    pub const ALL: [Self; 18] = [
        Self::Inspect,
        Self::Edit,
        Self::Build,
        Self::Install,
        Self::Fetch,
        Self::Send,
        Self::Publish,
        Self::Delete,
        Self::RewriteHistory,
        Self::Privilege,
        Self::System,
        Self::Execute,
        Self::Permissions,
        Self::Irreversible,
        Self::Destroy,
        Self::Secrets,
        Self::Configure,
        Self::Gate,
    ];

    /// The word used in policies and program models.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inspect => "inspect",
            Self::Edit => "edit",
            Self::Build => "build",
            Self::Install => "install",
            Self::Fetch => "fetch",
            Self::Send => "send",
            Self::Publish => "publish",
            Self::Delete => "delete",
            Self::RewriteHistory => "rewrite-history",
            Self::Privilege => "privilege",
            Self::System => "system",
            Self::Execute => "execute",
            Self::Permissions => "permissions",
            Self::Irreversible => "irreversible",
            Self::Destroy => "destroy",
            Self::Secrets => "secrets",
            Self::Configure => "configure",
            Self::Gate => "gate",
        }
    }

    /// The value a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|does| does.name() == word)
    }
}

/// Where the program lies, as far as the command word tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A bare name, looked up on PATH.
    Path,
    /// An absolute path into a system directory for programs (`/usr/bin/git`).
    System,
    /// Any other path (`./git`, `/tmp/git`): a file that only shares the name. Its model is not trusted for
    /// an allow; denies still bind it by its name.
    Elsewhere,
}

/// A simple command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Last component of the command word: `rm` for `/bin/rm`. Aliases of one program are folded
    /// by its model (`python3.11` keeps its name, `[` stays `[`).
    pub program: String,
    /// Where the program lies.
    pub location: Location,
    /// Subcommand words as the model finds them behind options: `["remote", "add"]`. Empty without a model.
    pub subcommand: Vec<String>,
    /// Options in the order given, clusters taken apart.
    pub flags: Vec<Flag>,
    /// Words that are neither program, subcommand nor option.
    pub operands: Vec<Arg>,
    /// All words, the command word first, evaluated.
    pub argv: Vec<Arg>,
    /// Redirections written at this command.
    pub streams: Vec<Stream>,
    /// What the command does, sorted, without repetition. Empty when no model is known: then no rule may
    /// assume anything.
    pub does: Vec<Does>,
    /// Whether the program has a model and every word was understood by it.
    pub understood: bool,
    /// The words joined by one blank, quoted where needed, as a person would type it.
    pub text: String,
}

impl Command {
    /// Whether the command does `what`.
    pub fn does(&self, what: Does) -> bool {
        self.does.contains(&what)
    }

    /// The first flag of that canonical name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }
}

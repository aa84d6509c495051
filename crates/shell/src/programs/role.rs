//! What a word of a command line is. Shared with `build.rs`, which checks the names in the models.

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Role of an operand, an option's value or a `key=value` entry; `programs/README.md` explains each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Role {
            $($(#[$doc])* $variant,)*
        }

        impl Role {
            /// The role of that name in a model.
            pub(crate) fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

roles! {
    /// No value at all.
    None = "none",
    Text = "text",
    Read = "read",
    Write = "write",
    Delete = "delete",
    ReadTree = "read-tree",
    /// A file, or a folder whose files are read.
    ReadWithin = "read-within",
    /// A directory of which only the names below are looked at.
    List = "list",
    WriteTree = "write-tree",
    DeleteTree = "delete-tree",
    Update = "update",
    UpdateTree = "update-tree",
    Move = "move",
    Destination = "destination",
    AtFile = "at-file",
    Form = "form",
    Cwd = "cwd",
    Url = "url",
    UrlSend = "url-send",
    Host = "host",
    RemoteRead = "remote-read",
    RemoteWrite = "remote-write",
    Repository = "repository",
    RepositorySend = "repository-send",
    Mount = "mount",
    Script = "script",
    Source = "source",
    Code = "code",
    Shell = "shell",
    /// Text for a shell whose syntax is not Bash's.
    OtherShell = "other-shell",
    /// A command of an editor, pager or debugger.
    Editor = "editor",
    /// A filter over documents that can load files.
    Filter = "filter",
    /// Standard input only: commands of a file transfer.
    Transfer = "transfer",
    /// A statement, or a dot or backslash command, of a database shell.
    Sql = "sql",
    /// A file of such statements.
    SqlFile = "sql-file",
    Argument = "argument",
    RemoteShell = "remote-shell",
    Command = "command",
    RemoteCommand = "remote-command",
    AppendedCommand = "appended-command",
    Exec = "exec",
    Placeholder = "placeholder",
    Assign = "assign",
    Unset = "unset",
    /// Takes two words, both data.
    Pair = "pair",
    /// Takes all words up to the next option, data.
    TextList = "text-list",
    /// Takes two words, the second a file.
    PairRead = "pair-read",
    Keyed = "keyed",
    Key = "key",
    KeyValue = "keyvalue",
    Sed = "sed",
    Awk = "awk",
    GitAlias = "git-alias",
    /// Revision, `revision:path` or path of git: what is stored under the path is read.
    GitObject = "object",
    /// Text with a `=` in it, else a file that is read.
    Cookie = "cookie",
    /// A file or folder from which a program takes settings, which may name programs to run.
    Settings = "settings",
    /// Environment only: a file that is written, unless the value is a number or a yes or no.
    OutputFile = "output-file",
    /// Environment only: options of which some load code. Harmless ones are listed as `name=word`.
    Options = "options",
    /// Environment only: options of `less`.
    LessOptions = "less-options",
    /// Environment only: directories from which programs load code.
    CodePath = "code-path",
    /// Environment only: the search path for commands.
    CommandPath = "command-path",
}

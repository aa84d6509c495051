//! What a tool call would do, one thing at a time.

use std::borrow::Cow;
use std::ops::Range;

use crate::{Command, PathRef, UrlRef};

/// A byte range of the text that was analysed.
pub type Span = Range<usize>;

/// One thing a tool call would do: `verb:object` on a resource.
///
/// A tool call gives one or more; policy decides each and the call takes the strictest answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Which verb and object.
    pub kind: ActionKind,
    /// What it is done to.
    pub resource: Resource,
    /// How the action follows from the call; derived effects never meet a policy's `defaultEffect`.
    pub origin: Origin,
    /// Where in the shell text it was found. `None` when the call is not a shell line or the action lies
    /// inside a nested text (`bash -c '…'`), where an outer position would mislead.
    pub span: Option<Span>,
    /// How it was reached, outermost first: `["sudo", "env", "bash -c"]`.
    pub chain: Vec<String>,
    /// Why the action is what it is, when that is not plain from the text ("`find -delete` removes files").
    pub why: Option<Cow<'static, str>>,
}

impl Action {
    /// An action the call names itself.
    pub fn direct(kind: ActionKind, resource: Resource) -> Self {
        Self { kind, resource, origin: Origin::Call, span: None, chain: Vec::new(), why: None }
    }
}

/// `verb:object`. Names are matched by policy patterns such as `read:*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// `read:file`
    ReadFile,
    /// `write:file`: create, change, move, change mode or owner.
    WriteFile,
    /// `delete:file`; counts as `write:file` too.
    DeleteFile,
    /// `mention:file`: a command that is not understood names the file; what it does with it is not known.
    /// Neither `read:file` nor `write:file` covers it, so only rules that name it speak.
    MentionFile,
    /// `execute:shell`: one simple command.
    ExecuteShell,
    /// `execute:unknown`: something will run and it could not be determined what.
    ExecuteUnknown,
    /// `read:web_search`
    WebSearch,
    /// `read:web_fetch`
    WebFetch,
    /// `read:web_browse`
    WebBrowse,
    /// `send:web`: a request that carries data out; counts as `read:web_fetch` too.
    WebSend,
    /// `connect:host`: a connection that is not HTTP (ssh, nc, rsync).
    ConnectHost,
    /// `invoke:<tool>`: a tool without a meaning of its own.
    Invoke(String),
    /// Any other `verb:object`, as given by `policy test` or a client.
    Other(String),
}

impl ActionKind {
    /// The action's name, `verb:object`.
    pub fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::ReadFile => "read:file",
            Self::WriteFile => "write:file",
            Self::DeleteFile => "delete:file",
            Self::MentionFile => "mention:file",
            Self::ExecuteShell => "execute:shell",
            Self::ExecuteUnknown => "execute:unknown",
            Self::WebSearch => "read:web_search",
            Self::WebFetch => "read:web_fetch",
            Self::WebBrowse => "read:web_browse",
            Self::WebSend => "send:web",
            Self::ConnectHost => "connect:host",
            Self::Invoke(tool) => return Cow::Owned(format!("invoke:{tool}")),
            Self::Other(name) => name,
        })
    }

    /// A broader name the action also answers to: deleting a file is writing it, sending to a site is
    /// fetching from it. Policies written in the older, coarser vocabulary still bind it.
    pub fn also(&self) -> Option<&'static str> {
        match self {
            Self::DeleteFile => Some("write:file"),
            Self::WebSend => Some("read:web_fetch"),
            _ => None,
        }
    }

    /// Parses `verb:object`; names without a meaning of their own become [`ActionKind::Other`].
    pub fn parse(name: &str) -> Self {
        match name {
            "read:file" => Self::ReadFile,
            "write:file" => Self::WriteFile,
            "delete:file" => Self::DeleteFile,
            "mention:file" => Self::MentionFile,
            "execute:shell" => Self::ExecuteShell,
            "execute:unknown" => Self::ExecuteUnknown,
            "read:web_search" => Self::WebSearch,
            "read:web_fetch" => Self::WebFetch,
            "read:web_browse" => Self::WebBrowse,
            "send:web" => Self::WebSend,
            "connect:host" => Self::ConnectHost,
            other => match other.strip_prefix("invoke:") {
                Some(tool) => Self::Invoke(tool.to_owned()),
                None => Self::Other(other.to_owned()),
            },
        }
    }
}

/// What an action is done to.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// A simple command, reduced and read through its program's model.
    Command(Box<Command>),
    /// A file or a tree of files.
    Path(PathRef),
    /// A URL.
    Url(UrlRef),
    /// A bare host name, lower-cased; `None` when it could not be determined.
    Host(Option<String>),
    /// Free text: a search query, the JSON input of an unknown tool, the text of an unread script.
    Text(String),
}

impl Resource {
    /// The resource as one line of text for messages, records and `resource:` conditions.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Command(command) => Cow::Borrowed(&command.text),
            Self::Path(path) => Cow::Borrowed(&path.raw),
            Self::Url(url) => Cow::Borrowed(&url.raw),
            Self::Host(Some(host)) => Cow::Borrowed(host),
            Self::Host(None) => Cow::Borrowed("(unknown host)"),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// How an action follows from the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The call itself: `Read` of a file, the only command of a shell line.
    Call,
    /// A command found in a shell text or run by another command. Needs an allow of its own.
    Command,
    /// A file or host that a command touches. Meets explicit rules, never a policy's default.
    Effect,
}

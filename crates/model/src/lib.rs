//! Plain types shared by every other crate.
//!
//! **Owns** the vocabulary of GLOSSARY.md as Rust types: tool calls, actions, decisions, ids, and the
//! trait through which pure code asks for facts of the machine.
//! **Does not own** any rule about what is allowed (`placet-policy`), how Bash is read (`placet-shell`),
//! or how an agent spells things on the wire (`placet-agents`).
//!
//! `INVARIANT:` nothing here reads files, clocks, environment or random sources; see the layer check in
//! `xtask/src/layers.rs`.
//!
//! Start reading at [`ToolCall`], then [`Action`], then [`Decision`].

mod action;
mod call;
mod command;
mod decision;
mod facts;
mod ids;
mod mode;
pub mod path;
mod redirect;
pub mod visible;
pub mod web;

pub use action::{Action, ActionKind, Origin, Resource, Span};
pub use call::{AgentIdentity, CallEvent, ToolCall};
pub use command::{Arg, Command, Does, Flag, Location};
pub use decision::{Decision, DenialKind, Enforcement, Layer, Rewrite, RuleRef, Verdict};
pub use facts::{Dialect, Entries, EntryKind, Facts, LibraryId, NoFacts};
pub use ids::{AdminTokenId, AgentId, IdError, OperatorId, OrganisationId, RecordId, SessionId, ToolUseId};
pub use mode::{PermissionMode, Visibility};
pub use path::{PathCertainty, PathRef, Reach};
pub use redirect::Stream;
pub use web::UrlRef;

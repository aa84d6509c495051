//! Claude Code: command hooks.
//!
//! One event comes in on stdin ([`parse`]); a tool call becomes actions ([`actions()`]); after policy has
//! spoken and the permission mode was weighed ([`settle()`]), the decision goes out as one JSON document
//! ([`answer()`]). Events that ask nothing are [`Notice`]s and have answers of their own ([`notice`]).
//!
//! The same forms work on hosts from 2.1.197 on. Older ones do not know `onFailure` and never ask
//! PermissionRequest in `-p`; neither changes what is read or written here.

pub mod actions;
pub mod answer;
mod bash;
pub mod config_change;
mod event;
mod fields;
mod globs;
mod hook_entries;
mod json;
mod mcp;
mod message;
pub mod notice;
pub mod parse;
pub mod planted;
pub mod post;
pub mod settle;
pub mod updates;

pub use actions::actions;
pub use answer::{Answer, Extras, answer, answer_with, defer, failure};
pub use event::Event;
pub use parse::{Incoming, Malformed, Notice, ProcessFacts, local_agent, parse};
pub use settle::settle;
pub use updates::{Destination, PermissionUpdate};

/// Largest input that is read, in bytes. The host has no limit of its own; a longer input is refused.
pub const INPUT_LIMIT_BYTES: usize = 16 * 1024 * 1024;

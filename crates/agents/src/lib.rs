//! Wire formats of coding agents, to and from tool calls and decisions.
//!
//! **Owns** how each agent spells its events on the wire, which actions each of its tools stands for, and
//! the exact form of an answer that really allows, asks or denies there. One folder an agent.
//! **Does not own** how Bash is read (`placet-shell`), what is allowed (`placet-policy`), or when an agent
//! is asked about (`placet-hook`).
//!
//! `INVARIANT:` an input that is not fully understood is never a tool call that could be allowed: it is
//! [`claude_code::Malformed`] (guarded by the table in `tests/it/malformed.rs`).
//! `INVARIANT:` an answer is exactly one JSON document of keys the host knows for that event (guarded by
//! the validator in `tests/it/contract.rs`).
//!
//! Start reading at [`claude_code`].

pub mod claude_code;

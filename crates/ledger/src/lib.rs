//! Audit records: redaction, canonical bytes, hash links.
//!
//! **Owns** what a record holds ([`Record`]), how secrets leave it ([`Redactor`]), the line format of a
//! segment and its hash chain ([`Head`], [`Header`]), checking ([`verify`]), and the questions asked of
//! records ([`query`], [`export`]).
//! **Does not own** files and locks (`placet-client`, module `spool`), clocks and random numbers: times,
//! ids and salts are arguments.
//!
//! A leaf is SHA-256 over salt and redacted payload, a record's hash covers the leaf and the hash before.
//! So a payload can be erased later while its leaf, and with it the chain, stays checkable; whole segments
//! that are past their time leave a line that says what went ([`Removal`]). The chain alone
//! shows any alteration before a head that somebody else keeps; who can write the whole folder can also
//! write a new chain.
//!
//! `INVARIANT:` nothing is written that has not gone through the redactor (the only way from [`Record`] to
//! a payload is [`Record::payload`]).
//! `INVARIANT:` changing any byte of a segment is reported (guarded by `tests/it/tamper.rs`).
//!
//! Start reading at [`Record`], then [`Head::append`].

pub mod audit;
pub mod canonical;
mod chain;
pub mod export;
mod hash;
pub mod query;
mod record;
pub mod redact;
mod removal;
pub mod verify;

pub use audit::AuditFilter;
pub use chain::{Head, Header, Link, SegmentKind, erase, leaf};
pub use hash::{Hash, from_hex, to_hex};
pub use record::{ActionLine, InputFile, Outcome, Record, RecordedDecision, Would};
pub use redact::Redactor;
pub use removal::{Removal, Removed};
pub use verify::{Fault, Report, verify};

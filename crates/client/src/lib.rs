//! What one machine needs around the pure deciding path: where files live, settings, facts of the file
//! system, the cache of compiled policies, the record spool, and the hook process itself.
//!
//! **Owns** every read and write the hook does. **Does not own** any decision: that is `placet-hook` and
//! what it builds on.
//!
//! `INVARIANT:` whatever goes wrong here ends in an answer that denies (guarded by `tests/it/failures.rs`).
//! `INVARIANT:` environment variables never loosen: a hook entry pins its folder with `--config`, and a
//! variable changes the mode only when the machine's or user's settings name it (guarded by
//! `tests/it/environment.rs`).
//!
//! Start reading at [`hook_main`].

mod cache;
mod compile;
mod debug;
mod evidence;
mod facts;
mod guard;
mod hook_call;
mod hook_process;
mod key;
mod load;
mod locations;
mod memory;
mod notice;
pub mod organisation;
mod programs;
mod record;
pub mod regular_file;
mod session;
mod settings;
mod settings_snapshot;
mod shell;
mod sources;
pub mod spool;
mod stdout;
pub mod time;
pub mod trash;
mod trust;

pub use cache::{CacheError, PolicyBytes};
pub use compile::variables;
pub use evidence::Evidence;
pub use facts::MachineFacts;
pub use hook_process::hook_main;
pub use key::{KeyError, machine_key};
pub use load::{LoadError, Loaded, load, load_fresh};
pub use locations::{LocationError, Locations};
pub use notice::hook_command;
pub use programs::{ProgramFile, Programs, UnusedProgram, parse as parse_program, programs};
pub use record::random;
pub use settings::{LedgerFailure, Mode, OnBadPolicy, Settings, SettingsError, UserFile};
pub use sources::{Collected, SourceFile, collect, state_folder};
pub use trust::{Trust, TrustError, TrustedTexts};

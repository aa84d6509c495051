//! Signed bundles: all policies in force for one agent, as a gateway hands them to the machine the agent works on.
//!
//! **Owns** what a bundle holds ([`Bundle`]), its bytes and signature ([`SigningKey::seal`], [`PublicKey::open`]), and which bundle may
//! follow which ([`Issue`]). **Does not own** where bundles lie (`placet-client`), who gets one (`placet-gateway`), or what the
//! policies in it mean: they are texts, and each machine compiles them with its own version.
//!
//! ```text
//! placet-bundle 1 LENGTH
//! SIGNATURE
//! {"agent":…}
//! ```
//!
//! The signature covers the bytes of the document as they are, so nothing has to be read before it is checked.
//!
//! `INVARIANT:` of bytes that are not signed by the key nothing is read, and of two bundles only the newer follows (guarded by
//! `tests/it/main.rs`).
//!
//! Start reading at [`Bundle`].

mod document;
mod key;
mod refused;
mod seal;

pub use document::{Bundle, BundledAgent, BundledMode, BundledPolicy, Issue};
pub use key::{PublicKey, SigningKey};
pub use refused::Refused;
pub use seal::LIMIT_BYTES;

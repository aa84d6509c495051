//! The organisation this machine's user belongs to: what was agreed on at enrolment, and the bundle of policies it signed.
//!
//! All of it lies in the folder `enrolment` of the user's folder: `enrolment.json` (gateway, agent, pinned key, the newest bundle
//! that was accepted), `agent.key`, `bundle`, and what `placet sync` keeps for itself. Hooks read the first and the third, when policies are
//! compiled; nothing here talks with anybody.
//!
//! `INVARIANT:` a bundle takes the place of another only when the pinned key signed it for this agent, it is newer and every policy in it
//! compiles (guarded by `tests/it/organisation.rs`).
//! `INVARIANT:` a machine that is enrolled decides nothing without its bundle (guarded by `tests/it/organisation.rs`).

mod accept;
mod enrolment;
mod read;
mod terms;
mod wake;

pub use accept::{Accepted, BundleError, accept, check};
pub use enrolment::{Enrolment, EnrolmentError, EnrolmentFiles, replace};
pub use terms::OrganisationTerms;

pub(crate) use read::{Organisation, read};
pub(crate) use wake::wake;

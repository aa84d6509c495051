//! Fetching bundles.

use std::fmt;

use placet_client::organisation::{Enrolment, OrganisationTerms, accept};
use serde_json::{Value, json};

use super::{Status, Work, now_ms};
use crate::failure::Failure;
use crate::remote::{Fetched, RemoteError};

/// What came of fetching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fetch {
    /// The bundle in force is the newest.
    Same,
    /// Another one is in force now.
    Taken(OrganisationTerms),
}

impl Fetch {
    /// For programs.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Same => json!({ "changed": false }),
            Self::Taken(terms) => json!({
                "changed": true, "version": terms.version, "policies": terms.policies, "mode": terms.mode,
                "expires_ms": terms.expires_ms,
            }),
        }
    }
}

impl fmt::Display for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("policies: as they were"),
            Self::Taken(terms) if terms.policies.is_empty() => {
                write!(f, "policies: none (version {})", terms.version)
            }
            Self::Taken(terms) => {
                write!(f, "policies: {} (version {})", terms.policies.join(", "), terms.version)
            }
        }
    }
}

/// Fetches the bundle if there is another, or the one in force needs more time.
pub(super) fn once(work: &Work, status: &mut Status) -> Result<Fetch, Failure> {
    let known = status.tag.clone().filter(|_| !is_due(work));
    fetch(work, status, known.as_deref(), 0)
}

/// Fetches the bundle as soon as it is other than `known`, or `wait_s` seconds are over.
pub(super) fn fetch(
    work: &Work,
    status: &mut Status,
    known: Option<&str>,
    wait_s: u64,
) -> Result<Fetch, Failure> {
    let fetched = work.client.fetch(&["v1", "bundle"], known, wait_s).map_err(|error| failure(work, error));
    status.note(&fetched);
    let Fetched::Other { bytes, tag } = fetched? else { return Ok(Fetch::Same) };
    let accepted = accept(&work.locations, &bytes, now_ms()).map_err(|error| {
        status.refused = Some(error.to_string());
        // Asked for again it would come again; what is known of it is that it is not wanted.
        status.tag.clone_from(&tag);
        Failure::new(&error)
            .hint("the policies that were in force stay in force; `placet doctor` shows this too")
    })?;
    status.refused = None;
    status.tag = tag;
    Ok(Fetch::Taken(accepted.terms))
}

/// Whether the bundle in force is to be fetched anew, even if its policies are the same: it is not there, not sound, or half its time is
/// over.
pub(super) fn is_due(work: &Work) -> bool {
    let terms = || {
        let enrolment = Enrolment::read(&work.files).ok()??;
        let bytes = std::fs::read(work.files.bundle()).ok()?;
        let bundle = enrolment.key()?.open(&bytes).ok()?;
        bundle.follows(enrolment.accepted).ok()?;
        Some((bundle.issued_ms, bundle.expires_ms))
    };
    terms().is_none_or(|(issued_ms, expires_ms)| now_ms() >= issued_ms.midpoint(expires_ms))
}

/// What to tell when the gateway did not give one.
pub(super) fn failure(work: &Work, error: RemoteError) -> Failure {
    let revoked = matches!(error, RemoteError::Refused { status: 401, .. });
    let failure = Failure::from(error);
    if !revoked {
        return failure;
    }
    Failure {
        message: format!(
            "the gateway takes the key of agent `{}` no longer: it was revoked, or has a new key",
            work.enrolment.agent_name
        ),
        hint: Some(
            "what is in force here holds until it expires; then every call is asked about. \
             `placet agent unenroll`, then `enroll` with the new key"
                .to_owned(),
        ),
        ..failure
    }
}

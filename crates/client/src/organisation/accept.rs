//! Taking a bundle in.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use placet_bundle::{Bundle, Refused};

use super::enrolment::replace;
use super::read::{open, sources};
use super::{Enrolment, EnrolmentError, EnrolmentFiles, OrganisationTerms};
use crate::Locations;
use crate::compile::compile;
use crate::load::LoadError;
use crate::settings::{Settings, UserFile};
use crate::sources::collect_local;

/// A bundle that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The enrolment as it is now.
    pub enrolment: Enrolment,
    /// What the bundle says beside its policies.
    pub terms: OrganisationTerms,
    /// Whether its policies are others than before, or it is the first.
    pub changed: bool,
}

/// Why a bundle was not taken in. What was in force stays in force.
#[derive(Debug)]
pub enum BundleError {
    /// The pinned key is none.
    Key,
    /// The bundle itself.
    Refused(Refused),
    /// Its time was over when it came.
    Expired,
    /// A policy in it does not compile here; with the mistakes.
    Policy(String),
    /// A file.
    File(EnrolmentError),
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key => f.write_str("the key that was pinned at enrolment is none"),
            Self::Refused(refused) => write!(f, "the bundle is refused: {refused}"),
            Self::Expired => {
                f.write_str("the bundle is refused: its time is over, or the clock here is wrong")
            }
            Self::Policy(why) => write!(f, "the bundle is refused: {why}"),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BundleError {}

/// Whether this enrolment could take the bundle in.
///
/// # Errors
/// [`BundleError`].
pub fn check(
    locations: &Locations,
    enrolment: &Enrolment,
    bytes: &[u8],
    now_ms: i64,
) -> Result<Bundle, BundleError> {
    let key = enrolment.key().ok_or(BundleError::Key)?;
    let bundle = open(&key, enrolment, bytes).map_err(BundleError::Refused)?;
    if now_ms >= bundle.expires_ms {
        return Err(BundleError::Expired);
    }
    compiles(locations, &bundle).map_err(BundleError::Policy)?;
    Ok(bundle)
}

/// Checks a bundle and puts it in force. Whoever calls holds the lock of the enrolment.
///
/// # Errors
/// [`BundleError`]; what was in force stays in force.
pub fn accept(locations: &Locations, bytes: &[u8], now_ms: i64) -> Result<Accepted, BundleError> {
    let files = EnrolmentFiles::of(locations);
    let missing = || EnrolmentError { file: files.enrolment(), why: "it is not there".to_owned() };
    let mut enrolment =
        Enrolment::read(&files).map_err(BundleError::File)?.ok_or_else(|| BundleError::File(missing()))?;
    let bundle = check(locations, &enrolment, bytes, now_ms)?;
    let changed = bundle.version != enrolment.accepted.version;
    let file = files.bundle();
    let fail = |error: std::io::Error| {
        BundleError::File(EnrolmentError { file: file.clone(), why: error.to_string() })
    };
    // First the bundle, then the word that nothing older will do: whoever dies in between leaves a newer bundle, which is no fault.
    replace(&file, bytes).map_err(fail)?;
    enrolment.accepted = bundle.issue();
    enrolment.agent_name.clone_from(&bundle.agent.name);
    enrolment.write(&files).map_err(BundleError::File)?;
    Ok(Accepted { enrolment, terms: OrganisationTerms::of(&bundle), changed })
}

/// Whether its policies compile, alone and together with those of machine and user: a set that does not would deny every call.
fn compiles(locations: &Locations, bundle: &Bundle) -> Result<(), String> {
    let own = sources(bundle);
    let mistakes = |error: LoadError| match error {
        LoadError::Compile(error) => error.errors.first().map_or_else(String::new, |mistake| {
            format!("policy `{}`, line {}: {}", mistake.file, mistake.line, mistake.message)
        }),
        other => other.to_string(),
    };
    let nothing = UserFile::default();
    let bare = Settings::merge(&nothing, &nothing, locations.default_state(), &locations.config);
    compile(locations, &bare, &own, &BTreeMap::new()).map_err(mistakes)?;
    let Ok(mut collected) = collect_local(locations, Path::new("/")) else { return Ok(()) };
    let before = compile(locations, &collected.settings, &collected.sources, &collected.trusted).is_ok();
    collected.sources.extend(own);
    let together = compile(locations, &collected.settings, &collected.sources, &collected.trusted);
    match together {
        // What was broken here before is not the bundle's fault, and must not keep it out.
        Err(error) if before => Err(mistakes(error)),
        _ => Ok(()),
    }
}

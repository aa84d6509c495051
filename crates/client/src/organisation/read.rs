//! The organisation's layer, as policies are compiled.

use placet_bundle::{Bundle, PublicKey};
use placet_model::Layer;
use placet_policy::Source;

use super::{Enrolment, EnrolmentFiles, OrganisationTerms};
use crate::Locations;
use crate::load::LoadError;
use crate::regular_file::{read_bytes, read_text};
use crate::sources::SourceFile;

/// Texts and terms of the organisation.
pub(crate) struct Organisation {
    pub(crate) sources: Vec<Source>,
    pub(crate) terms: OrganisationTerms,
}

/// Reads the bundle of an enrolled user and checks it; `None` when there is no enrolment. Notes what was looked at in `files`.
///
/// # Errors
/// When there is an enrolment and its bundle is missing, or not what was accepted.
pub(crate) fn read(
    locations: &Locations,
    files: &mut Vec<SourceFile>,
) -> Result<Option<Organisation>, LoadError> {
    let own = EnrolmentFiles::of(locations);
    let file = own.enrolment();
    files.push(SourceFile::stat(&file));
    let Some(text) = read_text(&file, super::enrolment::FILE_BYTES_MAX)? else { return Ok(None) };
    let wrong = |why: String| LoadError::Organisation(why);
    let enrolment = Enrolment::parse(&text).map_err(|why| wrong(format!("`{}`: {why}", file.display())))?;
    let file = own.bundle();
    files.push(SourceFile::stat(&file));
    let limit = u64::try_from(placet_bundle::LIMIT_BYTES).unwrap_or(u64::MAX);
    let bytes = read_bytes(&file, limit)?.ok_or_else(|| wrong("their bundle is not there".to_owned()))?;
    let key = enrolment.key().ok_or_else(|| wrong("the pinned key is none".to_owned()))?;
    let bundle = open(&key, &enrolment, &bytes).map_err(|why| wrong(format!("the bundle: {why}")))?;
    Ok(Some(Organisation { sources: sources(&bundle), terms: OrganisationTerms::of(&bundle) }))
}

/// What is in the bytes, if they are a bundle for this enrolment that is not older than one accepted before.
pub(super) fn open(
    key: &PublicKey,
    enrolment: &Enrolment,
    bytes: &[u8],
) -> Result<Bundle, placet_bundle::Refused> {
    let bundle = key.open(bytes)?;
    bundle.is_for(&enrolment.agent, &enrolment.organisation)?;
    bundle.follows(enrolment.accepted)?;
    Ok(bundle)
}

/// Its policies, under the names by which they may extend each other.
pub(super) fn sources(bundle: &Bundle) -> Vec<Source> {
    let policies = bundle.policies.iter();
    policies
        .map(|policy| Source {
            name: policy.name.clone(),
            text: policy.yaml.clone(),
            layer: Layer::Organisation,
            trusted: true,
        })
        .collect()
}

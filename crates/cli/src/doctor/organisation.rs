//! Is this machine in touch with its organisation?

use std::path::Path;

use placet_client::organisation::{Enrolment, EnrolmentFiles, OrganisationTerms};

use super::Examined;
use super::finding::{Finding, Severity};
use crate::commands::sync::{Status, now_ms};

const HOUR_MS: i64 = 3_600_000;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let Ok(locations) = world.place.locations() else { return Vec::new() };
    let files = EnrolmentFiles::of(&locations);
    // What cannot be read is reported with the policies.
    let Ok(Some(enrolment)) = Enrolment::read(&files) else { return Vec::new() };
    let status = Status::read(&files);
    let mut findings = Vec::new();
    let terms = placet_client::collect(&locations, &world.place.project)
        .ok()
        .and_then(|collected| collected.settings.organisation);
    findings.extend(terms.and_then(|terms| time(&terms)));
    let warning = |id, why: String, remedy: &str| Finding::new(id, Severity::Warning, why, remedy);
    if let Some(why) = status.trouble {
        findings.push(warning(
            "sync-trouble",
            format!("the last time, nothing was heard from {}: {why}", enrolment.gateway),
            "`placet sync --once` tries again and says more",
        ));
    }
    if let Some(why) = status.refused {
        findings.push(warning(
            "bundle-refused",
            format!("{why}; the policies before it stay in force"),
            "whoever applies policies at the gateway has to mend this",
        ));
    }
    if let Some(why) = status.untaken {
        findings.push(warning(
            "records-untaken",
            format!("the gateway did not take a record: {why}"),
            "`placet audit verify` shows whether the ledger here is sound",
        ));
    }
    let folder: &Path = &files.folder;
    findings.into_iter().map(|finding| finding.at(folder, None)).collect()
}

/// Whether the bundle is past its time, or soon will be.
fn time(terms: &OrganisationTerms) -> Option<Finding> {
    let left_ms = terms.expires_ms - now_ms();
    let remedy = "`placet sync --once` renews them; `placet sync install` keeps them renewed";
    if left_ms <= 0 {
        let why = "the organisation's policies are past their time, so a person is asked about every call";
        return Some(Finding::new("bundle-expired", Severity::Broken, why, remedy));
    }
    let soon = left_ms < 24 * HOUR_MS;
    soon.then(|| {
        let why = format!("the organisation's policies expire in {} hours", left_ms / HOUR_MS);
        Finding::new("bundle-expires", Severity::Info, why, remedy)
    })
}

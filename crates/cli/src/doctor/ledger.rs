//! Can records be written, and is the chain unbroken?

use std::path::Path;

use placet_client::regular_file::{RegularFileError, read_bytes};
use placet_client::spool::{kept_head, segments};
use placet_ledger::verify::verify_ledger;

use super::Examined;
use super::finding::{Finding, Severity};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let Ok(locations) = world.place.locations() else { return Vec::new() };
    // Settings that cannot be read are reported with the policies.
    let Ok(collected) = placet_client::collect(&locations, &world.place.project) else { return Vec::new() };
    let state = collected.settings.state;
    let mut findings = Vec::new();
    if !is_writable(&state) {
        findings.push(
            Finding::new(
                "ledger-not-writable",
                Severity::Broken,
                "records cannot be written here, so every call is denied unless settings say otherwise",
                "make the folder writable for the user the agent runs as",
            )
            .at(&state, None),
        );
    }
    findings.extend(chain(&state));
    findings
}

fn chain(state: &Path) -> Option<Finding> {
    let finding = |why: String| {
        let remedy = "compare with a copy kept elsewhere; `placet audit verify` shows every fault";
        Finding::new("ledger-not-sound", Severity::Broken, why, remedy).at(&state.join("ledger"), None)
    };
    let segments = match segments(state) {
        Ok(segments) => segments,
        Err(error) => return Some(finding(error.to_string())),
    };
    let read: Result<Vec<_>, _> = segments
        .iter()
        .map(|segment| {
            let bytes = read_bytes(&segment.path, u64::MAX)?;
            Ok((segment.name.as_str(), bytes.unwrap_or_default()))
        })
        .collect();
    let read: Vec<(&str, Vec<u8>)> = match read {
        Ok(read) => read,
        Err(error) => return Some(finding(RegularFileError::to_string(&error))),
    };
    let borrowed: Vec<(&str, &[u8])> = read.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let report = verify_ledger(&borrowed, kept_head(state).as_ref());
    let first = report.faults.first()?;
    Some(finding(format!("the ledger was changed behind the gate's back: {first}")))
}

/// Whether this user may create files below `path`, or below what exists of it.
fn is_writable(path: &Path) -> bool {
    let Some(existing) = path.ancestors().find(|dir| dir.exists()) else { return false };
    // Asking the system would be wrong for root and on read-only mounts alike; trying is not.
    let probe = existing.join(format!(".placet-probe-{}", std::process::id()));
    let created = std::fs::File::options().write(true).create_new(true).open(&probe).is_ok();
    let _ = std::fs::remove_file(&probe);
    created
}

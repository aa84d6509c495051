//! `placet audit prune`

use jiff::Timestamp;
use placet_client::spool::{Pruned, Spool, SpoolOptions};
use placet_policy::PolicySet;
use serde_json::json;

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{compile_in_force, locations_and_sources};

const DAY_MS: u64 = 86_400_000;

/// Removes what is older than asked for, or than the policies say.
pub(super) fn run(session: &Session<'_>, older_than: Option<u32>, dry_run: bool) -> Outcome {
    let (locations, collected) = locations_and_sources(session)?;
    let wanted = policies_say(&locations, &collected)?;
    let (days, reason) = match (older_than, wanted) {
        (Some(days), Some(wanted)) if days < wanted => {
            session.printer.note(format_args!("the policies in force ask for {wanted} days"));
            (days, format!("older than {days} days, by hand; the policies asked for {wanted}"))
        }
        (Some(days), _) => (days, format!("older than {days} days, by hand")),
        (None, Some(days)) => (days, format!("older than the {days} days that policies ask for")),
        (None, None) => {
            return Err(Failure::arguments("no policy in force says how long records are kept")
                .hint("give `--older-than DAYS`, or put `audit: {retention_days: 90}` into a policy"));
        }
    };
    let now_unix_ms = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
    let before_unix_ms = now_unix_ms.saturating_sub(u64::from(days).saturating_mul(DAY_MS));
    let spool =
        Spool::new(&collected.settings.state, SpoolOptions::new(collected.settings.ledger_wait_ms, true));
    let found = if dry_run {
        spool.prunable(before_unix_ms, now_unix_ms, &reason)
    } else {
        spool.prune(before_unix_ms, now_unix_ms, &reason)
    };
    show(session, found.map_err(Failure::new)?.as_ref(), days, dry_run);
    Ok(Exit::Ok)
}

/// The longest `retention_days` of the policies in force, whichever agent they are for.
fn policies_say(
    locations: &placet_client::Locations,
    collected: &placet_client::Collected,
) -> Result<Option<u32>, Failure> {
    let unusable = || {
        Failure::new("the policies in force do not compile, so it is not known how long records are kept")
            .hint("`placet doctor` shows what is wrong")
    };
    let compiled = compile_in_force(locations, collected).map_err(|_| unusable())?;
    let set = PolicySet::open(&compiled.bytes).map_err(|_| unusable())?;
    Ok(placet_policy::audit(&set, None).and_then(|audit| audit.retention_days))
}

fn show(session: &Session<'_>, pruned: Option<&Pruned>, days: u32, dry_run: bool) {
    let printer = session.printer;
    if printer.is_json() {
        let names = pruned.iter().flat_map(|pruned| &pruned.removal.segments);
        let names: Vec<&str> = names.map(|segment| segment.last.segment.as_str()).collect();
        printer.document(&json!({
            "days": days, "dryRun": dry_run, "segments": names,
            "records": pruned.map_or(0, |pruned| pruned.removal.records()),
            "bytes": pruned.map_or(0, |pruned| pruned.bytes),
        }));
        return;
    }
    let Some(Pruned { removal, bytes }) = pruned else {
        printer.data(format_args!("no whole segment is older than {days} days"));
        return;
    };
    let word = if dry_run { "would remove" } else { "removed" };
    printer.data(format_args!(
        "{word} segments {}, records {}, {} KiB",
        removal.segments.len(),
        removal.records(),
        bytes.div_ceil(1024)
    ));
    for segment in &removal.segments {
        let (name, hash) = (&segment.last.segment, segment.last.hash);
        printer.data(format_args!(
            "  {name}  records {:<6} up to {}",
            segment.records,
            short(&hash.to_string())
        ));
    }
}

fn short(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}

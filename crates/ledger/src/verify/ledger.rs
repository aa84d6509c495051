//! Checking all segments together.

use super::{Fault, FaultKind, Report, verify};
use crate::{Head, Link, Removal, SegmentKind};

/// What checking a whole ledger found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerReport {
    /// Sound records over all segments.
    pub records: u64,
    /// Erased ones among them.
    pub erased: u64,
    /// Head of the newest main segment.
    pub head: Option<Head>,
    /// Side segments no line of a main segment vouches for yet.
    pub unbound: Vec<String>,
    /// Segments whose last line was cut off; harmless when the next segment follows their last whole line.
    pub truncated: Vec<String>,
    /// What retention removed, oldest first.
    pub removals: Vec<Removal>,
    /// What is wrong, as `segment:line: text`.
    pub faults: Vec<String>,
}

impl LedgerReport {
    /// Whether nothing is wrong.
    pub fn sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// The segments with what checking each by itself found, and what is gone by retention.
struct All<'a> {
    reports: Vec<(&'a str, Report)>,
    removals: Vec<Removal>,
}

/// Checks all segments of a ledger together: main segments in the order of their names, side segments in
/// any. `kept_head` is a head somebody kept elsewhere: it must still be there, or be among what retention
/// removed.
pub fn verify_ledger(segments: &[(&str, &[u8])], kept_head: Option<&Link>) -> LedgerReport {
    let mut out = LedgerReport::default();
    let mut reports: Vec<(&str, Report)> =
        segments.iter().map(|(name, bytes)| (*name, verify(bytes))).collect();
    reports.sort_by_key(|(name, _)| *name);
    for (name, report) in &reports {
        by_itself(name, report, &mut out);
    }
    let removals = removals(&reports);
    let all = All { reports, removals };
    out.head = all.chain(&mut out.faults);
    out.unbound = all.unbound();
    if let Some(kept) = kept_head.filter(|link| !all.knows(link)) {
        out.faults.push(format!("{}: line {} of the kept head is not there", kept.segment, kept.seq + 1));
    }
    out.removals = all.removals;
    out
}

fn by_itself(name: &str, report: &Report, out: &mut LedgerReport) {
    out.records += report.records;
    out.erased += report.erased;
    match &report.fault {
        Some(Fault { kind: FaultKind::Truncated, .. }) => out.truncated.push(name.to_owned()),
        Some(fault) => out.faults.push(format!("{name}:{}: {}", fault.line, fault.kind.text())),
        None => {}
    }
    if report.header.as_ref().is_some_and(|header| header.segment != name) {
        out.faults.push(format!("{name}:1: the header is that of another segment"));
    }
}

/// Main segments alone tell of removals. One that was told again because its line was to go counts once.
fn removals(reports: &[(&str, Report)]) -> Vec<Removal> {
    let mut found: Vec<Removal> = Vec::new();
    for (_, report) in reports.iter().filter(|(_, report)| is(report, SegmentKind::Main)) {
        for removal in &report.removals {
            if !found.contains(removal) {
                found.push(removal.clone());
            }
        }
    }
    found.sort_by_key(|removal| removal.unix_ms);
    found
}

fn is(report: &Report, kind: SegmentKind) -> bool {
    report.header.as_ref().is_some_and(|header| header.kind == kind)
}

impl All<'_> {
    fn knows(&self, link: &Link) -> bool {
        let has = |(name, report): &(&str, Report)| *name == link.segment && report.covers(link);
        self.reports.iter().any(has) || self.removals.iter().any(|removal| removal.covers(link))
    }

    /// Whether each segment follows what it must; the head of the last main one.
    fn chain(&self, faults: &mut Vec<String>) -> Option<Head> {
        let mut last: Option<&Head> = None;
        for (name, report) in &self.reports {
            let Some(header) = &report.header else { continue };
            if header.kind == SegmentKind::Main {
                // Each main segment must follow the very last line of the one before, or of one that
                // retention removed: else lines were cut away.
                let removed = |link: &Link| self.removals.iter().any(|removal| removal.ends_at(link));
                if header.follows != last.map(Head::as_link) && !header.follows.as_ref().is_some_and(removed)
                {
                    faults.push(format!("{name}:1: does not follow the end of the segment before it"));
                }
                last = report.head.as_ref();
            } else if let Some(missing) = header.follows.as_ref().filter(|link| !self.knows(link)) {
                let line = missing.seq + 1;
                faults.push(format!(
                    "{name}:1: follows line {line} of `{}`, which is not there",
                    missing.segment
                ));
            }
            for missing in report.links.iter().filter(|link| !self.knows(link)) {
                let line = missing.seq + 1;
                faults
                    .push(format!("{name}: binds line {line} of `{}`, which is not there", missing.segment));
            }
        }
        last.cloned()
    }

    fn unbound(&self) -> Vec<String> {
        let bound = |name: &str, seq: u64| {
            let binds = |link: &Link| link.segment == name && link.seq >= seq;
            self.reports.iter().any(|(_, report)| report.links.iter().any(binds))
        };
        let side = self.reports.iter().filter(|(_, report)| is(report, SegmentKind::Side));
        side.filter(|(name, report)| !bound(name, report.head.as_ref().map_or(0, |head| head.seq)))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }
}

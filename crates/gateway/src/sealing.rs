//! The one that gives stored records their places in the ledger: a chain of hashes over all records of the organisation.
//!
//! An answer means that a record is stored; its place follows within about a second. Several gateways on one database may seal: who
//! comes second finds that the head has moved, and begins anew.
//!
//! `INVARIANT:` every record has one place, in the order in which records were stored, and no place is given twice (guarded by
//! `tests/it/ledger.rs`).
//! `INVARIANT:` a record that was altered, and one that went without the record that retention leaves, are found by whoever checks
//! the lines (guarded by `tests/it/ledger.rs`).

use std::sync::Weak;
use std::time::Duration;

use placet_ledger::{Hash, Head, Header, SegmentKind, from_hex, leaf, to_hex};
use placet_store::{LedgerHead, Place, RecordQuery, RecordRow, SealedLine, StoreError};
use serde_json::{Value, json};

use crate::machine::{aside, random, unix_ms};
use crate::state::Gateway;

/// Records that are sealed at a time.
const BATCH: i64 = 500;

/// What is stored shortly after one another is sealed together.
const GATHER: Duration = Duration::from_millis(250);

/// Longest time without looking: other gateways store too.
const PAUSE: Duration = Duration::from_secs(1);

/// Seals what comes, until the gateway is gone.
pub(crate) async fn keep(gateway: Weak<Gateway>) {
    loop {
        let Some(strong) = gateway.upgrade() else { return };
        let mut stored = strong.store.stored();
        // A database that does not answer is asked again.
        let full = matches!(seal(&strong).await, Ok(Step::Sealed(BATCH)));
        stored.mark_unchanged();
        drop(strong);
        if full {
            continue;
        }
        let _ = tokio::time::timeout(PAUSE, stored.changed()).await;
        tokio::time::sleep(GATHER).await;
    }
}

/// What a step did.
#[derive(PartialEq)]
enum Step {
    /// Everything was sealed already.
    Nothing,
    /// So many records were sealed.
    Sealed(i64),
    /// Another gateway was faster.
    Overtaken,
}

/// Seals everything that is stored by now.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn seal_all(gateway: &Gateway) -> Result<(), StoreError> {
    while seal(gateway).await? != Step::Nothing {}
    Ok(())
}

/// Seals the next records.
async fn seal(gateway: &Gateway) -> Result<Step, StoreError> {
    let organisation = &gateway.organisation;
    let before = gateway.store.ledger_head(organisation).await?;
    let place = before.as_ref().map_or(FIRST, |head| head.place);
    let query = RecordQuery { limit: BATCH, ..RecordQuery::default() };
    let rows = gateway.store.stored_after(organisation, &query, place).await?;
    let Some((last, _)) = rows.last() else { return Ok(Step::Nothing) };
    let sealed = i64::try_from(rows.len()).unwrap_or(BATCH);
    let place = *last;
    let broken = |why: &str| StoreError::Unavailable(why.to_owned());
    let begun = match before.clone() {
        Some(head) => head,
        None => begin(organisation.as_str()),
    };
    let start = head_of(&begun).ok_or_else(|| broken("the head of the ledger cannot be read"))?;
    let (lines, end) = aside(|| chain(start, &rows)).map_err(|error| broken(&error.to_string()))?;
    if before.is_none() {
        // The header first: every batch then stands behind a line that is stored.
        match gateway.store.seal(organisation, None, begun.clone(), Vec::new()).await {
            Ok(()) => {}
            Err(StoreError::Stale(_)) => return Ok(Step::Overtaken),
            Err(error) => return Err(error),
        }
    }
    let seq = i64::try_from(end.seq).map_err(|_| broken("the ledger is full"))?;
    let after = LedgerHead { seq, hash: end.hash.to_string(), place, ..begun.clone() };
    match gateway.store.seal(organisation, Some(begun), after, lines).await {
        Ok(()) => Ok(Step::Sealed(sealed)),
        Err(StoreError::Stale(_)) => Ok(Step::Overtaken),
        Err(error) => Err(error),
    }
}

/// Before everything.
const FIRST: Place = Place { transaction: 0, number: 0 };

fn begin(organisation: &str) -> LedgerHead {
    let opened_ms = unix_ms();
    let head = LedgerHead {
        segment: format!("gateway-{organisation}"),
        opened_ms,
        seq: 0,
        hash: String::new(),
        place: FIRST,
    };
    let (_, first) = header(&head).line();
    LedgerHead { hash: first.hash.to_string(), ..head }
}

/// The first line of the chain.
pub(crate) fn header(head: &LedgerHead) -> Header {
    Header {
        segment: head.segment.clone(),
        kind: SegmentKind::Main,
        opened_unix_ms: head.opened_ms.unsigned_abs(),
        follows: None,
    }
}

fn head_of(head: &LedgerHead) -> Option<Head> {
    let seq = u64::try_from(head.seq).ok()?;
    Some(Head { segment: head.segment.clone(), seq, hash: Hash::parse(&head.hash)? })
}

fn chain(start: Head, rows: &[(Place, RecordRow)]) -> std::io::Result<(Vec<SealedLine>, Head)> {
    let mut head = start;
    let mut lines = Vec::with_capacity(rows.len());
    for (_, row) in rows {
        let salt: [u8; 16] = random()?;
        let leaf = leaf(&content(row), &salt);
        head = head.sealed(leaf);
        lines.push(SealedLine { record: row.id.clone(), salt: to_hex(&salt), leaf: leaf.to_string() });
    }
    Ok((lines, head))
}

/// All that a record says, in the form that is sealed. The payload is its text, as it is stored.
fn content(row: &RecordRow) -> Value {
    json!({
        "id": row.id, "organisation": row.organisation, "unixMs": row.unix_ms, "agent": row.agent,
        "agentName": row.agent_name, "action": row.action, "resource": row.resource, "decision": row.decision,
        "enforced": row.enforced, "policy": row.policy, "rule": row.rule, "reason": row.reason, "trace": row.trace,
        "session": row.session, "payload": row.payload,
    })
}

/// The line of a sealed record as it is now, and the head behind it. `None` when what was kept of it makes no sense.
pub(crate) fn line(head: &Head, sealed: &SealedLine, row: Option<&RecordRow>) -> Option<(Vec<u8>, Head)> {
    let leaf = Hash::parse(&sealed.leaf)?;
    let next = head.sealed(leaf);
    let line = match row {
        Some(row) => {
            let mut salt = [0; 16];
            from_hex(&sealed.salt, &mut salt).then_some(())?;
            head.sealed_line(&next, &content(row), salt)
        }
        None => head.erased_line(leaf),
    };
    Some((line, next))
}

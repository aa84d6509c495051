//! Removing old segments: what goes, what stays, and that the rest still checks.

use std::fs;
use std::path::PathBuf;

use placet_client::spool::{PruneError, Spool, SpoolOptions, kept_head, segments};
use placet_ledger::verify::{LedgerReport, verify_ledger};
use placet_ledger::{Header, SegmentKind};
use serde_json::{Value, json};

const DAY_MS: u64 = 86_400_000;
const START_UNIX_MS: u64 = 1_790_000_000_000;

struct State(PathBuf);

impl State {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("placet-prune-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// One segment a day, for so many days, of two records each.
    fn filled(name: &str, days: u64) -> Self {
        let state = Self::new(name);
        for day in 0..days {
            // Two records are more than the limit, one is not.
            for record in 0..2 {
                state.append(day, &format!("{day}-{record}"));
            }
        }
        assert_eq!(state.names().len() as u64, days);
        state
    }

    fn spool(&self) -> Spool {
        Spool::new(&self.0, SpoolOptions::new(20, false).segment_limit(1200))
    }

    fn append(&self, day: u64, text: &str) {
        let mut salt = [0; 16];
        for (slot, byte) in salt.iter_mut().zip(text.bytes()) {
            *slot = byte;
        }
        let unix_ms = START_UNIX_MS + day * DAY_MS;
        let payload: Value = json!({"id": text, "unix_ms": unix_ms, "text": "x".repeat(400)});
        self.spool().append(&payload, salt, unix_ms).unwrap();
    }

    /// Removes what was made before the morning of `day`.
    fn prune(&self, day: u64) -> Result<Vec<String>, PruneError> {
        let pruned =
            self.spool().prune(START_UNIX_MS + day * DAY_MS, START_UNIX_MS + 100 * DAY_MS, "a test")?;
        let segments = pruned.map(|pruned| pruned.removal.segments).unwrap_or_default();
        Ok(segments.into_iter().map(|segment| segment.last.segment).collect())
    }

    fn names(&self) -> Vec<String> {
        segments(&self.0).unwrap().into_iter().map(|segment| segment.name).collect()
    }

    fn check(&self) -> LedgerReport {
        let read: Vec<(String, Vec<u8>)> = segments(&self.0)
            .unwrap()
            .into_iter()
            .map(|segment| (segment.name, fs::read(segment.path).unwrap()))
            .collect();
        let borrowed: Vec<(&str, &[u8])> =
            read.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        verify_ledger(&borrowed, kept_head(&self.0).as_ref())
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn old_segments_go_and_the_rest_checks() {
    let state = State::filled("rest", 5);
    assert_eq!(state.check().records, 10);
    let found = state.spool().prunable(START_UNIX_MS + 3 * DAY_MS, 0, "a test").unwrap().unwrap();
    assert_eq!((found.removal.segments.len(), found.removal.records()), (3, 6));
    assert_eq!(state.names().len(), 5, "a look removes nothing");
    assert_eq!(state.prune(3).unwrap(), ["00000001", "00000002", "00000003"]);
    assert_eq!(state.names(), ["00000004", "00000005"]);
    let report = state.check();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!((report.records, report.removals.len(), report.removals[0].records()), (4, 1, 6));
    // The ledger goes on, and nothing is removed twice.
    state.append(6, "later");
    assert_eq!(state.prune(3).unwrap(), Vec::<String>::new());
    assert!(state.check().sound());
}

#[test]
fn the_segment_that_is_written_to_stays() {
    let state = State::filled("newest", 2);
    assert_eq!(state.prune(50).unwrap(), ["00000001"]);
    assert_eq!(state.prune(50).unwrap(), Vec::<String>::new());
    assert_eq!(State::new("empty").prune(50).unwrap(), Vec::<String>::new());
}

#[test]
fn what_was_told_of_earlier_removals_is_told_again() {
    let state = State::filled("again", 3);
    assert_eq!(state.prune(1).unwrap(), ["00000001"]);
    for day in 3..6 {
        state.append(day, &format!("{day}-0"));
        state.append(day, &format!("{day}-1"));
    }
    state.prune(5).unwrap();
    assert!(!state.names().contains(&"00000003".to_owned()), "the line of the first removal went with it");
    let report = state.check();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.removals.len(), 2);
    assert!(report.removals.iter().any(|removal| removal.segments[0].last.segment == "00000001"));
}

#[test]
fn side_segments_go_with_the_main_one_that_binds_them() {
    let state = State::filled("side", 1);
    let side = state.0.join("ledger/side");
    fs::create_dir_all(&side).unwrap();
    let name = format!("side-{START_UNIX_MS:013}-1-00000000");
    let header = Header {
        segment: name.clone(),
        kind: SegmentKind::Side,
        opened_unix_ms: START_UNIX_MS,
        follows: kept_head(&state.0),
    };
    let (mut lines, head) = header.line();
    lines.extend(head.append(&json!({"id": "beside", "unix_ms": START_UNIX_MS}), [7; 16]).0);
    fs::write(side.join(format!("{name}.jsonl")), lines).unwrap();
    for day in 1..4 {
        state.append(day, &format!("{day}-0"));
        state.append(day, &format!("{day}-1"));
    }
    assert!(state.names().contains(&name));
    assert!(state.check().sound());
    // The first goes; the second binds the side segment, which follows what is gone.
    state.prune(1).unwrap();
    assert!(state.names().contains(&name));
    assert_eq!(state.check().faults, Vec::<String>::new());
    let gone = state.prune(2).unwrap();
    assert_eq!(gone, ["00000002".to_owned(), name.clone()]);
    assert!(!state.names().contains(&name));
    assert_eq!(state.check().faults, Vec::<String>::new());
}

#[test]
fn a_ledger_that_does_not_check_is_left_alone() {
    let state = State::filled("damaged", 3);
    let path = state.0.join("ledger/00000002.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("xxx", "yyy", 1)).unwrap();
    assert!(matches!(state.prune(50), Err(PruneError::NotSound(_))));
    assert_eq!(state.names().len(), 3);
}

#[test]
fn what_a_crash_left_goes_with_the_next_call() {
    let state = State::filled("crash", 4);
    let path = |name: &str| state.0.join(format!("ledger/{name}.jsonl"));
    let second = fs::read(path("00000002")).unwrap();
    state.prune(2).unwrap();
    fs::write(path("00000002"), second).unwrap();
    assert_eq!(state.check().faults, Vec::<String>::new());
    assert_eq!(state.prune(2).unwrap(), ["00000002"]);
    assert_eq!(state.check().faults, Vec::<String>::new());
    // Deleting one that nobody told of is found.
    fs::remove_file(path("00000003")).unwrap();
    assert!(!state.check().sound());
}

//! The ledger's files: crowds, crashes, full and closed folders.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use placet_client::spool::{Spool, SpoolError, SpoolOptions, find_decision, kept_head, segments};
use placet_ledger::verify::{LedgerReport, verify_ledger};
use serde_json::{Value, json};

const NOW_UNIX_MS: u64 = 1_790_000_000_000;

/// A state folder that goes away with the test.
struct State(PathBuf);

impl State {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("placet-spool-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn ledger(&self) -> PathBuf {
        self.0.join("ledger")
    }

    fn segment(&self, name: &str) -> PathBuf {
        self.ledger().join(format!("{name}.jsonl"))
    }

    fn names(&self) -> Vec<String> {
        segments(&self.0).unwrap().into_iter().map(|segment| segment.name).collect()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::set_permissions(self.ledger(), fs::Permissions::from_mode(0o700));
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn options() -> SpoolOptions {
    SpoolOptions::new(20, false)
}

fn salt(n: usize) -> [u8; 16] {
    let mut salt = [0; 16];
    salt[..8].copy_from_slice(&(n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    salt
}

fn payload(text: &str) -> Value {
    json!({"id": text, "text": "x".repeat(300), "session": "s", "tool_use": text, "decision": "allow", "input_digest": format!("d-{text}")})
}

fn append(state: &Path, options: SpoolOptions, text: &str, n: usize) -> Result<(), SpoolError> {
    Spool::new(state, options).append(&payload(text), salt(n), NOW_UNIX_MS)
}

fn check(state: &Path) -> LedgerReport {
    let all = segments(state).unwrap();
    let texts: Vec<Vec<u8>> = all.iter().map(|segment| fs::read(&segment.path).unwrap()).collect();
    let named: Vec<(&str, &[u8])> =
        all.iter().zip(&texts).map(|(segment, text)| (segment.name.as_str(), text.as_slice())).collect();
    verify_ledger(&named, kept_head(state).as_ref())
}

fn ids(state: &Path) -> Vec<String> {
    let mut ids: Vec<String> = segments(state)
        .unwrap()
        .iter()
        .flat_map(|segment| {
            let text = fs::read(&segment.path).unwrap();
            placet_ledger::query::entries(&text)
                .map(|entry| entry.text("id").unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    ids.sort();
    ids
}

#[test]
fn records_follow_each_other() {
    let state = State::new("plain");
    for n in 0..5 {
        append(&state.0, options(), &format!("r{n}"), n).unwrap();
    }
    let report = check(&state.0);
    assert!(report.sound(), "{report:?}");
    assert_eq!((report.records, state.names()), (5, vec!["00000001".to_owned()]));
    assert_eq!(report.head.unwrap().as_link(), kept_head(&state.0).unwrap());
    assert_eq!(fs::metadata(state.segment("00000001")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(state.ledger()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(find_decision(&state.0, "s", "r3").as_deref(), Some("d-r3"));
    assert_eq!(find_decision(&state.0, "other", "r3"), None);
    assert_eq!(find_decision(&state.0, "s", "r9"), None);
}

#[test]
fn a_large_segment_is_followed_by_a_new_one() {
    let state = State::new("rotation");
    for n in 0..20 {
        append(&state.0, options().segment_limit(2000), &format!("r{n:02}"), n).unwrap();
    }
    let report = check(&state.0);
    assert!(report.sound() && report.records == 20 && state.names().len() > 3, "{report:?}");
}

#[test]
fn synced_records() {
    let state = State::new("fsync");
    append(&state.0, SpoolOptions::new(20, true), "a", 1).unwrap();
    append(&state.0, SpoolOptions::new(20, true), "b", 2).unwrap();
    assert!(check(&state.0).sound());
}

#[test]
fn a_cut_off_line_is_left_and_a_new_segment_follows_the_last_whole_one() {
    let state = State::new("cut");
    append(&state.0, options(), "a", 1).unwrap();
    append(&state.0, options(), "b", 2).unwrap();
    fs::File::options()
        .append(true)
        .open(state.segment("00000001"))
        .unwrap()
        .write_all(b"{\"hash\":\"12")
        .unwrap();
    append(&state.0, options(), "c", 3).unwrap();
    append(&state.0, options(), "d", 4).unwrap();
    let report = check(&state.0);
    assert!(report.sound(), "{report:?}");
    assert_eq!((report.records, report.truncated, state.names().len()), (4, vec!["00000001".to_owned()], 2));
}

#[test]
fn a_head_that_is_behind_or_gone_is_made_up_for() {
    let state = State::new("head");
    let head = state.ledger().join("head");
    append(&state.0, options(), "a", 1).unwrap();
    let old = fs::read(&head).unwrap();
    append(&state.0, options(), "b", 2).unwrap();
    // The writer of `b` died before it told.
    fs::write(&head, &old).unwrap();
    append(&state.0, options(), "c", 3).unwrap();
    assert!(check(&state.0).sound());
    for content in ["", "nonsense", "{\"segment\":\"../../x\",\"seq\":1,\"hash\":\"00\",\"bytes\":1}"] {
        fs::write(&head, content).unwrap();
        append(&state.0, options(), "d", 4).unwrap();
    }
    // It died just after opening a new segment.
    let old = fs::read(&head).unwrap();
    append(&state.0, options().segment_limit(1), "e", 5).unwrap();
    fs::write(&head, &old).unwrap();
    append(&state.0, options().segment_limit(1), "f", 6).unwrap();
    fs::write(&head, &old).unwrap();
    let cut = b"{\"hash\":\"1";
    fs::File::options().append(true).open(state.segment("00000001")).unwrap().write_all(cut).unwrap();
    append(&state.0, options(), "g", 7).unwrap();
    let report = check(&state.0);
    assert!(report.sound(), "{report:?}");
    assert_eq!(report.records, 9);
}

#[test]
fn lines_that_were_cut_away_are_reported() {
    let state = State::new("lost");
    for n in 0..4 {
        append(&state.0, options(), &format!("r{n}"), n).unwrap();
    }
    let path = state.segment("00000001");
    let text = fs::read(&path).unwrap();
    let end = text[..text.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    fs::write(&path, &text[..end]).unwrap();
    assert!(!check(&state.0).sound());
    append(&state.0, options(), "later", 9).unwrap();
    assert!(!check(&state.0).sound());
    assert!(ids(&state.0).contains(&"later".to_owned()));
}

#[test]
fn a_busy_lock_leads_to_a_side_segment_which_is_bound_in_later() {
    let state = State::new("side");
    append(&state.0, options(), "a", 1).unwrap();
    let head = fs::File::options().read(true).open(state.ledger().join("head")).unwrap();
    head.lock().unwrap();
    let start = Instant::now();
    append(&state.0, options(), "b", 2).unwrap();
    append(&state.0, SpoolOptions::new(0, true), "c", 3).unwrap();
    assert!(start.elapsed().as_millis() < 500);
    let report = check(&state.0);
    assert!(report.sound(), "{report:?}");
    assert_eq!((report.records, report.unbound.len()), (3, 2));
    assert_eq!(find_decision(&state.0, "s", "c").as_deref(), Some("d-c"));
    head.unlock().unwrap();
    append(&state.0, options(), "d", 4).unwrap();
    let report = check(&state.0);
    assert!(report.sound() && report.unbound.is_empty(), "{report:?}");
    assert_eq!(ids(&state.0), ["a", "b", "c", "d"]);
    assert!(!state.ledger().join("side").exists());
    // A bound segment cannot vanish unnoticed.
    let side =
        segments(&state.0).unwrap().into_iter().find(|segment| segment.name.starts_with("side")).unwrap();
    fs::remove_file(side.path).unwrap();
    assert!(!check(&state.0).sound());
}

#[test]
fn a_closed_folder_is_an_error() {
    let state = State::new("closed");
    append(&state.0, options(), "a", 1).unwrap();
    let blocked = state.0.join("file");
    fs::write(&blocked, "").unwrap();
    let error = append(&blocked, options(), "b", 2).unwrap_err();
    assert!(matches!(error, SpoolError::Folder(..)), "{error}");
    assert!(error.to_string().starts_with("cannot use ledger folder `"), "{error}");
    assert!(!error.help().is_empty());
    // Rights do not bind root, under which tests may run.
    fs::remove_file(state.segment("00000001")).unwrap();
    fs::create_dir(state.segment("00000001")).unwrap();
    assert!(append(&state.0, options(), "b", 2).is_err());
}

/// `/dev/full` takes nothing: what a full disk does.
#[test]
fn a_full_disk_is_an_error_and_leaves_the_chain_whole() {
    let state = State::new("full");
    append(&state.0, options(), "a", 1).unwrap();
    let path = state.segment("00000001");
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    // The segment is shorter than the head says, so a new one is opened; that one is full as well.
    std::os::unix::fs::symlink("/dev/full", state.segment("00000002")).unwrap();
    let error = append(&state.0, options(), "b", 2).unwrap_err();
    assert!(matches!(error, SpoolError::Full(_)), "{error}");
    let _ = fs::remove_file(state.segment("00000002"));
    fs::remove_file(&path).unwrap();
    fs::write(&path, kept).unwrap();
    append(&state.0, options(), "c", 3).unwrap();
    let report = check(&state.0);
    assert!(report.sound(), "{report:?}");
    assert_eq!(ids(&state.0), ["a", "c"]);
}

const PROCESSES: usize = 32;
const EACH: usize = 50;

#[test]
fn a_crowd_of_processes_loses_nothing() {
    let state = State::new("crowd");
    let program = std::env::current_exe().unwrap();
    let children: Vec<_> = (0..PROCESSES)
        .map(|process| {
            Command::new(&program)
                .args(["--exact", "spool::child_of_the_crowd", "--ignored", "--quiet"])
                .env("SPOOL_STATE", &state.0)
                .env("SPOOL_PROCESS", process.to_string())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    append(&state.0, options(), "last", 1).unwrap();
    let mut wanted: Vec<String> =
        (0..PROCESSES).flat_map(|process| (0..EACH).map(move |n| format!("p{process:02}-{n:02}"))).collect();
    wanted.push("last".to_owned());
    wanted.sort();
    assert_eq!(ids(&state.0), wanted);
    let report = check(&state.0);
    assert!(report.sound(), "{:?}", report.faults);
    println!("side segments: {}", state.names().iter().filter(|name| name.starts_with("side")).count());
}

#[test]
#[ignore = "one process of the crowd"]
fn child_of_the_crowd() {
    let Some(state) = std::env::var_os("SPOOL_STATE").map(PathBuf::from) else { return };
    let process: usize = std::env::var("SPOOL_PROCESS").unwrap().parse().unwrap();
    for n in 0..EACH {
        let options = options().segment_limit(100_000);
        append(&state, options, &format!("p{process:02}-{n:02}"), process * 1000 + n).unwrap();
    }
}

#[test]
fn a_crowd_of_threads_with_an_impatient_lock() {
    let state = State::new("threads");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let state = &state.0;
            scope.spawn(move || {
                for n in 0..25 {
                    append(
                        state,
                        SpoolOptions::new(0, false),
                        &format!("t{thread}-{n:02}"),
                        thread * 1000 + n,
                    )
                    .unwrap();
                }
            });
        }
    });
    for n in 0..6 {
        append(&state.0, options(), &format!("z{n}"), n).unwrap();
    }
    let report = check(&state.0);
    assert!(report.sound() && report.unbound.is_empty(), "{report:?}");
    assert_eq!(ids(&state.0).len(), 206);
}

/// A generous bound; the figure itself is printed.
#[test]
fn an_append_is_fast() {
    let state = State::new("speed");
    append(&state.0, options(), "first", 0).unwrap();
    let start = Instant::now();
    for n in 0..1000 {
        append(&state.0, options(), "r", n).unwrap();
    }
    let each = start.elapsed() / 1000;
    println!("append: {each:?}");
    assert!(each.as_millis() < 5, "{each:?}");
}

//! Alterations are reported.

use placet_ledger::verify::{FaultKind, verify_ledger};
use placet_ledger::{Head, Header, Link, Removal, Removed, SegmentKind, erase, verify};

use crate::support::{header, segment};

#[test]
fn a_sound_segment() {
    let (bytes, head) = segment(&header("a"), 9);
    let report = verify(&bytes);
    assert_eq!((report.fault, report.records, report.head), (None, 9, Some(head)));
    assert_eq!(report.sound_bytes, bytes.len());
    assert_eq!(verify(b"").fault.unwrap().kind, FaultKind::NoHeader);
}

#[test]
fn any_changed_byte_is_reported() {
    let (bytes, _) = segment(&header("a"), 3);
    for at in 0..bytes.len() {
        for change in [1, 0x20, 0x80] {
            let mut altered = bytes.clone();
            altered[at] ^= change;
            assert!(verify(&altered).fault.is_some(), "byte {at} ^ {change}");
        }
    }
}

#[test]
fn removed_moved_and_added_lines_are_reported_at_their_place() {
    let (bytes, _) = segment(&header("a"), 5);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let kind = |lines: &[&[u8]]| verify(&lines.concat()).fault.map(|fault| (fault.line, fault.kind));
    let mut removed = lines.clone();
    removed.remove(2);
    assert_eq!(kind(&removed), Some((3, FaultKind::Unlinked)));
    let mut moved = lines.clone();
    moved.swap(2, 3);
    assert_eq!(kind(&moved), Some((3, FaultKind::Unlinked)));
    let mut twice = lines.clone();
    twice.insert(2, lines[2]);
    assert_eq!(kind(&twice), Some((4, FaultKind::Unlinked)));
    assert_eq!(kind(&lines[1..]), Some((1, FaultKind::NoHeader)));
    let altered = String::from_utf8(bytes.clone()).unwrap().replacen("git push 2", "git push 3", 1);
    assert_eq!(
        verify(altered.as_bytes()).fault.map(|fault| (fault.line, fault.kind)),
        Some((4, FaultKind::Altered))
    );
    let spaced = String::from_utf8(bytes).unwrap().replacen("{\"hash\"", "{ \"hash\"", 1);
    assert_eq!(verify(spaced.as_bytes()).fault.unwrap().kind, FaultKind::Unreadable);
}

#[test]
fn a_cut_off_last_line_says_nothing_against_the_others() {
    let (bytes, _) = segment(&header("a"), 3);
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for end in last + 1..bytes.len() {
        let report = verify(&bytes[..end]);
        assert_eq!(report.fault.unwrap().kind, FaultKind::Truncated, "{end}");
        assert_eq!((report.records, report.sound_bytes), (2, last));
    }
}

#[test]
fn what_was_added_behind_the_last_line_is_reported() {
    let (bytes, _) = segment(&header("a"), 3);
    let mut long = b"{\"hash\":\"".to_vec();
    long.resize(2 << 20, b'a');
    for added in [
        &b"x"[..],
        b"\0",
        b"junk without an end",
        b"{\"hash\":1}",
        b"{\"hash\":\"1\"}",
        b"{\"hash\":\"12\",}",
        b"{\"hash\":\"12\"}{\"ha",
        b"{\"has-h",
        b"[",
        b" ",
        b"\r",
        &long,
    ] {
        let whole = [&bytes, added].concat();
        let report = verify(&whole);
        let shown = String::from_utf8_lossy(added.get(..20).unwrap_or(added)).into_owned();
        assert_eq!(
            report.fault.map(|fault| (fault.line, fault.kind)),
            Some((5, FaultKind::Foreign)),
            "{shown}"
        );
        let ledger = verify_ledger(&[("a", &whole)], None);
        assert!(!ledger.sound(), "{shown}: {ledger:?}");
    }
}

#[test]
fn an_erased_payload_leaves_the_chain_whole() {
    let (bytes, head) = segment(&header("a"), 4);
    let lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
        .map(|(index, line)| if index == 2 { erase(line).unwrap() } else { line.to_vec() })
        .collect();
    let erased = lines.concat();
    assert!(!String::from_utf8_lossy(&erased).contains("git push 1"));
    let report = verify(&erased);
    assert_eq!((report.fault, report.records, report.erased, report.head), (None, 4, 1, Some(head)));
    assert!(erase(lines[0].as_slice()).is_none() && erase(&lines[2]).is_none());
}

#[test]
fn segments_hang_together() {
    let (first, first_head) = segment(&header("00000001"), 3);
    let side = Header { kind: SegmentKind::Side, follows: Some(first_head.as_link()), ..header("side-1") };
    let (side, side_head) = segment(&side, 2);
    let (mut second, head) =
        segment(&Header { follows: Some(first_head.as_link()), ..header("00000002") }, 2);
    let check = |segments: &[(&str, &[u8])], kept: Option<&Link>| verify_ledger(segments, kept);

    let report = check(&[("00000002", &second), ("side-1", &side), ("00000001", &first)], None);
    assert_eq!(
        (report.faults.clone(), report.records, report.unbound),
        (vec![], 7, vec!["side-1".to_owned()])
    );

    let (line, head) = head.link(&side_head.as_link());
    second.extend(line);
    let all: [(&str, &[u8]); 3] = [("00000001", &first), ("00000002", &second), ("side-1", &side)];
    let report = check(&all, Some(&head.as_link()));
    assert!(report.sound() && report.unbound.is_empty(), "{report:?}");
    assert_eq!(report.head, Some(head.clone()));

    // A bound side segment, the first segment or its end is gone.
    assert!(!check(&all[..2], None).sound());
    assert!(!check(&all[1..], None).sound());
    let cut = first[..first.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    assert!(!check(&[("00000001", &first[..cut]), all[1], all[2]], None).sound());
    // The newest line is gone: only a head kept elsewhere shows it.
    let cut = second[..second.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let shorter = [all[0], ("00000002", &second[..cut]), all[2]];
    assert!(check(&shorter, None).sound());
    assert!(!check(&shorter, Some(&head.as_link())).sound());
    // A file under another name.
    assert!(!check(&[("00000009", &first)], None).sound());
}

#[test]
fn a_segment_repaired_after_a_cut_is_sound() {
    let (mut first, head) = segment(&header("00000001"), 2);
    first.extend_from_slice(b"{\"hash\":\"12");
    let (second, _) = segment(&Header { follows: Some(head.as_link()), ..header("00000002") }, 1);
    let report = verify_ledger(&[("00000001", &first), ("00000002", &second)], None);
    assert!(report.sound(), "{report:?}");
    assert_eq!(report.truncated, ["00000001"]);
}

/// Three main segments of two records each; the last one tells that the first two were removed.
fn after_removal() -> ([(String, Vec<u8>); 3], Head) {
    let (one, first) = segment(&header("00000001"), 2);
    let (two, second) = segment(&Header { follows: Some(first.as_link()), ..header("00000002") }, 2);
    let (mut three, head) = segment(&Header { follows: Some(second.as_link()), ..header("00000003") }, 2);
    let removed = |bytes: &[u8], head: &Head| Removed {
        first: verify(bytes).first().unwrap(),
        last: head.as_link(),
        records: 2,
    };
    let removal = Removal {
        segments: vec![removed(&one, &first), removed(&two, &second)],
        reason: "older than 90 days".to_owned(),
        unix_ms: 5,
    };
    let (line, head) = head.removal(&removal);
    three.extend(line);
    ([("00000001".to_owned(), one), ("00000002".to_owned(), two), ("00000003".to_owned(), three)], head)
}

#[test]
fn what_retention_removed_is_no_fault_and_everything_else_is() {
    let (all, head) = after_removal();
    let checked = |which: &[usize], kept: Option<&Link>| {
        let segments: Vec<(&str, &[u8])> =
            which.iter().map(|at| (all[*at].0.as_str(), all[*at].1.as_slice())).collect();
        verify_ledger(&segments, kept)
    };
    let report = checked(&[2], Some(&head.as_link()));
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!((report.removals.len(), report.removals[0].records(), report.records), (1, 4, 2));
    // Whoever removes dies before, between and behind the files.
    assert!(checked(&[0, 1, 2], None).sound());
    assert!(checked(&[1, 2], None).sound());
    // A head kept elsewhere may have gone with the rest, but not one that never was.
    let gone = report.removals[0].segments[1].last.clone();
    assert!(checked(&[2], Some(&gone)).sound());
    assert!(!checked(&[2], Some(&Link { seq: gone.seq + 1, ..gone.clone() })).sound());
    assert!(!checked(&[2], Some(&Link { hash: head.hash, ..gone })).sound());
    // Without the line, or with another, something is missing.
    let cut: Vec<u8> = all[2].1.split_inclusive(|byte| *byte == b'\n').take(3).flatten().copied().collect();
    assert!(!verify_ledger(&[("00000003", &cut)], None).sound());
    for (at, byte) in all[2].1.iter().enumerate().rev().take(300) {
        let mut altered = all[2].1.clone();
        altered[at] = byte ^ 1;
        assert!(!verify_ledger(&[("00000003", &altered)], Some(&head.as_link())).sound(), "byte {at}");
    }
}

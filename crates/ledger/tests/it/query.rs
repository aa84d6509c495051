//! Questions asked of records.

use placet_ledger::export::{csv, json};
use placet_ledger::query::{Entry, Query, Stats, entries};
use placet_ledger::{AuditFilter, erase};
use placet_model::Verdict;

use crate::support::{START_UNIX_MS, header, record, redactor, segment};

const NONE: [usize; 0] = [];

fn history() -> Vec<Entry> {
    let (bytes, _) = segment(&header("a"), 12);
    entries(&bytes).collect()
}

fn lines(query: &Query) -> Vec<usize> {
    query.select(history().into_iter()).iter().map(|entry| entry.line).collect()
}

#[test]
fn queries() {
    let all = Query::default();
    assert_eq!(lines(&all), (2..=13).rev().collect::<Vec<_>>());
    assert_eq!(lines(&Query { limit: Some(2), ..all.clone() }), [13, 12]);
    assert_eq!(lines(&Query { decision: Some(Verdict::Deny), ..all.clone() }), [12, 8, 4]);
    assert_eq!(lines(&Query { agent: Some("nobody".to_owned()), ..all.clone() }), NONE);
    assert_eq!(lines(&Query { agent: Some("claude-code".to_owned()), limit: Some(1), ..all.clone() }), [13]);
    assert_eq!(lines(&Query { resource: Some("push 11".to_owned()), ..all.clone() }), [13]);
    assert_eq!(lines(&Query { text: Some("GIT PUSH 3".to_owned()), ..all.clone() }), [5]);
    assert_eq!(lines(&Query { action: Some("execute:*".to_owned()), limit: Some(1), ..all.clone() }), [13]);
    assert_eq!(lines(&Query { action: Some("*:file".to_owned()), ..all.clone() }), NONE);
    assert_eq!(lines(&Query { action: Some("execute".to_owned()), ..all.clone() }), NONE);
    assert_eq!(lines(&Query { rule: Some("rule-ask".to_owned()), ..all.clone() }), [11, 7, 3]);
    assert_eq!(
        lines(&Query { session: Some("session-1".to_owned()), tool: Some("Read".to_owned()), ..all.clone() }),
        NONE
    );
    let (from, until) = (Some(START_UNIX_MS + 2000), Some(START_UNIX_MS + 4000));
    assert_eq!(lines(&Query { from_unix_ms: from, until_unix_ms: until, ..all }), [5, 4]);
}

#[test]
fn numbers() {
    let stats = Stats::of(history().iter());
    assert_eq!((stats.total, stats.allowed, stats.asked, stats.denied, stats.abstained), (12, 3, 3, 3, 3));
    assert_eq!(stats.top_denied, [("execute:shell".to_owned(), 3)]);
    assert_eq!(stats.by_tool, [("Bash".to_owned(), 12)]);
    assert_eq!(stats.by_rule.len(), 4);
    assert_eq!(stats.first_unix_ms, Some(START_UNIX_MS));
}

#[test]
fn exports() {
    let (mut bytes, head) = segment(&header("a"), 2);
    let mut odd = record(5, "=cmd|' /C calc'!A0, \"x\"\n", Verdict::Deny);
    odd.decision.as_mut().unwrap().reason = "@SUM(1)".to_owned();
    let (line, _) = head.append(&odd.payload(&redactor(), &AuditFilter::default()), [0; 16]);
    bytes.extend(line);
    let all: Vec<_> = entries(&bytes).collect();
    insta::assert_snapshot!(csv(all.iter()));
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&json(all.iter())).unwrap().len(), 3);
}

#[test]
fn erased_records_answer_nothing() {
    let (bytes, _) = segment(&header("a"), 2);
    let erased: Vec<u8> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| erase(line).unwrap_or_default())
        .collect();
    assert_eq!(entries(&erased).count(), 0);
}

/// Cells as a spreadsheet would see them that splits at `separator`: none may start like a formula.
fn formulas(csv: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in csv.chars() {
        match c {
            // A quote counts only where a cell starts or within such a cell.
            '"' if quoted || cells.last().is_some_and(String::is_empty) => quoted = !quoted,
            '\n' | '\r' if !quoted => cells.push(String::new()),
            c if c == separator && !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    let looks = |cell: &String| cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    cells.into_iter().filter(looks).collect()
}

#[test]
fn no_cell_is_a_formula() {
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "\r=1",
        "\n=1",
        "\u{a0}=1",
        "＝1",
        "\"=1",
        "\"\"=1",
        "a;=1",
        "a; \"=1\"",
        "a\t=1",
        "a\n=1",
        "a\r\n=1",
        "a,\"b;=1\"",
        "\u{200b}=1",
        "\u{feff}=HYPERLINK(\"http://x\")",
        "\u{1b}=1",
    ] {
        let mut odd = record(5, text, Verdict::Deny);
        odd.decision.as_mut().unwrap().reason = text.to_owned();
        odd.tool = Some(text.to_owned());
        let (mut bytes, head) = header("a").line();
        bytes.extend(head.append(&odd.payload(&redactor(), &AuditFilter::default()), [0; 16]).0);
        let all: Vec<_> = entries(&bytes).collect();
        let csv = csv(all.iter());
        for separator in [',', ';', '\t'] {
            assert_eq!(formulas(&csv, separator), Vec::<String>::new(), "{text:?} at {separator:?}: {csv:?}");
        }
        let plain = |c: char| c == '\n' || c == '\t' || !placet_model::visible::is_deceptive(c);
        assert!(csv.replace("\r\n", "\n").chars().all(plain), "{csv:?}");
    }
}

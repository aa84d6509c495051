//! SQLite itself as the judge: what is said only to look leaves a database as it was, and touches no other file.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::Command;

use placet_sql::{Dialect, statements};

/// Beginnings, middles and ends, put together in every way.
const FIRST: &[&str] = &[
    "select * from t",
    "delete from t",
    "update t set a = 5",
    "insert into t values (7)",
    "drop table t",
    "create table u (a)",
    "with x as (select 1) select * from x",
    "with x as (select 1) delete from t",
    "pragma user_version",
    "pragma user_version = 7",
    "pragma user_version(8)",
    "vacuum",
    "reindex",
    "explain delete from t",
    "select a into b from t",
    "replace into t values (9)",
    "values (1)",
    "attach 'other.db' as o",
    "alter table t add b",
    "select writefile('made', 'x')",
    "begin",
    "savepoint s",
    "pragma writable_schema = 1",
    "pragma journal_mode = wal",
    "vacuum into 'made'",
    "analyze",
    ".output made",
    ".backup made",
    ".mode column",
    ".tables",
    ".shell touch made",
    ".dump",
    ".once made",
    ".schema t",
    ".save made",
    "pragma table_info(t)",
    "pragma journal_mode(wal)",
    "select readfile('other')",
];
const SECOND: &[&str] = &[
    "",
    ";",
    "; delete from t",
    ";\ndelete from t",
    "\n;delete from t;",
    " -- x\n; delete from t",
    " /* ; */ ",
    ";\n.shell touch made",
    " where a = 1",
    "; drop table t",
    "\n.shell touch made",
    "; select 1",
    ";\n.output made\nselect 1;",
    " returning a",
    "; commit",
    "/* ' */; delete from t; /* ' */",
];

fn state(folder: &Path) -> (String, Vec<String>) {
    let dump = Command::new("sqlite3").arg(folder.join("db")).arg(".dump").output().expect("sqlite3 runs");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let version =
        Command::new("sqlite3").arg(folder.join("db")).arg("pragma user_version").output().expect("runs");
    names.push(String::from_utf8_lossy(&version.stdout).into_owned());
    (String::from_utf8_lossy(&dump.stdout).into_owned(), names)
}

#[test]
fn what_only_looks_changes_nothing() {
    if Command::new("sqlite3").arg("-version").output().is_err() {
        // The table tests still hold; this one needs the program.
        eprintln!("skipped: no `sqlite3` on this machine");
        return;
    }
    let folder = std::env::temp_dir().join(format!("placet-sql-{}", std::process::id()));
    let (mut looked, mut changed) = (0, 0);
    for first in FIRST {
        for second in SECOND {
            let text = format!("{first}{second}\n");
            if !statements(&text, Dialect::Sqlite).only_looks() {
                changed += 1;
                continue;
            }
            looked += 1;
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).expect("a folder");
            let run = |text: &str| {
                std::fs::write(folder.join("in"), text).expect("the text");
                let input = std::fs::File::open(folder.join("in")).expect("the text");
                let out = Command::new("sqlite3").arg("db").current_dir(&folder).stdin(input).output();
                let _ = std::fs::remove_file(folder.join("in"));
                out.expect("sqlite3 runs")
            };
            run("create table t (a); insert into t values (1), (2);");
            let before = state(&folder);
            run(&text);
            assert_eq!(before, state(&folder), "{text}");
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    assert!(looked > 40 && changed > 300, "{looked} {changed}");
}

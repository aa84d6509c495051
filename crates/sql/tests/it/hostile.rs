//! No text makes the readers panic, overflow the stack or run on.

use placet_sql::Dialect::{Mongo, MySql, Postgres, Sqlite};
use placet_sql::statements;
use proptest::prelude::*;

fn all(text: &str) {
    for dialect in [Postgres, MySql, Sqlite, Mongo] {
        let _ = statements(text, dialect);
    }
}

#[test]
fn chains_and_nests_are_bounded() {
    // As much stack as a program has; test threads have a quarter.
    let chains = std::thread::Builder::new().stack_size(8 << 20).spawn(chains).expect("a thread");
    chains.join().expect("no chain is too long");
}

fn chains() {
    for (first, again) in [
        ("select 1", " + 1"),
        ("select 1", "::int"),
        ("select 1", " is null"),
        ("select 1", " and 1"),
        ("select 1", " union select 1"),
        ("select 1", " at time zone 'x'"),
        ("select 1", " collate x"),
        ("select 1", " isnull"),
        ("select 1", " like 1"),
        ("select 1", " in (1)"),
        ("select 1", " between 1 and 1"),
        ("select a", "[1]"),
        ("select a", ".a"),
        ("select ", "not "),
        ("select ", "- "),
        ("select ", "("),
        ("select ", "case when "),
        ("select ", "(select "),
        ("select * from ", "("),
        ("select * from a", " join a on true"),
        ("explain ", "explain "),
        ("with a as ", "(with a as "),
        ("db", ".a"),
        ("db.a", "("),
        ("\\copy ", "("),
        ("", "\\dt\n"),
        ("", ".tables\n"),
        ("", "select 1;"),
        ("create table t (a ", "array<"),
        ("select cast(1 as ", "struct<a "),
        ("", "begin "),
        ("", "if 1 then "),
    ] {
        for count in [30, 140, 290, 590, 5_000] {
            all(&format!("{first}{}", again.repeat(count)));
        }
    }
}

proptest! {
    #[test]
    fn any_text(text in ".{0,200}") {
        all(&text);
    }

    #[test]
    fn pieces(pieces in prop::collection::vec(prop::sample::select(vec![
        "select", " ", "from", "t", "(", ")", "'", "\"", ";", "--", "/*", "*/", "\\", ":", "::", "x", "1", ",", "where",
        "delete", "update", "set", "=", "into", "values", "\n", ".", "db", "{", "}", "$", "copy", "to", "program", "|",
        "with", "as", "pragma", "union", "explain",
    ]), 0..60)) {
        all(&pieces.concat());
    }
}

//! What `starter` says to every row of the corpora, as a table for the book.

use std::collections::BTreeMap;

use super::{Figure, verdict};
use crate::tools;

/// The page, and the lines between which the table stands.
const PAGE: &str = "docs/src/verdicts.md";
const BEGIN: &str = "<!-- verdicts: begin -->";
const END: &str = "<!-- verdicts: end -->";

/// Kinds of rows as the tests name them, and as people do.
const KINDS: &[(&str, &str)] = &[
    ("disguises-deny", "forbidden acts in disguise, to be denied"),
    ("disguises-ask", "forbidden acts in disguise, to be asked or denied"),
    ("lookalikes", "harmless calls that look dangerous"),
    ("everyday-read-only", "everyday: only looks"),
    ("everyday-in-project", "everyday: works in the project"),
    ("everyday-interpreter", "everyday: runs code in another language"),
    ("everyday-network-read", "everyday: reads from the network"),
    ("everyday-install", "everyday: installs packages"),
    ("everyday-outward", "everyday: others see it"),
    ("everyday-system", "everyday: changes the machine"),
    ("everyday-destructive", "everyday: throws something away"),
    ("everyday-other", "everyday: everything else"),
];

/// Allow, abstain, ask, deny.
type Tally = [u32; 4];

/// `cargo xtask bench verdicts`: runs the tests of the corpora, writes the table, holds the bounds.
pub(super) fn run() -> Result<(), String> {
    let output = tools::cargo()
        .args(["test", "--locked", "--package", "placet-hook", "--test", "it", "--"])
        .args(["corpora", "--nocapture", "--test-threads", "1"])
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("the tests of the corpora: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let tallies = tallies(&text);
    let page = tools::read(&tools::root().join(PAGE))?;
    let table = table(&tallies)?;
    let page = crate::generate::between(&page, BEGIN, END, &table)
        .ok_or_else(|| format!("`{PAGE}` lacks the lines `{BEGIN}` and `{END}`"))?;
    tools::write(&tools::root().join(PAGE), page.as_bytes())?;
    print!("{table}");
    verdict(&figures(&tallies))?;
    if output.status.success() { Ok(()) } else { Err("a test of the corpora failed".to_owned()) }
}

/// The `verdicts KIND n n n n` lines.
fn tallies(text: &str) -> BTreeMap<String, Tally> {
    let lines = text.lines().filter_map(|line| {
        // The first line of a test follows its name.
        let mut words = line.rsplit_once("verdicts ")?.1.split(' ');
        let kind = words.next()?.to_owned();
        let numbers: Vec<u32> = words.filter_map(|word| word.parse().ok()).collect();
        Some((kind, Tally::try_from(numbers).ok()?))
    });
    lines.collect()
}

fn table(tallies: &BTreeMap<String, Tally>) -> Result<String, String> {
    let mut table =
        "| calls | rows | allow | no opinion | ask | deny |\n|---|--:|--:|--:|--:|--:|\n".to_owned();
    for (kind, shown) in KINDS {
        let tally = tallies.get(*kind).ok_or_else(|| format!("no figures for `{kind}`"))?;
        let rows: u32 = tally.iter().sum();
        let [allow, abstain, ask, deny] = tally.map(|count| share(count, rows));
        table.push_str(&format!("| {shown} | {rows} | {allow} | {abstain} | {ask} | {deny} |\n"));
    }
    Ok(table)
}

/// `12 (0.4 %)`.
fn share(count: u32, of: u32) -> String {
    if count == 0 { "0".to_owned() } else { format!("{count} ({:.1} %)", percent(count, of)) }
}

fn percent(count: u32, of: u32) -> f64 {
    f64::from(count) * 100.0 / f64::from(of.max(1))
}

fn figures(tallies: &BTreeMap<String, Tally>) -> Vec<Figure> {
    let of = |kind: &str| tallies.get(kind).copied().unwrap_or_default();
    let sum = |kinds: &[&str]| {
        kinds.iter().fold([0; 4], |all: Tally, kind| {
            let ([a, b, c, d], [e, f, g, h]) = (all, of(kind));
            [a + e, b + f, c + g, d + h]
        })
    };
    let everyday: Vec<&str> =
        KINDS.iter().map(|(kind, _)| *kind).filter(|kind| kind.starts_with("everyday")).collect();
    let (must, asked) = (of("disguises-deny"), of("disguises-ask"));
    let (alike, plain, all) =
        (of("lookalikes"), sum(&["everyday-read-only", "everyday-in-project"]), sum(&everyday));
    let [unknown, ..] = of("everyday-unknown");
    let rows = |tally: &Tally| tally.iter().sum::<u32>();
    let but = |tally: &Tally, part: u32| percent(rows(tally) - part, rows(tally));
    let figure =
        |name: &str, value: f64, bound: f64| Figure { name: name.to_owned(), value, bound, unit: "%" };
    vec![
        figure("disguises allowed", f64::from(must[0] + asked[0]), 0.0),
        figure("must be denied and are not", but(&must, must[3]), 1.0),
        figure("look-alikes denied", percent(alike[3], rows(&alike)), 0.0),
        figure("look-alikes not allowed", but(&alike, alike[0]), 7.0),
        figure("plain everyday work not allowed", but(&plain, plain[0]), 10.0),
        figure("everyday denied", percent(all[3], rows(&all)), 1.0),
        figure("everyday not understood", percent(unknown, rows(&all)), 3.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_rows() {
        let text = "noise\nverdicts lookalikes 97 1 2 0\nverdicts short 1\n";
        let tallies = tallies(text);
        assert_eq!(tallies.get("lookalikes"), Some(&[97, 1, 2, 0]));
        assert_eq!(tallies.len(), 1);
        assert_eq!(share(0, 5), "0");
        assert_eq!(share(1, 200), "1 (0.5 %)");
    }
}

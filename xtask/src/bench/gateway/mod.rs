//! The gateway under load: checks and ingest against what SQLite does by itself in the same run, memory at rest, queries, and how soon
//! a machine decides by a policy that was applied.

mod load;
mod machine;
mod postgres;
mod served;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Figure, verdict};
use crate::tools;
use load::Load;
use postgres::Postgres;
use served::{REPORTS, Served, batch, check};

/// Connections that ask at a time: as many as keep it busy. More would only wait for each other.
const CONNECTIONS: usize = 48;

/// `cargo xtask bench gateway [SECONDS [ROWS]]`: so long each, and so many records for the query.
pub(super) fn run(arguments: &[String]) -> Result<(), String> {
    let number = |at: usize, usual: u64| match arguments.get(at) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| format!("`{text}` is not a number")),
    };
    let (seconds, rows) = (number(0, 20)?, number(1, 1_000_000)?);
    tools::must_run(tools::cargo().args(["build", "--release", "--locked", "--package", "placet"]))?;
    let example = ["build", "--release", "--locked", "--package", "placet-store", "--example", "figures"];
    tools::must_run(tools::cargo().args(example))?;
    let scratch = tools::target_folder().join("bench").join("gateway");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).map_err(|error| format!("`{}`: {error}", scratch.display()))?;
    let figures = measure(&scratch, seconds, rows);
    let _ = std::fs::remove_dir_all(&scratch);
    verdict(&figures?)
}

fn measure(scratch: &Path, seconds: u64, rows: u64) -> Result<Vec<Figure>, String> {
    let raw = inner(&["raw", &text(&scratch.join("raw.db")), &seconds.to_string()], "rate ")?;
    println!("SQLite by itself: {raw:.0} rows a second");
    // As the slower of the two promises has it: 15,000 a second, or 40 % of SQLite by itself.
    let wanted = (0.4 * raw).min(15_000.0);
    let postgres = Postgres::start()?;
    let address = |name: &str| postgres.as_ref().map(|server| server.database(name)).transpose();
    let mut figures = Vec::new();
    let sqlite = format!("sqlite:{}", text(&scratch.join("placet.db")));
    let engines = [("SQLite", Some(sqlite), 1.0), ("PostgreSQL", address("checks")?, 0.4)];
    for (engine, address, part) in engines {
        if let Some(address) = address {
            figures.extend(engine_figures(
                &scratch.join(engine),
                engine,
                &address,
                seconds,
                (raw, part * wanted),
            )?);
        } else {
            println!("bench: {engine} is not installed, and was not measured");
        }
    }
    let queries = [
        ("SQLite", Some(format!("sqlite:{}", text(&scratch.join("query.db"))))),
        ("PostgreSQL", address("query")?),
    ];
    for (engine, address) in queries {
        let Some(address) = address else { continue };
        let value = inner(&["query", &address, &rows.to_string()], "p95 ")?;
        let name = format!("query among {rows}, p95, {engine}");
        figures.push(Figure { name, value, bound: 20.0, unit: "ms" });
    }
    Ok(figures)
}

/// What a gateway does on one engine. `raw`: rows a second of SQLite by itself; `wanted`: checks a second.
fn engine_figures(
    scratch: &Path,
    engine: &str,
    database: &str,
    seconds: u64,
    (raw, wanted): (f64, f64),
) -> Result<Vec<Figure>, String> {
    let time = Duration::from_secs(seconds);
    let gateway = Served::start(scratch, database)?;
    std::thread::sleep(Duration::from_secs(2));
    let named = |name: &str, value: f64, bound: f64, unit| Figure {
        name: format!("{engine}: {name}"),
        value,
        bound,
        unit,
    };
    let mut figures = vec![named("memory at rest", gateway.memory()?, 60.0, "MB")];
    let key = gateway.prepare()?;
    let checks = Load::default().run(&gateway, CONNECTIONS, time, &check(&gateway, &key))?;
    println!("{engine}: {:.0} checks a second, p99 {:.1?}", checks.rate, checks.p99);
    figures.push(named("wanted / measured checks", wanted / checks.rate.max(1.0), 1.0, "x"));
    if engine == "SQLite" {
        figures.push(named("checks p99", milliseconds(checks.p99), 15.0, "ms"));
        let ingest = Load::default().run(&gateway, 4, time, &batch(&gateway, &key))?;
        let ingested = ingest.rate * REPORTS as f64;
        println!("{engine}: ingest of {ingested:.0} records a second");
        figures.push(named("40% of SQLite / measured ingest", 0.4 * raw / ingested.max(1.0), 1.0, "x"));
        let effective = machine::effective(&gateway, &key, scratch)?;
        figures.push(named("10000 rules, from apply to hook", milliseconds(effective), 1000.0, "ms"));
    }
    Ok(figures)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The number that the example prints behind a word.
fn inner(arguments: &[&str], word: &str) -> Result<f64, String> {
    let program = tools::built("release", "examples/figures")?;
    let text = tools::output_of(Command::new(program).args(arguments))?;
    let number = text.lines().find_map(|line| line.strip_prefix(word)?.trim().parse().ok());
    number.ok_or_else(|| format!("the example printed no `{word}`: {text}"))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

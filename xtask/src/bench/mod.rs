//! Whole-process timings, interleaved: round after round A B A B, so that a busy machine slows all alike.
//!
//! Only ratios to `/bin/true` of the same run mean anything on a shared machine; milliseconds are shown for
//! the curious. Sequential benchmark tools mislead here: all of A before all of B compares two loads.

mod differential;
mod gateway;
mod verdicts;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tools;

/// One program in the race.
pub(crate) struct Contender {
    /// How the table calls it.
    pub(crate) name: String,
    /// What is started.
    pub(crate) program: PathBuf,
    /// With these arguments.
    pub(crate) arguments: Vec<String>,
    /// The file it reads as stdin; nothing if absent.
    pub(crate) stdin: Option<PathBuf>,
}

/// Percentiles of wall time over all rounds.
#[derive(Clone, Copy)]
pub(crate) struct Timings {
    /// 10th percentile: the least noisy on a busy machine.
    pub(crate) p10: Duration,
    /// Median.
    pub(crate) p50: Duration,
    /// 99th percentile.
    pub(crate) p99: Duration,
}

/// A measured figure beside what was promised.
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The value, in `unit`.
    pub(crate) value: f64,
    /// The largest value that is good enough.
    pub(crate) bound: f64,
    /// `x` for ratios, `MB`, ...
    pub(crate) unit: &'static str,
}

/// `cargo xtask bench [ROUNDS | differential [FEWER] | verdicts | gateway [SECONDS [ROWS]] | kills [TIMES]]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let rounds = match arguments {
        [] => 400,
        [word] if word == "differential" => return differential::run(1),
        [word, part] if word == "differential" => {
            return differential::run(part.parse().map_err(|_| format!("`{part}` is not a number"))?);
        }
        [word] if word == "verdicts" => return verdicts::run(),
        [word, rest @ ..] if word == "gateway" => return gateway::run(rest),
        [word, rest @ ..] if word == "kills" => return kills(rest.first().map_or("200", String::as_str)),
        [rounds] => rounds.parse().map_err(|_| format!("`{rounds}` is not a number of rounds"))?,
        _ => {
            return Err("usage: cargo xtask bench [ROUNDS | differential [FEWER] | verdicts | gateway [SECONDS [ROWS]] | kills [TIMES]]"
                .to_owned());
        }
    };
    tools::must_run(tools::cargo().args(["build", "--release", "--locked", "--package", "placet-hook-bin"]))?;
    let contenders = contenders()?;
    println!("whole process, {rounds} rounds, ledger on, interleaved:");
    let timings = interleave(&contenders, rounds)?;
    let Some((floor, hooks)) = timings.split_first() else { return Err("a contender is missing".to_owned()) };
    let mut figures = Vec::new();
    for (contender, time) in contenders.iter().skip(1).zip(hooks) {
        let bound = if contender.name.contains("Read") { 1.3 } else { 1.5 };
        figures.push(Figure {
            name: format!("{} p50 / true", contender.name),
            value: ratio(time.p50, floor.p50),
            bound,
            unit: "x",
        });
        figures.push(Figure {
            name: format!("{} p99 / true", contender.name),
            value: ratio(time.p99, floor.p99),
            bound: 3.0,
            unit: "x",
        });
    }
    figures.extend(memory_figures(contenders.get(1..).unwrap_or_default())?);
    figures.extend(inner_figures()?);
    figures.extend(linear_figures(&contenders)?);
    verdict(&figures)
}

/// Kills a gateway under load so many times on each engine, and looks whether all that it answered is there.
fn kills(times: &str) -> Result<(), String> {
    let mut tests = tools::cargo();
    tests.args([
        "test",
        "--locked",
        "--package",
        "placet",
        "--test",
        "it",
        "--",
        "a_killed_gateway",
        "--nocapture",
    ]);
    tools::must_run(tests.env("PLACET_TEST_KILLS", times))
}

/// Peak memory of each hook, and what more rules add to the page faults of a call.
fn memory_figures(hooks: &[Contender]) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    let mut faults = Vec::new();
    for hook in hooks {
        let Some(used) = memory(hook)? else {
            println!("bench: GNU time is not installed; memory was not measured");
            return Ok(figures);
        };
        println!("  {:<28} {} minor page faults", hook.name, used.minor_faults);
        let name = format!("{} peak memory", hook.name);
        figures.push(Figure { name, value: used.peak_kilobytes / 1024.0, bound: 12.0, unit: "MB" });
        faults.push(used.minor_faults);
    }
    // Few rules first, then many; of each a Read, then a Bash line.
    if let [few_read, few_bash, many_read, many_bash] = faults.as_slice() {
        for (tool, few, many) in [("Read", few_read, many_read), ("Bash", few_bash, many_bash)] {
            let name = format!("{tool} page faults, 10000 / 10 rules");
            figures.push(Figure { name, value: many / few.max(1.0), bound: 1.25, unit: "x" });
        }
    }
    Ok(figures)
}

/// Whole process on a line of 1 MB over one of 100 kB, for several kinds of text; 10 when linear.
fn linear_figures(contenders: &[Contender]) -> Result<Vec<Figure>, String> {
    let Some(hook) = contenders.get(1) else { return Err("a contender is missing".to_owned()) };
    let kinds =
        [("list", "echo a; "), ("words", "word "), ("quotes", "'a b' "), ("substitutions", "$(echo a) ")];
    let mut figures = Vec::new();
    println!("long lines:");
    for (kind, unit) in kinds {
        let mut pair = Vec::new();
        for bytes in [100_000, 1_000_000] {
            let command = unit.repeat(bytes / unit.len());
            let path = tools::target_folder().join("bench").join(format!("{kind}-{bytes}.json"));
            let input = serde_json::json!({ "command": command }).to_string();
            tools::write(&path, call_json("Bash", &input).as_bytes())?;
            let (program, arguments) = (hook.program.clone(), hook.arguments.clone());
            pair.push(Contender {
                name: format!("{kind}, {bytes} bytes"),
                program,
                arguments,
                stdin: Some(path),
            });
        }
        if let [small, large] = interleave(&pair, 20)?.as_slice() {
            let name = format!("{kind}: 1 MB / 100 kB");
            figures.push(Figure { name, value: ratio(large.p10, small.p10), bound: 12.0, unit: "x" });
        }
    }
    Ok(figures)
}

/// `/bin/true`, then the hook on a Read and on a Bash line, with few rules and with many.
fn contenders() -> Result<Vec<Contender>, String> {
    let scratch = tools::target_folder().join("bench");
    let program = tools::built("release", "placet-hook")?;
    let floor = Contender {
        name: "/bin/true".to_owned(),
        program: PathBuf::from("/bin/true"),
        arguments: Vec::new(),
        stdin: None,
    };
    let mut contenders = vec![floor];
    for rules in [10, 10_000] {
        let config = scratch.join(format!("config-{rules}"));
        tools::write(&config.join("placet.yaml"), b"policies: [starter, ./many.yaml]\n")?;
        tools::write(&config.join("many.yaml"), many_rules(rules).as_bytes())?;
        for (tool, input) in [("Read", r#"{"file_path":"/tmp/a.txt"}"#), ("Bash", BASH_INPUT)] {
            let call = scratch.join(format!("{tool}.json"));
            tools::write(&call, call_json(tool, input).as_bytes())?;
            let arguments = vec!["--config".to_owned(), config.to_string_lossy().into_owned()];
            let name = format!("{tool}, {rules} rules");
            contenders.push(Contender { name, program: program.clone(), arguments, stdin: Some(call) });
        }
    }
    Ok(contenders)
}

/// A line of 120 bytes as agents write them.
const BASH_INPUT: &str = r#"{"command":"cd crates/shell && cargo test --workspace -- --nocapture 2>&1 | grep -E 'FAILED|error' | head -400 && git status --short"}"#;

fn call_json(tool: &str, input: &str) -> String {
    format!(
        r#"{{"session_id":"bench","transcript_path":"/dev/null","cwd":"/tmp","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"{tool}","tool_input":{input},"tool_use_id":"toolu_bench"}}"#
    )
}

/// A policy of `rules` rules on commands, paths and hosts, none of which is met.
fn many_rules(rules: usize) -> String {
    let rule = |n: usize| match n % 3 {
        0 => format!(
            "  - {{effect: deny, actions: ['execute:shell'], conditions: {{resource: {{contains: 'danger{n} -rf'}}}}}}\n"
        ),
        1 => format!(
            "  - {{effect: deny, actions: ['read:file'], conditions: {{resource: {{matches: '**/secret{n}/*.pem'}}}}}}\n"
        ),
        _ => format!(
            "  - {{effect: deny, actions: ['read:web_fetch'], conditions: {{resource: {{matches: '*host{n}.example.com*'}}}}}}\n"
        ),
    };
    let head = "name: many\nversion: 1\ndefaultEffect: abstain\nrules:\n".to_owned();
    (0..rules).fold(head, |text, n| text + &rule(n))
}

/// What is measured inside one process: `figure NAME VALUE UNIT BOUND` lines of the example `figures`.
fn inner_figures() -> Result<Vec<Figure>, String> {
    let output = tools::cargo()
        .args(["run", "--quiet", "--release", "--locked", "--package", "placet-hook", "--example", "figures"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("example `figures`: {error}"))?;
    if !output.status.success() {
        return Err("example `figures` failed".to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(figure_of).collect())
}

/// The figure of a line `figure NAME VALUE UNIT BOUND`.
fn figure_of(line: &str) -> Option<Figure> {
    let mut words = line.strip_prefix("figure ")?.split(' ');
    let name = words.next()?.to_owned();
    let value = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "us" => "us",
        "ms" => "ms",
        "x" => "x",
        "%" => "%",
        _ => "",
    };
    Some(Figure { name, value, bound: words.next()?.parse().ok()?, unit })
}

/// Starts every contender once a round, in turn, and gives each one's percentiles in the same order.
pub(crate) fn interleave(contenders: &[Contender], rounds: usize) -> Result<Vec<Timings>, String> {
    let mut samples: Vec<Vec<Duration>> = contenders.iter().map(|_| Vec::with_capacity(rounds)).collect();
    let warm_up = 5;
    for round in 0..rounds + warm_up {
        for (contender, times) in contenders.iter().zip(&mut samples) {
            let time = once(contender)?;
            if round >= warm_up {
                times.push(time);
            }
        }
    }
    for (contender, times) in contenders.iter().zip(&mut samples) {
        times.sort_unstable();
        let t = timings(times);
        println!("  {:<28} p10 {:>8.1?}  p50 {:>8.1?}  p99 {:>8.1?}", contender.name, t.p10, t.p50, t.p99);
    }
    Ok(samples.iter().map(|times| timings(times)).collect())
}

/// Prints one line a figure and fails if any is out of its bound.
pub(crate) fn verdict(figures: &[Figure]) -> Result<(), String> {
    let mut missed = 0;
    println!("  {:<40} {:>10} {:>10}  verdict", "figure", "measured", "bound");
    for figure in figures {
        let good = figure.value <= figure.bound;
        missed += usize::from(!good);
        println!(
            "  {:<40} {:>9.2}{} {:>9.2}{}  {}",
            figure.name,
            figure.value,
            figure.unit,
            figure.bound,
            figure.unit,
            if good { "ok" } else { "MISSED" }
        );
    }
    if missed == 0 { Ok(()) } else { Err(format!("{missed} figures out of bound")) }
}

/// How many times `floor` fits into `time`.
pub(crate) fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64().max(1e-9)
}

/// What one run took of the memory.
pub(crate) struct Memory {
    /// Peak resident memory in kilobytes.
    pub(crate) peak_kilobytes: f64,
    /// Page faults without reading a disk.
    pub(crate) minor_faults: f64,
}

/// Memory of one run, by GNU time; nothing where that is not installed.
pub(crate) fn memory(contender: &Contender) -> Result<Option<Memory>, String> {
    let time = Path::new("/usr/bin/time");
    if !time.is_file() {
        return Ok(None);
    }
    let output = Command::new(time)
        .args(["--format", "%M %R"])
        .arg(&contender.program)
        .args(&contender.arguments)
        .stdin(stdin_of(contender)?)
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("GNU time: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let numbers = text.lines().last().and_then(|line| line.split_once(' '));
    Ok(numbers.and_then(|(peak, faults)| {
        Some(Memory { peak_kilobytes: peak.trim().parse().ok()?, minor_faults: faults.trim().parse().ok()? })
    }))
}

fn once(contender: &Contender) -> Result<Duration, String> {
    let mut command = Command::new(&contender.program);
    command
        .args(&contender.arguments)
        .stdin(stdin_of(contender)?)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    command.status().map_err(|error| format!("`{}`: {error}", contender.program.display()))?;
    Ok(started.elapsed())
}

fn stdin_of(contender: &Contender) -> Result<Stdio, String> {
    match &contender.stdin {
        Some(path) => {
            File::open(path).map(Stdio::from).map_err(|error| format!("`{}`: {error}", path.display()))
        }
        None => Ok(Stdio::null()),
    }
}

fn timings(sorted: &[Duration]) -> Timings {
    let at = |part: usize| {
        let index = (sorted.len() * part / 100).min(sorted.len().saturating_sub(1));
        sorted.get(index).copied().unwrap_or_default()
    };
    Timings { p10: at(10), p50: at(50), p99: at(99) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_come_from_the_sorted_samples() {
        let samples: Vec<Duration> = (0..100).map(Duration::from_millis).collect();
        let t = timings(&samples);
        assert_eq!((t.p10.as_millis(), t.p50.as_millis(), t.p99.as_millis()), (10, 50, 99));
        assert_eq!(timings(&[]).p50, Duration::ZERO);
    }

    #[test]
    fn a_missed_bound_is_an_error() {
        let figure = |value| Figure { name: "x".into(), value, bound: 1.0, unit: "x" };
        assert!(verdict(&[figure(0.9)]).is_ok());
        assert!(verdict(&[figure(0.9), figure(1.1)]).is_err());
    }
}

//! Whole-process timings, interleaved: round after round A B A B, so that a busy machine slows all alike.
//!
//! Only ratios to `/bin/true` of the same run mean anything on a shared machine; milliseconds are shown for
//! the curious. Sequential benchmark tools mislead here: all of A before all of B compares two loads.

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

/// `cargo xtask bench [ROUNDS]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let rounds = match arguments {
        [] => 400,
        [rounds] => rounds.parse().map_err(|_| format!("`{rounds}` is not a number of rounds"))?,
        _ => return Err("usage: cargo xtask bench [ROUNDS]".to_owned()),
    };
    tools::must_run(tools::cargo().args(["build", "--release", "--locked", "--package", "placet-hook-bin"]))?;
    let scratch = tools::target_folder().join("bench");
    let call = scratch.join("call.json");
    tools::write(&call, CALL.as_bytes())?;
    let hook = Contender {
        name: "placet-hook".to_owned(),
        program: tools::built("release", "placet-hook")?,
        arguments: vec!["--config".to_owned(), scratch.join("config").to_string_lossy().into_owned()],
        stdin: Some(call),
    };
    let floor = Contender {
        name: "/bin/true".to_owned(),
        program: PathBuf::from("/bin/true"),
        arguments: Vec::new(),
        stdin: None,
    };
    let contenders = [floor, hook];
    let timings = interleave(&contenders, rounds)?;
    let [floor_timings, hook_timings] = timings.as_slice() else {
        return Err("a contender is missing".to_owned());
    };
    let mut figures = vec![
        Figure {
            name: "hook p50 / true p50".into(),
            value: ratio(hook_timings.p50, floor_timings.p50),
            bound: 1.5,
            unit: "x",
        },
        Figure {
            name: "hook p99 / true p99".into(),
            value: ratio(hook_timings.p99, floor_timings.p99),
            bound: 2.0,
            unit: "x",
        },
    ];
    if let Some(hook) = contenders.last() {
        match peak_kilobytes(hook)? {
            Some(peak) => figures.push(Figure {
                name: "hook peak memory".into(),
                value: peak / 1024.0,
                bound: 16.0,
                unit: "MB",
            }),
            None => println!("bench: GNU time is not installed; peak memory was not measured"),
        }
    }
    verdict(&figures)
}

/// The call that the hook decides in the standard race.
const CALL: &str = r#"{"session_id":"bench","transcript_path":"/dev/null","cwd":"/tmp","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git status --short"},"tool_use_id":"toolu_bench"}
"#;

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

/// Peak resident memory of one run in kilobytes, by GNU time; nothing where that is not installed.
pub(crate) fn peak_kilobytes(contender: &Contender) -> Result<Option<f64>, String> {
    let time = Path::new("/usr/bin/time");
    if !time.is_file() {
        return Ok(None);
    }
    let output = Command::new(time)
        .args(["--format", "%M"])
        .arg(&contender.program)
        .args(&contender.arguments)
        .stdin(stdin_of(contender)?)
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("GNU time: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(text.lines().last().and_then(|line| line.trim().parse().ok()))
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

//! `cargo xtask e2e`: scenarios with the real agent, a scripted model and the release build of the gate.
//!
//! The scenarios are data (`xtask/e2e/*.toml`); this folder plays and judges them. Needs npm (once, to fetch
//! the pinned agents), git and a POSIX shell; no account, no network beyond loopback while playing. The gateway
//! meets the published MeshGuard client, which needs python3 with venv and pip (once, to fetch it).

mod api;
mod gate;
mod hosts;
mod judge;
mod meshguard;
mod scenario;
mod script;
mod session;
mod terminal;
mod world;

use std::collections::VecDeque;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::tools;
use api::Api;
use gate::Programs;
use hosts::Host;
pub(crate) use hosts::missing;
use scenario::Run;
use script::Stage;
use world::World;

struct Options {
    filter: String,
    jobs: usize,
    keep: bool,
    list: bool,
    programs: Option<PathBuf>,
}

struct Report {
    name: String,
    took: Duration,
    faults: Vec<String>,
    kept: Option<PathBuf>,
}

/// `cargo xtask e2e [FILTER] [--jobs N] [--keep] [--list] [--programs FOLDER]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = read_arguments(arguments)?;
    let runs: Vec<Run> =
        scenario::load()?.into_iter().filter(|run| run.name.contains(&options.filter)).collect();
    if options.list {
        let mut out = std::io::stdout().lock();
        for run in &runs {
            // Who reads it may have had enough (`| head`).
            if writeln!(out, "{:<56} {}", run.name, run.scenario.claim).is_err() {
                break;
            }
        }
        for suite in meshguard::SUITES.iter().filter(|suite| suite.name.contains(&options.filter)) {
            let _ = writeln!(out, "{:<56} {}", suite.name, suite.claim);
        }
        return Ok(());
    }
    for host in Host::ALL.into_iter().filter(|host| runs.iter().any(|run| run.host == *host)) {
        host.install()?;
    }
    let programs = Programs::find(options.programs.as_deref())?;
    let base = std::env::temp_dir().join(format!("placet-e2e-{}", std::process::id()));
    let started = Instant::now();
    let mut reports = play_all(runs, &base, &programs, &options);
    for suite in meshguard::SUITES.iter().filter(|suite| suite.name.contains(&options.filter)) {
        reports.push(play_client(suite, &base, &programs, options.keep));
    }
    let _ = std::fs::remove_dir(&base);
    let failed = reports.iter().filter(|report| !report.faults.is_empty()).count();
    for report in reports.iter().filter(|report| !report.faults.is_empty()) {
        println!("\nFAILED {}", report.name);
        report.faults.iter().for_each(|fault| println!("  {fault}"));
        report.kept.iter().for_each(|folder| println!("  kept: {}", folder.display()));
    }
    println!(
        "\ne2e: {} passed, {failed} failed in {} s",
        reports.len() - failed,
        started.elapsed().as_secs()
    );
    match (failed, reports.len()) {
        (0, 0) => Err(format!("no scenario is called like `{}`", options.filter)),
        (0, _) => Ok(()),
        _ => Err(format!("{failed} scenarios failed")),
    }
}

fn read_arguments(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { filter: String::new(), jobs: 2, keep: false, list: false, programs: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--keep" => options.keep = true,
            "--list" => options.list = true,
            "--programs" => {
                options.programs = Some(PathBuf::from(rest.next().ok_or("`--programs` needs a folder")?));
            }
            "--jobs" => {
                let number = rest.next().ok_or("`--jobs` needs a number")?;
                options.jobs = number.parse().map_err(|_| format!("`{number}` is not a number of jobs"))?;
            }
            flag if flag.starts_with('-') => return Err(format!("unknown argument `{flag}`")),
            filter => filter.clone_into(&mut options.filter),
        }
    }
    Ok(options)
}

fn play_all(runs: Vec<Run>, base: &Path, programs: &Programs, options: &Options) -> Vec<Report> {
    let waiting = Mutex::new(VecDeque::from(runs));
    let reports = Mutex::new(Vec::new());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.pop_front());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                while let Some(run) = next() {
                    let report = play(&run, base, programs, options.keep);
                    say(&report);
                    if let Ok(mut reports) = reports.lock() {
                        reports.push(report);
                    }
                }
            });
        }
    });
    reports.into_inner().unwrap_or_default()
}

/// Plays a suite of the published client.
fn play_client(suite: &meshguard::Suite, base: &Path, programs: &Programs, keep: bool) -> Report {
    let started = Instant::now();
    let folder = base.join(suite.name);
    let faults = meshguard::play(suite, programs, &folder).unwrap_or_else(|error| vec![error]);
    let kept = (keep || !faults.is_empty()).then(|| folder.clone());
    if kept.is_none() {
        let _ = std::fs::remove_dir_all(&folder);
    }
    let report = Report { name: suite.name.to_owned(), took: started.elapsed(), faults, kept };
    say(&report);
    report
}

fn say(report: &Report) {
    let verdict = if report.faults.is_empty() { "ok    " } else { "FAILED" };
    println!("{verdict} {:>5.1} s  {}", report.took.as_secs_f64(), report.name);
}

/// Plays one run from an empty folder to the verdict. A run that breaks off has failed, with its reason.
fn play(run: &Run, base: &Path, programs: &Programs, keep: bool) -> Report {
    let started = Instant::now();
    let mut kept = None;
    let faults = World::make(base, run).map(|world| {
        let faults = play_in(run, &world, programs).unwrap_or_else(|error| vec![error]);
        if faults.is_empty() && !keep {
            world.remove();
        } else {
            kept = Some(world.root);
        }
        faults
    });
    let faults = faults.unwrap_or_else(|error| vec![error]);
    Report { name: run.name.clone(), took: started.elapsed(), faults, kept }
}

fn play_in(run: &Run, world: &World, programs: &Programs) -> Result<Vec<String>, String> {
    gate::install(world, run, programs)?;
    let stage = Stage::new(world.project.clone(), &run.scenario.turns, &run.scenario.subagent);
    let api = Api::start(stage)?;
    let seen = session::play(world, run, &api)?;
    tools::write(&world.root.join("agent.stdout"), seen.output.as_bytes())?;
    let stage = api.stage.lock().map_err(|_| "the scripted model fell over".to_owned())?;
    Ok(judge::faults(run, world, &stage, &seen))
}

//! The hook process: stdin to stdout, and the record of it.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use placet_agents::claude_code::{self, Answer, Event, INPUT_LIMIT_BYTES, Incoming, Malformed, ProcessFacts};
use placet_model::CallEvent;
use placet_model::visible::visible;

use crate::debug::Debug;
use crate::guard::{self, DenyForm};
use crate::hook_call::answer_call;
use crate::notice::answer_notice;
use crate::record::Recorder;
use crate::stdout::{self, Reach};
use crate::{Locations, load};

/// What `--help` says.
const HELP: &str = "\
Decides one event of a coding agent: reads it on stdin as JSON, writes the answer on
stdout as JSON. Agents start it; `placet init` writes the entry that does.

Usage: placet-hook [--config DIR] [--debug FILE.log]
       placet hook [--config DIR] [--debug FILE.log]

  --config DIR   folder of settings, policies and ledger, as an absolute path
  --debug FILE   append what happens to a log

Whatever goes wrong, the answer denies. `placet check` decides a call by hand.
";

/// Arguments of the hook process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Arguments {
    /// `--config DIR`
    config: Option<PathBuf>,
    /// `--debug FILE`
    debug: Option<PathBuf>,
}

/// Runs one hook: reads the event on stdin, writes the answer on stdout, keeps the record. `arguments` are
/// those behind the program name (and behind the word `hook`). Gives the exit code.
///
/// Whatever goes wrong, the answer is the one that denies.
pub fn hook_main(arguments: impl Iterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.collect();
    // A person at a terminal; agents are told the command by `placet init` and never ask for help.
    if matches!(arguments.as_slice(), [only] if only == "--help") {
        return if stdout::write(HELP.as_bytes()).is_ok() { 0 } else { 2 };
    }
    guard::install();
    let reach = stdout::reach();
    if reach == Reach::Unread {
        guard::set_unread();
    }
    // The default hook would write to stderr, and with a backtrace read half the binary.
    std::panic::set_hook(Box::new(|_| {}));
    let answer = catch_unwind(AssertUnwindSafe(|| run(&arguments))).unwrap_or_else(|_| {
        claude_code::failure(&Event::Unclear, "an internal error; a person should report it")
    });
    write(&answer, reach)
}

/// Writes the one answer; where nobody can read it, the exit code is left to speak.
fn write(answer: &Answer, reach: Reach) -> u8 {
    if !guard::claim_answer() {
        return 2;
    }
    let written = stdout::write(&answer.stdout);
    if !answer.stderr.is_empty() {
        let _ = writeln!(std::io::stderr(), "{}", visible(&answer.stderr));
    }
    match (written, reach) {
        (Ok(()), Reach::Read) => answer.exit,
        (Ok(()), Reach::Unread) if stdout::may_go_unread(&answer.stdout) => answer.exit,
        _ => 2,
    }
}

fn run(arguments: &[OsString]) -> Answer {
    let arguments = match parse_arguments(arguments) {
        Ok(arguments) => arguments,
        Err(why) => return claude_code::failure(&Event::Unclear, &why),
    };
    let mut debug = Debug::open(arguments.debug.as_deref());
    let stdin = match read_stdin() {
        Ok(stdin) => stdin,
        Err(error) => {
            return claude_code::failure(&Event::Unclear, &format!("stdin cannot be read: {error}"));
        }
    };
    debug.note("input", &String::from_utf8_lossy(&stdin));
    let process = process_facts();
    let incoming = claude_code::parse(&stdin, &process);
    guard::set_form(form(&incoming));
    let locations = Locations::find(arguments.config.as_deref(), &|name| std::env::var_os(name));
    let locations = match locations {
        Ok(locations) => locations,
        Err(error) => return claude_code::failure(&event(&incoming), &error.to_string()),
    };
    let project = match &incoming {
        Ok(Incoming::Call(call)) => PathBuf::from(&call.project),
        Ok(Incoming::Notice(notice)) => PathBuf::from(&notice.project),
        Err(_) => PathBuf::from(process.project_dir.as_deref().unwrap_or(&process.cwd)),
    };
    let loaded = load(&locations, &project);
    let recorder = Recorder::new(&locations, loaded.as_ref().ok(), &process);
    let answer = match (incoming, loaded) {
        (Ok(Incoming::Call(call)), Ok(loaded)) => {
            answer_call(&call, &loaded, &recorder, &locations, &mut debug)
        }
        (Ok(Incoming::Call(call)), Err(error)) => {
            recorder.failed_call(&call, &error.to_string());
            claude_code::failure(
                &Event::Call(call.event),
                &format!("{error}; a person must repair it (`placet doctor`)"),
            )
        }
        (Ok(Incoming::Notice(notice)), loaded) => {
            answer_notice(&notice, &locations, loaded.is_ok(), &recorder)
        }
        (Err(malformed), _) => answer_malformed(&malformed, &recorder),
    };
    debug.note("answer", &String::from_utf8_lossy(&answer.stdout));
    answer
}

fn answer_malformed(malformed: &Malformed, recorder: &Recorder<'_>) -> Answer {
    recorder.malformed(malformed);
    match &malformed.event {
        // Nothing waits for an answer there; it is on record, and the agent goes on.
        Event::Notice(name) if name != "ConfigChange" => claude_code::notice::quiet(),
        event => claude_code::failure(event, &format!("{} ({})", malformed.reason, malformed.help)),
    }
}

fn parse_arguments(arguments: &[OsString]) -> Result<Arguments, String> {
    let mut parsed = Arguments::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let slot = match argument.to_str() {
            Some("--config") => &mut parsed.config,
            Some("--debug") => &mut parsed.debug,
            Some("claude-code") => continue,
            _ => return Err(format!("hook argument `{}` is not known", argument.to_string_lossy())),
        };
        match rest.next() {
            Some(value) => *slot = Some(PathBuf::from(value)),
            None => return Err(format!("hook argument `{}` needs a value", argument.to_string_lossy())),
        }
    }
    // A variable may come from a project's settings; it must not make the hook append to just any file.
    let variable = std::env::var_os("PLACET_LOG").map(PathBuf::from);
    parsed.debug =
        parsed.debug.or_else(|| variable.filter(|path| path.extension().is_some_and(|end| end == "log")));
    Ok(parsed)
}

/// Reads stdin up to just past the limit. What lies behind is drained, so that the host does not fail on a
/// closed pipe before it reads the answer.
fn read_stdin() -> std::io::Result<Vec<u8>> {
    let mut input = Vec::with_capacity(4096);
    let limit = u64::try_from(INPUT_LIMIT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut stdin = std::io::stdin().lock();
    (&mut stdin).take(limit).read_to_end(&mut input)?;
    if input.len() > INPUT_LIMIT_BYTES {
        std::io::copy(&mut stdin, &mut std::io::sink())?;
    }
    Ok(input)
}

fn process_facts() -> ProcessFacts {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    ProcessFacts {
        cwd: std::env::current_dir()
            .ok()
            .and_then(|path| path.into_os_string().into_string().ok())
            .unwrap_or_else(|| "/".to_owned()),
        project_dir: variable("CLAUDE_PROJECT_DIR"),
        home: variable("HOME"),
        ai_agent: variable("AI_AGENT"),
    }
}

fn event(incoming: &Result<Incoming, Malformed>) -> Event {
    match incoming {
        Ok(Incoming::Call(call)) => Event::Call(call.event),
        Ok(Incoming::Notice(notice)) => Event::Notice(notice.event.clone()),
        Err(malformed) => malformed.event.clone(),
    }
}

fn form(incoming: &Result<Incoming, Malformed>) -> DenyForm {
    match event(incoming) {
        Event::Call(CallEvent::PreToolUse) | Event::Unclear => DenyForm::PreToolUse,
        Event::Call(CallEvent::PermissionRequest) => DenyForm::PermissionRequest,
        Event::Notice(name) if name == "ConfigChange" => DenyForm::ConfigChange,
        Event::Notice(_) => DenyForm::Notice,
    }
}

//! The `placet` program.
//!
//! **Owns** the command line: arguments (`args/`), one file a command (`commands/`), the checks of
//! `placet doctor` (`doctor/`), what goes into an agent's settings (`claude_code/`), talking with a gateway
//! (`remote/`), and how things are printed. **Does not own** any decision, any policy semantics, or how files of one machine are found:
//! those are `placet-policy`, `placet-agents` and `placet-client`.
//!
//! `INVARIANT:` `placet hook` never goes through argument parsing (it is slower than deciding) and answers
//! by itself whatever happens.
//! `INVARIANT:` stdout carries data only; with `--json` exactly one document, or one a line for streams.
//!
//! Start reading at [`run`], then any file in `commands/`.

mod args;
mod claude_code;
mod commands;
mod diagnostics;
mod diff;
mod doctor;
mod exit;
mod failure;
mod file;
mod hidden;
mod json;
mod judge;
mod made;
mod named_verdict;
mod older_words;
mod outline;
mod printer;
mod remote;
mod style;
mod surroundings;
mod table;
mod trace;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use placet_model::visible::visible_line;

use crate::args::{Cli, Color, Command, PolicyCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|word| word == "hook") {
        return ExitCode::from(placet_client::hook_main(arguments));
    }
    std::panic::set_hook(Box::new(report_panic));
    let exit = std::panic::catch_unwind(run).unwrap_or(Exit::General);
    ExitCode::from(exit.code())
}

/// Reads the command line and does what it says.
fn run() -> Exit {
    let cli = match parse(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(error) => {
            let error = with_visible_arguments().unwrap_or(error);
            // Help and version come this way too; clap knows which stream is theirs.
            let _ = error.print();
            return if error.use_stderr() { Exit::BadArguments } else { Exit::Ok };
        }
    };
    let color = match cli.global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    let json = cli.global.json || commands::wants_json(&cli);
    let printer = Printer::new(color, json);
    let printer = match log_file(&cli) {
        None => printer,
        Some(path) => match printer.with_log(&path) {
            Ok(printer) => printer,
            Err(failure) => {
                Printer::new(color, json).error(&failure);
                return failure.exit;
            }
        },
    };
    printer.debug("command", format_args!("{cli:?}"));
    let exit = commands::run(&cli, &printer).unwrap_or_else(|failure| {
        printer.error(&failure);
        failure.exit
    });
    let exit = if is_meshguard() { in_older_words(&cli, exit) } else { exit };
    printer.debug("exit", exit.code());
    exit
}

/// Reads the words of a command line, the first of which is how the program was called.
fn parse(mut words: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if is_meshguard() {
        command = command.name("meshguard").bin_name("meshguard");
        words = older_words::rearranged(words);
    }
    let mut matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// Whether the program was called by the name that older scripts use.
fn is_meshguard() -> bool {
    let name = std::env::args_os().next().map(PathBuf::from);
    name.as_deref().and_then(Path::file_name).is_some_and(|name| name == "meshguard")
}

/// Exit codes where those scripts know others: a test of a policy is passed or it is not.
fn in_older_words(cli: &Cli, exit: Exit) -> Exit {
    match (&cli.command, exit) {
        (Command::Policy(PolicyCommand::Test(_)), Exit::Denied | Exit::Ask | Exit::Abstain) => Exit::General,
        _ => exit,
    }
}

/// What is wrong with the arguments, told of their visible form: the message quotes them.
fn with_visible_arguments() -> Option<clap::Error> {
    let arguments = std::env::args_os().map(|word| visible_line(&word.to_string_lossy()).into_owned());
    parse(arguments.map(OsString::from).collect()).err()
}

/// Where the log of this call goes. A variable may come from a project's settings; it must not make a command
/// append to just any file.
fn log_file(cli: &Cli) -> Option<PathBuf> {
    let named = std::env::var_os("PLACET_LOG").map(PathBuf::from);
    let named = named.filter(|path| path.extension().is_some_and(|end| end == "log"));
    named.or_else(|| cli.global.debug.then(|| PathBuf::from("placet-debug.log")))
}

/// Says that something is wrong in Placet itself, in words a person can pass on.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    let what = info
        .payload()
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| info.payload().downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".to_owned());
    let place =
        info.location().map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
    let printer = Printer::new(anstream::ColorChoice::Auto, false);
    printer.error(
        &Failure::new(format!("placet stopped on a mistake of its own: {what}{place}"))
            .hint("this is a bug; please report it with the command you ran"),
    );
}

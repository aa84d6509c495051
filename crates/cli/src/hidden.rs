//! Reading what nobody should see: typed at the terminal without showing it, or from standard input where a script says so.

use std::io::{IsTerminal as _, Read as _, Write as _};

use crate::args::PasswordArgs;
use crate::failure::Failure;
use crate::printer::Printer;

/// Most that is read from standard input, in bytes.
const LIMIT_BYTES: u64 = 8192;

/// All of standard input.
///
/// # Errors
/// When it cannot be read, or is no text.
pub(crate) fn piped() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(LIMIT_BYTES).read_to_string(&mut text).map_err(|error| failed(&error))?;
    Ok(text)
}

/// A line that a person types without seeing it.
///
/// # Errors
/// When the terminal refuses.
pub(crate) fn typed(printer: &Printer, prompt: &str) -> Result<String, Failure> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    printer.note(prompt);
    let before = tcgetattr(&stdin).map_err(|error| failed(&error.into()))?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Now, &silent).map_err(|error| failed(&error.into()))?;
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    let restored = tcsetattr(&stdin, OptionalActions::Now, &before);
    let _ = std::io::stderr().write_all(b"\n");
    read.map_err(|error| failed(&error))?;
    restored.map_err(|error| failed(&error.into()))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Passwords, one for each prompt: from the terminal, or from the lines of standard input.
///
/// # Errors
/// When nobody sits at the terminal and nobody said that a pipe will do, or a line is missing.
pub(crate) fn passwords<const N: usize>(
    printer: &Printer,
    args: PasswordArgs,
    prompts: [&str; N],
) -> Result<[String; N], Failure> {
    let mut given = prompts.map(|_| String::new());
    if args.password_stdin {
        let text = piped()?;
        let mut lines = text.lines();
        for slot in &mut given {
            let line = lines.next().filter(|line| !line.is_empty());
            *slot = line.ok_or_else(|| Failure::arguments("standard input holds no password"))?.to_owned();
        }
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::arguments("a password is typed at a terminal, and this is none")
            .hint("a script says `--password-stdin` and gives it on standard input"));
    }
    for (slot, prompt) in given.iter_mut().zip(prompts) {
        *slot = typed(printer, prompt)?;
    }
    Ok(given)
}

/// A new password, typed twice; `before` is asked for first.
///
/// # Errors
/// As [`passwords`], and when both differ.
pub(crate) fn new_password(printer: &Printer, args: PasswordArgs, whose: &str) -> Result<String, Failure> {
    let [password] = passwords(printer, args, [&format!("New password for {whose} (it is not shown):")])?;
    if !args.password_stdin && typed(printer, "The same again:")? != password {
        return Err(Failure::new("the two passwords differ").hint("nothing was changed; try again"));
    }
    Ok(password)
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::new(format!("it cannot be read: {error}"))
}

//! `placet sync install`: a service of the user that keeps it running.

use std::path::PathBuf;

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;

/// Writes the service file, or shows it.
pub(super) fn run(session: &Session<'_>, launchd: bool, print: bool) -> Outcome {
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("where this program is cannot be found out: {error}")))?;
    let program = program.display().to_string();
    let config = session.place.locations()?.config.display().to_string();
    let text = if launchd { agent(&program, &config) } else { unit(&program, &config) };
    if print {
        session.printer.text(&text);
        return Ok(Exit::Ok);
    }
    let home =
        session.place.home.clone().ok_or_else(|| Failure::new("no home directory: HOME is not set"))?;
    let path: PathBuf = home.join(if launchd {
        "Library/LaunchAgents/placet.sync.plist"
    } else {
        ".config/systemd/user/placet-sync.service"
    });
    file::replace(&path, &text)?;
    session.printer.data(format_args!("written: {}", session.place.show(&path)));
    session.printer.hint(if launchd {
        "`launchctl load -w ~/Library/LaunchAgents/placet.sync.plist` starts it"
    } else {
        "`systemctl --user enable --now placet-sync` starts it, now and at each login"
    });
    Ok(Exit::Ok)
}

fn unit(program: &str, config: &str) -> String {
    format!(
        "[Unit]\nDescription=Placet: policies of the organisation, records to it\nAfter=network-online.target\n\n\
         [Service]\nExecStart={} --config {} sync\nRestart=always\nRestartSec=10\nNoNewPrivileges=true\n\n\
         [Install]\nWantedBy=default.target\n",
        unit_word(program),
        unit_word(config)
    )
}

/// A word of a command line as systemd reads it.
fn unit_word(word: &str) -> String {
    let escaped = word
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%")
        .replace('$', "$$")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn agent(program: &str, config: &str) -> String {
    let words = [program, "--config", config, "sync"];
    let words: String = words.iter().map(|word| format!("    <string>{}</string>\n", xml(word))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  \
         <string>placet.sync</string>\n  <key>ProgramArguments</key>\n  <array>\n{words}  </array>\n  \
         <key>RunAtLoad</key>\n  <true/>\n  <key>KeepAlive</key>\n  <true/>\n</dict>\n</plist>\n"
    )
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

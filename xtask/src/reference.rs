//! The book's page of commands: what every command says about itself, in the order of `placet help`.

use std::fmt::Write as _;

use crate::generate::{self, Artefact, Place};

/// The generated part of the page; what stands around it is written by hand.
pub(crate) const ARTEFACT: Artefact = Artefact {
    path: "docs/src/commands.md",
    place: Place::Between("<!-- commands:begin -->", "<!-- commands:end -->"),
    make: page,
};

fn page() -> Result<String, String> {
    let help = generate::placet(&["help"])?;
    let mut text = format!("\n```text\n{}\n```\n", help.trim_end());
    for command in subcommands(&help) {
        describe(&[&command], &mut text)?;
    }
    text.push('\n');
    Ok(text)
}

/// A heading and the help of one command, then of the commands below it.
fn describe(words: &[&str], page: &mut String) -> Result<(), String> {
    let help = generate::placet(&[&["help"], words].concat())?;
    let level = "#".repeat(words.len().saturating_add(1));
    let _ = writeln!(page, "\n{level} placet {}\n\n```text\n{}\n```", words.join(" "), own_part(&help));
    for command in subcommands(&help) {
        describe(&[words, &[command.as_str()]].concat(), page)?;
    }
    Ok(())
}

/// The names under `Commands:`, `help` apart.
fn subcommands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// A help text without the options that every command has.
fn own_part(help: &str) -> String {
    let paragraphs: Vec<&str> = help.trim_end().split("\n\n").collect();
    let mut kept = Vec::new();
    let mut global = false;
    for paragraph in paragraphs {
        // A block of options goes on, indented, until the next heading.
        global = paragraph.starts_with("Global options:") || (global && paragraph.starts_with(' '));
        if !global {
            kept.push(paragraph);
        }
    }
    kept.join("\n\n").replace("\n  -h, --help  Print help", "").replace("\n\nOptions:\n\n", "\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "Look.\n\nUsage: x\n\nCommands:\n  list   List\n         all of them\n  help   Help\n\n\
        Global options:\n      --json\n\n      --debug\n\nExamples:\n  $ x list\n";

    #[test]
    fn names_come_from_the_list() {
        assert_eq!(subcommands(HELP), ["list"]);
        assert!(subcommands("Usage: x\n").is_empty());
    }

    #[test]
    fn options_of_every_command_are_left_out() {
        let own = own_part(HELP);
        assert!(!own.contains("--json") && !own.contains("--debug"), "{own}");
        assert!(own.ends_with("$ x list"), "{own}");
    }
}

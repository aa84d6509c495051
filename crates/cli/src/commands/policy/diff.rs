//! `placet policy diff`

use placet_model::Layer;
use placet_model::visible::visible_line;
use placet_policy::{KeyChange, Options, PolicyDiff, RuleShown, SHIPPED, Source};
use serde_json::json;

use crate::args::{GatewayArgs, MaybeGateway};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::judge::variables;
use crate::printer::WIDTH;
use crate::remote::{admin, list_of, number_of, text_of};
use crate::style::{self, paint, wrap};

/// Shows in what two policies differ: 0 in nothing, 1 in something.
pub(super) fn run(session: &Session<'_>, old: &str, new: &str, remote: &MaybeGateway) -> Outcome {
    // What cannot be compared is no difference: scripts tell the two apart by the code.
    compared(session, old, new, remote).map_err(|failure| {
        if failure.exit == Exit::General { Failure { exit: Exit::BadArguments, ..failure } } else { failure }
    })
}

fn compared(session: &Session<'_>, old: &str, new: &str, remote: &MaybeGateway) -> Outcome {
    let at_gateway = remote.wanted()?.is_some();
    let (old, new) = (
        source(session, old, at_gateway, &remote.gateway)?,
        source(session, new, at_gateway, &remote.gateway)?,
    );
    let read = |path: &str| file::read(&session.place.cwd.join(path)).ok().flatten();
    let variables = variables(&session.place);
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial: None };
    let found = placet_policy::diff(&old, &new, &options).map_err(|error| {
        let text =
            |name: &str| [&old, &new].into_iter().find(|one| one.name == name).map(|one| one.text.clone());
        crate::diagnostics::show(session.printer, &error, &text);
        Failure::new("a policy with mistakes cannot be compared")
    })?;
    if session.printer.is_json() {
        session.printer.document(&json!({
            "old": old.name, "new": new.name, "differs": !found.is_empty(), "diff": found,
        }));
    } else {
        show(session, (&old.name, &new.name), &found);
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::General })
}

/// The text that a word stands for: `NAME@3` a version of a gateway; a file; with `--remote` the version in force there; else a
/// shipped policy.
fn source(
    session: &Session<'_>,
    word: &str,
    at_gateway: bool,
    gateway: &GatewayArgs,
) -> Result<Source, Failure> {
    let made = |name: String, text: String| Source { name, text, layer: Layer::User, trusted: true };
    let path = session.place.cwd.join(word);
    if path.is_file() {
        let text = file::read_named(&path)?.unwrap_or_default();
        return Ok(made(word.to_owned(), text));
    }
    if let Some((name, version)) = versioned(word) {
        let answer = admin(session, gateway)?.get(&["admin", "policies", name, "versions"], &[])?;
        let one = list_of(&answer, "versions").iter().find(|one| number_of(one, "version") == version);
        let one = one.ok_or_else(|| {
            Failure::arguments(format!("`{name}` has no version {version}"))
                .hint(format!("`placet policy versions {name}` lists them"))
        })?;
        return match one.get("yaml").and_then(serde_json::Value::as_str) {
            Some(text) => Ok(made(word.to_owned(), text.to_owned())),
            None => Err(Failure::arguments(format!("version {version} of `{name}` is its deletion"))),
        };
    }
    if at_gateway {
        let answer = admin(session, gateway)?.get(&["admin", "policies", word], &[])?;
        let name = format!("{word}@{}", number_of(&answer, "version"));
        return Ok(made(name, text_of(&answer, "yaml").to_owned()));
    }
    match SHIPPED.iter().find(|(name, _)| *name == word) {
        Some((_, text)) => Ok(made(format!("{word} (shipped)"), (*text).to_owned())),
        None => Err(Failure::arguments(format!("`{word}` does not exist"))
            .hint("name a file, a shipped policy, NAME@VERSION, or with --remote a policy of the gateway")),
    }
}

/// `NAME@3`
fn versioned(word: &str) -> Option<(&str, u64)> {
    let (name, version) = word.rsplit_once('@')?;
    Some((name, version.parse().ok()?)).filter(|(name, _)| !name.is_empty())
}

fn show(session: &Session<'_>, names: (&str, &str), found: &PolicyDiff) {
    let printer = session.printer;
    if found.is_empty() {
        printer.data(format_args!("{} and {} mean the same", names.0, names.1));
        return;
    }
    for change in &found.settings {
        key(session, "", change);
    }
    let heading = |what: &str, name: &str| {
        printer.data(paint(style::HEADING, format_args!("{what} {}", visible_line(name))));
    };
    for rule in &found.removed {
        heading("removed", &rule.name);
        whole(session, rule, ("- ", style::BAD));
    }
    for rule in &found.added {
        heading("added", &rule.name);
        whole(session, rule, ("+ ", style::GOOD));
    }
    for rule in &found.changed {
        heading("changed", &rule.name);
        for change in &rule.keys {
            key(session, "  ", change);
        }
    }
    if !found.reordered.is_empty() {
        printer.data(paint(style::HEADING, "order now"));
        lines(session, ("  ", anstyle::Style::new()), &found.reordered.join(", "));
    }
}

fn whole(session: &Session<'_>, rule: &RuleShown, (mark, style): (&str, anstyle::Style)) {
    for (key, values) in &rule.says {
        lines(session, (&format!("  {mark}"), style), &format!("{key}: {}", values.join(", ")));
    }
}

/// One key: lists show what went and came, all else both values.
fn key(session: &Session<'_>, indent: &str, change: &KeyChange) {
    let without = |all: &[String], others: &[String]| -> Vec<String> {
        all.iter().filter(|one| !others.contains(one)).cloned().collect()
    };
    let (mut gone, mut come) = (without(&change.old, &change.new), without(&change.new, &change.old));
    if gone.is_empty() && come.is_empty() {
        // They look alike and are read otherwise.
        (gone, come) = (change.old.clone(), change.new.clone());
    }
    session.printer.data(format_args!("{indent}{}", visible_line(&change.key)));
    for (mark, style, values) in [("- ", style::BAD, gone), ("+ ", style::GOOD, come)] {
        if !values.is_empty() {
            lines(session, (&format!("{indent}  {mark}"), style), &values.join(", "));
        }
    }
}

/// Text behind a mark, in as many lines as it needs.
fn lines(session: &Session<'_>, (mark, style): (&str, anstyle::Style), text: &str) {
    for (number, line) in wrap(text, WIDTH.saturating_sub(mark.len())).into_iter().enumerate() {
        let start = if number == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
        session.printer.data(paint(style, format_args!("{start}{line}")));
    }
}

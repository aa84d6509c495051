//! `placet status`: the gate of this machine, and the gateway if one is known, in a few lines.

use std::path::Path;
use std::time::Instant;

use placet_client::organisation::{Enrolment, EnrolmentFiles};
use placet_client::spool::segments;
use serde_json::{Value, json};

use super::Session;
use super::sync::Status;
use crate::args::Where;
use crate::doctor::Examined;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::locations_and_sources;
use crate::outline::Outline;
use crate::remote::{known_gateway, number_of, text_of};
use crate::style::{self, fold, paint};

/// A line: what it is about, whether it is well, what to say, and the same for programs.
struct Line {
    label: &'static str,
    good: bool,
    text: String,
    value: Value,
}

/// Shows both; exits 1 when the gate is open or the gateway is not well, 5 when it does not answer.
pub(super) fn run(session: &Session<'_>, gateway: &Where) -> Outcome {
    let mut lines = vec![gate(session), policies(session), ledger(session)];
    lines.extend(organisation(session));
    let mut exit = if lines.iter().all(|line| line.good) { Exit::Ok } else { Exit::General };
    let (line, failure) = remote(session, gateway)?;
    if let Some(failure) = &failure {
        exit = failure.exit;
    } else if exit == Exit::Ok && !line.good {
        exit = Exit::General;
    }
    lines.push(line);
    let printer = session.printer;
    if printer.is_json() {
        printer.document(&Value::Object(
            lines.into_iter().map(|line| (line.label.to_owned(), line.value)).collect(),
        ));
        return Ok(exit);
    }
    for line in &lines {
        let style = if line.good { style::GOOD } else { style::BAD };
        let rows = line.text.lines().flat_map(|text| fold(text, 70));
        for (row, text) in rows.enumerate() {
            let label = if row == 0 { line.label } else { "" };
            let text = if row == 0 { first_word(style, &text) } else { text };
            printer.data(format_args!("{} {text}", paint(style::HEADING, format_args!("{label:<9}"))));
        }
    }
    if let Some(hint) = failure.and_then(|failure| failure.hint) {
        printer.hint(hint);
    }
    Ok(exit)
}

/// The text with its first word, up to a colon, in a style.
fn first_word(style: anstyle::Style, text: &str) -> String {
    match text.split_once(':') {
        Some((word, rest)) => format!("{}:{rest}", paint(style, word)),
        None => text.to_owned(),
    }
}

fn gate(session: &Session<'_>) -> Line {
    let line = |good, text: &str, value| Line { label: "gate", good, text: text.to_owned(), value };
    match Examined::read(&session.place) {
        Err(failure) => line(false, &format!("not known: {}", failure.message), json!({ "installed": null })),
        Ok(world) => {
            let installed = world.on("PreToolUse").any(|(_, handler)| handler.is_ours());
            let guarded = world.is_guarded();
            let value = json!({ "installed": installed, "closed": guarded });
            match (installed, guarded) {
                (true, true) => line(true, "closed: every tool call of Claude Code comes by Placet", value),
                (true, false) => line(
                    false,
                    "open: Placet is installed, but calls can get past it; `placet doctor` tells how",
                    value,
                ),
                (false, _) => {
                    line(false, "not installed: `placet init claude-code` puts it before Claude Code", value)
                }
            }
        }
    }
}

fn policies(session: &Session<'_>) -> Line {
    let line = |good, text, value| Line { label: "policies", good, text, value };
    let found = locations_and_sources(session).and_then(|(locations, collected)| {
        crate::judge::compile_in_force(&locations, &collected)
            .map_err(|_| Failure::new("they do not compile; `placet policy check` shows the place"))?;
        Ok(collected)
    });
    match found {
        Err(failure) => line(false, format!("unusable: {}", failure.message), json!({ "ok": false })),
        Ok(collected) => {
            let names: Vec<String> = collected
                .sources
                .iter()
                .map(|source| {
                    Outline::read(&source.text)
                        .map_or_else(|| source.name.clone(), |outline| outline.name().to_owned())
                })
                .collect();
            let mode = match collected.settings.mode {
                placet_client::Mode::Enforce => "enforced",
                placet_client::Mode::Audit => "recorded only",
            };
            let list = if names.is_empty() { "only the floor".to_owned() } else { names.join(", ") };
            line(
                true,
                format!("{mode}: {list}"),
                json!({ "ok": true, "names": names, "mode": collected.settings.mode }),
            )
        }
    }
}

fn ledger(session: &Session<'_>) -> Line {
    let line = |good, text, value| Line { label: "ledger", good, text, value };
    let found = locations_and_sources(session).and_then(|(_, collected)| {
        Ok((segments(&collected.settings.state).map_err(Failure::new)?, collected))
    });
    match found {
        Err(failure) => line(false, format!("unusable: {}", failure.message), json!({ "segments": null })),
        Ok((segments, collected)) => {
            let place: &Path = &collected.settings.state;
            let bytes: u64 =
                segments.iter().filter_map(|one| one.path.metadata().ok()).map(|data| data.len()).sum();
            let what = match segments.len() {
                0 => "empty: nothing was decided yet".to_owned(),
                _ => format!("kept: {} KiB in {}", bytes.div_ceil(1024), session.place.show(place)),
            };
            line(true, what, json!({ "segments": segments.len(), "bytes": bytes, "state": place }))
        }
    }
}

/// The organisation, for who is in one.
fn organisation(session: &Session<'_>) -> Option<Line> {
    let line = |good, text, value| Some(Line { label: "enrolment", good, text, value });
    let files = EnrolmentFiles::of(&session.place.locations().ok()?);
    let enrolment = match Enrolment::read(&files) {
        Ok(enrolment) => enrolment?,
        Err(error) => return line(false, format!("unusable: {error}"), json!({ "enrolled": null })),
    };
    let status = Status::read(&files);
    let who = format!("agent {} of {}", enrolment.agent_name, enrolment.gateway);
    let value = json!({
        "enrolled": true, "gateway": enrolment.gateway, "agent": enrolment.agent_name, "version": enrolment.accepted.version,
        "trouble": status.trouble, "refused": status.refused,
    });
    match status.trouble.or(status.refused) {
        None => line(true, format!("enrolled: {who}"), value),
        Some(why) => line(false, format!("trouble: {who}\n{why}"), value),
    }
}

/// What the gateway says of itself. A failure is told in the line, and decides the exit code.
fn remote(session: &Session<'_>, gateway: &Where) -> Result<(Line, Option<Failure>), Failure> {
    let line = |good, text, value| Line { label: "gateway", good, text, value };
    let Some(client) = known_gateway(session, gateway)? else {
        return Ok((line(true, "none is given".to_owned(), Value::Null), None));
    };
    let address = client.address().to_string();
    let started = Instant::now();
    match client.get(&["health"], &[]) {
        Ok(health) => {
            let round_trip_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            let (status, mode) = (text_of(&health, "status"), text_of(&health, "mode"));
            let loaded =
                health.pointer("/checks/policies").map_or(0, |policies| number_of(policies, "loaded"));
            let text = format!(
                "{status}: {address}\nmode {mode}, version {}, policies {loaded}, answered in {round_trip_ms} ms",
                text_of(&health, "version")
            );
            let value = json!({ "address": address, "roundTripMs": round_trip_ms, "health": health });
            Ok((line(status == "healthy", text, value), None))
        }
        Err(error) => {
            let failure = Failure::from(error);
            let value = json!({ "address": address, "error": failure.message });
            Ok((line(false, format!("unreachable: {}", failure.message), value), Some(failure)))
        }
    }
}

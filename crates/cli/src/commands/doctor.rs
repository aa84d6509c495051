//! `placet doctor`

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use serde_json::json;

use super::Session;
use super::init::{Detail, consent};
use crate::args::DoctorArgs;
use crate::doctor::{Examined, Finding, Repairs, Severity, examine, repairs};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::printer::WIDTH;
use crate::style::{self, paint, wrap};

/// Examines the gate, repairs it if asked, and says what was found.
pub(super) fn run(session: &Session<'_>, args: &DoctorArgs) -> Outcome {
    let world = Examined::read(&session.place)?;
    let findings = examine(&world);
    if !args.fix {
        report(session, &world, &findings);
        return Ok(exit(&findings));
    }
    let plan = repairs(session, &world, &findings)?;
    if plan.is_empty() {
        report(session, &world, &findings);
        if !findings.is_empty() {
            session.printer.note("nothing of this can be repaired from here");
        }
        return Ok(exit(&findings));
    }
    if !session.printer.is_json() {
        plan.changes.iter().for_each(|change| change.show(session, Detail::Lines));
        for (path, bits) in &plan.modes {
            session
                .printer
                .note(format_args!("{} (takes mode bits {bits:o} away)", session.place.show(path)));
        }
    }
    if !(args.yes || consent(session, "Repair this?")?) {
        session.printer.note("nothing was written");
        return Ok(exit(&findings));
    }
    carry_out(&plan)?;
    let world = Examined::read(&session.place)?;
    let left = examine(&world);
    report(session, &world, &left);
    Ok(exit(&left))
}

fn exit(findings: &[Finding]) -> Exit {
    if findings.iter().any(|finding| finding.severity <= Severity::Broken) { Exit::General } else { Exit::Ok }
}

fn carry_out(plan: &Repairs) -> Result<(), Failure> {
    for change in &plan.changes {
        if let Some(old) = &change.old {
            file::keep_copy(&change.path, old)?;
        }
        if let Some(new) = &change.new {
            file::replace(&change.path, new)?;
        }
    }
    for (path, bits) in &plan.modes {
        let fail =
            |error| Failure::new(format!("the mode of `{}` cannot be changed: {error}", path.display()));
        let mode = std::fs::metadata(path).map_err(fail)?.mode();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & !bits)).map_err(fail)?;
    }
    Ok(())
}

fn report(session: &Session<'_>, world: &Examined<'_>, findings: &[Finding]) {
    let printer = session.printer;
    if printer.is_json() {
        let list: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "id": finding.id, "severity": finding.severity.name(), "file": finding.path,
                    "line": finding.line, "why": finding.why, "remedy": finding.remedy,
                    "fixable": finding.fix.is_some(),
                })
            })
            .collect();
        let files: Vec<_> =
            world.files.iter().map(|file| json!({ "scope": file.scope.name(), "path": file.path })).collect();
        let closed = exit(findings) == Exit::Ok;
        printer.document(&json!({ "closed": closed, "findings": list, "files": files }));
        return;
    }
    for finding in findings {
        show(session, finding);
    }
    summary(session, world, findings);
}

fn show(session: &Session<'_>, finding: &Finding) {
    let style = match finding.severity {
        Severity::Open | Severity::Broken => style::ERROR,
        Severity::Warning => style::WARNING,
        Severity::Info => style::HINT,
    };
    let place = finding.path.as_deref().map_or_else(String::new, |path| {
        let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
        format!("  {}", paint(style::PLACE, format_args!("{}{line}", session.place.show(path))))
    });
    session.printer.data(format_args!(
        "{} {}{place}",
        paint(style, format_args!("{:<8}", finding.severity.name())),
        paint(style::HEADING, finding.id),
    ));
    for line in wrap(&finding.why, WIDTH - 9) {
        session.printer.data(format_args!("         {line}"));
    }
    for (index, line) in wrap(&finding.remedy, WIDTH - 12).into_iter().enumerate() {
        let mark = if index == 0 { paint(style::GOOD, "->") } else { "  ".to_owned() };
        session.printer.data(format_args!("         {mark} {line}"));
    }
}

fn summary(session: &Session<'_>, world: &Examined<'_>, findings: &[Finding]) {
    let printer = session.printer;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let open = count(Severity::Open);
    let fixable = findings.iter().filter(|finding| finding.fix.is_some()).count();
    if !findings.is_empty() {
        printer.data("");
    }
    if open > 0 {
        printer.data(paint(style::ERROR, "The gate is open."));
    } else if world.is_guarded() {
        printer.data(paint(style::GOOD, "The gate is closed."));
    }
    let words: Vec<String> = [Severity::Open, Severity::Broken, Severity::Warning, Severity::Info]
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| format!("{} {}", count(severity), severity.name()))
        .collect();
    let words = if words.is_empty() { "nothing found".to_owned() } else { words.join(", ") };
    let files = match world.files.len() {
        1 => "1 settings file".to_owned(),
        count => format!("{count} settings files"),
    };
    printer.data(format_args!("{words}; {files} looked at."));
    match fixable {
        0 => {}
        1 => printer.hint("`placet doctor --fix` repairs one of them"),
        count => printer.hint(format_args!("`placet doctor --fix` repairs {count} of them")),
    }
}

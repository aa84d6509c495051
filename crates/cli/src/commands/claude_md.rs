//! `placet claude-md`

use std::fmt::Write as _;
use std::path::Path;

use placet_policy::FLOOR;
use serde_json::json;

use super::Session;
use crate::args::ClaudeMdArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::judge::locations_and_sources;
use crate::outline::{Outline, RuleOutline};
use crate::style::fold;

const BEGIN: &str = "<!-- placet:begin (written by `placet claude-md`; changes here are lost) -->";
const BEGIN_MARK: &str = "<!-- placet:begin";
const END: &str = "<!-- placet:end -->";

/// Prints the section, or puts it into a file.
pub(super) fn run(session: &Session<'_>, args: &ClaudeMdArgs) -> Outcome {
    let section = section(session)?;
    let Some(path) = &args.write else {
        if session.printer.is_json() {
            session.printer.document(&json!({ "section": section }));
        } else {
            session.printer.text(&section);
        }
        return Ok(Exit::Ok);
    };
    let path = session.place.cwd.join(path);
    let old = file::read(&path)?.unwrap_or_default();
    let new = placed(&old, &section, &path)?;
    let changed = new != old;
    if changed {
        file::replace(&path, &new)?;
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "path": path, "changed": changed }));
    } else {
        let what = if changed { "wrote the section into" } else { "nothing to change in" };
        session.printer.note(format_args!("{what} {}", session.place.show(&path)));
    }
    Ok(Exit::Ok)
}

/// `text` with the section in the place of the old one, else at its end.
fn placed(text: &str, section: &str, path: &Path) -> Result<String, Failure> {
    let broken = || {
        Failure::new(format!("`{}` holds one mark of the section without the other", path.display()))
            .hint(format!("remove what is left of it, from `{BEGIN_MARK} …` or up to `{END}`"))
    };
    match (text.find(BEGIN_MARK), text.find(END)) {
        (None, None) if text.is_empty() => Ok(section.to_owned()),
        (None, None) => Ok(format!("{}\n\n{section}", text.trim_end())),
        (Some(begin), Some(end)) if begin < end => {
            let before = text.get(..begin).unwrap_or("");
            let after = text.get(end + END.len()..).unwrap_or("");
            Ok(format!("{before}{}{after}", section.trim_end()))
        }
        _ => Err(broken()),
    }
}

fn section(session: &Session<'_>) -> Result<String, Failure> {
    let (_, collected) = locations_and_sources(session)?;
    let texts = std::iter::once(FLOOR).chain(collected.sources.iter().map(|source| source.text.as_str()));
    let outlines: Vec<Outline> = texts.filter_map(Outline::read).collect();
    let mut out = String::new();
    let _ = writeln!(out, "{BEGIN}\n## What you may do here\n");
    for line in fold(
        "Placet decides every tool call before it runs. When a call is denied, read the message: it says whether \
         another form passes, whether a person must do it, or whether it is final. Do not look for a way around a \
         denial, and do not try the same thing in other words.",
        78,
    ) {
        let _ = writeln!(out, "{line}");
    }
    for (effect, heading) in [("deny", "Never"), ("ask", "Only after a person said yes")] {
        let rules: Vec<RuleOutline> =
            outlines.iter().flat_map(Outline::rules).filter(|rule| rule.effect == effect).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n### {heading}\n");
        for rule in rules {
            bullet(&mut out, &rule);
        }
    }
    let _ = writeln!(out, "\n{END}");
    Ok(out)
}

fn bullet(out: &mut String, rule: &RuleOutline) {
    let subject =
        if rule.actions == ["*"] { String::new() } else { format!(" ({})", rule.actions.join(", ")) };
    let text = if rule.reason.is_empty() { rule.conditions.clone() } else { rule.reason.clone() };
    for (index, line) in fold(&format!("**{}**{subject}: {text}", rule.name), 76).into_iter().enumerate() {
        let mark = if index == 0 { "-" } else { " " };
        let _ = writeln!(out, "{mark} {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_renewed_in_place() {
        let path = Path::new("CLAUDE.md");
        let one = format!("{BEGIN}\none\n{END}\n");
        let two = format!("{BEGIN}\ntwo\n{END}\n");
        let first = placed("# Mine\n", &one, path).unwrap();
        assert_eq!(first, format!("# Mine\n\n{one}"));
        assert_eq!(placed(&first, &two, path).unwrap(), format!("# Mine\n\n{two}"));
        assert!(placed(END, &one, path).is_err());
    }
}

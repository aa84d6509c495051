//! `placet policy use` and `placet policy add`: the `policies:` list of the user's settings.

use std::path::Path;

use placet_client::UserFile;
use placet_model::Layer;
use placet_policy::Source;
use serde_json::json;

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::judge::compile;
use crate::outline::Outline;

/// What happens to the policies that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// They go.
    Only,
    /// They stay.
    Beside,
}

/// Changes the list.
pub(super) fn run(session: &Session<'_>, policy: &str, how: How) -> Outcome {
    let locations = session.place.locations()?;
    let path = locations.user_settings();
    let old = file::read(&path)?.unwrap_or_default();
    let settings = UserFile::parse(&path, &old)?;
    let (entry, source) = resolve(session, policy, &locations.config)?;
    compile(session, std::slice::from_ref(&source))?;
    let before = settings.policies.clone().unwrap_or_else(|| vec!["starter".to_owned()]);
    let after = match how {
        How::Only => vec![entry],
        How::Beside if before.contains(&entry) => before.clone(),
        How::Beside => before.iter().cloned().chain([entry]).collect(),
    };
    let new = with_policies(&old, &after);
    // The list is written as text; whatever else the file says must come out of it unchanged.
    let expected = UserFile { policies: Some(after.clone()), ..settings };
    if UserFile::parse(&path, &new)? != expected {
        return Err(Failure::new(format!("`{}` is laid out in an unusual way", session.place.show(&path)))
            .hint(format!("write the list by hand: `policies: [{}]`", after.join(", "))));
    }
    if new != old {
        file::replace(&path, &new)?;
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "path": path, "policies": after, "changed": new != old }));
    } else {
        session.printer.note(format_args!("in force for this user: {}", after.join(", ")));
    }
    if how == How::Beside && before != after {
        warn_of_default(session, &source);
    }
    Ok(Exit::Ok)
}

/// The entry as settings hold it, and the policy behind it.
fn resolve(session: &Session<'_>, policy: &str, config: &Path) -> Result<(String, Source), Failure> {
    let looks_like_file = policy.contains('/') || policy.ends_with(".yaml") || policy.ends_with(".yml");
    let source = |name: String, text: String| Source { name, text, layer: Layer::User, trusted: true };
    if !looks_like_file {
        let text = placet_policy::shipped(policy).ok_or_else(|| {
            let shipped: Vec<&str> = placet_policy::SHIPPED.iter().map(|(name, _)| *name).collect();
            Failure::new(format!("no policy named `{policy}` is shipped"))
                .hint(format!("shipped are {}; a file is named with its path", shipped.join(", ")))
        })?;
        return Ok((policy.to_owned(), source(format!("{policy} (shipped)"), text.to_owned())));
    }
    let path = session.place.cwd.join(policy);
    let path = path.canonicalize().unwrap_or(path);
    let text = file::read(&path)?.ok_or_else(|| Failure::new(format!("`{policy}` does not exist")))?;
    let entry = match path.strip_prefix(config) {
        Ok(inside) => format!("./{}", inside.display()),
        Err(_) => path.display().to_string(),
    };
    Ok((entry, source(path.display().to_string(), text)))
}

/// The settings text with this list; everything else keeps its bytes.
fn with_policies(text: &str, policies: &[String]) -> String {
    let mut block = String::from("policies:\n");
    for policy in policies {
        let plain = policy.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-'));
        let shown = if plain { policy.clone() } else { serde_json::Value::from(policy.as_str()).to_string() };
        block.push_str(&format!("  - {shown}\n"));
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(start) = lines.iter().position(|line| line.starts_with("policies:")) else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return format!("{text}{gap}{block}");
    };
    let rest = lines.get(start + 1..).unwrap_or_default();
    let belongs = |line: &&&str| line.starts_with([' ', '\t', '-']) && !line.trim().is_empty();
    let length = rest.iter().take_while(belongs).count();
    let before: String = lines.iter().take(start).copied().collect();
    let after: String = rest.iter().skip(length).copied().collect();
    format!("{before}{block}{after}")
}

/// A second policy brings its default along, which speaks wherever no rule does.
fn warn_of_default(session: &Session<'_>, source: &Source) {
    let Some(outline) = Outline::read(&source.text) else { return };
    if matches!(outline.default_effect(), "abstain" | "none") {
        return;
    }
    let written = if outline.has_default_effect() { "" } else { " (it names none)" };
    session.printer.warning(format_args!(
        "`{}` answers {}{written} wherever no rule of any policy matches",
        outline.name(),
        outline.default_effect()
    ));
    session.printer.hint("write `defaultEffect: abstain` in it to leave that to the other policies");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_list_changes() {
        let list = ["starter".to_owned(), "./p/my own.yaml".to_owned()];
        let block = "policies:\n  - starter\n  - \"./p/my own.yaml\"\n";
        let cases = [
            ("", block.to_owned()),
            ("mode: audit", format!("mode: audit\n{block}")),
            ("# a\npolicies:\n  - x\n# b\nmode: audit\n", format!("# a\n{block}# b\nmode: audit\n")),
            ("policies: [a, b]\nmode: audit\n", format!("{block}mode: audit\n")),
            ("policies:\n- a\n- b\n\nmode: audit\n", format!("{block}\nmode: audit\n")),
        ];
        for (text, want) in cases {
            assert_eq!(with_policies(text, &list), want, "{text:?}");
        }
    }
}

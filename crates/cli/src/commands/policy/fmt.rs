//! `placet policy fmt`

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;

/// Lays files out the usual way, or tells which are not.
pub(super) fn run(session: &Session<'_>, files: &[PathBuf], check: bool) -> Outcome {
    let mut changed = Vec::new();
    for path in files {
        let real = session.place.cwd.join(path);
        let old =
            file::read(&real)?.ok_or_else(|| Failure::new(format!("`{}` does not exist", path.display())))?;
        let new = format(&old).ok_or_else(|| {
            Failure::new(format!("`{}` was left as it is: its blanks carry meaning", path.display()))
                .hint("`placet policy check` looks for mistakes in it")
        })?;
        if new == old {
            continue;
        }
        changed.push(path);
        if !check {
            file::replace(&real, &new)?;
        }
        if !session.printer.is_json() {
            let what = if check { "would change" } else { "changed" };
            session.printer.note(format_args!("{what} {}", path.display()));
        }
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "changed": changed, "written": !check }));
    }
    Ok(if check && !changed.is_empty() { Exit::General } else { Exit::Ok })
}

/// The text without trailing blanks, tabs and repeated empty lines. `None` when that would change its meaning.
fn format(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.lines() {
        let body = line.trim_end();
        if body.is_empty() {
            empty_lines += 1;
            continue;
        }
        if empty_lines > 0 && !out.is_empty() {
            out.push('\n');
        }
        empty_lines = 0;
        let inner = body.trim_start_matches([' ', '\t']);
        let indent: String = body.chars().take(body.len() - inner.len()).collect();
        out.push_str(&indent.replace('\t', "  "));
        out.push_str(inner);
        out.push('\n');
    }
    let meaning = |text: &str| serde_saphyr::from_str::<Value>(text).ok();
    match (meaning(text), meaning(&out)) {
        (Some(before), Some(after)) if before == after => Some(out),
        // What is no YAML before (tabs) may become it; what stays none is left to `policy check`.
        (None, Some(_)) => Some(out),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_changes_and_meaning_does_not() {
        assert_eq!(format("a: 1  \n\n\n# c\nb:\n  - x\r\n").unwrap(), "a: 1\n\n# c\nb:\n  - x\n");
        assert_eq!(format("a: |\n  x\n\n\n  y\n"), None);
        assert_eq!(format("a:\n\tb: 1\n").unwrap(), "a:\n  b: 1\n");
    }
}

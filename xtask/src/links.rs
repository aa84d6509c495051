//! Links inside the Markdown files of the repository: each relative one must lead to a file. So must the
//! paths that a page names in inline code.
//!
//! Links to the web are not followed: a test must not depend on other people's servers.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools;

/// Every dead relative link, and the book itself where mdBook is installed.
pub(crate) fn check() -> Result<(), String> {
    let root = tools::root();
    let pages = tools::files_below(&root, ".md", &["target", ".git", "node_modules", "book"])?;
    let mut faults = Vec::new();
    for page in &pages {
        let text = tools::read(page)?;
        let shown = page.strip_prefix(&root).unwrap_or(page);
        let lost = dead(page, &text).into_iter().chain(lost_paths(&root, &text));
        faults.extend(lost.map(|link| format!("{}: `{link}`", shown.display())));
    }
    if !faults.is_empty() {
        return Err(format!("dead links and paths:\n  {}", faults.join("\n  ")));
    }
    println!("links: {} pages, every relative link leads somewhere", pages.len());
    if !root.join("docs/book.toml").is_file() {
        return Ok(());
    }
    if tools::present("mdbook", &["--version"]) {
        let built = tools::target_folder().join("book");
        tools::must_run(
            Command::new("mdbook").arg("build").arg("--dest-dir").arg(built).arg(root.join("docs")),
        )?;
    } else {
        println!("links: mdbook is not installed; the book was not built");
    }
    Ok(())
}

fn dead(page: &Path, text: &str) -> Vec<String> {
    links(text)
        .into_iter()
        .filter(|link| {
            let path = link.split(['#', '?']).next().unwrap_or_default();
            !path.is_empty() && !target(page, path).exists()
        })
        .collect()
}

/// Paths of the repository in inline code (`crates/x/src/`) that are not there. A part with `*` or a word in
/// capitals stands for any name, so only what stands before it is looked at.
fn lost_paths(root: &Path, text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let inline = prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2).collect::<Vec<_>>());
    let ours =
        |word: &&str| ["crates/", "xtask/", "docs/", "policies/"].iter().any(|top| word.starts_with(top));
    let open = |part: &str| part.contains('*') || part.starts_with(|first: char| first.is_uppercase());
    inline
        .filter(|word| ours(word) && !word.contains(' '))
        .filter(|word| {
            let fixed = word.split('/').take_while(|part| !open(part) || part.ends_with(".md"));
            !root.join(fixed.collect::<PathBuf>()).exists()
        })
        .map(str::to_owned)
        .collect()
}

fn target(page: &Path, path: &str) -> PathBuf {
    match path.strip_prefix('/') {
        Some(below_root) => tools::root().join(below_root),
        None => page.parent().unwrap_or(page).join(path),
    }
}

/// The relative link targets of a page; code blocks and inline code hold none.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for rest in prose.split("](").skip(1) {
            let link = rest.split([')', ' ']).next().unwrap_or_default();
            let elsewhere = link.contains("://") || link.starts_with("mailto:") || link.starts_with('#');
            if !elsewhere && !link.is_empty() {
                found.push(link.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_links_outside_code_count() {
        let text =
            "[a](b.md) [web](https://x.org) `[c](d.md)` [e](f.md#g \"title\")\n```\n[h](i.md)\n```\n[j](#k)";
        assert_eq!(links(text), ["b.md", "f.md#g"]);
    }

    #[test]
    fn paths_in_inline_code_must_exist() {
        let text = "`xtask/src/links.rs` `xtask/src/NAME.rs` `crates/*/src/` `xtask/lost.rs` `a/b`\n```\n`docs/no`\n```";
        assert_eq!(lost_paths(&tools::root(), text), ["xtask/lost.rs"]);
    }
}

//! What the documents show must be so: policies pass their tests, commands are understood.

use std::path::{Path, PathBuf};

use crate::world::World;

/// A fenced block of a page.
pub(crate) struct Block {
    pub(crate) page: String,
    pub(crate) line: usize,
    pub(crate) language: String,
    pub(crate) text: String,
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let mut found = vec![root.join("README.md")];
    let mut waiting = vec![root.join("docs/src")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => waiting.push(path),
                Some(extension) if extension == "md" => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn blocks() -> Vec<Block> {
    pages().iter().flat_map(|page| blocks_of(page)).collect()
}

pub(crate) fn blocks_of(page: &Path) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in std::fs::read_to_string(page).unwrap().lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(language)) => {
                open = Some(Block {
                    page: page.display().to_string(),
                    line: index + 1,
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block does not end", page.display());
    found
}

#[test]
fn policies_in_documents_pass_their_own_tests() {
    let mut seen = 0;
    for block in blocks().iter().filter(|block| block.language == "yaml") {
        let place = format!("{}:{}", block.page, block.line);
        let has = |key: &str| block.text.lines().any(|line| line.starts_with(key));
        if !has("rules:") || !has("name:") {
            continue;
        }
        let world = World::new();
        world.write("home/project/example.yaml", &block.text);
        let checked = world.run(&["policy", "check", "example.yaml"]);
        assert_eq!(checked.code, 0, "{place}: {}", checked.whole());
        if has("tests:") {
            let tested = world.run(&["policy", "test", "example.yaml"]);
            assert_eq!(tested.code, 0, "{place}: {}", tested.whole());
        }
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} policies were found");
}

#[test]
fn parts_of_policies_in_documents_are_understood() {
    for block in blocks().iter().filter(|block| block.language == "yaml") {
        let text = block.text.trim_start();
        if !text.starts_with("- effect:") && !text.starts_with("- {effect:") {
            continue;
        }
        let world = World::new();
        world.write(
            "home/project/example.yaml",
            &format!("name: part\nversion: \"1\"\nrules:\n{}", block.text),
        );
        let checked = world.run(&["policy", "check", "example.yaml"]);
        assert_eq!(checked.code, 0, "{}:{}: {}", block.page, block.line, checked.whole());
    }
}

#[test]
fn settings_in_documents_are_understood() {
    for block in blocks().iter().filter(|block| block.text.starts_with("# ~/.config/placet/placet.yaml\n")) {
        let world = World::new();
        world.write("home/.config/placet/placet.yaml", &block.text);
        world.write("home/.config/placet/policies/mine.yaml", "name: mine\nversion: \"1\"\nrules: []\n");
        let ran = world.run(&["policy", "list"]);
        assert_eq!(ran.code, 0, "{}:{}: {}", block.page, block.line, ran.whole());
    }
}

#[test]
fn commands_in_documents_run() {
    let mut seen = 0;
    for block in blocks() {
        for line in block.text.lines() {
            let typed = match block.language.as_str() {
                "sh" => line,
                _ => line.strip_prefix("$ ").unwrap_or_default(),
            };
            let Some(codes) = expected(typed) else { continue };
            let world = World::new();
            let ran = world.run_line(typed);
            let place = format!("{}:{}: `{typed}`", block.page, block.line);
            assert!(codes.contains(&ran.code), "{place}: {}", ran.whole());
            assert_shown(&block, typed, &ran.stdout, &place);
            seen += 1;
        }
    }
    assert!(seen >= 30, "only {seen} commands were found");
}

/// The codes a command line may end with; nothing if it needs more than an empty world.
fn expected(typed: &str) -> Option<&'static [i32]> {
    let starts = |words: &[&str]| words.iter().any(|word| typed.starts_with(word));
    if typed.contains(".yaml")
        || typed.contains("SESSION")
        || typed.contains("-f ")
        || typed.contains("--remote")
    {
        return None;
    }
    if starts(&["placet check ", "placet explain "]) {
        return Some(&[0, 4, 10, 11]);
    }
    let plain = [
        "placet policy list",
        "placet policy show ",
        "placet policy use ",
        "placet programs ",
        "placet audit ",
    ];
    starts(&plain).then_some(&[0])
}

/// Where a page shows what a command prints, each line that is not left out must really be printed.
fn assert_shown(block: &Block, typed: &str, stdout: &str, place: &str) {
    let after = block.text.lines().skip_while(|line| line.strip_prefix("$ ") != Some(typed)).skip(1);
    for shown in after.take_while(|line| !line.starts_with("$ ")).filter(|line| !line.trim().is_empty()) {
        assert!(stdout.lines().any(|line| line == shown), "{place} does not print `{shown}` but:\n{stdout}");
    }
}

//! Every recorded input of the real host, and the answer it gets under the starter policy.

use std::path::Path;

use crate::world::World;

#[test]
fn recorded_inputs() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../agents/tests/fixtures/claude-code/hook-stdin");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 40, "recorded inputs are missing");
    let world = World::new();
    let mut answers = String::new();
    for file in files {
        let mut command = world.command();
        command
            .arg("--config")
            .arg(world.config())
            .env("CLAUDE_PROJECT_DIR", "/home/dev/project")
            .env("HOME", "/home/dev");
        let answer = world.run_with(command, &std::fs::read(&file).unwrap());
        let name = file.file_name().unwrap().to_string_lossy();
        let stdout = without_lines(&serde_json::to_string_pretty(&answer.json()).unwrap());
        answers.push_str(&format!("== {name} (exit {})\n{stdout}\n", answer.exit));
    }
    insta::assert_snapshot!(answers);
}

/// `text` without the line numbers of shipped rules, which change with every edit of a policy.
fn without_lines(text: &str) -> String {
    let mut parts = text.split("(shipped):");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        out + "(shipped):LINE" + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

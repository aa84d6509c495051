//! `docs/src/meshguard.md`: what the page calls as printed runs as printed, and the example decides as it says.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::example;
use super::typist::{Codes, Typist};

const PAGE: &str = "docs/src/meshguard.md";

/// The rows of the page's tables, cell by cell, without the marks of code.
fn rows() -> Vec<Vec<String>> {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE)).unwrap();
    let table = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| the "));
    table
        .map(|line| line.replace("\\|", "\u{1}"))
        .map(|line| {
            let cells = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')).unwrap();
            cells.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect::<Vec<_>>()
        })
        .collect()
}

/// The text of a cell that is one piece of code.
fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|code| !code.contains('`'))
}

/// In the example, with the gateway that the page starts and the older name on the path.
fn typist() -> Typist {
    let mut typist = example::typist();
    symlink(env!("CARGO_BIN_EXE_placet"), typist.world.path("bin/meshguard")).unwrap();
    let codes: Codes<'_> = &[];
    assert_eq!(typist.types(PAGE, codes, |_, _, _| {}), 6);
    typist
}

#[test]
fn what_is_printed_runs_as_printed() {
    let mut typist = typist();
    let input = format!(
        r#"{{"session_id": "s", "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "t",
            "tool_input": {{"command": "rm -rf /tmp/old-build"}}, "cwd": "{}", "permission_mode": "default"}}"#,
        typist.world.path("home/project").display()
    );
    let gate = typist.world.path("home/project/gate").display().to_string();
    let hook = typist.world.hook(&["--config", &gate], &input);
    assert_eq!(hook.json()["hookSpecificOutput"]["permissionDecision"], "deny", "{}", hook.whole());
    let mut ran_as_printed = 0;
    for row in rows() {
        let [article, here, how] = &row[..] else { panic!("{row:?}") };
        let printed =
            code(article).filter(|line| line.starts_with("meshguard ") && how.starts_with("as printed"));
        let instead = code(here).filter(|line| line.starts_with("placet check") || line.starts_with("curl"));
        let Some(line) = printed.or(instead) else { continue };
        if line.contains("tail -f") {
            typist.background(
                &format!(
                    "env PLACET_CONFIG_DIR={gate} $(readlink ../../bin/meshguard) {}",
                    line.trim_start_matches("meshguard ")
                ),
                "",
            );
            assert!(typist.shown_in_background("rm -rf /tmp/old-build"), "{line}");
            continue;
        }
        let ran = typist.run(line);
        let code = how.rsplit_once("exit ").map_or(0, |(_, code)| code.parse().unwrap());
        assert_eq!(ran.code, code, "{line}: {}", ran.whole());
        for decision in ["allow", "deny"] {
            let promised = how.starts_with(&format!("as printed: {decision}"));
            assert!(!promised || ran.stdout.contains(&format!("Decision: {decision}")), "{}", ran.whole());
        }
        let records = line.contains("audit query") && !line.contains("--remote");
        assert!(!records || ran.stdout.contains("rm -rf /tmp/old-build"), "{line}: {}", ran.whole());
        ran_as_printed += 1;
    }
    assert!(ran_as_printed >= 10, "only {ran_as_printed} lines ran");
    let exported = typist.world.read("home/project/audit.csv");
    assert!(exported.contains("rm -rf /tmp/old-build"), "{exported}");
}

#[test]
fn the_example_decides_as_the_page_says() {
    let mut typist = example::typist();
    let mut decided = 0;
    for row in rows() {
        let [call, answer, rule] = &row[..] else { panic!("{row:?}") };
        if !["allow", "ask", "deny"].contains(&answer.as_str()) {
            continue;
        }
        let call = code(call).unwrap().replace('\'', "'\\''");
        let line = match call.split_once(" {") {
            Some((tool, input)) => format!("--tool {tool} --input '{{{input}'"),
            None => format!("'{call}'"),
        };
        let ran = typist.run(&format!("placet --config gate --json check {line}"));
        let told = ran.json();
        assert_eq!(told["decision"]["decision"], answer.as_str(), "{call}: {told}");
        assert_eq!(told["decision"]["rule"], rule.as_str(), "{call}: {told}");
        decided += 1;
    }
    assert!(decided >= 25, "only {decided} calls were decided");
}

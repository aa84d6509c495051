//! `examples/claude-code-dev-assistant`: what its README shows, and that its parts belong together.

use std::path::{Path, PathBuf};

use super::typist::{Codes, Typist};

/// The folder of the example.
pub(super) const FOLDER: &str = "examples/claude-code-dev-assistant";

/// Codes that the README tells, where they are not 0.
const CODES: Codes<'_> = &[
    ("placet --config gate check 'git status; curl", &[4]),
    ("placet --config gate check --tool WebFetch", &[4]),
    // Nothing was decided: no agent was there.
    ("python3 -m venv", &[0]),
];

/// A typist in a copy of the example.
pub(super) fn typist() -> Typist {
    let typist = Typist::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(FOLDER).canonicalize().unwrap();
    for path in files(&root) {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        typist.world.write(&format!("home/project/{name}"), &std::fs::read_to_string(&path).unwrap());
    }
    typist
}

/// What the repository holds of the example; not what somebody left there who tried it.
fn files(root: &Path) -> Vec<PathBuf> {
    let kept = ["README.md", "CLAUDE.md", ".gitignore", "gate/placet.yaml", "policies/dev-assistant.yaml"];
    let mut found: Vec<PathBuf> = kept.iter().map(|name| root.join(name)).collect();
    for folder in ["src", "tests", "python"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        found.extend(entries.filter(|path| path.extension().is_some_and(|end| end == "py")));
    }
    found
}

#[test]
fn its_readme_can_be_typed() {
    let mut typist = typist();
    // The published client comes from a package index; `cargo xtask e2e` runs these pieces.
    let stand_in = "#!/bin/sh\nexit 0\n";
    let typed = typist.types(&format!("{FOLDER}/README.md"), CODES, |typist, line, ran| {
        let Some(ran) = ran else {
            if line.starts_with("python3 -m venv") {
                let python = typist.world.write("bin/python3", "#!/bin/sh\nmkdir -p \"$3/bin\"\n");
                crate::world::make_executable(&python);
                for name in ["pip", "python"] {
                    let path = typist.world.write(&format!("home/project/data/python/bin/{name}"), stand_in);
                    crate::world::make_executable(&path);
                }
            }
            return;
        };
        if line.contains("policy check") {
            assert!(!ran.whole().contains("warning"), "{}", ran.whole());
        }
        if line.contains("init claude-code") {
            let settings = typist.world.read("home/project/.claude/settings.json");
            let gate = typist.world.path("home/project/gate").display().to_string();
            assert!(settings.contains("\"PreToolUse\"") && settings.contains(&gate), "{settings}");
        }
    });
    assert!(typed >= 18, "only {typed} lines were typed");
}

#[test]
fn its_parts_belong_together() {
    let mut typist = typist();
    let policy = typist.world.read("home/project/policies/dev-assistant.yaml");
    let shipped = typist.run("placet policy show claude-code-dev-assistant");
    assert_eq!(policy, shipped.stdout, "the policy is the shipped one");
    let before = typist.world.read("home/project/CLAUDE.md");
    let written = typist.run("placet --config gate claude-md --write CLAUDE.md");
    assert_eq!(written.code, 0, "{}", written.whole());
    let after = typist.world.read("home/project/CLAUDE.md");
    assert_eq!(before, after, "`placet --config gate claude-md --write CLAUDE.md` in the example renews it");
    let tests = typist.run("python3 tests/test_greeting.py");
    assert_eq!(tests.code, 0, "{}", tests.whole());
}

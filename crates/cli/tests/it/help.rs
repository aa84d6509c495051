//! What every command says about itself.

use crate::world::World;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["up"],
    &["init"],
    &["uninit"],
    &["doctor"],
    &["check"],
    &["explain"],
    &["policy"],
    &["policy", "list"],
    &["policy", "check"],
    &["policy", "test"],
    &["policy", "show"],
    &["policy", "explain"],
    &["policy", "diff"],
    &["policy", "rollback"],
    &["policy", "fmt"],
    &["policy", "schema"],
    &["policy", "use"],
    &["policy", "add"],
    &["policy", "allowed"],
    &["trust"],
    &["trash"],
    &["undo"],
    &["audit"],
    &["audit", "tail"],
    &["audit", "query"],
    &["audit", "trace"],
    &["audit", "stats"],
    &["audit", "export"],
    &["audit", "verify"],
    &["test-hook"],
    &["claude-md"],
    &["programs"],
    &["programs", "list"],
    &["programs", "show"],
    &["operator"],
    &["operator", "add"],
    &["operator", "login"],
    &["operator", "passwd"],
    &["token"],
    &["token", "create"],
    &["completions"],
    &["man"],
];

#[test]
fn every_command_explains_itself() {
    let world = World::new();
    for words in COMMANDS {
        let ran = world.run(&[*words, &["--help"]].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.whole());
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{words:?}:\n{}", ran.stdout);
        let is_group =
            words.len() == 1 && ["policy", "audit", "programs", "operator", "token"].contains(&words[0]);
        assert!(is_group || ran.stdout.contains("$ placet"), "{words:?} has no example");
        insta::assert_snapshot!(format!("help-{}", [&["placet"], *words].concat().join("-")), ran.stdout);
    }
}

#[test]
fn completions_and_manual_pages_cover_every_command() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = world.run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("uninit"), "{shell}");
    }
    let dir = world.path("man");
    assert_eq!(world.run(&["man", dir.to_str().unwrap()]).code, 0);
    let mut pages: Vec<String> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    insta::assert_snapshot!("manual-pages", pages.join("\n"));
}

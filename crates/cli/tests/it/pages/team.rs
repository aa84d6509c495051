//! `docs/src/team.md`, from an empty folder to the last line.

use serde_json::json;

use super::typist::{Codes, Typist, wait};

/// Codes that the text tells, where they are not 0.
const CODES: Codes<'_> = &[("placet check", &[4]), ("placet doctor", &[0, 1])];

#[test]
fn a_team_in_ten_minutes() {
    let mut typist = Typist::new();
    let typed = typist.types("docs/src/team.md", CODES, |typist, line, ran| {
        let Some(ran) = ran else {
            if line.starts_with("placet audit tail --remote") {
                hook_decides(typist);
            }
            return;
        };
        for (start, wanted) in [
            ("placet policy list --remote", &["starter"][..]),
            ("placet operator whoami", &["ann", "owner"]),
            ("placet agent list", &["builder", "reviewer", "verified", "basic"]),
            ("placet agent ping", &["takes the key"]),
            ("placet policy check", &["ok"]),
            ("placet check", &["deny", "looks-only", "Reviewers look and change nothing."]),
            ("placet audit tail --remote", &["builder", "reviewer"]),
            ("placet audit query --remote --agent reviewer", &["deny", "looks-only"]),
            ("placet policy versions reviewers", &["1"]),
        ] {
            let said = format!("{}{}", ran.stdout, ran.stderr);
            let found = wanted.iter().all(|wanted| said.contains(wanted));
            assert!(found || !line.starts_with(start), "{line}: {wanted:?}: {}", ran.whole());
        }
        match line {
            line if line.contains("git push --force") => {
                assert_eq!(ran.json()["decision"], "ask", "{}", ran.whole());
            }
            line if line.contains("./notes.md") => {
                let answer = ran.json();
                assert_eq!(answer["decision"], "deny", "{answer}");
                assert!(answer.to_string().contains("Reviewers look and change nothing."), "{answer}");
            }
            line if line.ends_with("records.csv") => {
                assert!(typist.world.read("home/project/records.csv").lines().count() > 3);
                follows(typist);
            }
            _ => {}
        }
    });
    assert!(typed >= 30, "only {typed} lines were typed");
}

/// What a hook decides on this machine arrives at the gateway.
fn hook_decides(typist: &mut Typist) {
    let input = json!({
        "session_id": "s1", "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "toolu_1",
        "tool_input": {"command": "touch notes.md"}, "cwd": typist.world.path("home/project"), "permission_mode": "default",
    });
    let ran = typist.world.hook(&[], &input.to_string());
    assert_eq!(ran.json()["hookSpecificOutput"]["permissionDecision"], "deny", "{}", ran.whole());
    let arrived = wait(|| {
        let ran = typist.world.run(&["audit", "query", "--remote", "--agent", "reviewer"]);
        ran.code == 0 && ran.stdout.contains(" notes.md ")
    });
    let said = format!("{}{}", typist.world.read("background.out"), typist.world.read("background.err"));
    assert!(arrived, "the record of the hook did not arrive: {said}");
}

/// `audit tail -f --remote` goes on as records come.
fn follows(typist: &mut Typist) {
    typist.background("placet audit tail -f --remote", "");
    let asked = typist.run(
        "curl -s -H \"Authorization: Bearer $(cat reviewer.key)\" http://$PLACET_LISTEN/v1/decide \
         -d '{\"action\": \"read:file\", \"resource\": \"./followed.md\"}'",
    );
    assert_eq!(asked.code, 0, "{}", asked.whole());
    assert!(typist.shown_in_background("./followed.md"), "`tail -f` did not show it");
}

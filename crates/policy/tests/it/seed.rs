//! The four policies of the Claude Code page, unchanged, and what is known to get past naive readings of them.

use placet_model::{Action, Verdict};
use placet_policy::{PolicySet, compile, decide};
use serde_json::Value;

use crate::support::{agent, command, compiled, path, situation, source, text, url};

const FILE: &str = include_str!("../fixtures/seed/claude-code-file-policy.yaml");
const SHELL: &str = include_str!("../fixtures/seed/claude-code-shell-policy.yaml");
const WEB: &str = include_str!("../fixtures/seed/claude-code-web-policy.yaml");
const ASSISTANT: &str = include_str!("../fixtures/seed/claude-code-dev-assistant.yaml");

#[test]
fn all_four_load() {
    for policy in [FILE, SHELL, WEB, ASSISTANT] {
        let done = compile(&[source(policy)]).unwrap();
        let warnings: Vec<_> = done.warnings.iter().map(|warning| warning.message.as_str()).collect();
        let expected: &[&str] =
            if policy == FILE { &["`\\*` in double quotes is no YAML; read as `*`"] } else { &[] };
        assert_eq!(warnings, expected);
        PolicySet::open(&done.bytes).unwrap();
    }
}

fn action_of(kind: &str, resource: &str) -> Option<Action> {
    match kind {
        "read:file" | "write:file" => Some(path(kind, resource)),
        "read:web_fetch" | "read:web_browse" => Some(url(kind, resource)),
        _ => None,
    }
}

#[test]
fn evasions_without_shell() {
    let mut checked = 0;
    for line in include_str!("../fixtures/seed/evasions.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let get = |key: &str| row[key].as_str().unwrap().to_owned();
        let policy = match get("policy").as_str() {
            "file-policy" => FILE,
            "web-policy" => WEB,
            "dev-assistant" => ASSISTANT,
            _ => continue,
        };
        let Some(action) = action_of(&get("action"), &get("resource")) else { continue };
        let bytes = compiled(&[source(policy)]);
        let agent = agent();
        let decision = decide(&PolicySet::open(&bytes).unwrap(), &situation(&agent), &[action]);
        assert_eq!(decision.verdict.name(), get("must"), "{line}\n{decision:?}");
        checked += 1;
    }
    assert_eq!(checked, 13);
}

#[test]
fn all_four_together() {
    use Verdict::{Allow, Deny};
    let bytes = compiled(&[source(FILE), source(SHELL), source(WEB), source(ASSISTANT)]);
    let set = PolicySet::open(&bytes).unwrap();
    let agent = agent();
    let cases: &[(Action, Verdict)] = &[
        (path("read:file", "src/main.rs"), Allow),
        (path("read:file", "/etc/passwd"), Deny),
        (path("read:file", "/home/dev/other/x"), Deny),
        (path("write:file", "src/a/b.rs"), Allow),
        (path("write:file", "README.md"), Allow),
        (path("write:file", ".claude/settings.json"), Deny),
        (path("write:file", "a/b.json"), Deny),
        (path("read:file", ".envrc"), Deny),
        (path("read:file", "a/.env"), Deny),
        (path("read:file", "~/.ssh/id_ed25519"), Deny),
        (path("read:file", "sub/.aws/deep/er"), Deny),
        (command("git status", 1), Allow),
        (command("/usr/bin/git status", 1), Allow),
        (command("./git status", 1), Deny),
        (command("ls", 0), Allow),
        (command("rm -rf src", 0), Deny),
        (command("rm -r -f src", 0), Deny),
        (command("npm publish", 1), Deny),
        (command("npm run sync", 1), Allow),
        (command("pip3 install x", 1), Allow),
        (command("python3.11 x.py", 0), Allow),
        (command("docker ps", 1), Deny),
        (text("read:web_search", "rust atomics"), Allow),
        (url("read:web_fetch", "https://docs.rs/x"), Allow),
        (url("read:web_fetch", "https://wix.com/"), Deny),
        (url("read:web_fetch", "https://github.com/a/b"), Allow),
        (url("read:web_fetch", "https://notgithub.com/a/b"), Deny),
        (url("read:web_fetch", "https://api.github.com/a/b"), Allow),
        (url("send:web", "https://docs.pastebin.com/"), Deny),
        (text("invoke:mcp__x__y", "{}"), Deny),
        (text("execute:unknown", "$X"), Deny),
    ];
    for (action, want) in cases {
        let decision = decide(&set, &situation(&agent), std::slice::from_ref(action));
        assert_eq!(decision.verdict, *want, "{action:?}\n{decision:?}");
    }
}

#[test]
fn contains_looks_at_words() {
    let deny = |pattern: &str| {
        format!(
            "name: t\nversion: 1\ndefaultEffect: allow\nrules:\n  - effect: deny\n    actions: [\"execute:shell\"]\n    conditions: {{resource: {{contains: '{pattern}'}}}}\n"
        )
    };
    let cases = [
        ("rm -rf", "rm -fr x", Verdict::Deny),
        ("rm -rf", "rm -r x", Verdict::Allow),
        ("rm -rf", "/bin/rm -rf x", Verdict::Deny),
        ("rm -rf", "/tmp/rm -rf x", Verdict::Deny),
        ("rm -rf", "rm -Rf x", Verdict::Deny),
        ("rm -r /", "rm -r /etc", Verdict::Deny),
        ("rm -r /", "rm -r etc", Verdict::Allow),
        ("rm -r /", "rm -r $X", Verdict::Ask),
        ("curl ", "curl", Verdict::Deny),
        ("curl ", "curlie x", Verdict::Allow),
        ("chmod 777", "chmod a+rwx f", Verdict::Deny),
        ("chmod 777", "chmod 755 f", Verdict::Allow),
        ("mkfs", "mkfs.ext4 /dev/sda", Verdict::Deny),
        ("dd if=", "dd of=x if=/dev/zero", Verdict::Deny),
        ("dd if=", "dd of=x", Verdict::Allow),
        ("git push --force", "git push --force-with-lease", Verdict::Allow),
        ("push --force", "git push --force", Verdict::Deny),
        ("push --force", "git push origin --force", Verdict::Deny),
        ("push --force", "git commit --force", Verdict::Allow),
        ("push origin main", "git push origin main", Verdict::Deny),
        ("push origin main", "git push origin x", Verdict::Allow),
        ("nc ", "rsync a b", Verdict::Allow),
        ("rm -rf", "rm $X", Verdict::Ask),
        ("rm -rf", "rm a$X", Verdict::Allow),
    ];
    for (pattern, line, want) in cases {
        let subcommands = usize::from(line.starts_with("git"));
        let decision = crate::support::decide_on(&deny(pattern), &[command(line, subcommands)]);
        assert_eq!(decision.verdict, want, "{pattern} / {line}");
    }
    let mut wrapped = command("id", 0);
    wrapped.chain = vec!["sudo".to_owned()];
    assert_eq!(crate::support::verdict_on(&deny("sudo "), wrapped), Verdict::Deny);
    assert_eq!(
        crate::support::verdict_on(&deny(":(){:|:&};:"), text("execute:shell", ":(){ :|:& };:")),
        Verdict::Deny
    );
}

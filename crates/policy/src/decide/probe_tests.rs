//! The index finds what a scan over all rules finds.

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, Arg, Command, Location, NoFacts, PathCertainty, PathRef,
    PermissionMode, Reach, Resource, UrlRef,
};
use proptest::prelude::*;
use serde_json::Value;

use super::{hits, probe};
use crate::matching::Scratch;
use crate::{Layer, PolicySet, Situation, Source, compile};

const PATTERNS: [&str; 22] = [
    "./**",
    "./src/**",
    "**/.env*",
    "**/*.pem",
    "**/id_rsa*",
    "**/.ssh/*",
    "/etc/**",
    "/etc/passwd",
    "~/.ssh/**",
    "*.md",
    "a/b",
    ".env",
    "**/x*/y?",
    "/",
    "**",
    "*github.com*",
    "*.x.com",
    "docs.*",
    "https://a.b/*",
    "git *",
    "SRC/",
    "**/[ab]*",
];
const WORDS: [&str; 14] = [
    "git ",
    "git push",
    "rm -rf",
    "rm -r /",
    "mkfs",
    "sudo ",
    "publish",
    "--force",
    "./x.sh ",
    "/usr/bin/git ",
    "> /dev/",
    "a|b",
    "py",
    "R",
];

fn rule() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["allow", "ask", "deny"]);
    let action = prop::sample::select(vec![
        "*",
        "read:file",
        "read:*",
        "write:file",
        "execute:shell",
        "read:web_fetch",
        "connect:host",
    ]);
    let pattern = prop::sample::select(PATTERNS.to_vec());
    let word = prop::sample::select(WORDS.to_vec());
    let condition = (0..9, pattern, word).prop_map(|(kind, pattern, word)| match kind {
        0 => String::new(),
        1 => format!(", conditions: {{resource: {{matches: '{pattern}'}}}}"),
        2 => format!(", conditions: {{resource: {{contains: '{word}'}}}}"),
        3 => format!(", conditions: {{resource: {{startsWith: '{word}'}}}}"),
        4 => format!(", conditions: {{path: {{matches: ['{pattern}', './q/**']}}}}"),
        5 => format!(", conditions: {{host: '{pattern}'}}"),
        6 => ", conditions: {command: {program: [git, 'py*']}}".to_owned(),
        7 => ", conditions: {command: {program: [Git, rm]}}".to_owned(),
        _ => ", conditions: {command: {does: [delete, fetch]}}".to_owned(),
    });
    (effect, action, condition).prop_map(|(effect, action, condition)| {
        format!("  - {{effect: {effect}, actions: ['{action}']{condition}}}\n")
    })
}

fn action() -> impl Strategy<Value = Action> {
    let base = Base { cwd: "/p", project: "/p", home: Some("/home/dev") };
    let raw = prop::sample::select(vec![
        "src/a.rs",
        "SRC/x",
        ".ENV.local",
        "k/s.PEM",
        "/etc/passwd",
        "/etc/x/y",
        "~/.ssh/a/b",
        "x.md",
        "d/a/b/c",
        "xx/y1",
        ".",
        "/",
        "id_rsa.pub",
        "bx",
    ]);
    let kind = prop::sample::select(vec!["read:file", "write:file", "delete:file"]);
    let paths = (kind, raw).prop_map(move |(kind, raw)| {
        Action::direct(
            ActionKind::parse(kind),
            Resource::Path(PathRef::new(raw, PathCertainty::Exact, Reach::Entry, base, &NoFacts)),
        )
    });
    let program = prop::sample::select(vec![
        "git",
        "/usr/bin/git",
        "./git",
        "rm",
        "mkfs.ext4",
        "py3",
        "./x.sh",
        "npm",
        "RM",
    ]);
    let rest = prop::sample::select(vec!["", "push", "publish x", "-rf /etc", "$X"]);
    let chain =
        prop::sample::select(vec![vec![], vec!["sudo".to_owned()], vec!["/usr/bin/sudo -u x".to_owned()]]);
    let commands = (program, rest, chain).prop_map(|(program, rest, chain)| {
        let mut action =
            Action::direct(ActionKind::ExecuteShell, Resource::Command(Box::new(command(program, rest))));
        action.chain = chain;
        action
    });
    let urls = prop::sample::select(vec![
        "https://github.com/x",
        "https://a.x.com",
        "https://x.com",
        "https://docs.rs",
        "https://a.b/c",
    ])
    .prop_map(|raw| Action::direct(ActionKind::WebFetch, Resource::Url(UrlRef::parse(raw))));
    let hosts = prop::sample::select(vec!["github.com", "a.x.com"])
        .prop_map(|host| Action::direct(ActionKind::ConnectHost, Resource::Host(Some(host.to_owned()))));
    prop_oneof![3 => paths, 3 => commands, 1 => urls, 1 => hosts]
}

fn command(program: &str, rest: &str) -> Command {
    let words: Vec<Arg> = rest
        .split_whitespace()
        .map(|word| if word == "$X" { Arg::unknown() } else { Arg::Known(word.to_owned()) })
        .collect();
    let name = program.rsplit('/').next().unwrap_or(program).to_owned();
    let subcommand =
        if name == "npm" { rest.split_whitespace().take(1).map(str::to_owned).collect() } else { Vec::new() };
    let location = if program.starts_with("./") {
        Location::Elsewhere
    } else if program.starts_with('/') {
        Location::System
    } else {
        Location::Path
    };
    let text = format!("{program} {rest}").trim_end().to_owned();
    let does = if name == "rm" { vec![placet_model::Does::Delete] } else { Vec::new() };
    let argv = std::iter::once(Arg::Known(program.to_owned())).chain(words.clone()).collect();
    Command {
        program: name,
        location,
        subcommand,
        flags: Vec::new(),
        operands: words,
        argv,
        streams: Vec::new(),
        does,
        understood: false,
        text,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn index_finds_what_a_scan_finds(rules in prop::collection::vec(rule(), 1..12), action in action()) {
        let text = format!("name: p\nversion: 1\nrules:\n{}", rules.concat());
        let source = Source { name: "p".to_owned(), text: text.clone(), layer: Layer::User, trusted: true };
        // Some of the random patterns are refused for a kind of condition.
        let Ok(compiled) = compile(&[source]) else { return Ok(()) };
        let set = PolicySet::open(&compiled.bytes).unwrap();
        let agent = AgentIdentity::default();
        let situation = Situation {
            agent: &agent, mode: PermissionMode::Default, tool: "Bash", input: &Value::Null, cwd: "/p", project: "/p", home: Some("/home/dev"),
            autonomy: None, environment: None, unix_seconds: 0, context: &Value::Null, facts: &NoFacts,
        };
        let scratch = Scratch::default();
        let mut found: Vec<u32> = Vec::new();
        probe::candidates(&set, &action, &mut |number| found.push(number));
        found.retain(|number| hits::test_rule(&set, *number, &situation, &action, &scratch).is_some());
        found.sort_unstable();
        found.dedup();
        let all: Vec<u32> = (0..set.header().rules).filter(|number| hits::test_rule(&set, *number, &situation, &action, &scratch).is_some()).collect();
        prop_assert_eq!(found, all, "{}\n{:?}", text, action);
    }
}

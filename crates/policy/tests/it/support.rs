//! Short ways to build what the tests need.

use std::collections::BTreeMap;

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, Arg, Command, Decision, Facts, Flag, Layer, Location, NoFacts,
    PathCertainty, PathRef, PermissionMode, Reach, Resource, UrlRef, Verdict,
};
use placet_policy::{Options, PolicySet, Situation, Source, compile_with, decide};
use serde_json::Value;

pub(crate) const PROJECT: &str = "/home/dev/proj";
pub(crate) const HOME: &str = "/home/dev";

pub(crate) fn source(text: &str) -> Source {
    Source { name: "test.yaml".to_owned(), text: text.to_owned(), layer: Layer::User, trusted: true }
}

pub(crate) fn options_with<T>(run: impl FnOnce(&Options<'_>) -> T) -> T {
    let variables: BTreeMap<String, Vec<String>> = [
        ("placet.config", "/home/dev/.config/placet"),
        ("placet.state", "/home/dev/.local/state/placet"),
        ("placet.cache", "/home/dev/.cache/placet"),
        ("placet.binary", "/usr/local/bin/placet"),
        ("placet.hook", "/usr/local/bin/placet-hook"),
        ("claude.config", "/home/dev/.claude"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
    .collect();
    run(&Options { variables: Some(&variables), read: None, on_trial: None })
}

pub(crate) fn compiled(sources: &[Source]) -> Vec<u8> {
    match options_with(|options| compile_with(sources, options)) {
        Ok(compiled) => compiled.bytes,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn agent() -> AgentIdentity {
    AgentIdentity {
        name: "claude-code".to_owned(),
        tags: ["claude-code", "dev-agent", "dev-assistant"].map(str::to_owned).to_vec(),
        tier: "verified".to_owned(),
        subagent: None,
        subagent_type: None,
        registered: None,
    }
}

pub(crate) fn situation(agent: &AgentIdentity) -> Situation<'_> {
    Situation {
        agent,
        mode: PermissionMode::Default,
        tool: "Bash",
        input: &Value::Null,
        cwd: PROJECT,
        project: PROJECT,
        home: Some(HOME),
        autonomy: None,
        environment: None,
        unix_seconds: 1_795_000_000,
        context: &Value::Null,
        facts: &NoFacts,
    }
}

pub(crate) fn decide_on(text: &str, actions: &[Action]) -> Decision {
    let bytes = compiled(&[source(text)]);
    let agent = agent();
    decide(&PolicySet::open(&bytes).unwrap(), &situation(&agent), actions)
}

pub(crate) fn verdict_on(text: &str, action: Action) -> Verdict {
    decide_on(text, &[action]).verdict
}

pub(crate) fn path_with(
    kind: &str,
    raw: &str,
    certainty: PathCertainty,
    reach: Reach,
    facts: &dyn Facts,
) -> Action {
    let base = Base { cwd: PROJECT, project: PROJECT, home: Some(HOME) };
    Action::direct(ActionKind::parse(kind), Resource::Path(PathRef::new(raw, certainty, reach, base, facts)))
}

pub(crate) fn path(kind: &str, raw: &str) -> Action {
    path_with(kind, raw, PathCertainty::Exact, Reach::Entry, &NoFacts)
}

pub(crate) fn url(kind: &str, raw: &str) -> Action {
    Action::direct(ActionKind::parse(kind), Resource::Url(UrlRef::parse(raw)))
}

pub(crate) fn text(kind: &str, raw: &str) -> Action {
    Action::direct(ActionKind::parse(kind), Resource::Text(raw.to_owned()))
}

/// A command as a model would read it: clusters of `-xyz` taken apart, `subcommands` words behind the program.
pub(crate) fn command(line: &str, subcommands: usize) -> Action {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (head, rest) = words.split_first().unwrap();
    let mut flags = Vec::new();
    let mut plain = Vec::new();
    for word in rest {
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            flags.push(Flag {
                name: name.to_owned(),
                letter: None,
                value: value.map(|value| Arg::Known(value.to_owned())),
            });
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            flags.extend(letters.chars().map(|letter| Flag {
                name: letter.to_string(),
                letter: Some(letter),
                value: None,
            }));
        } else {
            plain.push(*word);
        }
    }
    let location = match head.rsplit_once('/') {
        None => Location::Path,
        Some(("/bin" | "/usr/bin", _)) => Location::System,
        Some(_) => Location::Elsewhere,
    };
    let take = subcommands.min(plain.len());
    let command = Command {
        program: head.rsplit_once('/').map_or(*head, |(_, last)| last).to_owned(),
        location,
        subcommand: plain[..take].iter().map(|word| (*word).to_owned()).collect(),
        flags,
        operands: plain[take..].iter().map(|word| arg(word)).collect(),
        argv: words.iter().map(|word| arg(word)).collect(),
        streams: Vec::new(),
        does: Vec::new(),
        understood: true,
        text: words.join(" "),
    };
    Action::direct(ActionKind::ExecuteShell, Resource::Command(Box::new(command)))
}

/// `$X` is unknown, `*` makes a glob.
pub(crate) fn arg(word: &str) -> Arg {
    if let Some((prefix, rest)) = word.split_once("$X") {
        Arg::Partly { prefix: prefix.to_owned(), suffix: rest.to_owned() }
    } else if word.contains('*') {
        Arg::Glob(word.to_owned())
    } else {
        Arg::Known(word.to_owned())
    }
}

//! Every example of every program model.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use placet_model::{Action, ActionKind, Resource};

use crate::render;

#[test]
fn examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut failures = Vec::new();
    let mut count = 0;
    let only = std::env::var("PLACET_PROGRAM").ok();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "toml")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let examples = table.get("example").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        assert!(!examples.is_empty() || name.starts_with('_'), "{name} has no examples");
        for example in examples {
            count += 1;
            failures.extend(check(&name, example.as_table().unwrap()));
        }
    }
    assert!(failures.is_empty(), "{} of {count} examples differ:\n{}", failures.len(), failures.join("\n"));
}

fn check(name: &str, example: &toml::Table) -> Option<String> {
    let line = example["line"].as_str().unwrap();
    let actions = render::actions(line);
    let mut wrong = Vec::new();
    let list = |key: &str| -> Vec<String> {
        let mut list: Vec<String> = example
            .get(key)
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect();
        if key != "runs" {
            list.sort();
        }
        list
    };
    let known = [
        "line",
        "does",
        "reads",
        "writes",
        "deletes",
        "hosts",
        "urls",
        "sends",
        "runs",
        "unknown",
        "understood",
    ];
    wrong.extend(
        example.keys().filter(|key| !known.contains(&key.as_str())).map(|key| format!("unknown key {key}")),
    );
    let mut compare = |key: &str, got: Vec<String>| {
        let want = list(key);
        if got != want {
            wrong.push(format!("  {key}: got {got:?}, want {want:?}"));
        }
    };
    let commands: Vec<_> = actions
        .iter()
        .filter_map(|action| match &action.resource {
            Resource::Command(command) => Some(command),
            _ => None,
        })
        .collect();
    let Some(first) = commands.first() else { return Some(format!("{name}: {line}\n  no command")) };
    let mut does: Vec<String> = first.does.iter().map(|does| does.name().to_owned()).collect();
    does.sort();
    compare("does", does);
    compare("reads", gather(&actions, &ActionKind::ReadFile));
    compare("writes", gather(&actions, &ActionKind::WriteFile));
    compare("deletes", gather(&actions, &ActionKind::DeleteFile));
    compare("hosts", gather(&actions, &ActionKind::ConnectHost));
    compare("urls", gather(&actions, &ActionKind::WebFetch));
    compare("sends", gather(&actions, &ActionKind::WebSend));
    compare("runs", commands.iter().skip(1).map(|command| command.text.clone()).collect());
    let flag = |key: &str, default: bool| example.get(key).map_or(default, |value| value.as_bool().unwrap());
    let unknown = actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown);
    if unknown != flag("unknown", false) {
        wrong.push(format!("  unknown: got {unknown}"));
    }
    if first.understood != flag("understood", true) {
        wrong.push(format!("  understood: got {}", first.understood));
    }
    (!wrong.is_empty()).then(|| format!("{name}: {line}\n{}", wrong.join("\n")))
}

fn gather(actions: &[Action], kind: &ActionKind) -> Vec<String> {
    let mut list: Vec<String> = actions
        .iter()
        .filter(|action| action.kind == *kind)
        .map(|action| match &action.resource {
            Resource::Path(path) => render::path(path),
            Resource::Host(host) => host.clone().unwrap_or_else(|| "?".to_owned()),
            other => other.text().into_owned(),
        })
        .collect();
    list.sort();
    list.dedup();
    list
}

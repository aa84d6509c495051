//! Every example of every program model, and models that people add.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use placet_model::{ActionKind, LibraryId, Resource};
use placet_shell::{Context, LibraryError, ProgramModel, add_library, analyse, check_examples};

use crate::render::Machine;

#[test]
fn examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut failures = Vec::new();
    let only = std::env::var("PLACET_PROGRAM").ok();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "toml")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("[[example]]") || name.starts_with('_'), "{name} has no examples");
        let model: ProgramModel = toml::from_str(&text).unwrap();
        failures.extend(
            check_examples(&model, LibraryId::NONE).iter().map(|mismatch| format!("{name}: {mismatch}")),
        );
    }
    assert!(failures.is_empty(), "{} examples differ:\n{}", failures.len(), failures.join("\n"));
}

fn model(text: &str) -> ProgramModel {
    toml::from_str(text).unwrap()
}

/// `line` with the models of a library: what the first command does, whether it is understood, paths written.
fn first(line: &str, library: LibraryId) -> (Vec<&'static str>, bool, Vec<String>) {
    let context =
        Context { cwd: "/p", project: "/p", home: Some("/home/dev"), facts: &Machine, added: library };
    let actions = analyse(line, &context).actions;
    let command = actions.iter().find_map(|action| match &action.resource {
        Resource::Command(command) => Some(command),
        _ => None,
    });
    let command = command.unwrap();
    let written = actions.iter().filter(|action| action.kind == ActionKind::WriteFile);
    (
        command.does.iter().map(|does| does.name()).collect(),
        command.understood,
        written.map(|action| action.resource.text().into_owned()).collect(),
    )
}

const DEPLOYER: &str = r#"
names = ["acme-deploy", "acmed"]
version_suffix = true
does = ["inspect"]
flags = ["-v --verbose"]

[options]
"-o --output" = "write"

[sub."push ship"]
does = ["publish"]
operands = ["text"]

[[example]]
line = "acme-deploy -v -o out.json"
does = ["inspect"]
writes = ["out.json"]

[[example]]
line = "acmed2 ship prod"
does = ["publish"]
"#;

#[test]
fn an_added_model_counts_where_it_was_added_and_nowhere_else() {
    let library = add_library(&[model(DEPLOYER)]).unwrap();
    assert_eq!(
        first("acme-deploy --output=/p/x -v", library),
        (vec!["inspect"], true, vec!["/p/x".to_owned()])
    );
    assert_eq!(first("sudo acmed ship prod", library).0, ["privilege"]);
    assert!(!first("acme-deploy -v", LibraryId::NONE).1);
    assert!(!first("ls", LibraryId::UNUSABLE).1);
    assert_eq!(add_library(&[model(DEPLOYER)]), Ok(library), "the same set is the same number");
    assert_eq!(check_examples(&model(DEPLOYER), library), []);
    assert_eq!(check_examples(&model(DEPLOYER), LibraryId::NONE).len(), 2);
    assert_eq!(add_library(&[]), Ok(LibraryId::NONE));
}

#[test]
fn an_added_model_stands_in_for_a_built_in_one() {
    let strict = "names = [\"ls\"]\ndoes = [\"secrets\"]\noperands = [\"read-tree...\"]\n";
    let library = add_library(&[model(strict)]).unwrap();
    assert_eq!(first("ls src", library).0, ["secrets"]);
    assert_eq!(first("ls src", LibraryId::NONE).0, ["inspect"]);
}

#[test]
fn wrong_models_are_refused() {
    for (text, why) in [
        ("names = []", "`names` is empty"),
        ("names = ['a b']", "is not the name of a program"),
        ("names = ['/bin/x']", "is not the name of a program"),
        ("names = ['_environment']", "names with `_` in front"),
        ("names = ['x']\ndoes = ['harmless']", "unknown word `harmless`"),
        ("names = ['x']\noperands = ['paths...']", "unknown role `paths`"),
        ("names = ['x']\noperands = ['read...', 'write...']", "more than one"),
        ("names = ['x']\nstyle = 'long'", "unknown style `long`"),
        ("names = ['x']\nflags = ['-a -a']", "listed twice"),
        ("names = ['x']\n[sub.'a b']\n[sub.b]", "subcommand `b` twice"),
        ("names = ['x', 'x']", "has a model already"),
    ] {
        match add_library(&[model(text)]) {
            Err(LibraryError::Model(0, found)) => assert!(found.contains(why), "{text}: {found}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let twice = add_library(&[model("names = ['x']"), model("names = ['y', 'x']")]);
    assert!(matches!(twice, Err(LibraryError::Model(1, _))), "{twice:?}");
    assert!(toml::from_str::<ProgramModel>("names = ['x']\nmaybe = 1").is_err());
}

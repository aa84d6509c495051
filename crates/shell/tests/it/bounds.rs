//! Short texts that make long values, and words longer than any path.

use std::time::{Duration, Instant};

use placet_model::{Action, ActionKind, LibraryId, PathCertainty, Resource};
use placet_shell::{Context, analyse};

use crate::render::{self, Machine};

fn unknown(actions: &[Action]) -> bool {
    actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown)
}

#[test]
fn values_that_double_are_given_up() {
    let doubles = [
        ("x=aaaaaaaaaa; ", "x=$x$x; "),
        ("x=aaaaaaaaaa; ", "x+=$x; "),
        ("a=(b c d); ", "a=(\"${a[@]}\" \"${a[@]}\"); "),
        ("a=(b c d); ", "a+=(\"${a[@]}\"); "),
        ("set -- a b c; ", "set -- \"$@\" \"$@\"; "),
        ("x=aaaaaaaaaa; ", "x=${x:-y}$x; "),
        ("x=aaaaaaaaaa; ", "x=\"$(echo $x$x)\"; "),
        ("x=aaaaaaaaaa; ", "printf -v x %s \"$x$x\"; "),
    ];
    for (start, step) in doubles {
        let text = format!("{start}{}rm -rf ~", step.repeat(60));
        let begin = Instant::now();
        let actions = render::actions(&text);
        assert!(begin.elapsed() < Duration::from_secs(2), "{step}: {:?}", begin.elapsed());
        assert!(unknown(&actions), "{step}");
        let size: usize = actions.iter().map(|action| action.resource.text().len()).sum();
        assert!(size < 4 << 20, "{step}: {size} bytes");
    }
}

#[test]
fn short_values_that_grow_are_followed() {
    let actions = render::actions("x=ab; x=$x$x; x=$x$x; echo $x");
    assert!(!unknown(&actions));
    assert!(render::line("x=ab; x=$x$x; echo $x").contains("run echo abab"));
}

#[test]
fn a_path_longer_than_any_is_not_known() {
    let text = format!("cat {}", "a/".repeat(200_000));
    let begin = Instant::now();
    let actions = render::actions(&text);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    let known = |action: &Action| matches!(&action.resource, Resource::Path(path) if path.certainty != PathCertainty::Unknown);
    assert!(!actions.iter().any(known));
}

/// Without a home directory nobody knows what `~` is.
#[test]
fn a_home_that_is_not_known() {
    for home in [None, Some(""), Some("here")] {
        let context = Context { cwd: "/p", project: "/p", home, facts: &Homeless, added: LibraryId::NONE };
        for text in ["rm -rf ~", "rm -rf ~/", "rm -rf \"$HOME\"", "rm -rf ~/x", "cd ~ && rm -rf x"] {
            let inside = analyse(text, &context)
                .actions
                .into_iter()
                .any(|action| matches!(&action.resource, Resource::Path(path) if path.inside_project()));
            assert!(!inside, "{text} with {home:?}");
        }
    }
    for text in ["HOME=; rm -rf ~", "unset HOME; rm -rf ~", "HOME=x; rm -rf ~"] {
        assert!(render::line(text).contains("delete ?"), "{text}: {}", render::line(text));
    }
}

struct Homeless;

impl placet_model::Facts for Homeless {
    fn variable(&self, name: &str) -> Option<String> {
        if name == "HOME" { Some(String::new()) } else { Machine.variable(name) }
    }
    fn canonical(&self, path: &str) -> Option<String> {
        Machine.canonical(path)
    }
    fn kind(&self, path: &str) -> Option<placet_model::EntryKind> {
        Machine.kind(path)
    }
    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        Machine.text(path, limit_bytes)
    }
    fn entries(&self, path: &str, deep: bool, limit: usize) -> placet_model::Entries {
        Machine.entries(path, deep, limit)
    }
}

/// `mktemp` goes where TMPDIR says, but for a template that is a path of its own.
#[test]
fn a_template_of_mktemp_lies_where_it_says() {
    let context = Context {
        cwd: "/p",
        project: "/p",
        home: Some("/home/dev"),
        facts: &Redirected,
        added: LibraryId::NONE,
    };
    for (text, folder) in
        [("x=$(mktemp); echo a > $x", "/p/tmp/"), ("x=$(mktemp /tmp/a.XXXXXX); echo a > $x", "/tmp/a.")]
    {
        let written: Vec<String> = analyse(text, &context)
            .actions
            .iter()
            .filter(|action| action.kind == ActionKind::WriteFile)
            .map(|action| action.resource.text().into_owned())
            .collect();
        assert!(
            !written.is_empty() && written.iter().all(|path| path.starts_with(folder)),
            "{text}: {written:?}"
        );
    }
}

struct Redirected;

impl placet_model::Facts for Redirected {
    fn variable(&self, name: &str) -> Option<String> {
        if name == "TMPDIR" { Some("/p/tmp".to_owned()) } else { Machine.variable(name) }
    }
    fn canonical(&self, path: &str) -> Option<String> {
        Machine.canonical(path)
    }
    fn kind(&self, path: &str) -> Option<placet_model::EntryKind> {
        Machine.kind(path)
    }
    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        Machine.text(path, limit_bytes)
    }
    fn entries(&self, path: &str, deep: bool, limit: usize) -> placet_model::Entries {
        Machine.entries(path, deep, limit)
    }
}

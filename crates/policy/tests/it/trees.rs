//! Trees, patterns, links and things unknown, with and without a machine to look at.

use placet_model::{Entries, EntryKind, Facts, NoFacts, PathCertainty, Reach, Verdict};
use placet_policy::{PolicySet, decide};

use crate::support::{PROJECT, agent, compiled, path_with, situation, source};

/// A machine that has these files below the project; `/` is too large to list.
struct Machine(&'static [&'static str]);

impl Facts for Machine {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }
    fn canonical(&self, path: &str) -> Option<String> {
        Some(path.replace("/home/dev/proj/link", "/etc"))
    }
    fn kind(&self, path: &str) -> Option<EntryKind> {
        let folder = ["/", "/home", "/home/dev", PROJECT, "/etc"].contains(&path)
            || self.0.iter().any(|file| format!("{PROJECT}/{file}").starts_with(&format!("{path}/")));
        let file = self.0.iter().any(|file| format!("{PROJECT}/{file}") == path);
        if folder { Some(EntryKind::Directory) } else { file.then_some(EntryKind::File) }
    }
    fn text(&self, _: &str, _: usize) -> Option<String> {
        None
    }
    fn entries(&self, path: &str, deep: bool, _: usize) -> Entries {
        if !path.starts_with(PROJECT) {
            return Entries::TooMany;
        }
        let below = self.0.iter().filter_map(|file| {
            format!("{PROJECT}/{file}").strip_prefix(&format!("{path}/")).map(str::to_owned)
        });
        let mut names: Vec<String> = below
            .map(|name| if deep { name } else { name.split('/').next().unwrap_or_default().to_owned() })
            .collect();
        names.dedup();
        Entries::All(names)
    }
}

const DENY: &str = "name: p\nversion: 1\ndefaultEffect: allow\nrules:\n  - effect: deny\n    actions: ['*:file']\n    conditions: {path: {matches: ['**/.env', '**/*.pem', '/etc/**']}}\n    unless: {path: {matches: './test/**'}}\n";
const ALLOW: &str = "name: p\nversion: 1\ndefaultEffect: ask\nrules:\n  - {effect: allow, actions: ['*:file'], conditions: {path: {matches: './**'}}}\n";

fn verdict(policy: &str, raw: &str, certainty: PathCertainty, reach: Reach, facts: &dyn Facts) -> Verdict {
    let bytes = compiled(&[source(policy)]);
    let agent = agent();
    let situation = placet_policy::Situation { facts, ..situation(&agent) };
    decide(
        &PolicySet::open(&bytes).unwrap(),
        &situation,
        &[path_with("read:file", raw, certainty, reach, facts)],
    )
    .verdict
}

#[test]
fn denies() {
    use PathCertainty::{Exact, Glob, Under, Unknown};
    use Reach::{Entry, Tree};
    use Verdict::{Allow, Ask, Deny};
    let plain = Machine(&["src/a.rs", "test/x.pem"]);
    let secret = Machine(&["src/a.rs", "src/.env", "x.pem"]);
    let cases: &[(&str, PathCertainty, Reach, &dyn Facts, Verdict)] = &[
        ("src", Exact, Tree, &NoFacts, Allow),
        ("src", Exact, Tree, &plain, Allow),
        ("src", Exact, Tree, &secret, Deny),
        (".", Exact, Tree, &plain, Allow),
        ("test", Exact, Tree, &plain, Allow),
        ("test/x.pem", Exact, Entry, &plain, Allow),
        ("/", Exact, Tree, &plain, Deny),
        ("/home/dev", Exact, Tree, &plain, Ask),
        ("/etc", Exact, Tree, &NoFacts, Deny),
        ("link/passwd", Exact, Entry, &plain, Deny),
        ("*", Glob, Entry, &plain, Allow),
        ("*", Glob, Entry, &secret, Deny),
        ("*", Glob, Entry, &NoFacts, Ask),
        ("*.pem", Glob, Entry, &NoFacts, Deny),
        ("*.rs", Glob, Entry, &NoFacts, Allow),
        (".e*", Glob, Entry, &NoFacts, Deny),
        (".e*", Glob, Entry, &plain, Allow),
        ("src/*.env", Glob, Entry, &secret, Allow),
        ("dist/*", Glob, Tree, &NoFacts, Ask),
        ("src/*", Glob, Tree, &plain, Allow),
        ("src", Under, Entry, &plain, Ask),
        ("/etc", Under, Entry, &NoFacts, Deny),
        ("test", Under, Entry, &NoFacts, Allow),
        ("", Unknown, Entry, &plain, Ask),
    ];
    for (raw, certainty, reach, facts, want) in cases {
        assert_eq!(verdict(DENY, raw, *certainty, *reach, *facts), *want, "{raw} {certainty:?} {reach:?}");
    }
}

#[test]
fn allows() {
    use PathCertainty::{Exact, Glob, Under, Unknown};
    use Reach::{Entry, Tree};
    use Verdict::{Allow, Ask};
    let machine = Machine(&["src/a.rs", "link", "src/b.rs"]);
    let cases: &[(&str, PathCertainty, Reach, &dyn Facts, Verdict)] = &[
        ("src", Exact, Tree, &NoFacts, Allow),
        (".", Exact, Tree, &NoFacts, Allow),
        ("..", Exact, Tree, &NoFacts, Ask),
        ("link", Exact, Entry, &machine, Ask),
        ("src/*.rs", Glob, Entry, &machine, Allow),
        ("*", Glob, Entry, &machine, Ask),
        ("*", Glob, Entry, &NoFacts, Allow),
        ("../*", Glob, Entry, &NoFacts, Ask),
        ("src", Under, Entry, &NoFacts, Allow),
        ("/home", Under, Entry, &NoFacts, Ask),
        ("", Unknown, Entry, &NoFacts, Ask),
    ];
    for (raw, certainty, reach, facts, want) in cases {
        assert_eq!(verdict(ALLOW, raw, *certainty, *reach, *facts), *want, "{raw} {certainty:?} {reach:?}");
    }
}

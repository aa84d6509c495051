//! Smallest cases of the faults that the comparison found in the engine.

use placet_model::{
    Action, ActionKind, Arg, Command, Decision, DenialKind, Facts, Flag, Layer, Location, PathCertainty,
    Reach, Resource, Stream, UrlRef, Verdict,
};
use placet_policy::{PolicySet, Situation, Source, decide};

use super::world::World;
use crate::support::{agent, command, compiled, decide_on, path_with, situation, source, text, verdict_on};

/// One rule, everything else allowed.
fn against(rule: &str) -> String {
    format!(
        "name: p\nversion: '1'\ndefaultEffect: allow\nrules:\n  - {{effect: deny, actions: ['*'], {rule}}}\n"
    )
}

/// One rule, everything else asks.
fn in_favour(rule: &str) -> String {
    format!(
        "name: p\nversion: '1'\ndefaultEffect: ask\nrules:\n  - {{effect: allow, actions: ['*'], {rule}}}\n"
    )
}

fn changed(line: &str, change: impl FnOnce(&mut Command)) -> Action {
    let mut action = command(line, 0);
    if let Resource::Command(command) = &mut action.resource {
        change(command);
    }
    action
}

/// A command of which no model knows the options.
fn unread(line: &str) -> Action {
    changed(line, |command| {
        command.understood = false;
        command.flags.clear();
    })
}

fn on_machine(policy: &str, raw: &str, certainty: PathCertainty, reach: Reach, facts: &dyn Facts) -> Verdict {
    let bytes = compiled(&[source(policy)]);
    let agent = agent();
    let action = path_with("read:file", raw, certainty, reach, facts);
    decide(&PolicySet::open(&bytes).unwrap(), &Situation { facts, ..situation(&agent) }, &[action]).verdict
}

#[test]
fn where_no_policy_reaches_neither_a_repository_nor_doubt_makes_it_milder() {
    let nobody =
        "name: p\nversion: '1'\nappliesTo: {tags: [nobody]}\nrules:\n  - {effect: allow, actions: ['*']}\n";
    assert_eq!(verdict_on(nobody, text("execute:unknown", "$X")), Verdict::Deny);
    let asking = "name: q\nversion: '1'\nrules:\n  - {effect: ask, actions: ['*']}\n";
    let project = Source { layer: Layer::Project, trusted: false, ..source(asking) };
    let bytes = compiled(&[source(nobody), project]);
    let agent = agent();
    let decision = decide(&PolicySet::open(&bytes).unwrap(), &situation(&agent), &[text("deploy:x", "y")]);
    assert_eq!(decision.verdict, Verdict::Deny);
}

#[test]
fn a_default_ask_that_denies_needs_a_person() {
    let policy = "name: p\nversion: '1'\nonAsk: deny\ndefaultEffect: ask\nrules:\n  - {effect: allow, actions: ['x:y']}\n";
    let Decision { verdict, denial, .. } = decide_on(policy, &[text("deploy:x", "y")]);
    assert_eq!((verdict, denial), (Verdict::Deny, Some(DenialKind::NeedsPerson)));
}

#[test]
fn trees_are_searched_by_every_name() {
    let (plain, linked) = (World::plain(), World::linked());
    let exact = |policy: &str, raw: &str, facts: &World| {
        on_machine(policy, raw, PathCertainty::Exact, Reach::Tree, facts)
    };
    let matches = |pattern: &str| against(&format!("conditions: {{path: {{matches: '{pattern}'}}}}"));
    assert_eq!(exact(&matches("./link/passwd"), "link", &plain), Verdict::Deny);
    assert_eq!(exact(&matches("./link/p*"), "link", &plain), Verdict::Deny);
    assert_eq!(exact(&matches("~/.ssh/id_*"), "src/up", &linked), Verdict::Deny);
    // An exception for the project holds in a project that is reached through a link.
    let key = against("conditions: {path: {matches: './secrets/k*'}}, unless: {path: {matches: ./**}}");
    let all = |facts: &World| on_machine(&key, "~/*", PathCertainty::Glob, Reach::Tree, facts);
    assert_eq!((all(&plain), all(&linked)), (Verdict::Allow, Verdict::Allow));
    // What is excepted does not except what lies below it.
    let excepted = against("conditions: {path: {matches: ./src/**}}, unless: {path: {matches: ./src}}");
    assert_eq!(exact(&excepted, ".", &plain), Verdict::Deny);
}

#[test]
fn pathname_patterns_reach_through_links() {
    let world = World::plain();
    let allowed = in_favour("conditions: {path: {matches: ./**}}");
    for pattern in ["*/pass*", "**/pass*"] {
        let verdict = on_machine(&allowed, pattern, PathCertainty::Glob, Reach::Entry, &world);
        assert_eq!(verdict, Verdict::Ask, "{pattern}");
    }
}

#[test]
fn areas_may_be_reached_through_links() {
    let world = World::linked();
    let outside = against("conditions: {path: {outside: home}}");
    assert_eq!(on_machine(&outside, "notes.txt", PathCertainty::Exact, Reach::Entry, &world), Verdict::Allow);
    let inside = in_favour("conditions: {path: {inside: home}}");
    assert_eq!(on_machine(&inside, "notes.txt", PathCertainty::Exact, Reach::Entry, &world), Verdict::Allow);
}

#[test]
fn an_unknown_home_is_a_doubt() {
    let outside = against("conditions: {path: {outside: home}}");
    let bytes = compiled(&[source(&outside)]);
    let agent = agent();
    let action = crate::support::path("read:file", "/etc/passwd");
    let homeless = Situation { home: None, ..situation(&agent) };
    assert_eq!(decide(&PolicySet::open(&bytes).unwrap(), &homeless, &[action]).verdict, Verdict::Ask);
}

#[test]
fn an_unknown_host_has_no_certain_path() {
    let rule = against("conditions: {resource: {matches: '*://*/api/ok'}}");
    let url = Resource::Url(UrlRef::parse("https://a%zz/other"));
    assert_eq!(verdict_on(&rule, Action::direct(ActionKind::WebFetch, url)), Verdict::Ask);
}

#[test]
fn denied_commands() {
    use Verdict::{Ask, Deny};
    let with_stream =
        changed("echo x", |command| command.streams = vec![Stream::Append(Arg::Known("/etc/x".into()))]);
    let cases = [
        ("resource: {contains: 'chmod a+rwx'}", command("chmod 777 x", 0), Deny),
        ("resource: {contains: 'rm s'}", command("rm src/*.rs", 0), Deny),
        ("resource: {contains: 'run -fr'}", unread("run -f -r"), Deny),
        ("resource: {contains: '-rf'}", unread("run -$X -rf"), Deny),
        ("resource: {contains: '--output=/tmp/*'}", unread("run --output=/tmp/x"), Deny),
        ("resource: {contains: '--output=/tmp/*'}", unread("run --output=/x"), Verdict::Allow),
        ("resource: {startsWith: '>> /etc/'}", with_stream, Deny),
        ("resource: {startsWith: '-f x'}", command("rm -f x", 0), Deny),
        ("command: {program: /usr/bin/git}", command("/usr/bin/GIT status", 0), Deny),
        ("command: {flags: [output]}", command("curl $X", 0), Ask),
    ];
    for (conditions, action, want) in cases {
        let policy = against(&format!("conditions: {{{conditions}}}"));
        assert_eq!(verdict_on(&policy, action), want, "{conditions}");
    }
    let policy = against("conditions: {resource: {contains: 'rm -rf'}}");
    assert_eq!(verdict_on(&policy, text("execute:python", "rm  -rf /")), Deny);
}

#[test]
fn allowed_commands() {
    let redirected =
        changed("/tmp/cat", |command| command.streams = vec![Stream::Read(Arg::Known("./x".into()))]);
    let with_value = changed("curl x", |command| {
        command.flags =
            vec![Flag { name: "output".into(), letter: None, value: Some(Arg::Known("/etc/x".into())) }];
    });
    let named = changed("curl x", |command| command.location = Location::Elsewhere);
    let cases = [
        ("resource: {contains: '< ./'}", redirected),
        ("resource: {contains: '--force'}", command("/tmp/git --force", 0)),
        ("resource: {contains: './run'}", command("./run", 0)),
        ("command: {flags: {none: ['output=/etc/*']}}", with_value),
        ("command: {program: curl}", named),
    ];
    for (conditions, action) in cases {
        let policy = in_favour(&format!("conditions: {{{conditions}}}"));
        assert_eq!(verdict_on(&policy, action), Verdict::Ask, "{conditions}");
    }
}

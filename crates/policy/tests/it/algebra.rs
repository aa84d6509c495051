//! Within a policy, across policies, across layers, across actions.

use placet_model::{Action, ActionKind, Layer, Origin, PathRef, PermissionMode, Reach, Resource, Verdict};
use placet_policy::{PolicySet, Situation, Source, decide, dry_run};

use crate::support::{agent, compiled, path, situation, text, verdict_on};

#[test]
fn guarded_specificity() {
    use Verdict::{Allow, Ask, Deny};
    // rules as (effect, action, conditional), read:file of src/a; default ask
    type Rules<'r> = &'r [(&'r str, &'r str, bool)];
    let cases: &[(Rules<'_>, Verdict)] = &[
        (&[], Ask),
        (&[("allow", "*", false)], Allow),
        (&[("deny", "*", false), ("allow", "read:*", false)], Allow),
        (&[("deny", "read:file", false), ("allow", "read:*", true)], Deny),
        (&[("deny", "read:file", false), ("allow", "read:file", true)], Allow),
        (&[("deny", "read:file", false), ("allow", "read:file", false)], Deny),
        (&[("deny", "*", true), ("allow", "read:file", true)], Deny),
        (&[("ask", "*", false), ("allow", "read:*", false)], Allow),
        (&[("ask", "*", true), ("allow", "read:file", true)], Ask),
        (&[("ask", "read:file", false), ("allow", "read:*", false)], Ask),
        (&[("deny", "*", false), ("ask", "read:*", false)], Ask),
        (&[("deny", "*", false), ("ask", "read:*", false), ("allow", "read:file", false)], Allow),
        (&[("deny", "read:file", false), ("ask", "*", true), ("allow", "read:file", true)], Deny),
        (&[("deny", "*", false), ("ask", "read:*", true), ("allow", "read:file", true)], Ask),
    ];
    for (rules, want) in cases {
        let mut text = String::from(
            "name: t\nversion: 1\ndefaultEffect: ask\nrules:\n  - {effect: allow, actions: ['never:x']}\n",
        );
        for (effect, action, conditional) in *rules {
            let condition = if *conditional { ", conditions: {resource: {matches: ./src/**}}" } else { "" };
            text.push_str(&format!("  - {{effect: {effect}, actions: ['{action}']{condition}}}\n"));
        }
        assert_eq!(verdict_on(&text, path("read:file", "src/a")), *want, "{text}");
    }
}

/// Shapes of published policies whose outcome their pages state; no single order of evaluation gets all right.
#[test]
fn published_shapes() {
    use Verdict::{Allow, Ask, Deny};
    let head = "name: t\nversion: 1\nrules:\n";
    let cases = [
        // Mail: an allow for known senders, then a deny without conditions.
        (
            "  - {effect: allow, actions: ['send:email'], conditions: {resource: {matches: '*@ours.example'}}}\n  - {effect: deny, actions: ['send:email']}\n",
            "send:email",
            "a@ours.example",
            Allow,
        ),
        (
            "  - {effect: allow, actions: ['send:email'], conditions: {resource: {matches: '*@ours.example'}}}\n  - {effect: deny, actions: ['send:email']}\n",
            "send:email",
            "a@other.example",
            Deny,
        ),
        // Deny by default, written first.
        (
            "  - {effect: deny, actions: ['*']}\n  - {effect: allow, actions: ['read:*']}\n",
            "read:contacts",
            "x",
            Allow,
        ),
        (
            "  - {effect: deny, actions: ['*']}\n  - {effect: allow, actions: ['read:*']}\n",
            "write:contacts",
            "x",
            Deny,
        ),
        // Administration is off limits, reading is not.
        (
            "  - {effect: allow, actions: ['read:*', 'write:*']}\n  - {effect: deny, actions: ['admin:*', 'delete:*']}\n",
            "admin:users",
            "x",
            Deny,
        ),
        (
            "  - {effect: allow, actions: ['*']}\n  - {effect: deny, actions: ['delete:*']}\n",
            "delete:x",
            "x",
            Deny,
        ),
        (
            "  - {effect: allow, actions: ['*']}\n  - {effect: deny, actions: ['delete:*']}\n",
            "read:x",
            "x",
            Allow,
        ),
        (
            "  - {effect: allow, actions: ['*']}\n  - {effect: require_approval, actions: ['pay:*']}\n",
            "pay:invoice",
            "x",
            Ask,
        ),
    ];
    for (rules, kind, resource, want) in cases {
        assert_eq!(
            verdict_on(&format!("{head}{rules}"), text(kind, resource)),
            want,
            "{rules} {kind} {resource}"
        );
    }
}

fn of_layer(layer: Layer, trusted: bool, body: &str) -> Source {
    Source {
        name: "t.yaml".to_owned(),
        text: format!("name: {}\nversion: 1\n{body}", layer.name()),
        layer,
        trusted,
    }
}

fn judged(
    sources: &[Source],
    change: impl FnOnce(&mut Situation<'_>),
    actions: &[Action],
) -> placet_model::Decision {
    let bytes = compiled(sources);
    let agent = agent();
    let mut situation = situation(&agent);
    change(&mut situation);
    decide(&PolicySet::open(&bytes).unwrap(), &situation, actions)
}

#[test]
fn layers_and_defaults() {
    use Verdict::{Abstain, Allow, Ask, Deny};
    let allow = "rules:\n  - {effect: allow, actions: ['read:file']}\n";
    let deny_x = "rules:\n  - {effect: deny, actions: ['write:file']}\n";
    let read = [path("read:file", "x")];
    let user = || of_layer(Layer::User, true, allow);
    let verdict = |sources: &[Source]| judged(sources, |_| {}, &read).verdict;
    assert_eq!(verdict(&[user()]), Allow);
    // An untrusted file with one deny does not deny the rest by a default nobody wrote.
    assert_eq!(verdict(&[user(), of_layer(Layer::Project, false, deny_x)]), Allow);
    assert_eq!(
        verdict(&[user(), of_layer(Layer::Project, false, &format!("defaultEffect: ask\n{deny_x}"))]),
        Ask
    );
    assert_eq!(verdict(&[user(), of_layer(Layer::Machine, true, deny_x)]), Deny);
    assert_eq!(
        verdict(&[user(), of_layer(Layer::Machine, true, &format!("defaultEffect: none\n{deny_x}"))]),
        Allow
    );
    // Allows of the repository count once it is trusted, and never against a higher layer.
    let elsewhere = of_layer(
        Layer::User,
        true,
        "defaultEffect: none\nrules:\n  - {effect: deny, actions: ['write:file']}\n",
    );
    assert_eq!(verdict(&[elsewhere.clone(), of_layer(Layer::Project, false, allow)]), Abstain);
    assert_eq!(verdict(&[elsewhere, of_layer(Layer::Project, true, allow)]), Allow);
    assert_eq!(verdict(&[]), Deny);
    assert_eq!(verdict(&[of_layer(Layer::Project, false, allow)]), Deny);
}

#[test]
fn effects_unknowns_and_modes() {
    use Verdict::{Allow, Ask, Deny};
    let policy = of_layer(
        Layer::User,
        true,
        "rules:\n  - {effect: allow, actions: ['*'], conditions: {tool: Bash}}\n  - {effect: deny, actions: ['write:file'], conditions: {path: {inside: tmp}}}\n",
    );
    let sources = [policy];
    let mut effect = path("write:file", "/tmp/x");
    effect.origin = Origin::Effect;
    assert_eq!(judged(&sources, |_| {}, std::slice::from_ref(&effect)).verdict, Deny);
    assert_eq!(judged(&sources, |_| {}, &[text("execute:unknown", "x")]).verdict, Deny);
    let abstain = [of_layer(
        Layer::User,
        true,
        "defaultEffect: abstain\nrules:\n  - {effect: deny, actions: ['a:b']}\n",
    )];
    assert_eq!(judged(&abstain, |_| {}, &[text("execute:unknown", "x")]).verdict, Ask);
    assert_eq!(judged(&abstain, |_| {}, &[path("read:file", "x")]).verdict, Verdict::Abstain);
    assert_eq!(
        judged(&abstain, |s| s.mode = PermissionMode::BypassPermissions, &[path("read:file", "x")]).verdict,
        Ask
    );
    let named = [of_layer(Layer::User, true, "rules:\n  - {effect: allow, actions: ['execute:unknown']}\n")];
    assert_eq!(judged(&named, |_| {}, &[text("execute:unknown", "x")]).verdict, Allow);
    // An effect without a rule meets no default; alone it does.
    let strict = [of_layer(Layer::User, true, "rules:\n  - {effect: allow, actions: ['execute:shell']}\n")];
    let mut elsewhere = path("write:file", "x");
    elsewhere.origin = Origin::Effect;
    assert_eq!(judged(&strict, |_| {}, &[text("execute:shell", "x"), elsewhere.clone()]).verdict, Allow);
    assert_eq!(judged(&strict, |_| {}, &[elsewhere]).verdict, Deny);
}

#[test]
fn what_may_match_hides_no_default() {
    use Verdict::{Ask, Deny};
    let deny = "{effect: deny, actions: ['write:file'], conditions: {path: {matches: ['/etc/**']}}}";
    let allow = "{effect: allow, actions: ['write:*']}";
    let policy = |default: &str, rules: &[&str]| {
        let rules: String = rules.iter().map(|rule| format!("  - {rule}\n")).collect();
        format!("defaultEffect: {default}\nrules:\n{rules}")
    };
    let unknown =
        Action::direct(ActionKind::parse("write:file"), Resource::Path(PathRef::unknown("$X", Reach::Entry)));
    let effect = Action { origin: Origin::Effect, ..unknown.clone() };
    let user = |default: &str, rules: &[&str]| of_layer(Layer::User, true, &policy(default, rules));
    let verdict =
        |sources: &[Source], action: &Action| judged(sources, |_| {}, std::slice::from_ref(action)).verdict;
    for (sources, action, want) in [
        (vec![user("deny", &[deny])], &unknown, Deny),
        (vec![user("deny", &[deny])], &effect, Deny),
        (vec![user("ask", &[deny])], &unknown, Ask),
        (vec![user("allow", &[deny])], &unknown, Ask),
        // An allow was meant for this: the doubt asks, the default has nothing to say.
        (vec![user("deny", &[deny, allow])], &unknown, Ask),
        (vec![user("deny", &[deny, allow])], &effect, Ask),
        (vec![user("deny", &[deny]), user("deny", &[allow])], &unknown, Ask),
        // What a repository allows is no such allow.
        (
            vec![user("deny", &[deny]), of_layer(Layer::Project, false, &policy("none", &[allow]))],
            &effect,
            Deny,
        ),
        (
            vec![user("deny", &[deny]), of_layer(Layer::Project, true, &policy("none", &[allow]))],
            &effect,
            Ask,
        ),
    ] {
        assert_eq!(verdict(&sources, action), want, "{sources:?} {:?}", action.origin);
    }
    // The default is what decides, and is named.
    let decided = judged(&[user("deny", &[deny])], |_| {}, &[unknown]);
    assert_eq!(decided.rule.map(|rule| rule.rule).as_deref(), Some("default-deny"));
}

#[test]
fn trial_policies_are_recorded() {
    let trial = of_layer(
        Layer::User,
        true,
        "enforcement: dry_run\nrules:\n  - {name: no, effect: deny, actions: ['*']}\n",
    );
    let read = [path("read:file", "x")];
    let alone = judged(std::slice::from_ref(&trial), |_| {}, &read);
    assert_eq!((alone.verdict, alone.enforcement), (Verdict::Deny, placet_model::Enforcement::Audit));
    let beside = [trial, of_layer(Layer::User, true, "rules:\n  - {effect: allow, actions: ['*']}\n")];
    let decision = judged(&beside, |_| {}, &read);
    assert_eq!(
        (decision.verdict, decision.enforcement),
        (Verdict::Allow, placet_model::Enforcement::Enforce)
    );
    let bytes = compiled(&beside);
    let agent = agent();
    let shadow = dry_run(&PolicySet::open(&bytes).unwrap(), &situation(&agent), &read).unwrap();
    assert_eq!(shadow.rule.unwrap().rule, "no");
}

#[test]
fn asks_become_denies_where_nobody_is() {
    let policy = of_layer(
        Layer::User,
        true,
        "onAsk: deny\nrules:\n  - {effect: ask, actions: ['*'], reason: 'ask {tool}'}\n",
    );
    let decision = judged(&[policy], |_| {}, &[path("read:file", "x")]);
    assert_eq!(decision.verdict, Verdict::Deny);
    assert_eq!(decision.denial, Some(placet_model::DenialKind::NeedsPerson));
    assert_eq!(decision.reason, "ask Bash");
}

#[test]
fn time_windows() {
    let policy = |time: &str| {
        of_layer(
            Layer::User,
            true,
            &format!(
                "defaultEffect: deny\nrules:\n  - {{effect: allow, actions: ['*'], conditions: {{time: {{{time}}}}}}}\n"
            ),
        )
    };
    // Monday 2026-07-06 08:30 UTC is 10:30 in Berlin.
    let monday = 1_783_326_600;
    for (time, want) in [
        ("between: '10:00-11:00', zone: Europe/Berlin", Verdict::Allow),
        ("between: '10:00-10:30', zone: Europe/Berlin", Verdict::Deny),
        ("between: '22:00-11:00', zone: '+02:00'", Verdict::Allow),
        ("days: mon, zone: UTC", Verdict::Allow),
        ("days: tue-sun, zone: UTC", Verdict::Deny),
    ] {
        let decision =
            judged(&[policy(time)], |situation| situation.unix_seconds = monday, &[path("read:file", "x")]);
        assert_eq!(decision.verdict, want, "{time}");
    }
}

#[test]
fn an_own_name_is_narrower_than_a_broader_one() {
    let text = "name: t\nversion: 1\nrules:\n  - {effect: allow, actions: ['write:file'], conditions: {path: {inside: project}}}\n  - {effect: ask, actions: ['delete:file']}\n";
    assert_eq!(verdict_on(text, path("delete:file", "x")), Verdict::Ask);
    assert_eq!(verdict_on(text, path("write:file", "x")), Verdict::Allow);
}

#[test]
fn nobody_said_which_environment() {
    let policy = |word: &str| {
        of_layer(
            Layer::User,
            true,
            &format!(
                "rules:\n  - {{effect: allow, actions: ['*'], conditions: {{environment: [{word}]}}}}\n"
            ),
        )
    };
    let read = [path("read:file", "x")];
    assert_eq!(judged(&[policy("unset")], |_| {}, &read).verdict, Verdict::Allow);
    assert_eq!(
        judged(&[policy("unset")], |s| s.environment = Some("production"), &read).verdict,
        Verdict::Deny
    );
    assert_eq!(judged(&[policy("production")], |_| {}, &read).verdict, Verdict::Deny);
}

//! Rewrites: what runs instead, and what is decided where nothing may.

use placet_model::{CallEvent, DenialKind, Enforcement, PermissionMode, ToolCall, Verdict};
use placet_policy::REWRITES;

use crate::desk::{Desk, Pretended, bash};

/// A policy that denies (or what `effect` says) the form to lead away from and allows much else.
fn policy(effect: &str, rewrite: &str) -> String {
    let condition = match rewrite {
        "force-with-lease" => "{program: git, subcommand: push, flags: {any: [force]}}",
        "npm-ignore-scripts" => {
            "{program: [npm, pnpm, yarn], does: [install], flags: {none: [ignore-scripts]}}"
        }
        "trash-instead-of-rm" => "{program: rm}",
        _ => "{program: npm}",
    };
    let plus = if rewrite == "force-with-lease" {
        format!(
            "  - {{name: marked, effect: {effect}, actions: ['execute:shell'], conditions: {{command: {{program: git, \
             subcommand: push, arguments: ['+*']}}}}, rewrite: {rewrite}}}\n"
        )
    } else {
        String::new()
    };
    format!(
        "name: p\nversion: '1'\ndefaultEffect: abstain\nrules:\n  - {{name: original, effect: {effect}, actions: \
         ['execute:shell'], conditions: {{command: {condition}}}, rewrite: {rewrite}}}\n{plus}  - {{name: most, effect: allow, \
         actions: ['execute:shell'], conditions: {{command: {{understood: true}}}}}}\n  - {{name: files, effect: allow, \
         actions: ['write:file', 'read:file'], conditions: {{path: {{inside: project}}}}}}\n"
    )
}

/// What the call is changed to; the verdict in brackets where it is not.
fn outcome(desk: &Desk, call: &ToolCall) -> String {
    let decided = desk.decide(call, &Pretended::default());
    let decision = &decided.decision;
    match &decision.rewrite {
        Some(rewrite) => {
            assert_eq!(decision.verdict, Verdict::Allow, "{decision:?}");
            rewrite.input["command"].as_str().unwrap().to_owned()
        }
        None => format!("({})", decision.verdict.name()),
    }
}

fn check(rewrite: &str, rows: &[(&str, &str)]) {
    let text = policy("deny", rewrite);
    let desk = Desk::of(&[("p", &text)]);
    let wrong: Vec<String> = rows
        .iter()
        .map(|(command, want)| (command, want, outcome(&desk, &bash(command))))
        .filter(|(_, want, got)| *want != got)
        .map(|(command, want, got)| format!("{command}\n   want {want}\n   got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{rewrite}:\n{}", wrong.join("\n"));
}

#[test]
fn pushes() {
    check(
        "force-with-lease",
        &[
            ("git push --force", "git push --force-with-lease"),
            ("git push -f", "git push --force-with-lease"),
            ("git push -f origin main", "git push --force-with-lease origin main"),
            ("git push origin main --force", "git push --force-with-lease origin main"),
            ("git push -uf origin x", "git push --force-with-lease -u origin x"),
            ("git push origin +main", "git push --force-with-lease origin main"),
            ("git push origin +a:b +c", "git push --force-with-lease origin a:b c"),
            ("git push -f origin +main other", "git push --force-with-lease origin main other"),
            (
                "git push --force --force-with-lease=main:abc o main",
                "git push --force-with-lease=main:abc o main",
            ),
            ("git --no-pager push -f", "git --no-pager push --force-with-lease"),
            ("/usr/bin/git push -f", "/usr/bin/git push --force-with-lease"),
            (
                "git add . && git push -f 2>&1 | tail -3",
                "git add . && git push --force-with-lease 2>&1 | tail -3",
            ),
            (
                "(cd src && git push \"-f\" 'my remote')",
                "(cd src && git push --force-with-lease 'my remote')",
            ),
            ("git push -f a; git push -f b", "git push --force-with-lease a; git push --force-with-lease b"),
            ("git push -f # now", "git push --force-with-lease # now"),
            ("git push --force --no-verify", "git push --force-with-lease --no-verify"),
            // One mark of several would become a lease on all.
            ("git push origin +a b", "(deny)"),
            ("git push --mirror -f", "(deny)"),
            ("git push -f --delete origin x", "(deny)"),
            ("git push --forc", "(abstain)"),
            ("git push -f -o ci.skip", "(deny)"),
            ("git push -f --repo x", "(deny)"),
            ("git push -f --unheard-of", "(deny)"),
            ("git -C /tmp/x push -f", "(deny)"),
            ("git -c a.b=c push -f", "(deny)"),
            ("./git push -f", "(deny)"),
            ("sudo git push -f", "(deny)"),
            ("bash -c 'git push -f'", "(deny)"),
            ("GIT_TRACE=1 git push -f", "(deny)"),
            ("git push -f $REMOTE", "(deny)"),
            ("git push $(echo -f)", "(ask)"),
            ("X=origin; git push -f $X", "(deny)"),
            ("git push 2> log -f", "(deny)"),
            ("for b in a; do git push -f o $b; done", "(deny)"),
            ("git push -f && rm -rf ~/.config/placet", "(deny)"),
            ("git push", "(allow)"),
            ("git push --force-with-lease", "(allow)"),
        ],
    );
}

#[test]
fn installations() {
    check(
        "npm-ignore-scripts",
        &[
            ("npm install", "npm install --ignore-scripts"),
            ("npm i -D left-pad", "npm i -D left-pad --ignore-scripts"),
            ("npm ci --no-audit && npm test", "npm ci --no-audit --ignore-scripts && npm test"),
            ("npm add 'a b' --", "npm add 'a b' --ignore-scripts --"),
            ("pnpm add x", "pnpm add x --ignore-scripts"),
            ("pnpm install --offline", "pnpm install --offline --ignore-scripts"),
            ("yarn", "yarn --ignore-scripts"),
            ("yarn --frozen-lockfile", "yarn --frozen-lockfile --ignore-scripts"),
            ("yarn add x > log 2>&1", "yarn add x --ignore-scripts > log 2>&1"),
            ("npm install --ignore-scripts", "(allow)"),
            ("npm install --ignore-scripts=false", "(abstain)"),
            ("npm install --no-ignore-scripts", "(deny)"),
            ("npm install-test", "(deny)"),
            ("npm install $(cat list)", "(deny)"),
            ("npm install --unheard-of", "(deny)"),
            ("./npm install", "(deny)"),
            ("NODE_OPTIONS=--inspect npm install", "(deny)"),
            ("npm test", "(allow)"),
        ],
    );
}

#[test]
fn removals() {
    check(
        "trash-instead-of-rm",
        &[
            ("rm a.txt", "placet trash -- a.txt"),
            ("rm -rf build 'a b'", "placet trash -r -f -- build 'a b'"),
            ("rm --recursive build", "placet trash -r -- build"),
            ("rm -- -rf", "placet trash -- -rf"),
            ("rm build/x.o -f", "placet trash -f -- build/x.o"),
            ("cd src && rm a.txt && ls", "cd src && placet trash -- a.txt && ls"),
            ("rm a; rm -r b", "placet trash -- a; placet trash -r -- b"),
            ("rm *.o", "(deny)"),
            ("rm -i a", "(deny)"),
            ("rm -v a", "(deny)"),
            ("rm -rf --no-preserve-root /", "(deny)"),
            ("rm -rf ~/.config/placet", "(deny)"),
            ("rm $X", "(deny)"),
            ("rm {a,b}", "(deny)"),
            ("rm", "(deny)"),
            ("sudo rm a", "(deny)"),
            ("./rm a", "(deny)"),
            ("find . -name x -exec rm {} +", "(deny)"),
            ("xargs rm", "(deny)"),
            ("touch a", "(allow)"),
        ],
    );
}

#[test]
fn npm_that_says_more() {
    let text = policy("allow", "verbose-npm");
    let desk = Desk::of(&[("p", &text)]);
    for (command, want) in [
        ("npm ci", "npm ci --verbose"),
        ("npm run build", "npm run build --verbose"),
        ("npm test -- --watch", "npm test --verbose -- --watch"),
        ("npm ci --verbose", "(allow)"),
        ("npm ci --silent", "(allow)"),
    ] {
        assert_eq!(outcome(&desk, &bash(command)), want, "{command}");
    }
}

/// What stands for the effect in the policy is what holds where the rewrite cannot be made.
#[test]
fn the_rule_holds_where_nothing_is_rewritten() {
    for (effect, command, want) in [
        ("deny", "git push -f", Verdict::Allow),
        ("ask", "git push -f", Verdict::Allow),
        ("allow", "git push -f", Verdict::Allow),
        ("deny", "git push -f $X", Verdict::Deny),
        ("ask", "git push -f $X", Verdict::Ask),
        // Only the safer form is allowed.
        ("allow", "sudo git push -f", Verdict::Ask),
        ("allow", "cd src && git push -f $X", Verdict::Ask),
        ("allow", "git push --force-with-lease", Verdict::Allow),
    ] {
        let text = policy(effect, "force-with-lease");
        let decided = Desk::of(&[("p", &text)]).decide(&bash(command), &Pretended::default());
        let decision = decided.decision;
        assert_eq!(decision.verdict, want, "{effect} {command}: {decision:?}");
        let rewritten = want == Verdict::Allow && command == "git push -f";
        assert_eq!(decision.rewrite.is_some(), rewritten, "{effect} {command}");
        if want != Verdict::Allow {
            assert!(decision.reason.contains("--force-with-lease"), "{}", decision.reason);
        }
        if want == Verdict::Deny {
            assert_eq!(decision.denial, Some(DenialKind::Fixable));
        }
    }
}

/// The rewritten call is decided like any other.
#[test]
fn what_would_run_is_decided_again() {
    let rule = policy("deny", "force-with-lease");
    let strict = "name: q\nversion: '1'\ndefaultEffect: abstain\nrules:\n  - {name: no-push, effect: deny, actions: \
                  ['execute:shell'], conditions: {command: {program: git, subcommand: push}}, message: No pushing.}\n";
    let decision =
        Desk::of(&[("p", &rule), ("q", strict)]).decide(&bash("git push -f"), &Pretended::default()).decision;
    assert_eq!((decision.verdict, decision.rewrite), (Verdict::Deny, None));
    assert_ne!(decision.denial, Some(DenialKind::Fixable), "the form named would not pass");
    // A question would show the call as it came, so none is asked about another.
    let asking = strict.replace("effect: deny", "effect: ask");
    let decision = Desk::of(&[("p", &rule), ("q", &asking)])
        .decide(&bash("git push -f"), &Pretended::default())
        .decision;
    assert_eq!((decision.verdict, decision.rewrite), (Verdict::Deny, None));
    // The rule means the safer form as well: then there is no safer form.
    let wide = rule.replace(", flags: {any: [force]}", "");
    let decision = Desk::of(&[("p", &wide)]).decide(&bash("git push -f"), &Pretended::default()).decision;
    assert_eq!((decision.verdict, decision.rewrite), (Verdict::Deny, None));
}

#[test]
fn modes_and_events() {
    let text = policy("deny", "trash-instead-of-rm");
    let desk = Desk::of(&[("p", &text)]);
    let mut call = bash("rm a.txt");
    call.event = CallEvent::PermissionRequest;
    assert_eq!(outcome(&desk, &call), "placet trash -- a.txt");
    // There the host would go on with the call as it came.
    call.mode = PermissionMode::Plan;
    assert_eq!(outcome(&desk, &call), "(deny)");
    // Nobody has an opinion on the new form: the host shows it to the person, changed.
    let text = text.replace(
        "name: most, effect: allow",
        "name: most, effect: allow, unless: {command: {program: placet}}",
    );
    let desk = Desk::of(&[("p", &text)]);
    let decided = desk.decide(&bash("rm a.txt"), &Pretended::default());
    assert_eq!(decided.decision.verdict, Verdict::Abstain, "{:?}", decided.decision);
    assert!(decided.decision.rewrite.is_some());
    let mut call = bash("rm a.txt");
    call.event = CallEvent::PermissionRequest;
    assert_eq!(outcome(&desk, &call), "(deny)");
    call = bash("rm a.txt");
    call.mode = PermissionMode::BypassPermissions;
    assert_eq!(outcome(&desk, &call), "(deny)", "nobody would see it");
}

/// Nothing is changed where nothing binds, and the record says what was decided on the call as it ran.
#[test]
fn audit_mode_changes_nothing() {
    let text = policy("deny", "trash-instead-of-rm");
    let desk = Desk::of(&[("p", &text)]);
    let decided = desk.decide_as(&bash("rm a.txt"), &Pretended::default(), Enforcement::Audit);
    assert_eq!(decided.decision.enforcement, Enforcement::Audit);
    assert!(decided.decision.rewrite.is_none());
}

/// A question is about the call as it came, and so is its record.
#[test]
fn a_question_carries_no_other_input() {
    let text = "name: p\nversion: '1'\nrules:\n  - {effect: ask, actions: ['execute:shell'], rewrite: {append: ['-v']}}\n";
    let decision = Desk::of(&[("p", text)]).decide(&bash("npm ci"), &Pretended::default()).decision;
    assert_eq!((decision.verdict, decision.rewrite), (Verdict::Ask, None));
}

/// The rest of the input stays, and every name of the catalogue does something.
#[test]
fn the_whole_input_is_given() {
    for (rewrite, command) in REWRITES.iter().map(|rewrite| {
        let command = match rewrite.name {
            "force-with-lease" => "git push -f",
            "trash-instead-of-rm" => "rm a",
            _ => "npm ci",
        };
        (rewrite.name, command)
    }) {
        let text = policy("allow", rewrite);
        let mut call = bash(command);
        call.input["description"] = "why".into();
        call.input["timeout"] = 7.into();
        let decision = Desk::of(&[("p", &text)]).decide(&call, &Pretended::default()).decision;
        let changed = decision.rewrite.unwrap_or_else(|| panic!("{rewrite}: {}", decision.reason));
        assert_eq!(changed.name, rewrite);
        let mut back = changed.input.clone();
        back["command"] = command.into();
        assert_eq!(back, call.input, "{rewrite}");
        assert_ne!(changed.input, call.input, "{rewrite}");
    }
}

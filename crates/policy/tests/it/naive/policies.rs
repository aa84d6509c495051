//! Random policies.

use placet_model::{Does, Layer};
use serde_json::{Value, json};

use super::data::{CommandTest, ContextTest, Effect, PathTest, Policy, Rule, Test, TimeTest};
use super::random::Random;
use super::vocabulary as words;

/// What most conditions of a rule are about.
#[derive(Clone, Copy)]
enum Subject {
    Path,
    Command,
    Web,
    Text,
}

const SUBJECTS: [Subject; 6] =
    [Subject::Path, Subject::Path, Subject::Command, Subject::Command, Subject::Web, Subject::Text];

pub(crate) fn policies(random: &mut Random) -> Vec<Policy> {
    let count = [1, 1, 1, 2, 2, 3, 4][random.below(7)];
    (0..count).map(|at| policy(random, at)).collect()
}

fn policy(random: &mut Random, at: usize) -> Policy {
    let layer = match random.below(12) {
        0 => Layer::Floor,
        1 => Layer::Organisation,
        2 | 3 => Layer::Machine,
        4 | 5 => Layer::Project,
        _ => Layer::User,
    };
    let usual = if layer == Layer::Floor { Some("none") } else { None };
    let default = if random.chance(60) {
        Some(random.pick(&["deny", "ask", "abstain", "allow", "none"]))
    } else {
        usual
    };
    Policy {
        name: format!("p{at}"),
        layer,
        trusted: layer != Layer::Project || random.chance(50),
        first_match: random.chance(25),
        dry_run: random.chance(12),
        ask_means_deny: random.chance(10),
        default,
        applies_to: random.chance(20).then(|| applies_to(random)),
        approvals: if random.chance(8) { random.some(&words::ACTION_NAMES, 2) } else { Vec::new() },
        rules: rules(random),
    }
}

fn applies_to(random: &mut Random) -> Vec<(&'static str, Vec<String>)> {
    let mut keys = Vec::new();
    if random.chance(60) {
        keys.push(("tags", if random.chance(5) { Vec::new() } else { random.some(&words::TAGS, 2) }));
    }
    if random.chance(40) {
        keys.push(("trustTiers", random.some(&words::TIERS[..5], 3)));
    }
    if random.chance(20) {
        keys.push(("agentIds", random.some(&["claude-code", "other"], 2)));
    }
    if random.chance(3) {
        keys.push(("orgIds", vec!["org".to_owned()]));
    }
    keys
}

fn rules(random: &mut Random) -> Vec<Rule> {
    let count = 1 + random.below(6);
    (0..count).map(|at| rule(random, at)).collect()
}

fn rule(random: &mut Random, at: usize) -> Rule {
    let effect = random.pick(&[Effect::Allow, Effect::Allow, Effect::Ask, Effect::Deny, Effect::Deny]);
    let subject = random.pick(&SUBJECTS);
    let tool = if random.chance(10) { random.some(&words::TOOL_GLOBS, 2) } else { Vec::new() };
    let conditions = if random.chance(80) { tests(random, subject) } else { Vec::new() };
    let regex_free = !conditions.iter().any(|test| matches!(test.key(), "resource" | "command_contains"))
        && !conditions.iter().any(|test| matches!(test, Test::Alias(..)));
    Rule {
        effect,
        name: random.chance(85).then(|| format!("r{at}")),
        actions: if !tool.is_empty() && random.chance(60) {
            Vec::new()
        } else {
            random.some(actions(subject), 2)
        },
        tool,
        regex: if regex_free && random.chance(8) { random.some(&words::REGEXES, 2) } else { Vec::new() },
        conditions,
        unless: if random.chance(20) { tests(random, subject) } else { Vec::new() },
        fix: random.chance(10),
        last_word: random.chance(10),
    }
}

fn actions(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Path => &words::FILE_ACTIONS,
        Subject::Command => &words::COMMAND_ACTIONS,
        Subject::Web => &words::WEB_ACTIONS,
        Subject::Text => &words::TEXT_ACTIONS,
    }
}

/// Mostly one key, each key once.
fn tests(random: &mut Random, subject: Subject) -> Vec<Test> {
    let count = [1, 1, 1, 2, 2, 3][random.below(6)];
    let mut out: Vec<Test> = Vec::new();
    for _ in 0..count {
        let test = if random.chance(75) { about(random, subject) } else { on_call(random) };
        let clash = |other: &Test| other.key() == test.key() || stored_as(other) == stored_as(&test);
        if !out.iter().any(clash) {
            out.push(test);
        }
    }
    out
}

/// Aliases write the key they stand for.
fn stored_as(test: &Test) -> &'static str {
    match test {
        Test::Alias("path_pattern", _) => "path",
        Test::Alias(..) => "resource",
        other => other.key(),
    }
}

fn about(random: &mut Random, subject: Subject) -> Test {
    match subject {
        Subject::Path if random.chance(45) => Test::Path(path(random)),
        Subject::Path if random.chance(15) => {
            Test::Alias("path_pattern", random.some(&words::PATH_PATTERNS, 3))
        }
        Subject::Path => resource(random, &words::PATH_PATTERNS, &words::PATH_STARTS, &words::PATH_PARTS),
        Subject::Command if random.chance(50) => Test::Command(command(random)),
        Subject::Command if random.chance(15) => {
            Test::Alias("command_contains", random.some(&words::COMMAND_TEXTS, 3))
        }
        Subject::Command if random.chance(15) => {
            Test::Alias("command_pattern", random.some(&words::COMMAND_GLOBS, 3))
        }
        Subject::Command => {
            resource(random, &words::COMMAND_GLOBS, &words::COMMAND_TEXTS, &words::COMMAND_TEXTS)
        }
        Subject::Web if random.chance(50) => Test::Host(random.some(&words::HOSTS, 3)),
        Subject::Web => resource(random, &words::URL_PATTERNS, &words::URL_PARTS, &words::URL_PARTS),
        Subject::Text => resource(random, &words::TEXT_GLOBS, &words::TEXT_PARTS, &words::TEXT_PARTS),
    }
}

fn resource(random: &mut Random, globs: &[&str], starts: &[&str], parts: &[&str]) -> Test {
    let first = random.below(4);
    let all: [(&'static str, &[&str]); 4] =
        [("matches", globs), ("startsWith", starts), ("contains", parts), ("regex", &words::REGEXES)];
    let mut operators = vec![(all[first].0, random.some(all[first].1, 3))];
    if random.chance(12) {
        let other = all[(first + 1) % 4];
        operators.push((other.0, random.some(other.1, 3)));
    }
    Test::Resource(operators)
}

fn path(random: &mut Random) -> PathTest {
    let mut test = PathTest::default();
    match random.below(10) {
        0..=5 => test.matches = random.some(&words::PATH_PATTERNS, 3),
        6 | 7 => test.inside = random.some(&words::AREAS, 2),
        8 => test.outside = random.some(&words::AREAS, 2),
        _ => test.reach = Some(random.pick(&["entry", "tree"])),
    }
    if random.chance(15) && test.inside.is_empty() {
        test.inside = random.some(&words::AREAS, 1);
    }
    if random.chance(10) {
        test.reach = Some(random.pick(&["entry", "tree"]));
    }
    test
}

fn command(random: &mut Random) -> CommandTest {
    let mut test = CommandTest::default();
    for _ in 0..=random.below(2) {
        match random.below(12) {
            0 | 1 => test.program = random.some(&words::PROGRAMS, 3),
            2 => test.subcommand = random.some(&words::SUBCOMMANDS, 2),
            3 => test.flags_any = random.some(&words::FLAGS, 3),
            4 => test.flags_all = random.some(&words::FLAGS, 2),
            5 => test.flags_none = random.some(&words::FLAGS, 2),
            6 => test.arguments = random.some(&words::ARGUMENTS, 2),
            7 => test.does = random.some(&Does::ALL.map(Does::name)[..10], 4),
            8 => test.understood = Some(random.chance(50)),
            9 => test.location = random.some(&["path", "system", "elsewhere"], 2),
            10 => test.wrapped_by = random.some(&["sudo", "env", "bash -c", "su*", "*"], 2),
            _ => test.operands = random.some(&["some", "none"], 1),
        }
    }
    test
}

fn on_call(random: &mut Random) -> Test {
    match random.below(9) {
        0 => Test::Call("tool", random.some(&words::TOOL_GLOBS, 2)),
        1 => Test::Call("mode", random.some(&words::MODES, 3)),
        2 => Test::Call("autonomy", random.some(&words::AUTONOMY, 2)),
        3 => Test::Call("environment", random.some(&words::ENVIRONMENTS, 2)),
        4 => Test::Call("tags", random.some(&words::TAGS, 2)),
        5 => Test::Call("tier", random.some(&words::TIERS[..5], 2)),
        6 | 7 => Test::Time(time(random)),
        _ => Test::Context(random.pick(&words::CONTEXT_KEYS), context(random)),
    }
}

fn time(random: &mut Random) -> TimeTest {
    let mut minute = || i64::try_from(random.below(96) * 15).unwrap();
    let between = (minute(), minute());
    let (one, other) = (random.below(7), random.below(7));
    let days = (one.min(other), one.max(other));
    let with_days = random.chance(40);
    TimeTest {
        between: (between.0 != between.1 && (!with_days || random.chance(50))).then_some(between),
        days: (with_days || between.0 == between.1).then_some(days),
        zone: random.pick(&words::ZONES),
    }
}

fn context(random: &mut Random) -> ContextTest {
    let values = |random: &mut Random| {
        let all: [Value; 6] =
            [json!(100), json!("main"), json!(true), json!("admin"), json!("100"), json!(1.5)];
        vec![random.pick(&all), random.pick(&all)]
    };
    match random.below(4) {
        0 => ContextTest::Equal(values(random)),
        1 => ContextTest::In(values(random)),
        2 => ContextTest::NotMatches(random.pick(&["main", "ma*", "*", "admin"]).to_owned()),
        _ => ContextTest::Between(1, 100),
    }
}

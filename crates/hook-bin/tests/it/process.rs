//! What a shell can do to the process around the call: closed descriptors, tight limits.

use serde_json::{Value, json};

use crate::world::{Answer, World};

/// Runs the hook behind `prefix`, a piece of shell that may set limits, with `redirect` on the hook itself.
fn run_in_shell(world: &World, prefix: &str, redirect: &str, input: &Value) -> Answer {
    let mut command = world.command();
    let hook = command.get_program().to_owned();
    command = {
        let mut shell = std::process::Command::new("/bin/bash");
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(world.project());
        shell
    };
    command.arg("-c").arg(format!("{prefix} exec \"$@\" {redirect}")).arg("sh");
    command.arg(hook).arg("--config").arg(world.config());
    world.run_with(command, input.to_string().as_bytes())
}

fn on(world: &World, event: &str, command: &str) -> Value {
    let mut input = world.bash(command);
    input["hook_event_name"] = json!(event);
    input
}

fn change_of_settings(world: &World) -> Value {
    json!({"session_id": "s1", "hook_event_name": "ConfigChange", "source": "user_settings", "cwd": world.project()})
}

/// Every way in which nobody can read what is written to stdout.
const UNREAD: [&str; 6] = [">&-", ">/dev/null", ">&- 2>&-", ">/dev/zero", "1</dev/null", ">/dev/full"];

#[test]
fn an_answer_nobody_can_read_is_given_by_the_exit_code() {
    let world = World::new();
    for redirect in UNREAD {
        for event in ["PreToolUse", "PermissionRequest"] {
            // The question of a PermissionRequest is asked already; no opinion on it leaves it standing.
            let unread = ["rm -rf ~", "rm -rf /", "git push --force"];
            for command in unread.iter().take(if event == "PreToolUse" { 3 } else { 2 }) {
                let answer = run_in_shell(&world, "", redirect, &on(&world, event, command));
                assert_eq!(answer.exit, 2, "{redirect} {event} {command}");
            }
            let answer = run_in_shell(&world, "", redirect, &on(&world, event, "ls"));
            assert_eq!(
                answer.exit,
                if [">/dev/full", "1</dev/null"].contains(&redirect) { 2 } else { 0 },
                "{redirect} {event}: an allow"
            );
        }
        let answer = run_in_shell(&world, "", redirect, &change_of_settings(&world));
        assert_eq!(answer.exit, 2, "{redirect} ConfigChange");
        let answer = run_in_shell(&world, "", redirect, &json!({"tool_name": 3}));
        assert_eq!(answer.exit, 2, "{redirect} malformed");
    }
}

#[test]
fn closed_stderr_and_stdin_change_no_answer() {
    let world = World::new();
    let answer = run_in_shell(&world, "", "2>&-", &world.bash("rm -rf ~"));
    assert_eq!(answer.verdict(), "deny");
    let answer = run_in_shell(&world, "", "2>&-", &world.bash("ls"));
    assert_eq!((answer.verdict().as_str(), answer.exit), ("allow", 0));
    let answer = run_in_shell(&world, "", "<&-", &world.bash("ls"));
    assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2));
}

#[test]
fn files_that_may_not_grow_are_an_ordinary_ledger_failure() {
    let world = World::new();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    for event in ["PreToolUse", "PermissionRequest"] {
        let answer = run_in_shell(&world, "ulimit -f 0;", "", &on(&world, event, "ls"));
        assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 0), "{event}");
        assert!(answer.stdout.contains("ledger"), "{}", answer.stdout);
    }
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
}

/// What must hold however little the process is given: a denial or the right answer, never silence.
fn never_silent(world: &World, prefix: &str) {
    for (event, command) in
        [("PreToolUse", "rm -rf ~"), ("PermissionRequest", "rm -rf ~"), ("PreToolUse", "ls")]
    {
        let answer = run_in_shell(world, prefix, "", &on(world, event, command));
        // The program was not even loaded: the shell or the loader says so, and the entry's `|| exit 2` blocks.
        if answer.stdout.is_empty() {
            assert_ne!(answer.exit, 0, "{prefix} {event} {command}");
            continue;
        }
        let may = if command == "ls" { &["deny", "allow"][..] } else { &["deny"] };
        assert!(may.contains(&answer.verdict().as_str()), "{prefix} {event} {command}: {}", answer.stdout);
    }
}

#[test]
fn few_descriptors_deny() {
    let world = World::new();
    for warm in [false, true] {
        for limit in 3..12 {
            never_silent(&world, &format!("ulimit -n {limit};"));
        }
        if !warm {
            assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
        }
    }
}

#[test]
fn little_memory_denies() {
    let world = World::new();
    for limit_kib in [3_000, 6_000, 10_000, 14_000, 18_000, 22_000, 26_000, 30_000, 40_000, 60_000] {
        never_silent(&world, &format!("ulimit -v {limit_kib};"));
    }
    for limit_kib in [64, 128, 256] {
        never_silent(&world, &format!("ulimit -s {limit_kib};"));
    }
}

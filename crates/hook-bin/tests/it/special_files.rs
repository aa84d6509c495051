//! Files that are no files: pipes nobody writes to, devices without an end, folders, sockets.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::world::{Answer, World};

/// A kind of thing that is no file, and how it is put in a place.
type Kind = (&'static str, fn(&Path));

const KINDS: [Kind; 5] = [
    ("pipe", |path| {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }),
    ("device", |path| symlink("/dev/zero", path).unwrap()),
    ("link to a pipe", |path| {
        let pipe = path.with_extension("fifo");
        let _ = std::fs::remove_file(&pipe);
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        symlink(pipe, path).unwrap();
    }),
    ("folder", |path| std::fs::create_dir(path).unwrap()),
    ("socket", |path| drop(UnixListener::bind(path).unwrap())),
];

fn remove(path: &Path) {
    if path.symlink_metadata().is_ok_and(|data| data.is_dir()) {
        std::fs::remove_dir_all(path).unwrap();
    } else if path.symlink_metadata().is_ok() {
        std::fs::remove_file(path).unwrap();
    }
}

/// The answer, which must come at once.
fn quick(world: &World, command: &str, what: &str) -> Answer {
    let start = Instant::now();
    let answer = world.run(&world.bash(command));
    assert!(start.elapsed() < Duration::from_secs(5), "{what}: {:?}", start.elapsed());
    answer
}

#[test]
fn sources_that_are_no_files_deny_by_name() {
    for (kind, place) in KINDS {
        for (path, settings) in [
            ("config/placet.yaml", None),
            ("config/mine.yaml", Some("policies: [./mine.yaml]\n")),
            ("config/base.yaml", Some("policies: [./over.yaml]\n")),
            ("project/.placet/a.yaml", Some("policies: [starter]\n")),
        ] {
            let world = World::new();
            let what = format!("{kind} as {path}");
            std::fs::create_dir_all(world.project().join(".placet")).unwrap();
            world.write("config/over.yaml", "name: over\nextends: [./base.yaml]\nrules: []\n");
            if let Some(settings) = settings {
                world.write("config/placet.yaml", settings);
            }
            place(&world.root().join(path));
            let answer = quick(&world, "ls", &what);
            assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2), "{what}");
            let name = path.rsplit('/').next().unwrap();
            assert!(answer.stdout.contains(name), "{what}: {}", answer.stdout);
            assert!(answer.stdout.contains("not a regular file"), "{what}: {}", answer.stdout);
            assert!(!answer.stdout.contains("try"), "{what}: {}", answer.stdout);
        }
    }
}

#[test]
fn devices_named_as_policies_deny_by_name() {
    for path in ["/dev/zero", "/dev/stdin", "/dev/random"] {
        for settings in [format!("policies: [{path}]\n"), "policies: [./over.yaml]\n".to_owned()] {
            let world = World::new();
            world.write("config/placet.yaml", &settings);
            world.write("config/over.yaml", &format!("name: over\nextends: ['{path}']\nrules: []\n"));
            let answer = quick(&world, "ls", path);
            assert_eq!(answer.verdict(), "deny", "{settings}");
            assert!(answer.stdout.contains(path) || answer.stdout.contains("over.yaml"), "{}", answer.stdout);
        }
    }
}

#[test]
fn a_policy_larger_than_the_bound_denies() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [./mine.yaml]\n");
    let file = std::fs::File::create(world.config().join("mine.yaml")).unwrap();
    file.set_len(40 << 30).unwrap();
    let answer = quick(&world, "ls", "40 GiB");
    assert_eq!(answer.verdict(), "deny");
    assert!(answer.stdout.contains("mine.yaml") && answer.stdout.contains("larger"), "{}", answer.stdout);
}

#[test]
fn a_key_that_is_no_file_denies_by_name() {
    for (kind, place) in KINDS {
        let world = World::new();
        assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
        let key = world.config().join("state/redaction.key");
        remove(&key);
        place(&key);
        let answer = quick(&world, "ls", kind);
        assert_eq!(answer.verdict(), "deny", "{kind}");
        assert!(answer.stdout.contains("redaction.key"), "{kind}: {}", answer.stdout);
        assert!(!answer.stdout.contains("try it again"), "{kind}: {}", answer.stdout);
    }
}

#[test]
fn state_that_is_no_file_delays_and_loosens_nothing() {
    for (kind, place) in KINDS {
        for target in ["cache", "trust", "head", "segment", "side", "written"] {
            let world = World::new();
            let what = format!("{kind} as {target}");
            world.write("project/.placet/a.yaml", "name: a\nrules:\n  - {effect: deny, tool: Nothing}\n");
            assert_eq!(world.run(&world.bash("touch a.txt")).verdict(), "allow", "{what}");
            assert_eq!(world.records().len(), 1);
            let state = world.config().join("state");
            let only = |folder: &Path| {
                let mut all = std::fs::read_dir(folder).unwrap();
                all.find_map(|entry| Some(entry.unwrap().path()).filter(|path| path.is_file()))
            };
            let path = match target {
                "cache" => only(&world.config().join("cache")).unwrap(),
                "trust" => state.join("trust.json"),
                "head" => state.join("ledger/head"),
                "segment" => state.join("ledger/00000001.jsonl"),
                "side" => {
                    std::fs::create_dir_all(state.join("ledger/side")).unwrap();
                    state.join("ledger/side/side-1.jsonl")
                }
                _ => only(&state.join("sessions")).unwrap_or_else(|| state.join("sessions/x.written")),
            };
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            remove(&path);
            if target == "segment" {
                remove(&state.join("ledger/head"));
            }
            place(&path);
            for command in ["rm -rf ~", "ls", "touch b.txt"] {
                let answer = quick(&world, command, &what);
                let may = if command == "rm -rf ~" { &["deny"][..] } else { &["deny", "allow"] };
                assert!(may.contains(&answer.verdict().as_str()), "{what} {command}: {}", answer.stdout);
                assert!(!answer.stdout.contains("failed while deciding"), "{what}: {}", answer.stdout);
            }
        }
    }
}

#[test]
fn settings_of_the_agent_that_are_a_pipe_do_not_hang() {
    for (kind, place) in KINDS {
        let world = World::new();
        std::fs::create_dir_all(world.project().join(".claude")).unwrap();
        place(&world.project().join(".claude/settings.json"));
        for event in ["SessionStart", "ConfigChange"] {
            let start = Instant::now();
            let mut input = world.bash("ls");
            input["hook_event_name"] = event.into();
            world.run(&input);
            assert!(start.elapsed() < Duration::from_secs(5), "{kind} {event}");
        }
    }
}

#[test]
fn a_debug_log_that_is_a_pipe_does_not_hang() {
    let world = World::new();
    let log = world.root().join("x.log");
    assert!(std::process::Command::new("mkfifo").arg(&log).status().unwrap().success());
    let start = Instant::now();
    let mut command = world.command();
    command.arg("--config").arg(world.config()).env("PLACET_LOG", &log);
    let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
    assert_eq!(answer.verdict(), "allow");
    assert!(start.elapsed() < Duration::from_secs(5));
}

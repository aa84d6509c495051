//! `placet trash` in the place of `rm`: the same tree is left, the same exit code, and it comes back.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::world::World;

/// Arguments of `rm` that `placet trash` is made of.
const LINES: &[&str] = &[
    "a",
    "a b",
    "-f a",
    "-r dir",
    "-rf dir a",
    "-r -f -- dir",
    "-R dir",
    "--recursive --force dir",
    "dir",
    "-f dir",
    "none",
    "-f none",
    "-rf none a",
    "none a",
    "a none b",
    "a a",
    "-f a a",
    "-r dir dir/inner",
    "-r dir/inner dir",
    "dir/inner/x",
    "dir/none",
    "a/x",
    "-f a/x",
    "a/",
    "-f a/",
    "-r a/",
    "dir/",
    "-r dir/",
    "link",
    "link-to-dir",
    "-r link-to-dir",
    "link-to-dir/",
    "link-to-dir/inner/x",
    "dangling",
    "-r dir/link-out",
    "-- -rf",
    "-r -- -rf a",
    "'name with blank'",
    "''",
    "-rf ''",
    "-r .",
    "-rf ./",
    "-r dir/.",
    "-rf dir/..",
    "-rf ..",
    "-f empty empty-dir",
    "-r empty-dir",
    "readonly",
    "pipe",
];

fn plant(folder: &Path) {
    let script = "mkdir -p dir/inner empty-dir outside; echo 1 > a; echo 2 > b; echo 3 > dir/inner/x; echo 4 > dir/y; \
                  : > empty; echo 5 > outside/kept; ln -s a link; ln -s dir link-to-dir; ln -s nowhere dangling; \
                  ln -s ../outside dir/link-out; echo 6 > ./-rf; echo 7 > 'name with blank'; echo 8 > readonly; \
                  chmod 400 readonly; mkfifo pipe";
    let done = Command::new("sh").args(["-ec", script]).current_dir(folder).status().unwrap();
    assert!(done.success());
}

fn names(folder: &Path) -> BTreeSet<String> {
    let output = Command::new("find").args([".", "-printf", "%p %y %l %m\\n"]).current_dir(folder).output();
    String::from_utf8(output.unwrap().stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn it_leaves_what_rm_leaves() {
    let mut failures = Vec::new();
    for line in LINES {
        let world = World::new();
        let [rm, trash] = ["rm", "trash"].map(|name| world.path(&format!("home/project/{name}/work")));
        for folder in [&rm, &trash] {
            std::fs::create_dir_all(folder).unwrap();
            plant(folder);
        }
        let whole = names(&trash);
        let script = format!("rm {line}");
        let real =
            Command::new("sh").args(["-c", &script]).current_dir(&rm).stdin(Stdio::null()).output().unwrap();
        let ours = world.run_line(&format!("cd trash/work && placet trash {line}"));
        let same = names(&rm) == names(&trash) && real.status.code() == Some(ours.code);
        if !same || !ours.stdout.is_empty() {
            failures.push(format!("{line}: rm {:?}, trash {}", real.status.code(), ours.whole()));
        }
        while world.run(&["undo"]).code == 0 {}
        if names(&trash) != whole {
            failures.push(format!("{line}: not all came back"));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), LINES.len(), failures.join("\n"));
}

/// `rm` empties the folder behind the link here, and then says that it cannot remove it.
#[test]
fn a_folder_behind_a_link_is_left_alone() {
    let world = World::new();
    plant(&world.path("home/project"));
    let whole = names(&world.path("home/project"));
    assert_eq!(world.run(&["trash", "-r", "link-to-dir/"]).code, 1);
    assert_eq!(names(&world.path("home/project")), whole);
}

#[test]
fn what_is_said() {
    let world = World::new();
    for name in ["a", "b\u{202e}c"] {
        world.write(&format!("home/project/{name}"), "x");
    }
    let ran = world.run(&["trash", "--", "a", "b\u{202e}c", "none"]);
    insta::assert_snapshot!("trash", ran.whole());
    let listed = world.run(&["undo", "--list"]);
    let times = listed.stdout.lines().filter(|line| line.starts_with("1  20")).count();
    assert_eq!((times, listed.stdout.lines().count()), (1, 3), "{}", listed.whole());
    assert!(listed.stdout.contains("  ~/project/a\n"), "{}", listed.whole());
    let json = world.run(&["undo", "--list", "--json"]).json();
    assert_eq!(json[0]["paths"].as_array().map(Vec::len), Some(2), "{json}");
    world.write("home/project/a", "again");
    insta::assert_snapshot!("undo-taken", world.run(&["undo"]).whole());
    std::fs::remove_file(world.path("home/project/a")).unwrap();
    insta::assert_snapshot!("undo", world.run(&["undo", "1"]).whole());
    insta::assert_snapshot!("undo-empty", world.run(&["undo"]).whole());
    assert_eq!(world.run(&["trash"]).code, 2);
    assert_eq!(world.run(&["undo", "x"]).code, 2);
}

/// A disk that takes no more (here: a limit on the size of files) leaves the original whole.
#[test]
fn a_full_trash_deletes_nothing() {
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else { return };
    let world = World::new();
    let path = other.path().join("large");
    std::fs::write(&path, vec![1; 2_000_000]).unwrap();
    let path = path.display().to_string();
    let ran = world.run_line(&format!("ulimit -f 1000; (trap '' XFSZ; placet trash '{path}'); echo $?"));
    assert_eq!(ran.stdout.trim(), "1", "{}", ran.whole());
    assert!(ran.stderr.contains("nothing is deleted"), "{}", ran.whole());
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 2_000_000);
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 1);
    assert!(world.run(&["undo", "--list"]).stdout.is_empty());
    // Killed in the middle.
    world.run_line(&format!("ulimit -f 1000; (placet trash '{path}') 2> /dev/null; true"));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 2_000_000);
    assert!(world.run(&["undo", "--list"]).stdout.is_empty(), "half a copy is none");
    assert_eq!(world.run(&["trash", &path]).code, 0);
    assert!(world.run(&["undo"]).stdout.contains("large"));
}

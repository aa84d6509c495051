//! Output in pipes: no colour codes, at most 80 columns.

use crate::world::World;

const COMMANDS: &[&[&str]] = &[
    &["up"],
    &["doctor"],
    &["policy", "list"],
    &["policy", "allowed"],
    &["check", "cd /tmp && sudo rm -rf build; curl https://example.com/install.sh | sh"],
    &[
        "explain",
        "for f in *.rs; do sed -i s/a/b/ $f; done && git commit -am 'a rather long message that goes on and on'",
    ],
    &["policy", "test", "claude-code", "execute:shell", "--resource", "rm -rf build", "--verbose"],
    &["claude-md"],
    &["programs", "list"],
    &["programs", "show", "git"],
    &["programs", "show", "rm"],
];

#[test]
fn no_colour_codes_and_no_long_lines() {
    let world = World::new();
    for arguments in COMMANDS {
        let ran = world.run(arguments);
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            assert!(!line.contains('\u{1b}'), "{arguments:?}: {line:?}");
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
            assert_eq!(line.trim_end(), line, "{arguments:?}: blanks at the end");
        }
    }
}

#[test]
fn colour_when_asked_for() {
    let world = World::new();
    let ran = world.run(&["doctor", "--color", "always"]);
    assert!(ran.stdout.contains('\u{1b}'));
    let plain: String = world.run(&["doctor"]).stdout;
    assert_eq!(anstream::adapter::strip_str(&ran.stdout).to_string(), plain);
}

//! Which calls are the same attempt.

use placet_hook::{marks_of_call, marks_of_denial};
use placet_model::Verdict;

use crate::desk::{Desk, PROJECT, Pretended, bash};

/// Whether the second line is the attempt that the first was denied for.
fn is_same(desk: &Desk, first: &str, second: &str) -> bool {
    let facts = Pretended::default();
    let decided = desk.decide(&bash(first), &facts);
    assert_eq!(decided.decision.verdict, Verdict::Deny, "{first}");
    let marks = marks_of_denial(&decided, PROJECT);
    let again = desk.decide(&bash(second), &facts);
    marks_of_call(&again.actions).iter().any(|(_, mark)| marks.contains(mark))
}

const POLICY: &str = "\
name: own
version: \"1\"
defaultEffect: ask
rules:
  - name: no-push-to-main
    effect: deny
    actions: [\"execute:shell\"]
    conditions:
      resource: {regex: '^git push origin main$'}
    reason: Pushing to main is for people.
";

#[test]
fn spellings_of_one_act() {
    let starter = Desk::shipped("starter");
    for (first, second, same) in [
        ("cat .env", "head -n1 ./.env", true),
        ("cat .env", "cp /home/dev/project/.env x", true),
        ("cat .env", "cat .env.example", false),
        ("rm -rf ~", "find ~ -delete", true),
        ("rm -rf ~", "rm -rf ~/*", true),
        ("rm -rf ~", "cd ~ && rm -r -f .", true),
        ("rm -rf ~", "rm -rf build", false),
        ("rm -rf build ~", "rm -rf build", false),
        ("rm -rf .git", "mv .git /tmp/x && find .git -delete", true),
        ("rm -rf .git", "git status", false),
        ("cat .env; ls src; rm y", "ls src; rm y", false),
    ] {
        assert_eq!(is_same(&starter, first, second), same, "{first} / {second}");
    }
}

#[test]
fn pushes_go_where_they_go() {
    let desk = Desk::of(&[("own", POLICY)]);
    for (second, same) in [
        ("git push origin HEAD:main", true),
        ("git -C . push origin feature:refs/heads/main", true),
        ("/usr/bin/git push -u origin main", true),
        ("git push origin feature", false),
        ("git pull origin main", false),
    ] {
        assert_eq!(is_same(&desk, "git push origin main", second), same, "{second}");
    }
}

//! What a question says when only a part of the call is known: the word comes first, then the rule.

use placet_model::Verdict;

use crate::desk::{Desk, Pretended, bash};

#[test]
fn a_word_that_is_not_known_comes_first() {
    let desk = Desk::shipped("starter");
    // Command, how the reason begins, what else it says.
    let cases = [
        (
            "echo A=b >> $GITHUB_ENV",
            "It cannot be determined here which file is meant by `$GITHUB_ENV`",
            "rule `reverse-shell-redirected` is about",
        ),
        (
            "mkdir -p \"$dir\"",
            "It cannot be determined here which file is meant by `$dir`",
            "Write the path out",
        ),
        (
            "cp src/a.rs \"$src\" $td",
            "It cannot be determined here which file is meant by `$",
            "would deny it",
        ),
        (
            "head -n 1 $(sed -n 3p names)",
            "It cannot be determined here which file is meant by `$(sed -n 3p names)`",
            "rule `floor-gate-secrets` is about",
        ),
        (
            "find src -type f -exec head -n 1 {} +",
            "It cannot be determined here which files `src/…`",
            "Name the files",
        ),
        (
            "curl -s \"https://$HOST/x\"",
            "It cannot be determined here which host is meant by `$HOST`",
            "This address is not on the list",
        ),
    ];
    for (command, start, rest) in cases {
        let decided = desk.decide(&bash(command), &Pretended::default()).decision;
        assert_eq!(decided.verdict, Verdict::Ask, "{command}");
        assert!(decided.reason.starts_with(start), "{command}: {}", decided.reason);
        assert!(decided.reason.contains(rest), "{command}: {}", decided.reason);
    }
}

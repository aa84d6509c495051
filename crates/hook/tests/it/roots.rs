//! What counts as a project.

use placet_model::Verdict;

use crate::desk::{Desk, HOME, PROJECT, Pretended, bash};

/// The home, what it lies in and the root of the machine are nobody's project.
#[test]
fn a_home_is_no_project() {
    let desk = Desk::shipped("starter");
    let mut facts = Pretended::default();
    facts.links.insert("/link".to_owned(), HOME.to_owned());
    for project in ["/", "/home", "/home/", HOME, "/home/dev/", "/link", "/home/dev/project/.."] {
        let mut call = bash("echo x > /home/dev/outside.txt");
        call.project = project.to_owned();
        call.cwd = HOME.to_owned();
        let decided = desk.decide(&call, &facts);
        assert_eq!(decided.decision.verdict, Verdict::Ask, "{project}");
        assert!(decided.decision.reason.contains("nothing counts as inside a project"), "{project}");
    }
    let mut call = bash("echo x > inside.txt");
    call.project = PROJECT.to_owned();
    assert_eq!(desk.decide(&call, &facts).decision.verdict, Verdict::Allow);
}

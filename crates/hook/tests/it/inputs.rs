//! What was read to decide goes with the decision.

use placet_ledger::Hash;
use placet_model::Verdict;

use crate::desk::{Desk, Pretended, bash};

fn project(script: &str) -> Pretended {
    let mut facts = Pretended::default();
    let package = format!("{{\"scripts\": {{\"clean\": \"bash clean.sh {script}\"}}}}");
    facts.files.insert("/home/dev/project/package.json".to_owned(), package);
    facts.files.insert("/home/dev/project/clean.sh".to_owned(), "rm -rf \"$1\"\n".to_owned());
    facts
}

#[test]
fn a_changed_script_is_another_decision() {
    let desk = Desk::shipped("starter");
    let call = bash("npm run clean");
    let (mild, grave) = (project("dist"), project("~"));
    let (first, second) = (desk.decide(&call, &mild), desk.decide(&call, &grave));
    assert_eq!(first.decision.verdict, Verdict::Allow, "{:?}", first.decision);
    assert_eq!(second.decision.verdict, Verdict::Deny, "{:?}", second.decision);
    assert_ne!(first.inputs, second.inputs);
    for (facts, decided) in [(&mild, &first), (&grave, &second)] {
        let paths: Vec<_> = decided.inputs.iter().map(|input| input.path.as_str()).collect();
        assert_eq!(paths, ["/home/dev/project/package.json", "/home/dev/project/clean.sh"]);
        for input in &decided.inputs {
            assert_eq!(input.sha256, Hash::of_content(facts.files[&input.path].as_bytes()));
        }
    }
    let chain = &second.actions[second.decision.action.unwrap()].chain;
    assert_eq!(chain, &["npm run clean", "clean.sh"]);
}

#[test]
fn plain_calls_read_nothing() {
    let desk = Desk::shipped("starter");
    for line in ["ls -la", "git status", "cat src/x.rs", "cargo test"] {
        assert_eq!(desk.decide(&bash(line), &project("x")).inputs, [], "{line}");
    }
}

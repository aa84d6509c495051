//! Within a policy, across policies, across layers, across actions.

use placet_model::Verdict;

use crate::support::{path, verdict_on};

#[test]
fn guarded_specificity() {
    use Verdict::{Allow, Ask, Deny};
    // rules as (effect, action, conditional), read:file of src/a; default ask
    let cases: &[(&[(&str, &str, bool)], Verdict)] = &[
        (&[], Ask),
        (&[("allow", "*", false)], Allow),
        (&[("deny", "*", false), ("allow", "read:*", false)], Allow),
        (&[("deny", "read:file", false), ("allow", "read:*", true)], Deny),
        (&[("deny", "read:file", false), ("allow", "read:file", true)], Allow),
        (&[("deny", "read:file", false), ("allow", "read:file", false)], Deny),
        (&[("deny", "*", true), ("allow", "read:file", true)], Deny),
        (&[("ask", "*", false), ("allow", "read:*", false)], Allow),
        (&[("ask", "*", true), ("allow", "read:file", true)], Ask),
        (&[("ask", "read:file", false), ("allow", "read:*", false)], Ask),
        (&[("deny", "*", false), ("ask", "read:*", false)], Ask),
        (&[("deny", "*", false), ("ask", "read:*", false), ("allow", "read:file", false)], Allow),
        (&[("deny", "read:file", false), ("ask", "*", true), ("allow", "read:file", true)], Deny),
        (&[("deny", "*", false), ("ask", "read:*", true), ("allow", "read:file", true)], Ask),
    ];
    for (rules, want) in cases {
        let mut text = String::from("name: t\nversion: 1\ndefaultEffect: ask\nrules:\n  - {effect: allow, actions: ['never:x']}\n");
        for (effect, action, conditional) in *rules {
            let condition = if *conditional { ", conditions: {resource: {matches: ./src/**}}" } else { "" };
            text.push_str(&format!("  - {{effect: {effect}, actions: ['{action}']{condition}}}\n"));
        }
        assert_eq!(verdict_on(&text, path("read:file", "src/a")), *want, "{text}");
    }
}

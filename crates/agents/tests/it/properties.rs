//! Laws over arbitrary input.

use placet_agents::claude_code::{Incoming, actions, answer, failure, parse};
use placet_model::NoFacts;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::contract;
use crate::support::{VERDICTS, decision, process, recorded};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Into::into),
        ".{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "command",
            "file_path",
            "path",
            "pattern",
            "url",
            "query",
            "notebook_path",
            "action"
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ]
}

fn tool() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            "Bash",
            "Read",
            "Write",
            "Glob",
            "Grep",
            "WebFetch",
            "WebSearch",
            "browser",
            "mcp__a__b"
        ])
        .prop_map(Value::from),
        json(),
    ]
}

proptest! {
    #[test]
    fn any_document_is_judged_or_refused(
        event in prop::option::of(prop::sample::select(vec!["PreToolUse", "PermissionRequest", "Stop", "New"])),
        tool in tool(), input in json(), cwd in prop::option::of("(/[a-z]{0,3}){0,3}")
    ) {
        let mut document = Map::new();
        if let Some(event) = event { document.insert("hook_event_name".into(), event.into()); }
        if let Some(cwd) = cwd { document.insert("cwd".into(), cwd.into()); }
        document.insert("tool_name".into(), tool);
        document.insert("tool_input".into(), input);
        match parse(Value::Object(document).to_string().as_bytes(), &process()) {
            Ok(Incoming::Call(call)) => {
                prop_assert!(!actions(&call, &NoFacts).is_empty());
                for verdict in VERDICTS {
                    let answer = answer(&call, &decision(verdict));
                    prop_assert_eq!(contract::check(call.event, &answer.stdout), Ok(()));
                }
            }
            Ok(Incoming::Notice(_)) => {}
            Err(malformed) => {
                let answer = failure(&malformed.event, &malformed.reason);
                prop_assert!(serde_json::from_slice::<Value>(&answer.stdout).is_ok());
            }
        }
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, &process());
    }

    /// Cutting a recorded input anywhere never gives a call, and the refusal takes a denying form.
    #[test]
    fn cut_off_inputs_are_refused(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let all = recorded();
        let (name, bytes) = which.get(&all);
        let end = bytes.iter().rposition(|byte| *byte == b'}').unwrap();
        let malformed = parse(&bytes[..at.index(end + 1)], &process());
        prop_assert!(malformed.is_err(), "{}", name);
    }
}

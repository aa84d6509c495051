//! What `init` puts in, `uninit` takes out: the file is the same to the byte.

use proptest::prelude::*;

use crate::world::World;

/// A JSON value as text, laid out in one of several ways.
fn value(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1.50".to_owned()),
        Just("-2e3".to_owned()),
        "[a-zA-Zäß \\\\\"/{}\\[\\],:]{0,6}".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    leaf.prop_recursive(depth, 12, 3, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..3), blanks())
                .prop_map(|(items, gap)| format!("[{gap}{}{gap}]", items.join(&format!(",{gap}")))),
            (prop::collection::vec(("[a-z]{1,4}", inner), 0..3), blanks()).prop_map(|(items, gap)| {
                let items: Vec<String> =
                    items.into_iter().map(|(key, value)| format!("\"{key}\":{gap}{value}")).collect();
                format!("{{{gap}{}{gap}}}", items.join(&format!("{gap},{gap}")))
            }),
        ]
    })
    .boxed()
}

fn blanks() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "\n", "\n  ", "\r\n\t"])
}

/// `hooks` as somebody may have it before.
fn hooks() -> impl Strategy<Value = Option<String>> {
    let texts = [
        "{}",
        "{ }",
        "{\n  }",
        r#"{"PreToolUse": []}"#,
        "{\"PreToolUse\": [\n    ]\n  }",
        r#"{"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "mine"}]}]}"#,
        r#"{"Stop": [{"hooks": []}], "PreToolUse": [{"matcher": "Bash", "hooks": []}]}"#,
        "{\n    \"Notification\": [\n      {\n        \"hooks\": [\n          { \"type\": \"command\", \"command\": \"say\" }\n        ]\n      }\n    ]\n  }",
        r#"{"pre-tool": [{"command": "x"}]}"#,
    ];
    prop::option::of(prop::sample::select(texts.to_vec()).prop_map(str::to_owned))
}

fn document() -> impl Strategy<Value = String> {
    (prop::collection::vec(("[a-z]{3,6}", value(2)), 0..4), hooks(), 0..5_usize, blanks(), blanks(), blanks())
        .prop_map(|(mut members, hooks, place, gap, before, after)| {
            if let Some(hooks) = hooks {
                members.insert(place.min(members.len()), ("hooks".to_owned(), hooks));
            }
            let members: Vec<String> =
                members.into_iter().map(|(key, value)| format!("\"{key}\":{gap}{value}")).collect();
            format!("{before}{{{gap}{}{gap}}}{after}", members.join(&format!("{gap},{gap}")))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn init_then_uninit_gives_the_file_back(text in document()) {
        let world = World::new();
        let name = "home/.claude/settings.json";
        world.write(name, &text);
        let ran = world.run(&["init", "claude-code", "--yes"]);
        prop_assert_eq!(ran.code, 0, "{}", ran.stderr);
        let with = world.read(name);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&with).is_ok(), "{}", with);
        // Everything that was there is still there, in order.
        let again = world.run(&["init", "claude-code", "--yes"]);
        prop_assert_eq!(again.code, 0);
        prop_assert_eq!(world.read(name), with);
        let ran = world.run(&["uninit", "claude-code", "--yes"]);
        prop_assert_eq!(ran.code, 0, "{}", ran.stderr);
        prop_assert_eq!(world.read(name), text);
        prop_assert!(!world.path("home/.claude/settings.json.placet-backup").exists());
    }

    #[test]
    fn without_the_copy_the_meaning_comes_back(text in document()) {
        let world = World::new();
        let name = "home/.claude/settings.json";
        world.write(name, &text);
        world.run(&["init", "claude-code", "--yes"]);
        std::fs::remove_file(world.path("home/.claude/settings.json.placet-backup")).unwrap();
        prop_assert_eq!(world.run(&["uninit", "claude-code", "--yes"]).code, 0);
        let meaning = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
            // An empty container and none mean the same, and only the copy knows which it was.
            let hooks = value.get_mut("hooks").and_then(serde_json::Value::as_object_mut);
            if let Some(hooks) = hooks {
                hooks.retain(|_, groups| groups.as_array().is_none_or(|groups| !groups.is_empty()));
                if hooks.is_empty() {
                    value.as_object_mut().unwrap().remove("hooks");
                }
            }
            value
        };
        let path = world.path(name);
        let left = if path.exists() { world.read(name) } else { "{}".to_owned() };
        prop_assert_eq!(meaning(&left), meaning(&text));
    }
}

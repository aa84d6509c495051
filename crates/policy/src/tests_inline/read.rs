//! Reads `tests:`.

use std::collections::BTreeMap;

use placet_model::Verdict;
use serde_json::Value;

use super::{Case, CaseCall};
use crate::source::conditions::MODES;
use crate::source::reader::{Fields, Reader, json};
use crate::source::yaml::{Kind, Node};

const KEYS: [&str; 13] = [
    "name",
    "description",
    "tool",
    "input",
    "action",
    "resource",
    "command",
    "cwd",
    "mode",
    "env",
    "context",
    "expect",
    "rule",
];

impl Reader<'_> {
    pub(crate) fn test_cases(&mut self, node: &Node) -> Vec<Case> {
        let Kind::List(items) = &node.kind else {
            self.error(node.place, "`tests` must be a list", "write each test as an item with `expect:`");
            return Vec::new();
        };
        items.iter().enumerate().filter_map(|(index, item)| self.test_case(item, index + 1)).collect()
    }

    fn test_case(&mut self, node: &Node, number: usize) -> Option<Case> {
        let fields = self.fields(node, "test", &KEYS)?;
        let Some(expect) = fields.get("expect") else {
            self.error(
                node.place,
                "the test expects nothing",
                "add `expect: allow`, `ask`, `deny`, `abstain` or `none`",
            );
            return None;
        };
        let word = self.text(expect, "expect")?;
        let known = ["allow", "ask", "deny", "abstain", "none"];
        let verdict = match self.word(&word, expect.place, "expect", &known)? {
            "allow" => Some(Verdict::Allow),
            "ask" => Some(Verdict::Ask),
            "deny" => Some(Verdict::Deny),
            "abstain" => Some(Verdict::Abstain),
            _ => None,
        };
        let call = self.test_call(node, &fields)?;
        let mode = self.optional_text(&fields, "mode");
        if let (Some(mode), Some(node)) = (&mode, fields.get("mode")) {
            self.word(mode, node.place, "mode", &MODES);
        }
        Some(Case {
            name: self.optional_text(&fields, "name").unwrap_or_else(|| format!("test {number}")),
            line: node.place.line.max(1),
            call,
            cwd: self.optional_text(&fields, "cwd"),
            mode,
            env: self.test_env(&fields),
            context: fields.get("context").map_or(Value::Null, json),
            expect: verdict,
            rule: self.optional_text(&fields, "rule"),
        })
    }

    fn test_call(&mut self, node: &Node, fields: &Fields<'_>) -> Option<CaseCall> {
        let given = ["tool", "command", "action"].iter().filter(|key| fields.get(key).is_some()).count();
        if given != 1 {
            self.error(
                node.place,
                "a test needs exactly one of `tool`, `command` and `action`",
                "`tool` goes with `input`, `action` with `resource`",
            );
            return None;
        }
        if let Some(command) = self.optional_text(fields, "command") {
            return Some(CaseCall::Command(command));
        }
        if let Some(tool) = self.optional_text(fields, "tool") {
            return Some(CaseCall::Tool { tool, input: fields.get("input").map_or(Value::Null, json) });
        }
        let action = self.optional_text(fields, "action")?;
        Some(CaseCall::Action { action, resource: self.optional_text(fields, "resource") })
    }

    fn test_env(&mut self, fields: &Fields<'_>) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        let Some(node) = fields.get("env") else { return out };
        let Some(env) = self.fields(node, "env", &["autonomy", "environment"]) else { return out };
        for (key, value) in env.entries {
            if let Some(text) = self.text(value, &key.name) {
                out.insert(key.name.clone(), text);
            }
        }
        out
    }
}

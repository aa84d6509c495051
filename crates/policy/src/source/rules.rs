//! `rules:`.

use serde_json::Value;

use super::patterns::strict;
use super::place::Place;
use super::reader::{Fields, Reader, json};
use super::yaml::{Kind, Node};
use crate::decide::template;
use crate::ir::{Condition, Effect, ResourceOp, Rule};
use crate::rewrites::named_rewrite;

pub(crate) const RULE_KEYS: [&str; 19] = [
    "effect",
    "actions",
    "action",
    "tool",
    "regex",
    "name",
    "id",
    "description",
    "conditions",
    "unless",
    "reason",
    "message",
    "fix",
    "final",
    "interrupt",
    "alert",
    "approval",
    "rewrite",
    "priority",
];

impl Reader<'_> {
    /// Reads the rules of one file, in order.
    pub(crate) fn rules(&mut self, node: &Node) -> Vec<Rule> {
        let Kind::List(items) = &node.kind else {
            self.error(
                node.place,
                "`rules` must be a list",
                "write each rule as an item that begins with `- effect:`",
            );
            return Vec::new();
        };
        if items.is_empty() {
            self.error(node.place, "`rules` is empty", "add a rule; a policy without rules decides nothing");
        }
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            out.extend(self.rule(item, index + 1));
        }
        out
    }

    fn rule(&mut self, node: &Node, number: usize) -> Option<Rule> {
        let fields = self.fields(node, "rule", &RULE_KEYS)?;
        if let Some((key, _)) = fields.entries.iter().find(|(key, _)| key.name == "priority") {
            self.error(
                key.place,
                "rules have no `priority`",
                "the narrower rule wins by itself; `evaluation: first-match` goes by order",
            );
        }
        let effect = self.effect(&fields)?;
        let read = strict(effect, false);
        let mut conditions = Vec::new();
        let tool = fields.get("tool").map(|value| self.tool(value));
        let has_tool = tool.is_some();
        conditions.extend(tool);
        conditions.extend(
            fields.get("regex").and_then(|value| self.operator(ResourceOp::Regex, value, "regex", read)),
        );
        if let Some(value) = fields.get("conditions") {
            conditions.extend(self.conditions(value, "conditions", read));
        }
        let unless = match fields.get("unless") {
            Some(value) => self.unless(value, effect),
            None => Vec::new(),
        };
        let actions = self.actions(&fields, has_tool);
        let (name, named) = self.rule_name(&fields, effect, number);
        let approval = fields.get("approval").and_then(|value| self.approval(value, effect));
        Some(Rule {
            name,
            named,
            file: self.file.clone(),
            line: node.place.line.max(1),
            effect,
            actions,
            conditions,
            unless,
            reason: self.optional_text(&fields, "reason"),
            message: self.message(&fields),
            fix: self.optional_text(&fields, "fix"),
            last_word: self.optional_flag(&fields, "final"),
            interrupt: self.optional_flag(&fields, "interrupt"),
            alert: self.alert(&fields),
            approval,
            rewrite: fields.get("rewrite").and_then(|value| self.rewrite(value, effect)),
        })
    }

    fn unless(&mut self, node: &Node, effect: Effect) -> Vec<Condition> {
        let unless = self.conditions(node, "unless", strict(effect, true));
        if unless.is_empty() && self.errors.is_empty() {
            self.error(
                node.place,
                "`unless` is empty",
                "an empty `unless` would switch the rule off; leave it out",
            );
        }
        unless
    }

    fn effect(&mut self, fields: &Fields<'_>) -> Option<Effect> {
        let Some(node) = fields.get("effect") else {
            self.error(
                fields.place,
                "the rule has no `effect`",
                "add `effect: allow`, `effect: ask` or `effect: deny`",
            );
            return None;
        };
        let text = self.text(node, "effect")?;
        match text.to_ascii_lowercase().as_str() {
            "require_approval" | "approval_required" => Some(Effect::Ask),
            _ => match self.word(&text, node.place, "effect", &["allow", "ask", "deny"])? {
                "allow" => Some(Effect::Allow),
                "ask" => Some(Effect::Ask),
                _ => Some(Effect::Deny),
            },
        }
    }

    fn actions(&mut self, fields: &Fields<'_>, has_tool: bool) -> Vec<String> {
        let node = match (fields.get("actions"), fields.get("action")) {
            (Some(node), None) | (None, Some(node)) => node,
            (Some(_), Some(node)) => {
                self.error(
                    node.place,
                    "`action` and `actions` are both given",
                    "put all of them into `actions`",
                );
                node
            }
            (None, None) if has_tool => return vec!["*".to_owned()],
            (None, None) => {
                self.error(
                    fields.place,
                    "the rule names no `actions`",
                    "add `actions: [\"read:file\"]` or `tool: Read`",
                );
                return Vec::new();
            }
        };
        self.action_patterns(node, "actions")
    }

    pub(crate) fn action_patterns(&mut self, node: &Node, what: &str) -> Vec<String> {
        let mut out = Vec::new();
        for (text, place) in self.texts(node, what) {
            let plain = !text.is_empty() && !text.contains(char::is_whitespace);
            if !plain || !(text.contains(':') || text.contains('*')) {
                self.error(
                    place,
                    format!("`{text}` is not an action pattern"),
                    "write `verb:object` such as `read:file`, or with `*`: `read:*`",
                );
            }
            out.push(text);
        }
        out
    }

    fn rule_name(&mut self, fields: &Fields<'_>, effect: Effect, number: usize) -> (String, bool) {
        let written = self.optional_text(fields, "name").or_else(|| self.optional_text(fields, "id"));
        if let Some(name) = written.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
            return (name, true);
        }
        let slug =
            self.optional_text(fields, "description").map(|text| slug(&text)).filter(|slug| !slug.is_empty());
        (slug.unwrap_or_else(|| format!("{}-rule-{number}", effect.name())), false)
    }

    pub(crate) fn optional_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        fields.get(key).and_then(|node| self.text(node, key)).map(|text| text.trim_end().to_owned())
    }

    fn optional_flag(&mut self, fields: &Fields<'_>, key: &str) -> bool {
        fields.get(key).and_then(|node| self.flag(node, key)).unwrap_or(false)
    }

    fn message(&mut self, fields: &Fields<'_>) -> Option<String> {
        let text = self.optional_text(fields, "message")?;
        for name in template::placeholders(&text) {
            if !template::NAMES.contains(&name) {
                let place = fields.get("message").map_or(Place::default(), |node| node.place);
                self.error(
                    place,
                    format!("`{{{name}}}` is not a placeholder"),
                    super::suggest::help(name, &template::NAMES),
                );
            }
        }
        Some(text)
    }

    fn alert(&mut self, fields: &Fields<'_>) -> Option<String> {
        let node = fields.get("alert")?;
        let text = self.text(node, "alert")?;
        self.word(&text, node.place, "alert", &["info", "warning", "critical"]).map(str::to_owned)
    }

    fn approval(&mut self, node: &Node, effect: Effect) -> Option<String> {
        let known = ["roles", "quorum", "sla", "expires", "comment", "notify"];
        self.fields(node, "approval", &known)?;
        if effect != Effect::Ask {
            self.warn(
                node.place,
                format!("`approval` on an {} rule is never used", effect.name()),
                "`approval` belongs to `effect: ask`",
            );
        }
        Some(json(node).to_string())
    }

    /// What cannot be carried out is an error: a rewrite that is asked for and left out would go unnoticed.
    fn rewrite(&mut self, node: &Node, effect: Effect) -> Option<String> {
        const FORM: &str = "write `rewrite: {append: [\"--verbose\"]}`, or one of `force-with-lease`, \
                            `npm-ignore-scripts`, `trash-instead-of-rm`, `verbose-npm`";
        if let Kind::Text(name) = &node.kind {
            if named_rewrite(name).is_none() {
                self.error(node.place, format!("`{name}` is not a known rewrite"), FORM);
                return None;
            }
            return Some(Value::from(name.as_str()).to_string());
        }
        let fields = self.fields(node, "rewrite", &["append"])?;
        let Some(append) = fields.get("append").map(|value| self.strings(value, "append")) else {
            self.error(node.place, "`rewrite` does not say what to do", FORM);
            return None;
        };
        if effect == Effect::Deny {
            self.warn(
                node.place,
                "`rewrite` on a deny rule is never used",
                "use `effect: allow` or `effect: ask`, or leave `rewrite` out",
            );
        }
        Some(serde_json::json!({ "append": append }).to_string())
    }
}

fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 48 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

//! The top level of a policy file.

use placet_model::Verdict;

use super::place::Place;
use super::reader::{Fields, Reader};
use super::yaml::{Kind, Node};
use crate::ir::{AppliesTo, Audit, Effect, Rule};
use crate::tests_inline::Case;

/// A file as read, before `extends` is followed. `None`: the key is not there.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) extends: Vec<(String, Place)>,
    pub(crate) applies_to: Option<AppliesTo>,
    pub(crate) first_match: Option<bool>,
    pub(crate) dry_run: Option<bool>,
    pub(crate) asks_deny: Option<bool>,
    /// Outer `None`: not written. Inner `None`: `none`.
    pub(crate) default: Option<(Option<Verdict>, u32)>,
    pub(crate) audit: Option<Audit>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) tests: Vec<Case>,
}

pub(crate) const TOP_KEYS: [&str; 15] = [
    "name",
    "version",
    "description",
    "extends",
    "appliesTo",
    "evaluation",
    "enforcement",
    "onAsk",
    "defaultEffect",
    "rules",
    "tests",
    "delegation",
    "rateLimits",
    "humanInTheLoop",
    "audit",
];

impl Reader<'_> {
    /// Reads the whole file.
    pub(crate) fn document(&mut self, node: &Node) -> Document {
        let Kind::Map(entries) = &node.kind else {
            let message = "a policy must be a map with `name` and `rules`";
            self.error(node.place, message, "begin with `name: my-policy`");
            return Document::default();
        };
        if entries.iter().any(|(key, _)| key.name == "apiVersion" || key.name == "spec") {
            return self.wrapped(node);
        }
        if self.refuse_dialect(node) {
            return Document::default();
        }
        let Some(fields) = self.fields(node, "policy", &TOP_KEYS) else { return Document::default() };
        self.top(&fields, None)
    }

    /// `apiVersion`, `kind: Policy`, `metadata.name`, `spec`: the same policy in another envelope.
    fn wrapped(&mut self, node: &Node) -> Document {
        let Some(outer) = self.fields(node, "policy", &["apiVersion", "kind", "metadata", "spec"]) else {
            return Document::default();
        };
        let name = match outer.get("metadata").map(|metadata| &metadata.kind) {
            Some(Kind::Map(entries)) => {
                entries.iter().find(|(key, _)| key.name == "name").map(|(_, value)| value)
            }
            _ => None,
        };
        let name = name.and_then(|value| self.text(value, "metadata.name"));
        let Some(spec) = outer.get("spec") else {
            self.error(node.place, "the policy has no `spec`", "put the rules under `spec:`");
            return Document::default();
        };
        let Some(fields) = self.fields(spec, "spec", &TOP_KEYS) else { return Document::default() };
        self.top(&fields, name)
    }

    /// Other dialects found under the same product name, told apart by keys only they have.
    fn refuse_dialect(&mut self, node: &Node) -> bool {
        const MARKS: [(&str, &str); 9] = [
            ("agent_match", "expression"),
            ("default_effect", "expression"),
            ("required_trust_tier", "expression"),
            ("rollout", "expression"),
            ("approval_required", "expression"),
            ("default_decision", "sidecar"),
            ("fetched_at", "sidecar"),
            ("match", "plugin"),
            ("block_categories", "skill"),
        ];
        let Kind::Map(entries) = &node.kind else { return false };
        for (key, _) in entries {
            if let Some((_, dialect)) = MARKS.iter().find(|(mark, _)| *mark == key.name) {
                self.error(
                    key.place,
                    format!("`{}` belongs to the {dialect} dialect, which is not supported", key.name),
                    "write the policy with `appliesTo`, `rules` and `defaultEffect`",
                );
                return true;
            }
        }
        false
    }

    fn top(&mut self, fields: &Fields<'_>, outer_name: Option<String>) -> Document {
        let mut doc = Document::default();
        match self.optional_text(fields, "name").or(outer_name).filter(|name| !name.trim().is_empty()) {
            Some(name) => doc.name = name.trim().to_owned(),
            None => self.error(
                fields.place,
                "the policy has no `name`",
                "add `name: my-policy`; records and messages refer to it",
            ),
        }
        self.unused(fields);
        if let Some(node) = fields.get("extends") {
            doc.extends = self.texts(node, "extends");
        }
        doc.applies_to = fields.get("appliesTo").map(|node| self.applies_to(node));
        doc.first_match =
            self.choice(fields, "evaluation", &["guarded", "first-match"]).map(|word| word == "first-match");
        doc.dry_run =
            self.choice(fields, "enforcement", &["enforce", "dry_run"]).map(|word| word == "dry_run");
        doc.asks_deny = self.choice(fields, "onAsk", &["ask", "deny"]).map(|word| word == "deny");
        doc.default = self.default_effect(fields);
        doc.audit = fields.get("audit").and_then(|node| self.audit(node));
        match fields.get("rules") {
            Some(node) => doc.rules = self.rules(node),
            None if doc.extends.is_empty() && fields.get("humanInTheLoop").is_none() => {
                self.error(
                    fields.place,
                    "the policy has no `rules`",
                    "add `rules:` with at least one rule, or `extends:`",
                );
            }
            None => {}
        }
        if let Some(node) = fields.get("humanInTheLoop") {
            doc.rules.extend(self.human_in_the_loop(node));
        }
        if let Some(node) = fields.get("tests") {
            doc.tests = self.test_cases(node);
        }
        self.check_rule_names(&doc.rules);
        doc
    }

    /// Keys that are accepted and do nothing here, or nothing yet.
    fn unused(&mut self, fields: &Fields<'_>) {
        if fields.get("version").is_none() {
            self.warn(
                fields.place,
                "the policy has no `version`",
                "add `version: \"1.0\"`, so that records can name it",
            );
        }
        if let Some(node) = fields.get("rateLimits") {
            self.warn(
                node.place,
                "`rateLimits` are not enforced by one machine alone",
                "they bind where a gateway decides",
            );
        }
        if let Some(node) = fields.get("delegation") {
            let _ = self.fields(node, "delegation", &["maxDepth", "permissionCeiling"]);
        }
    }

    fn choice<'w>(&mut self, fields: &Fields<'_>, key: &str, known: &[&'w str]) -> Option<&'w str> {
        let node = fields.get(key)?;
        let text = self.text(node, key)?;
        self.word(&text, node.place, key, known)
    }

    fn default_effect(&mut self, fields: &Fields<'_>) -> Option<(Option<Verdict>, u32)> {
        let word = self.choice(fields, "defaultEffect", &["deny", "ask", "abstain", "allow", "none"])?;
        let verdict = match word {
            "deny" => Some(Verdict::Deny),
            "ask" => Some(Verdict::Ask),
            "abstain" => Some(Verdict::Abstain),
            "allow" => Some(Verdict::Allow),
            _ => None,
        };
        Some((verdict, fields.get("defaultEffect").map_or(0, |node| node.place.line)))
    }

    fn applies_to(&mut self, node: &Node) -> AppliesTo {
        if let Kind::List(items) = &node.kind {
            let agents = items.iter().filter_map(|item| self.text(item, "appliesTo")).collect();
            return AppliesTo { agents: Some(agents), ..AppliesTo::default() };
        }
        let mut out = AppliesTo::default();
        let Some(fields) = self.fields(node, "appliesTo", &["tags", "trustTiers", "agentIds", "orgIds"])
        else {
            return out;
        };
        for (key, value) in &fields.entries {
            if matches!(&value.kind, Kind::List(items) if items.is_empty()) {
                self.warn(
                    value.place,
                    format!("`{}` is empty, so the policy reaches no agent", key.name),
                    "name agents, or leave `appliesTo` out to reach all",
                );
                out.agents = Some(Vec::new());
                continue;
            }
            match key.name.as_str() {
                "tags" => out.tags = Some(self.strings(value, "tags")),
                "trustTiers" => out.tiers = Some(self.tiers(value, "trustTiers")),
                "agentIds" => out.agents = Some(self.strings(value, "agentIds")),
                _ => out.organisations = Some(self.strings(value, "orgIds")),
            }
        }
        if fields.entries.is_empty() {
            self.warn(
                node.place,
                "`appliesTo` is empty, so the policy reaches no agent",
                "name tags, or leave `appliesTo` out to reach all",
            );
            out.agents = Some(Vec::new());
        }
        out
    }

    fn human_in_the_loop(&mut self, node: &Node) -> Option<Rule> {
        let fields = self.fields(node, "humanInTheLoop", &["requireApproval"])?;
        let list = fields.get("requireApproval")?;
        let actions = self.action_patterns(list, "requireApproval");
        Some(Rule {
            name: "human-in-the-loop".to_owned(),
            named: false,
            file: self.file.clone(),
            line: node.place.line.max(1),
            effect: Effect::Ask,
            actions,
            conditions: Vec::new(),
            unless: Vec::new(),
            reason: None,
            message: None,
            fix: None,
            last_word: false,
            interrupt: false,
            alert: None,
            approval: None,
            rewrite: None,
        })
    }

    fn check_rule_names(&mut self, rules: &[Rule]) {
        let mut lines = std::collections::HashMap::new();
        for rule in rules.iter().filter(|rule| rule.named) {
            if let Some(earlier) = lines.insert(rule.name.as_str(), rule.line) {
                let place = Place { line: rule.line, column: 1, len: 1 };
                self.error(
                    place,
                    format!("two rules are named `{}`", rule.name),
                    format!("the other one is in line {earlier}; give each a name of its own"),
                );
            }
        }
    }
}

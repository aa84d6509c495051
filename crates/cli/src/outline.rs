//! A policy text at a glance, for listings. Deciding never uses this: only the compiled form decides.

use serde_json::Value;

/// The parts of a policy people want to see in a list.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    document: Value,
}

/// One rule at a glance.
#[derive(Clone, Debug)]
pub(crate) struct RuleOutline {
    /// `allow`, `ask`, `deny`, as written.
    pub(crate) effect: String,
    /// Name, id, or made from effect and place.
    pub(crate) name: String,
    /// Action patterns.
    pub(crate) actions: Vec<String>,
    /// Conditions as compact text; empty without.
    pub(crate) conditions: String,
    /// Why, for people.
    pub(crate) reason: String,
}

impl Outline {
    /// Reads a text loosely. `None` when it is no YAML map.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // Published policies hold `\*` in double quotes, which is no valid escape.
        let document: Value = serde_saphyr::from_str(text)
            .or_else(|_| serde_saphyr::from_str(&text.replace("\\*", "*")))
            .ok()?;
        document.is_object().then_some(Self { document })
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.document.get("name").and_then(Value::as_str).unwrap_or("(no name)")
    }

    /// The effect where no rule matches; deny when nothing is written.
    pub(crate) fn default_effect(&self) -> &str {
        self.document.get("defaultEffect").and_then(Value::as_str).unwrap_or("deny")
    }

    /// Whether the effect is written down.
    pub(crate) fn has_default_effect(&self) -> bool {
        self.document.get("defaultEffect").is_some()
    }

    /// A list of `appliesTo`.
    pub(crate) fn applies_to(&self, key: &str) -> Vec<String> {
        texts(self.document.get("appliesTo").and_then(|applies| applies.get(key)))
    }

    /// Whether there are inline tests.
    pub(crate) fn tests(&self) -> &[Value] {
        self.document.get("tests").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Whether this is a policy and not a mere list of tests.
    pub(crate) fn is_policy(&self) -> bool {
        ["rules", "extends", "defaultEffect", "name"].iter().any(|key| self.document.get(key).is_some())
    }

    /// Its rules in order.
    pub(crate) fn rules(&self) -> Vec<RuleOutline> {
        let rules = self.document.get("rules").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        rules.iter().enumerate().map(|(index, rule)| rule_outline(index, rule)).collect()
    }
}

fn rule_outline(index: usize, rule: &Value) -> RuleOutline {
    let text = |key: &str| rule.get(key).and_then(Value::as_str).map(str::to_owned);
    let effect = match text("effect").unwrap_or_default().to_lowercase().as_str() {
        "require_approval" => "ask".to_owned(),
        other => other.to_owned(),
    };
    let mut actions = texts(rule.get("actions"));
    actions.extend(texts(rule.get("action")));
    if actions.is_empty() {
        actions.push("*".to_owned());
    }
    let mut conditions: Vec<String> = Vec::new();
    for key in ["tool", "regex"] {
        if let Some(value) = rule.get(key) {
            conditions.push(format!("{key}: {}", compact(value)));
        }
    }
    if let Some(Value::Object(map)) = rule.get("conditions") {
        conditions.extend(map.iter().map(|(key, value)| format!("{key}: {}", compact(value))));
    }
    if let Some(Value::Object(map)) = rule.get("unless") {
        conditions.extend(map.iter().map(|(key, value)| format!("unless {key}: {}", compact(value))));
    }
    RuleOutline {
        name: text("name").or_else(|| text("id")).unwrap_or_else(|| format!("{effect}-rule-{}", index + 1)),
        reason: text("reason").or_else(|| text("description")).unwrap_or_default().trim().to_owned(),
        conditions: conditions.join("; "),
        effect,
        actions,
    }
}

/// One text or a list of them.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Conditions of a rule, as an answer of the policy engine gives them, as compact text.
pub(crate) fn conditions(written: &Value) -> String {
    let Value::Object(map) = written else { return String::new() };
    let parts = map.iter().map(|(key, value)| format!("{key}: {}", compact(value)));
    parts.collect::<Vec<_>>().join("; ")
}

/// A value without braces and quotes where they carry nothing.
fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(compact).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let parts: Vec<String> =
                map.iter().map(|(key, value)| format!("{key} {}", compact(value))).collect();
            parts.join(", ")
        }
        other => other.to_string(),
    }
}

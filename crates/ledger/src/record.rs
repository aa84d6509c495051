//! What one record holds, and the payload it becomes.

use placet_model::{
    Action, AgentIdentity, Decision, DenialKind, Enforcement, Origin, PathCertainty, PermissionMode, Reach,
    RecordId, Resource, RuleRef, ToolCall, Verdict,
};
use serde_json::{Map, Value, json};

use crate::redact::{Found, secret_words};
use crate::{AuditFilter, Hash, Redactor};

/// Actions listed in full; of more only the number is kept.
const ACTION_LIMIT: usize = 64;
/// Files listed whose content was read.
const INPUT_LIMIT: usize = 64;
/// Longest resource text of an action, in bytes.
const RESOURCE_LIMIT_BYTES: usize = 512;
/// Fields that show parts of the call.
const TEXTS: &[&str] = &["input", "actions", "resource", "reason", "fix", "would_reason", "note", "outcome"];

/// One entry of the ledger before redaction. Nothing of it is written but through [`Record::payload`].
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// When, in milliseconds since 1970.
    pub unix_ms: u64,
    /// The same as RFC 3339 text, made by the caller.
    pub time: String,
    /// Event on the wire: `PreToolUse`, `PostToolUse`, ….
    pub event: String,
    /// Which run of the agent.
    pub session: String,
    /// Which call within it.
    pub tool_use: Option<String>,
    /// Who acts.
    pub agent: AgentIdentity,
    /// The agent program and its version, as it names itself.
    pub host: Option<String>,
    /// Tool name.
    pub tool: Option<String>,
    /// Tool input, as received.
    pub input: Option<Value>,
    /// Bytes that stand for what was decided on; only a keyed digest of them is written.
    pub decided_bytes: Option<Vec<u8>>,
    /// What the call would do.
    pub actions: Vec<ActionLine>,
    /// Files whose content was read to decide.
    pub inputs: Vec<InputFile>,
    /// What was decided; `None` on events that decide nothing.
    pub decision: Option<RecordedDecision>,
    /// The host's permission mode.
    pub mode: PermissionMode,
    /// Directory the agent was in.
    pub cwd: String,
    /// Root of the project.
    pub project: String,
    /// Trace the call belongs to.
    pub trace: Option<String>,
    /// How long deciding took, in nanoseconds.
    pub duration_ns: u64,
    /// What came of the call, on events after it ran.
    pub outcome: Option<Outcome>,
    /// Anything else worth knowing, one sentence.
    pub note: Option<String>,
}

/// A file whose content was read to decide a call: what was read is what was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Absolute path.
    pub path: String,
    /// SHA-256 of its content at that moment.
    pub sha256: Hash,
}

/// An action as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionLine {
    /// `verb:object`.
    pub kind: String,
    /// The resource as one line.
    pub resource: String,
    /// For paths, the absolute form, when it says more than `resource`.
    pub absolute: Option<String>,
    /// What limits the reading: `tree`, `glob`, `under`, `unknown`, `not-understood`, `effect`.
    pub marks: Vec<&'static str>,
    /// Words that are secret by their place in a command. They are never written, and are hidden wherever else
    /// the record shows them.
    secrets: Vec<String>,
}

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedDecision {
    /// The answer.
    pub verdict: Verdict,
    /// What policy alone said, when the permission mode or audit mode changed it.
    pub by_policy: Option<Verdict>,
    /// Whether it bound.
    pub enforcement: Enforcement,
    /// The rule that decided.
    pub rule: Option<RuleRef>,
    /// Which action decided, as an index.
    pub action: Option<usize>,
    /// Why.
    pub reason: String,
    /// What the agent could do about it.
    pub denial: Option<DenialKind>,
    /// The form that passes instead, where the rule names one.
    pub fix: Option<String>,
    /// The record of an earlier denial in the session, when this call is the same attempt by another way.
    pub linked_to: Option<String>,
    /// Name of the rewrite that was applied.
    pub rewrite: Option<String>,
    /// Who decided: `policy`, `gate` (a failure), or a person's name.
    pub decided_by: String,
    /// Version of the analysis, so that history can be replayed.
    pub analyser: String,
    /// Digest of the compiled policy.
    pub policy_digest: Option<String>,
    /// What would have been decided had everything bound: audit mode, and policies in `dry_run`.
    pub would: Option<Would>,
}

/// A decision that did not bind, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Would {
    /// The answer.
    pub verdict: Verdict,
    /// The rule that gave it.
    pub rule: Option<RuleRef>,
    /// Why.
    pub reason: String,
}

impl From<&Decision> for Would {
    fn from(decision: &Decision) -> Self {
        Self { verdict: decision.verdict, rule: decision.rule.clone(), reason: decision.reason.clone() }
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the tool says it succeeded.
    pub ok: bool,
    /// Its error text.
    pub error: Option<String>,
    /// How long it ran, in milliseconds, as the host says.
    pub duration_ms: Option<u64>,
    /// Whether what ran is what was decided; `None` when that was not compared.
    pub as_decided: Option<bool>,
}

impl Record {
    /// A record about `call` that has everything the call itself tells; the rest is empty.
    pub fn of_call(id: RecordId, unix_ms: u64, time: String, call: &ToolCall) -> Self {
        Self {
            id,
            unix_ms,
            time,
            event: format!("{:?}", call.event),
            session: call.session.0.clone(),
            tool_use: call.tool_use.as_ref().map(|id| id.0.clone()),
            agent: call.agent.clone(),
            host: None,
            tool: Some(call.tool.clone()),
            input: Some(call.input.clone()),
            decided_bytes: None,
            actions: Vec::new(),
            inputs: Vec::new(),
            decision: None,
            mode: call.mode,
            cwd: call.cwd.clone(),
            project: call.project.clone(),
            trace: None,
            duration_ns: 0,
            outcome: None,
            note: None,
        }
    }

    /// The redacted payload: the only form of a record that may be written.
    pub fn payload(&self, redactor: &Redactor, filter: &AuditFilter) -> Value {
        let mut map = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                map.insert(name.to_owned(), value);
            }
        };
        let text = |text: &str| Value::String(redactor.short_text(text, RESOURCE_LIMIT_BYTES));
        let optional = |value: &Option<String>| value.as_deref().map_or(Value::Null, text);
        let mut found = Found::default();
        for secret in self.actions.iter().take(ACTION_LIMIT).flat_map(|action| &action.secrets) {
            found.add("argument", secret);
        }
        put("id", self.id.as_str().into());
        put("unix_ms", self.unix_ms.into());
        put("time", self.time.as_str().into());
        put("event", text(&self.event));
        put("session", text(&self.session));
        put("tool_use", optional(&self.tool_use));
        put("agent", text(&self.agent.name));
        put("agent_tier", text(&self.agent.tier));
        put("subagent", optional(&self.agent.subagent));
        put("subagent_type", optional(&self.agent.subagent_type));
        put("host", optional(&self.host));
        put("tool", optional(&self.tool));
        put("input", self.input.as_ref().map_or(Value::Null, |input| redactor.value_into(input, &mut found)));
        put(
            "input_digest",
            self.decided_bytes.as_ref().map_or(Value::Null, |bytes| redactor.digest(bytes).into()),
        );
        put("actions", self.action_list(redactor, &mut found));
        put("inputs", self.input_list(redactor));
        put("mode", self.mode.name().into());
        put("cwd", text(&self.cwd));
        put("project", text(&self.project));
        put("trace", optional(&self.trace));
        put("duration_ns", self.duration_ns.into());
        put("note", optional(&self.note));
        if let Some(outcome) = &self.outcome {
            put("outcome", outcome.to_json(redactor));
        }
        if let Some(decision) = &self.decision {
            decision.put(&self.actions, redactor, &mut put);
        }
        // Only now is all known that is secret in any part.
        for name in TEXTS {
            if let Some(value) = map.get_mut(*name) {
                redactor.hide_found(value, &found);
            }
        }
        let gravest = self.decision.as_ref().map(RecordedDecision::gravest);
        filter.apply(gravest, self.actions.iter().map(|action| action.kind.as_str()), map)
    }

    fn input_list(&self, redactor: &Redactor) -> Value {
        let of = |file: &InputFile| json!({"path": redactor.short_text(&file.path, RESOURCE_LIMIT_BYTES), "sha256": file.sha256.to_string()});
        if self.inputs.is_empty() {
            Value::Null
        } else {
            self.inputs.iter().take(INPUT_LIMIT).map(of).collect()
        }
    }

    fn action_list(&self, redactor: &Redactor, found: &mut Found) -> Value {
        if self.actions.is_empty() {
            return Value::Null;
        }
        let mut list: Vec<Value> =
            self.actions.iter().take(ACTION_LIMIT).map(|action| action.to_json(redactor, found)).collect();
        if self.actions.len() > ACTION_LIMIT {
            list.push(json!({"more": self.actions.len() - ACTION_LIMIT}));
        }
        Value::Array(list)
    }
}

impl RecordedDecision {
    /// What a decision itself tells; `decided_by` is `policy`.
    pub fn of(decision: &Decision, analyser: &str) -> Self {
        Self {
            verdict: decision.verdict,
            by_policy: None,
            enforcement: decision.enforcement,
            rule: decision.rule.clone(),
            action: decision.action,
            reason: decision.reason.clone(),
            denial: decision.denial,
            fix: decision.fix.clone(),
            linked_to: None,
            rewrite: decision.rewrite.as_ref().map(|rewrite| rewrite.name.clone()),
            decided_by: "policy".to_owned(),
            analyser: analyser.to_owned(),
            policy_digest: None,
            would: None,
        }
    }

    /// The strictest answer it tells of.
    fn gravest(&self) -> Verdict {
        let would = self.would.as_ref().map(|would| would.verdict);
        [self.by_policy, would].into_iter().flatten().fold(self.verdict, Verdict::max)
    }

    fn put(&self, actions: &[ActionLine], redactor: &Redactor, put: &mut impl FnMut(&str, Value)) {
        let text = |text: &str| Value::String(redactor.short_text(text, RESOURCE_LIMIT_BYTES));
        put("decision", self.verdict.name().into());
        if let Some(by_policy) = self.by_policy.filter(|verdict| *verdict != self.verdict) {
            put("by_policy", by_policy.name().into());
        }
        put("enforcement", word(&self.enforcement));
        put("denial", self.denial.as_ref().map_or(Value::Null, word));
        put("fix", self.fix.as_deref().map_or(Value::Null, text));
        put("linked_to", self.linked_to.as_deref().map_or(Value::Null, text));
        put("reason", text(&self.reason));
        put("rewrite", self.rewrite.as_deref().map_or(Value::Null, text));
        put("decided_by", text(&self.decided_by));
        put("analyser", self.analyser.as_str().into());
        put("policy_digest", self.policy_digest.as_deref().map_or(Value::Null, Value::from));
        if let Some(rule) = &self.rule {
            put("policy", rule.policy.as_str().into());
            put("rule", rule.rule.as_str().into());
            put("layer", rule.layer.name().into());
        }
        if let Some(would) = &self.would {
            put("would", would.verdict.name().into());
            put("would_reason", text(&would.reason));
            if let Some(rule) = &would.rule {
                put("would_policy", rule.policy.as_str().into());
                put("would_rule", rule.rule.as_str().into());
            }
        }
        // The action that decided, once more by itself: it is what people search for.
        if let Some(action) = self.action.and_then(|index| actions.get(index)) {
            put("action", action.kind.as_str().into());
            put("resource", text(&action.resource));
        }
    }
}

impl ActionLine {
    /// An action as it is kept.
    pub fn of(action: &Action) -> Self {
        let mut marks = Vec::new();
        let mut absolute = None;
        match &action.resource {
            Resource::Path(path) => {
                match path.certainty {
                    PathCertainty::Exact => {}
                    PathCertainty::Glob => marks.push("glob"),
                    PathCertainty::Under => marks.push("under"),
                    PathCertainty::Unknown => marks.push("unknown"),
                }
                if path.reach == Reach::Tree {
                    marks.push("tree");
                }
                let target = path.resolved.as_ref().unwrap_or(&path.absolute);
                absolute = (*target != path.raw && !target.is_empty()).then(|| target.clone());
            }
            Resource::Command(command) if !command.understood => marks.push("not-understood"),
            _ => {}
        }
        if action.origin == Origin::Effect {
            marks.push("effect");
        }
        Self {
            kind: action.kind.name().into_owned(),
            resource: action.resource.text().into_owned(),
            absolute,
            marks,
            secrets: match &action.resource {
                Resource::Command(command) => secret_words(&command.argv),
                _ => Vec::new(),
            },
        }
    }

    fn to_json(&self, redactor: &Redactor, found: &mut Found) -> Value {
        let mut map = Map::new();
        let mut text = |text: &str| Value::from(redactor.short_text_into(text, RESOURCE_LIMIT_BYTES, found));
        map.insert("action".to_owned(), text(&self.kind));
        map.insert("resource".to_owned(), text(&self.resource));
        if let Some(absolute) = &self.absolute {
            map.insert("absolute".to_owned(), text(absolute));
        }
        if !self.marks.is_empty() {
            map.insert("marks".to_owned(), json!(self.marks));
        }
        Value::Object(map)
    }
}

impl Outcome {
    fn to_json(&self, redactor: &Redactor) -> Value {
        let mut map = Map::new();
        map.insert("ok".to_owned(), self.ok.into());
        if let Some(error) = &self.error {
            map.insert("error".to_owned(), redactor.short_text(error, RESOURCE_LIMIT_BYTES).into());
        }
        if let Some(duration_ms) = self.duration_ms {
            map.insert("duration_ms".to_owned(), duration_ms.into());
        }
        if let Some(as_decided) = self.as_decided {
            map.insert("as_decided".to_owned(), as_decided.into());
        }
        Value::Object(map)
    }
}

/// The word a serialisable enum stands for.
fn word(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

//! Types that exist for their schema only; reading is done by `source`, which knows where things stand.

#![expect(dead_code, reason = "the types describe a file format and are never built")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// One value or several.
#[derive(JsonSchema, Serialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(Scalar),
    Many(Vec<Scalar>),
}

/// A text, or a number or truth value taken as one.
#[derive(JsonSchema, Serialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Number(f64),
    Truth(bool),
}

/// A policy: who may do what, decided before it is done.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Policy {
    /// Identifier, shown in messages and records.
    name: String,
    /// Free; shown in records.
    version: Option<Scalar>,
    /// For people.
    description: Option<String>,
    /// Names of shipped policies or files (`./base.yaml`) whose rules come first.
    extends: Option<OneOrMany>,
    /// Which agents the policy reaches; all when absent.
    applies_to: Option<AppliesTo>,
    /// How the rules of this policy are weighed; `guarded` when absent.
    evaluation: Option<Evaluation>,
    /// `dry_run` records what would have been decided.
    enforcement: Option<Enforcement>,
    /// `deny` turns every ask of this policy into a deny, for places without people.
    on_ask: Option<OnAsk>,
    /// The answer when no rule matches; `deny` when absent, `none` stays silent.
    default_effect: Option<Default>,
    /// The rules.
    rules: Option<Vec<Rule>>,
    /// Tests that come with the policy.
    tests: Option<Vec<Test>>,
    /// For gateways.
    delegation: Option<Value>,
    /// For gateways.
    rate_limits: Option<Value>,
    /// Actions a person must approve.
    human_in_the_loop: Option<HumanInTheLoop>,
    /// How much of the records is kept, and how long.
    audit: Option<Audit>,
}

/// How much of the records is kept. Denials and asks are kept whole whatever this says.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    /// `false` keeps of an allowed call no more than who, when, which tool and the answer.
    enabled: Option<bool>,
    /// `warning` is the same as `enabled: false`.
    log_level: Option<LogLevel>,
    /// Fields to keep, and patterns of the actions whose records are kept with details.
    include: Option<OneOrMany>,
    /// Days after which `placet audit prune` removes records.
    retention_days: Option<u32>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Debug,
    Info,
    Warning,
    Error,
}

#[derive(JsonSchema, Serialize)]
#[serde(untagged)]
pub(crate) enum AppliesTo {
    Agents(Vec<String>),
    Keys(AppliesToKeys),
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AppliesToKeys {
    tags: Option<OneOrMany>,
    trust_tiers: Option<OneOrMany>,
    agent_ids: Option<OneOrMany>,
    org_ids: Option<OneOrMany>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Evaluation {
    Guarded,
    FirstMatch,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Enforcement {
    Enforce,
    DryRun,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnAsk {
    Ask,
    Deny,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Default {
    Deny,
    Ask,
    Abstain,
    Allow,
    None,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HumanInTheLoop {
    require_approval: OneOrMany,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    Allow,
    Ask,
    Deny,
    /// The same as `ask`.
    RequireApproval,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Alert {
    Info,
    Warning,
    Critical,
}

/// One rule.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    effect: Effect,
    /// Patterns such as `read:file`, `read:*`, `*`.
    actions: Option<OneOrMany>,
    /// The same, for one.
    action: Option<OneOrMany>,
    /// Names of host tools, with wildcards.
    tool: Option<OneOrMany>,
    /// Short for `conditions: {resource: {regex: …}}`.
    regex: Option<OneOrMany>,
    name: Option<String>,
    id: Option<String>,
    description: Option<String>,
    conditions: Option<Conditions>,
    /// The rule does not match where all of these hold.
    unless: Option<Conditions>,
    /// Said to agent and person.
    reason: Option<String>,
    /// The same, with placeholders such as `{path}`.
    message: Option<String>,
    /// A form that would pass.
    fix: Option<String>,
    /// No form of it will pass.
    r#final: Option<bool>,
    /// End the turn after denying.
    interrupt: Option<bool>,
    alert: Option<Alert>,
    approval: Option<Approval>,
    /// How the call is changed before it may run.
    rewrite: Option<Rewrite>,
}

/// How a call is changed before it may run.
#[derive(JsonSchema, Serialize)]
#[serde(untagged)]
pub(crate) enum Rewrite {
    /// One of the catalogue.
    Named(NamedRewrite),
    /// Words of one's own.
    Append(Append),
}

/// A rewrite of the catalogue.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NamedRewrite {
    /// `git push --force` becomes `git push --force-with-lease`.
    ForceWithLease,
    /// Installations with npm, pnpm and yarn get `--ignore-scripts`.
    NpmIgnoreScripts,
    /// `rm` becomes `placet trash`.
    TrashInsteadOfRm,
    /// Commands of npm get `--verbose`.
    VerboseNpm,
}

/// Words put behind the command, where the whole call is one command.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Append {
    append: OneOrMany,
}

/// Who must say yes, and how.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    roles: Option<Value>,
    quorum: Option<Value>,
    sla: Option<Value>,
    expires: Option<Value>,
    comment: Option<Value>,
    notify: Option<Value>,
}

/// All keys must hold; within a list one is enough.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conditions {
    resource: Option<Resource>,
    command: Option<Command>,
    path: Option<Path>,
    host: Option<OneOrMany>,
    mode: Option<OneOrMany>,
    autonomy: Option<OneOrMany>,
    environment: Option<OneOrMany>,
    time: Option<Time>,
    tier: Option<OneOrMany>,
    tags: Option<OneOrMany>,
    context: Option<BTreeMap<String, Value>>,
    tool: Option<OneOrMany>,
    time_range: Option<OneOrMany>,
    command_contains: Option<OneOrMany>,
    command_pattern: Option<OneOrMany>,
    path_pattern: Option<OneOrMany>,
    #[serde(rename = "resourcePattern")]
    resource_pattern: Option<OneOrMany>,
    amount_max: Option<f64>,
    amount_min: Option<f64>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Resource {
    matches: Option<OneOrMany>,
    starts_with: Option<OneOrMany>,
    contains: Option<OneOrMany>,
    regex: Option<OneOrMany>,
}

#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    program: Option<OneOrMany>,
    subcommand: Option<OneOrMany>,
    flags: Option<Flags>,
    arguments: Option<OneOrMany>,
    does: Option<OneOrMany>,
    understood: Option<bool>,
    location: Option<OneOrMany>,
    wrapped_by: Option<OneOrMany>,
    chain: Option<OneOrMany>,
    operands: Option<Operands>,
}

#[derive(JsonSchema, Serialize)]
#[serde(untagged)]
pub(crate) enum Flags {
    Any(OneOrMany),
    Sets(FlagSets),
}

#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagSets {
    any: Option<OneOrMany>,
    all: Option<OneOrMany>,
    none: Option<OneOrMany>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Operands {
    None,
    Some,
}

#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Path {
    matches: Option<OneOrMany>,
    inside: Option<OneOrMany>,
    outside: Option<OneOrMany>,
    reach: Option<Reach>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reach {
    Entry,
    Tree,
}

#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Time {
    /// `09:00-18:00`
    between: Option<OneOrMany>,
    /// `mon-fri`
    days: Option<OneOrMany>,
    /// `Europe/Berlin`, `UTC` or `+02:00`
    zone: String,
}

/// One test: exactly one of `tool`, `command` and `action`.
#[derive(JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    name: Option<String>,
    description: Option<String>,
    tool: Option<String>,
    input: Option<Value>,
    action: Option<String>,
    resource: Option<String>,
    command: Option<String>,
    cwd: Option<String>,
    mode: Option<String>,
    env: Option<BTreeMap<String, String>>,
    context: Option<Value>,
    expect: Default,
    rule: Option<String>,
}

//! Policy YAML to compiled policies; decide and explain.
//!
//! **Owns** the policy dialect (reading, errors, JSON Schema, lint, inline tests), the compiled form, and the
//! decision algebra: which answer a set of policies gives to the actions of a tool call, and why.
//! **Does not own** how a tool call becomes actions (`placet-agents`, `placet-shell`), where policy files lie,
//! how their compiled form is cached (`placet-client`), or what an answer looks like on the wire.
//!
//! `INVARIANT:` nothing here reads files, clocks, environment or random sources.
//! `INVARIANT:` what cannot be known counts as the stricter reading: an allow needs certainty, a deny that may
//! be meant becomes an ask.
//!
//! Start reading at [`compile`], then [`PolicySet`], then [`decide`]. The rules of matching are written down in
//! `docs/src/policy/specification.md`.

mod audit;
mod compile;
mod decide;
mod diagnostic;
mod diff;
mod explain;
mod ir;
mod lint;
mod matching;
mod outline;
mod rewrites;
mod schema;
mod set;
mod shipped;
mod situation;
mod source;
mod standing;
mod tests_inline;

pub use audit::{Audit, AuditLevel, audit};
pub use compile::{Compiled, compile, compile_with};
pub use decide::{ActionDecision, Obligations, decide, decide_action, dry_run, obligations, reaching};
pub use diagnostic::{CompileError, Diagnostic};
pub use diff::{KeyChange, PolicyDiff, RuleChange, RuleShown, diff};
pub use explain::{ActionTrace, RuleOutcome, RuleTrace, Trace, explain};
pub use lint::lint;
#[doc(hidden)]
pub use matching::regex::regexes_compiled;
pub use outline::{Outline, RuleOutline, outline};
pub use rewrites::{NamedRewrite, REWRITES, named_rewrite};
pub use schema::schema;
#[doc(hidden)]
pub use set::forge_checksums;
pub use set::{OpenError, PolicySet, checksum};
pub use shipped::{FLOOR, SHIPPED, shipped};
pub use situation::Situation;
pub use source::{Options, ReadFile, Source};
pub use standing::{ActionStanding, Exception, Standing, standing};
pub use tests_inline::{
    Case, CaseCall, CaseResult, TEST_HOME, TEST_PROJECT, ToActions, action_on, run_tests,
};

pub use placet_model::Layer;

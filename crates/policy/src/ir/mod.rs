//! Policies as meant: what the YAML says, once every alias and pattern is understood.

mod command;
mod pattern;
mod rule;

pub(crate) use command::{CommandCond, Words, WordsKind};
pub(crate) use pattern::{Base, HostPattern, PathPattern, UrlPattern};
pub(crate) use rule::{
    AppliesTo, Audit, Condition, ContextTest, Effect, PathCond, Policy, ResourceCond, ResourceOp, Rule,
    TimeCond,
};

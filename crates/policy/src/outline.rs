//! A policy at a glance: what lists show. Deciding never uses it.

use serde_json::Value;

use crate::source::{load, reader};
use crate::{CompileError, Options, Source};

/// What a policy says, without what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// Its name.
    pub name: String,
    /// The whole text as JSON, aliases and repairs applied as they are when it is compiled.
    pub document: Value,
    /// Its rules in order, those of what it extends included.
    pub rules: Vec<RuleOutline>,
}

/// A rule at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOutline {
    /// Name given, or made of effect and place.
    pub name: String,
    /// `allow`, `ask` or `deny`.
    pub effect: &'static str,
    /// Action patterns.
    pub actions: Vec<String>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// What a policy text says.
///
/// # Errors
/// When it is no valid policy.
pub fn outline(source: &Source) -> Result<Outline, CompileError> {
    let loaded = load::load(std::slice::from_ref(source), &Options::default())?;
    let node = load::parse(&source.name, &source.text)?;
    let Some(policy) = loaded.policies.into_iter().next().map(|loaded| loaded.policy) else {
        return Err(CompileError { errors: Vec::new(), warnings: loaded.warnings });
    };
    let rule = |rule: crate::ir::Rule| RuleOutline {
        name: rule.name,
        effect: rule.effect.name(),
        actions: rule.actions,
        reason: rule.reason,
    };
    Ok(Outline {
        name: policy.name,
        document: reader::json(&node),
        rules: policy.rules.into_iter().map(rule).collect(),
    })
}

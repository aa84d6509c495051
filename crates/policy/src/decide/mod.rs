//! The decision algebra.

use placet_model::{Action, Decision, Enforcement, Verdict, DenialKind};

use crate::{PolicySet, Situation};

/// Decides a tool call from its actions.
pub fn decide(_set: &PolicySet<'_>, _situation: &Situation<'_>, _actions: &[Action]) -> Decision {
    Decision {
        verdict: Verdict::Ask,
        enforcement: Enforcement::Enforce,
        rule: None,
        action: None,
        reason: "no policy had a say".to_owned(),
        denial: Some(DenialKind::NeedsPerson),
        interrupt: false,
        rewrite: None,
    }
}

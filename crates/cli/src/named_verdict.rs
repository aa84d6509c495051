//! Verdicts as people write them.

use placet_model::Verdict;

/// A verdict by its word; the older spelling of ask is understood.
pub(crate) fn verdict(word: &str) -> Option<Verdict> {
    match word.to_lowercase().as_str() {
        "allow" => Some(Verdict::Allow),
        "abstain" => Some(Verdict::Abstain),
        "ask" | "require_approval" => Some(Verdict::Ask),
        "deny" => Some(Verdict::Deny),
        _ => None,
    }
}

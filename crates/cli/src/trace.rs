//! How rules of the policies took to an action, as text.

use placet_policy::{ActionTrace, RuleOutcome, RuleTrace};

use crate::named_verdict::verdict;
use crate::style::{self, paint};

/// Near misses that are shown.
const NEAR_MISSES: usize = 3;

/// Where a rule stands.
pub(crate) fn place(rule: &placet_model::RuleRef) -> String {
    if rule.line > 0 { format!("{}:{}", rule.file, rule.line) } else { rule.file.clone() }
}

/// The rules worth knowing about: those that matched, and those that nearly did.
pub(crate) fn telling(trace: &ActionTrace) -> Vec<&RuleTrace> {
    let matched =
        trace.rules.iter().filter(|rule| matches!(rule.outcome, RuleOutcome::Match | RuleOutcome::Possible));
    let near = trace.rules.iter().filter(|rule| is_near_miss(rule, trace)).take(NEAR_MISSES);
    matched.chain(near).collect()
}

/// A milder rule meant for this very thing that a circumstance kept from deciding. Rules for other commands,
/// files and hosts fail on those; that is no near miss.
fn is_near_miss(rule: &RuleTrace, trace: &ActionTrace) -> bool {
    const SUBJECT: [&str; 5] = ["resource", "command", "path", "host", "tool"];
    let own = verdict(rule.effect);
    let is_milder = trace.verdict.is_none_or(|answer| own.is_some_and(|own| own < answer));
    let condition = |failed: &str| SUBJECT.contains(&failed.trim_start_matches("unless "));
    let by_circumstance = matches!(rule.failed.as_slice(), [one] if !condition(one));
    rule.outcome == RuleOutcome::Skip && by_circumstance && is_milder
}

/// One rule on one line: what came of it, its effect, its name and place.
pub(crate) fn line(rule: &RuleTrace) -> String {
    let (word, color) = match rule.outcome {
        RuleOutcome::Match => ("MATCH", style::HEADING),
        RuleOutcome::Possible => ("MAYBE", style::WARNING),
        RuleOutcome::Skip => ("skip", style::DIM),
        RuleOutcome::Silent => ("silent", style::DIM),
    };
    let failed = match (rule.outcome, rule.failed.as_slice()) {
        (RuleOutcome::Skip, [one]) => format!("  but for `{one}`"),
        (RuleOutcome::Skip, [_, ..]) => format!("  ({} differ)", rule.failed.join(", ")),
        _ => String::new(),
    };
    let decides = if rule.decides { "  decides" } else { "" };
    format!(
        "{} {:<5} {}{}{}",
        paint(color, format_args!("{word:<6}")),
        rule.effect,
        rule.rule.rule,
        paint(style::DIM, failed),
        paint(style::HEADING, decides),
    )
}

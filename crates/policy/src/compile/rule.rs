//! One rule as bytes; `set::RuleRecord` and `matching` read them.

use super::bytes::Bytes;
use super::shared::Shared;
use crate::ir::{
    Base, CommandCond, Condition, ContextTest, Effect, HostPattern, PathCond, PathPattern, ResourceCond,
    ResourceOp, Rule, TimeCond, UrlPattern, Words, WordsKind,
};
use crate::matching::conditions::tag;
use crate::matching::needs;
use crate::rewrites::of_spec;
use crate::set::bits;

/// Writes a rule of that policy. `None` when a size does not fit.
pub(crate) fn write(rule: &Rule, policy: u32, out: &mut Bytes, shared: &mut Shared) -> Option<()> {
    let mut flags = match rule.effect {
        Effect::Allow => 0,
        Effect::Ask => 1,
        Effect::Deny => 2,
    };
    for (on, bit) in [
        (rule.conditional(), bits::CONDITIONAL),
        (rule.last_word, bits::LAST_WORD),
        (rule.interrupt, bits::INTERRUPT),
        (rule.rewrite.as_deref().and_then(of_spec).is_some_and(|named| named.is_safer), bits::SAFER),
    ] {
        flags |= if on { bit } else { 0 };
    }
    out.number(flags);
    out.number(policy);
    let mut actions = Bytes::default();
    rule.actions.iter().try_for_each(|action| actions.string(action))?;
    out.number(shared.add(&actions.out)?);
    out.section(|out| conditions(&rule.conditions, out))?;
    out.section(|out| conditions(&rule.unless, out))?;
    out.string(&rule.name)?;
    out.common(&rule.file, shared)?;
    out.number(rule.line);
    for text in [&rule.reason, &rule.message, &rule.fix, &rule.alert, &rule.approval, &rule.rewrite] {
        out.optional_common(text.as_deref(), shared)?;
    }
    Some(())
}

fn conditions(conditions: &[Condition], out: &mut Bytes) -> Option<()> {
    // Cheap conditions are looked at first: where one fails the rest is not looked at.
    for wanted in 0..=COST_MAX {
        for one in conditions.iter().filter(|condition| cost(condition) == wanted) {
            out.number(tag_of(one));
            out.section(|out| condition(one, out))?;
        }
    }
    Some(())
}

const COST_MAX: u8 = 3;

fn cost(condition: &Condition) -> u8 {
    match condition {
        Condition::Path(cond) if cond.matches.is_some() => 2,
        Condition::Resource(cond) if cond.op == ResourceOp::Regex => COST_MAX,
        Condition::Resource(_) => 1,
        _ => 0,
    }
}

fn tag_of(condition: &Condition) -> u32 {
    match condition {
        Condition::Resource(_) => tag::RESOURCE,
        Condition::Command(_) => tag::COMMAND,
        Condition::Path(_) => tag::PATH,
        Condition::Host(_) => tag::HOST,
        Condition::Mode(_) => tag::MODE,
        Condition::Autonomy(_) => tag::AUTONOMY,
        Condition::Environment(_) => tag::ENVIRONMENT,
        Condition::Time(_) => tag::TIME,
        Condition::Tier(_) => tag::TIER,
        Condition::Tags(_) => tag::TAGS,
        Condition::Context { .. } => tag::CONTEXT,
        Condition::Tool(_) => tag::TOOL,
    }
}

fn condition(condition: &Condition, out: &mut Bytes) -> Option<()> {
    match condition {
        Condition::Resource(cond) => resource(cond, out),
        Condition::Command(cond) => command(cond, out),
        Condition::Path(cond) => path_condition(cond, out),
        Condition::Host(hosts) => hosts.iter().try_for_each(|pattern| host(pattern, out)),
        Condition::Mode(mask) => {
            out.number(*mask);
            Some(())
        }
        Condition::Autonomy(list)
        | Condition::Environment(list)
        | Condition::Tier(list)
        | Condition::Tags(list)
        | Condition::Tool(list) => out.list(list),
        Condition::Time(cond) => time(cond, out),
        Condition::Context { key, test } => {
            out.string(key)?;
            context(test, out)
        }
    }
}

fn paths(paths: &[PathPattern], out: &mut Bytes) -> Option<()> {
    out.section(|out| {
        for path in paths {
            out.number(match path.base {
                Base::Root => 0,
                Base::Project => 1,
                Base::Home => 2,
            });
            out.string(&path.glob)?;
        }
        Some(())
    })
}

fn host(host: &HostPattern, out: &mut Bytes) -> Option<()> {
    let (kind, text) = match host {
        HostPattern::Any => (0, ""),
        HostPattern::Domain(text) => (1, text.as_str()),
        HostPattern::Exact(text) => (2, text.as_str()),
        HostPattern::Below(text) => (3, text.as_str()),
        HostPattern::Glob(text) => (4, text.as_str()),
    };
    out.number(kind);
    out.string(text)
}

fn url(url: &UrlPattern, out: &mut Bytes) -> Option<()> {
    out.optional(url.scheme.as_deref())?;
    host(&url.host, out)?;
    out.optional(url.path.as_deref())
}

fn words(words: &Words, out: &mut Bytes) -> Option<()> {
    out.number(match words.kind {
        WordsKind::Command => 0,
        WordsKind::Write => 1,
        WordsKind::Read => 2,
        WordsKind::Operators => 3,
    });
    out.string(&words.head)?;
    out.number(u32::from(words.open));
    out.list(&words.flags)?;
    out.list(&words.plain)
}

fn resource(cond: &ResourceCond, out: &mut Bytes) -> Option<()> {
    out.number(match cond.op {
        ResourceOp::Matches => 0,
        ResourceOp::StartsWith => 1,
        ResourceOp::Contains => 2,
        ResourceOp::Regex => 3,
    });
    if cond.op == ResourceOp::Regex {
        return cond.texts.iter().try_for_each(|text| expression(text, out));
    }
    out.list(&cond.texts)?;
    paths(&cond.paths, out)?;
    out.section(|out| cond.urls.iter().try_for_each(|pattern| url(pattern, out)))?;
    out.section(|out| cond.words.iter().try_for_each(|text| words(text, out)))
}

/// A regular expression with what it needs.
fn expression(text: &str, out: &mut Bytes) -> Option<()> {
    out.string(text)?;
    out.section(|out| {
        for need in needs::needs(text) {
            out.number(u32::from(need.at_start));
            out.list(&need.any)?;
        }
        Some(())
    })
}

fn command(cond: &CommandCond, out: &mut Bytes) -> Option<()> {
    let three = |value: Option<bool>| value.map_or(0, |value| 1 + u32::from(value));
    for number in [cond.does, cond.location, three(cond.understood), three(cond.operands)] {
        out.number(number);
    }
    for list in [
        &cond.program,
        &cond.subcommand,
        &cond.flags_any,
        &cond.flags_all,
        &cond.flags_none,
        &cond.arguments,
        &cond.wrapped_by,
    ] {
        out.list(list)?;
    }
    Some(())
}

fn path_condition(cond: &PathCond, out: &mut Bytes) -> Option<()> {
    let reach = match cond.reach {
        None => 0,
        Some(placet_model::Reach::Entry) => 1,
        Some(placet_model::Reach::Tree) => 2,
    };
    for number in [cond.inside, cond.outside, reach, u32::from(cond.matches.is_some())] {
        out.number(number);
    }
    paths(cond.matches.as_deref().unwrap_or_default(), out)
}

fn context(test: &ContextTest, out: &mut Bytes) -> Option<()> {
    match test {
        ContextTest::In(values) => {
            out.number(0);
            out.list(values)?;
        }
        ContextTest::NotMatches(globs) => {
            out.number(1);
            out.list(globs)?;
        }
        ContextTest::Range(min, max) => {
            out.number(2);
            for end in [min, max] {
                out.wide(end.map_or(f64::NAN, |end| end).to_bits());
            }
        }
    }
    Some(())
}

fn time(cond: &TimeCond, out: &mut Bytes) -> Option<()> {
    out.number(cond.days);
    out.section(|out| {
        for (from, to) in &cond.between {
            out.number(*from);
            out.number(*to);
        }
        Some(())
    })?;
    for (from, seconds) in &cond.offsets {
        out.wide(from.cast_unsigned());
        out.number(seconds.cast_unsigned());
    }
    Some(())
}

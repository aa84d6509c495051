//! Intermediate form to bytes.

use super::index;
use super::pool::Pool;
use crate::ir::{
    AppliesTo, Audit, Base, CommandCond, Condition, ContextTest, Effect, HostPattern, PathCond, PathPattern,
    Policy, ResourceCond, ResourceOp, Rule, UrlPattern, Words, WordsKind,
};
use crate::matching::conditions::tag;
use crate::matching::needs;
use crate::set::{HEADER_WORDS, LAYERS, MAGIC, VERDICTS, VERSION, bits, checksum};

/// The compiled file. `None` when a size does not fit.
pub(crate) fn encode(policies: &[Policy]) -> Option<Vec<u8>> {
    let mut out = Encoder { words: vec![0], pool: Pool::default() };
    let mut policy_words = Vec::new();
    let mut rule_words = Vec::new();
    for (index, policy) in policies.iter().enumerate() {
        out.policy(policy, &mut policy_words)?;
        for rule in &policy.rules {
            out.rule(rule, u32::try_from(index).ok()?, &mut rule_words)?;
        }
    }
    let policies_at = out.append(&policy_words)?;
    let rules_at = out.append(&rule_words)?;
    let table =
        index::build(policies.iter().flat_map(|policy| &policy.rules), u32::try_from(out.words.len()).ok()?)?;
    out.append(&table.postings)?;
    let slots_at = out.append(&table.slots)?;
    let rules: usize = policies.iter().map(|policy| policy.rules.len()).sum();
    let fields = [
        policies_at,
        u32::try_from(policies.len()).ok()?,
        rules_at,
        u32::try_from(rules).ok()?,
        slots_at,
        u32::try_from(table.slots.len() / index::SLOT_WORDS).ok()?,
    ];
    out.finish(fields)
}

struct Encoder {
    words: Vec<u32>,
    pool: Pool,
}

impl Encoder {
    fn append(&mut self, words: &[u32]) -> Option<u32> {
        let at = u32::try_from(self.words.len()).ok()?;
        self.words.extend_from_slice(words);
        Some(at)
    }

    fn finish(self, fields: [u32; 6]) -> Option<Vec<u8>> {
        let (offsets, text) = self.pool.finish();
        let mut head = [0_u32; HEADER_WORDS];
        let sizes = [
            u32::try_from(self.words.len()).ok()?,
            u32::try_from(offsets.len() - 1).ok()?,
            u32::try_from(text.len()).ok()?,
        ];
        for (slot, value) in head.iter_mut().skip(6).zip(fields.into_iter().chain(sizes)) {
            *slot = value;
        }
        let mut bytes =
            Vec::with_capacity((HEADER_WORDS + self.words.len() + offsets.len()) * 4 + text.len());
        for word in head.iter().chain(&self.words).chain(&offsets) {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(text.as_bytes());
        let length = u32::try_from(bytes.len()).ok()?;
        let sum = checksum(bytes.get(24..)?);
        let mut start = Vec::with_capacity(24);
        start.extend_from_slice(&MAGIC);
        start.extend_from_slice(&VERSION.to_le_bytes());
        start.extend_from_slice(&length.to_le_bytes());
        start.extend_from_slice(&sum.to_le_bytes());
        bytes.get_mut(..24)?.copy_from_slice(&start);
        Some(bytes)
    }

    fn optional(&mut self, text: Option<&str>) -> Option<u32> {
        match text {
            Some(text) => Some(self.pool.id(text)? + 1),
            None => Some(0),
        }
    }

    fn list(&mut self, texts: &[String], out: &mut Vec<u32>) -> Option<()> {
        out.push(u32::try_from(texts.len()).ok()?);
        for text in texts {
            out.push(self.pool.id(text)?);
        }
        Some(())
    }

    fn policy(&mut self, policy: &Policy, out: &mut Vec<u32>) -> Option<()> {
        let applies_at = match &policy.applies_to {
            Some(applies) => self.applies(applies)?,
            None => 0,
        };
        let audit_at = match &policy.audit {
            Some(audit) => self.audit(audit)?,
            None => 0,
        };
        let mut flags = 0;
        for (on, bit) in [
            (policy.trusted, bits::TRUSTED),
            (policy.dry_run, bits::DRY_RUN),
            (policy.first_match, bits::FIRST_MATCH),
            (policy.asks_deny, bits::ASKS_DENY),
        ] {
            flags |= if on { bit } else { 0 };
        }
        let default = match policy.default {
            Some(verdict) => u32::try_from(VERDICTS.iter().position(|known| *known == verdict)?).ok()? + 1,
            None => 0,
        };
        out.extend([
            self.pool.id(&policy.name)?,
            self.pool.id(&policy.file)?,
            u32::try_from(LAYERS.iter().position(|layer| *layer == policy.layer)?).ok()?,
            flags,
            default,
            policy.default_line,
            applies_at,
            audit_at,
        ]);
        Some(())
    }

    fn audit(&mut self, audit: &Audit) -> Option<u32> {
        // One more than the number, so that "absent" and "0 days" differ.
        let days = match audit.retention_days {
            Some(days) => days.checked_add(1)?,
            None => 0,
        };
        let mut words = vec![u32::from(audit.enabled), u32::from(audit.grave_only), days];
        self.list(&audit.include, &mut words)?;
        self.append(&words)
    }

    fn applies(&mut self, applies: &AppliesTo) -> Option<u32> {
        let mut words = Vec::new();
        for list in [&applies.tags, &applies.tiers, &applies.agents, &applies.organisations] {
            match list {
                // One more than the count, so that "absent" and "empty" differ.
                Some(list) => {
                    words.push(u32::try_from(list.len()).ok()? + 1);
                    for text in list {
                        words.push(self.pool.id(text)?);
                    }
                }
                None => words.push(0),
            }
        }
        self.append(&words)
    }

    fn rule(&mut self, rule: &Rule, policy: u32, out: &mut Vec<u32>) -> Option<()> {
        let effect = match rule.effect {
            Effect::Allow => 0,
            Effect::Ask => 1,
            Effect::Deny => 2,
        };
        let mut flags = effect | super::keys::classes(rule);
        for (on, bit) in [
            (rule.conditional(), bits::CONDITIONAL),
            (rule.last_word, bits::LAST_WORD),
            (rule.interrupt, bits::INTERRUPT),
        ] {
            flags |= if on { bit } else { 0 };
        }
        let mut actions = Vec::new();
        self.list(&rule.actions, &mut actions)?;
        let actions_at = self.append(&actions)?;
        let conditions_at = self.conditions(&rule.conditions)?;
        let unless_at = self.conditions(&rule.unless)?;
        let extra = [
            self.optional(rule.alert.as_deref())?,
            self.optional(rule.approval.as_deref())?,
            self.optional(rule.rewrite.as_deref())?,
        ];
        let extra_at = self.append(&extra)?;
        out.extend([
            policy,
            flags,
            self.pool.id(&rule.name)?,
            self.pool.id(&rule.file)?,
            rule.line,
            self.optional(rule.reason.as_deref())?,
            self.optional(rule.message.as_deref())?,
            self.optional(rule.fix.as_deref())?,
            actions_at,
            conditions_at,
            unless_at,
            extra_at,
        ]);
        Some(())
    }

    fn conditions(&mut self, conditions: &[Condition]) -> Option<u32> {
        let mut words = vec![u32::try_from(conditions.len()).ok()?];
        let mut ordered: Vec<&Condition> = conditions.iter().collect();
        ordered.sort_by_key(|condition| cost(condition));
        for condition in ordered {
            let mut body = Vec::new();
            let tag = self.condition(condition, &mut body)?;
            words.push(tag);
            words.push(u32::try_from(body.len()).ok()?);
            words.append(&mut body);
        }
        self.append(&words)
    }

    fn condition(&mut self, condition: &Condition, out: &mut Vec<u32>) -> Option<u32> {
        Some(match condition {
            Condition::Resource(cond) => {
                self.resource(cond, out)?;
                tag::RESOURCE
            }
            Condition::Command(cond) => {
                self.command(cond, out)?;
                tag::COMMAND
            }
            Condition::Path(cond) => {
                self.path_condition(cond, out)?;
                tag::PATH
            }
            Condition::Host(hosts) => {
                out.push(u32::try_from(hosts.len()).ok()?);
                for host in hosts {
                    self.host(host, out)?;
                }
                tag::HOST
            }
            Condition::Mode(mask) => {
                out.push(*mask);
                tag::MODE
            }
            Condition::Autonomy(list) => {
                self.list(list, out)?;
                tag::AUTONOMY
            }
            Condition::Environment(list) => {
                self.list(list, out)?;
                tag::ENVIRONMENT
            }
            Condition::Tier(list) => {
                self.list(list, out)?;
                tag::TIER
            }
            Condition::Tags(list) => {
                self.list(list, out)?;
                tag::TAGS
            }
            Condition::Tool(list) => {
                self.list(list, out)?;
                tag::TOOL
            }
            Condition::Time(cond) => {
                time(cond, out)?;
                tag::TIME
            }
            Condition::Context { key, test } => {
                out.push(self.pool.id(key)?);
                self.context(test, out)?;
                tag::CONTEXT
            }
        })
    }

    fn paths(&mut self, paths: &[PathPattern], out: &mut Vec<u32>) -> Option<()> {
        out.push(u32::try_from(paths.len()).ok()?);
        for path in paths {
            out.push(match path.base {
                Base::Root => 0,
                Base::Project => 1,
                Base::Home => 2,
            });
            out.push(self.pool.id(&path.glob)?);
        }
        Some(())
    }

    fn host(&mut self, host: &HostPattern, out: &mut Vec<u32>) -> Option<()> {
        let (kind, text) = match host {
            HostPattern::Any => (0, ""),
            HostPattern::Domain(text) => (1, text.as_str()),
            HostPattern::Exact(text) => (2, text.as_str()),
            HostPattern::Below(text) => (3, text.as_str()),
            HostPattern::Glob(text) => (4, text.as_str()),
        };
        out.push(kind);
        out.push(self.pool.id(text)?);
        Some(())
    }

    fn url(&mut self, url: &UrlPattern, out: &mut Vec<u32>) -> Option<()> {
        out.push(self.optional(url.scheme.as_deref())?);
        self.host(&url.host, out)?;
        out.push(self.optional(url.path.as_deref())?);
        Some(())
    }

    fn words(&mut self, words: &Words, out: &mut Vec<u32>) -> Option<()> {
        out.push(match words.kind {
            WordsKind::Command => 0,
            WordsKind::Write => 1,
            WordsKind::Read => 2,
            WordsKind::Operators => 3,
        });
        out.push(self.pool.id(&words.head)?);
        out.push(u32::from(words.open));
        self.list(&words.flags, out)?;
        self.list(&words.plain, out)
    }

    fn resource(&mut self, cond: &ResourceCond, out: &mut Vec<u32>) -> Option<()> {
        out.push(match cond.op {
            ResourceOp::Matches => 0,
            ResourceOp::StartsWith => 1,
            ResourceOp::Contains => 2,
            ResourceOp::Regex => 3,
        });
        if cond.op == ResourceOp::Regex {
            return self.expressions(&cond.texts, out);
        }
        self.list(&cond.texts, out)?;
        self.paths(&cond.paths, out)?;
        out.push(u32::try_from(cond.urls.len()).ok()?);
        for url in &cond.urls {
            self.url(url, out)?;
        }
        out.push(u32::try_from(cond.words.len()).ok()?);
        for words in &cond.words {
            self.words(words, out)?;
        }
        Some(())
    }

    /// Regular expressions, each with what it needs.
    fn expressions(&mut self, texts: &[String], out: &mut Vec<u32>) -> Option<()> {
        out.push(u32::try_from(texts.len()).ok()?);
        for text in texts {
            out.push(self.pool.id(text)?);
            let needs = needs::needs(text);
            out.push(u32::try_from(needs.len()).ok()?);
            for need in needs {
                out.push(u32::from(need.at_start));
                self.list(&need.any, out)?;
            }
        }
        Some(())
    }

    fn command(&mut self, cond: &CommandCond, out: &mut Vec<u32>) -> Option<()> {
        let three = |value: Option<bool>| value.map_or(0, |value| 1 + u32::from(value));
        out.extend([cond.does, cond.location, three(cond.understood), three(cond.operands)]);
        for list in [
            &cond.program,
            &cond.subcommand,
            &cond.flags_any,
            &cond.flags_all,
            &cond.flags_none,
            &cond.arguments,
            &cond.wrapped_by,
        ] {
            self.list(list, out)?;
        }
        Some(())
    }

    fn path_condition(&mut self, cond: &PathCond, out: &mut Vec<u32>) -> Option<()> {
        let reach = match cond.reach {
            None => 0,
            Some(placet_model::Reach::Entry) => 1,
            Some(placet_model::Reach::Tree) => 2,
        };
        out.extend([cond.inside, cond.outside, reach, u32::from(cond.matches.is_some())]);
        self.paths(cond.matches.as_deref().unwrap_or_default(), out)
    }

    fn context(&mut self, test: &ContextTest, out: &mut Vec<u32>) -> Option<()> {
        match test {
            ContextTest::In(values) => {
                out.push(0);
                self.list(values, out)?;
            }
            ContextTest::NotMatches(globs) => {
                out.push(1);
                self.list(globs, out)?;
            }
            ContextTest::Range(min, max) => {
                out.push(2);
                for end in [min, max] {
                    let bits = end.map_or(f64::NAN, |end| end).to_bits();
                    wide(bits, out);
                }
            }
        }
        Some(())
    }
}

fn time(cond: &crate::ir::TimeCond, out: &mut Vec<u32>) -> Option<()> {
    out.push(cond.days);
    out.push(u32::try_from(cond.between.len()).ok()?);
    for (from, to) in &cond.between {
        out.extend([*from, *to]);
    }
    out.push(u32::try_from(cond.offsets.len()).ok()?);
    for (from, seconds) in &cond.offsets {
        wide(from.cast_unsigned(), out);
        out.push(seconds.cast_unsigned());
    }
    Some(())
}

/// Cheap conditions are looked at first: where one fails the rest is not looked at.
fn cost(condition: &Condition) -> u8 {
    match condition {
        Condition::Path(cond) if cond.matches.is_some() => 2,
        Condition::Resource(cond) if cond.op == ResourceOp::Regex => 3,
        Condition::Resource(_) => 1,
        _ => 0,
    }
}

/// A 64-bit value as two words, the lower first.
fn wide(value: u64, out: &mut Vec<u32>) {
    out.push(u32::try_from(value & 0xffff_ffff).unwrap_or(0));
    out.push(u32::try_from(value >> 32).unwrap_or(0));
}

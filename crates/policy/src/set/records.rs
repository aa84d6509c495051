//! Policy and rule records.

use placet_model::{Layer, Verdict};

use super::{Cursor, PolicySet, Strings};
use crate::ir::Effect;

/// Words of a policy record.
const POLICY_WORDS: usize = 8;
/// Bytes of a policy record.
pub(crate) const POLICY_BYTES: u32 = 32;

/// Bits of records.
pub(crate) mod bits {
    pub(crate) const TRUSTED: u32 = 1;
    pub(crate) const DRY_RUN: u32 = 2;
    pub(crate) const FIRST_MATCH: u32 = 4;
    pub(crate) const ASKS_DENY: u32 = 8;

    pub(crate) const EFFECT: u32 = 3;
    pub(crate) const CONDITIONAL: u32 = 4;
    pub(crate) const LAST_WORD: u32 = 8;
    pub(crate) const INTERRUPT: u32 = 16;
    /// Its rewrite leads to a safer form.
    pub(crate) const SAFER: u32 = 32;
}

/// A policy as stored.
#[derive(Clone, Copy)]
pub(crate) struct PolicyRecord<'a> {
    set: &'a PolicySet<'a>,
    name_at: u32,
    file_at: u32,
    pub(crate) layer: Layer,
    pub(crate) bits: u32,
    pub(crate) default: Option<Verdict>,
    pub(crate) default_line: u32,
    /// Position of the lists of `appliesTo` plus one; 0 reaches everyone.
    pub(crate) applies_at: u32,
    /// Position of `audit` plus one; 0: nothing is said.
    pub(crate) audit_at: u32,
}

/// A rule as stored.
#[derive(Clone, Copy)]
pub(crate) struct RuleRecord<'a> {
    set: &'a PolicySet<'a>,
    pub(crate) policy: u32,
    pub(crate) bits: u32,
    pub(crate) effect: Effect,
    actions_at: u32,
    conditions: Cursor<'a>,
    unless: Cursor<'a>,
    /// Name, file, line, reason, message, fix, alert, approval, rewrite.
    shown: Cursor<'a>,
}

pub(crate) const LAYERS: [Layer; 5] =
    [Layer::Floor, Layer::Organisation, Layer::Machine, Layer::User, Layer::Project];
pub(crate) const VERDICTS: [Verdict; 4] = [Verdict::Allow, Verdict::Abstain, Verdict::Ask, Verdict::Deny];

impl PolicySet<'_> {
    pub(crate) fn policy(&self, index: u32) -> Option<PolicyRecord<'_>> {
        let found = self.read_policy(index);
        if found.is_none() {
            self.damage();
        }
        found
    }

    fn read_policy(&self, index: u32) -> Option<PolicyRecord<'_>> {
        if index >= self.header().policies {
            return None;
        }
        let [name_at, file_at, layer, bits, default, default_line, applies_at, audit_at] =
            self.entry::<POLICY_WORDS>(self.header().policies_at, index)?;
        Some(PolicyRecord {
            set: self,
            name_at,
            file_at,
            layer: *LAYERS.get(usize::try_from(layer).ok()?)?,
            bits,
            default: match default.checked_sub(1) {
                None => None,
                Some(place) => Some(*VERDICTS.get(usize::try_from(place).ok()?)?),
            },
            default_line,
            applies_at,
            audit_at,
        })
    }

    pub(crate) fn rule(&self, number: u32) -> Option<RuleRecord<'_>> {
        let found = self.read_rule(number);
        if found.is_none() {
            self.damage();
        }
        found
    }

    fn read_rule(&self, number: u32) -> Option<RuleRecord<'_>> {
        if number >= self.header().rules {
            return None;
        }
        let [from] = self.entry(self.header().rules_at, number)?;
        let [to] = self.entry(self.header().rules_at, number + 1)?;
        let mut cursor = Cursor::new(self, self.between(from, to)?);
        let bits = cursor.next()?;
        let effect = match bits & bits::EFFECT {
            0 => Effect::Allow,
            1 => Effect::Ask,
            2 => Effect::Deny,
            _ => return None,
        };
        Some(RuleRecord {
            set: self,
            bits,
            effect,
            policy: cursor.next()?,
            actions_at: cursor.next()?,
            conditions: cursor.section()?,
            unless: cursor.section()?,
            shown: cursor,
        })
    }
}

impl<'a> PolicyRecord<'a> {
    pub(crate) fn name(&self) -> Option<&'a str> {
        self.set.shared_text(self.name_at)
    }

    pub(crate) fn file(&self) -> Option<&'a str> {
        self.set.shared_text(self.file_at)
    }
}

/// What a rule says to people and records.
pub(crate) struct Shown<'a> {
    pub(crate) name: &'a str,
    pub(crate) file: &'a str,
    pub(crate) line: u32,
    pub(crate) reason: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    pub(crate) fix: Option<&'a str>,
    pub(crate) alert: Option<&'a str>,
    /// JSON of `approval:`.
    pub(crate) approval: Option<&'a str>,
    /// JSON of `rewrite:`.
    pub(crate) rewrite: Option<&'a str>,
}

impl<'a> RuleRecord<'a> {
    pub(crate) fn has(&self, bit: u32) -> bool {
        self.bits & bit != 0
    }

    pub(crate) fn shown(&self) -> Option<Shown<'a>> {
        let mut cursor = self.shown;
        Some(Shown {
            name: cursor.string()?,
            file: cursor.string()?,
            line: cursor.next()?,
            reason: cursor.optional()?,
            message: cursor.optional()?,
            fix: cursor.optional()?,
            alert: cursor.optional()?,
            approval: cursor.optional()?,
            rewrite: cursor.optional()?,
        })
    }

    pub(crate) fn actions(&self) -> Option<Strings<'a>> {
        Some(Strings::new(self.set, self.set.shared(self.actions_at)?))
    }

    /// Conditions, all of which must hold.
    pub(crate) fn conditions(&self) -> Cursor<'a> {
        self.conditions
    }

    /// Conditions of `unless`.
    pub(crate) fn unless(&self) -> Cursor<'a> {
        self.unless
    }
}

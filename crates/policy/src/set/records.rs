//! Policy and rule records.

use placet_model::{Layer, Verdict};

use super::{Cursor, PolicySet, Strings};
use crate::ir::Effect;

/// Words of a policy record.
pub(crate) const POLICY_WORDS: u32 = 8;
/// Words of a rule record.
pub(crate) const RULE_WORDS: u32 = 12;

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
    /// The rule can match an action on a path (and so on).
    pub(crate) const PATH: u32 = 32;
    pub(crate) const COMMAND: u32 = 64;
    pub(crate) const WEB: u32 = 128;
    pub(crate) const TEXT: u32 = 256;
}

/// A policy as stored.
#[derive(Clone, Copy)]
pub(crate) struct PolicyRecord<'a> {
    pub(crate) name: &'a str,
    pub(crate) file: &'a str,
    pub(crate) layer: Layer,
    pub(crate) bits: u32,
    pub(crate) default: Option<Verdict>,
    pub(crate) default_line: u32,
    /// Position of the lists of `appliesTo`; 0 reaches everyone.
    pub(crate) applies_at: u32,
    /// Position of `audit`; 0: nothing is said.
    pub(crate) audit_at: u32,
}

/// A rule as stored.
#[derive(Clone, Copy)]
pub(crate) struct RuleRecord<'a> {
    set: PolicySet<'a>,
    at: usize,
    pub(crate) policy: u32,
    pub(crate) bits: u32,
    pub(crate) effect: Effect,
}

pub(crate) const LAYERS: [Layer; 5] =
    [Layer::Floor, Layer::Organisation, Layer::Machine, Layer::User, Layer::Project];
pub(crate) const VERDICTS: [Verdict; 4] = [Verdict::Allow, Verdict::Abstain, Verdict::Ask, Verdict::Deny];

impl<'a> PolicySet<'a> {
    pub(crate) fn policy(&self, index: u32) -> Option<PolicyRecord<'a>> {
        if index >= self.header().policies {
            return None;
        }
        let mut cursor =
            self.cursor(self.header().policies_at.checked_add(index.checked_mul(POLICY_WORDS)?)?)?;
        Some(PolicyRecord {
            name: cursor.string()?,
            file: cursor.string()?,
            layer: *LAYERS.get(usize::try_from(cursor.next()?).ok()?)?,
            bits: cursor.next()?,
            default: match cursor.next()? {
                0 => None,
                n => Some(*VERDICTS.get(usize::try_from(n - 1).ok()?)?),
            },
            default_line: cursor.next()?,
            applies_at: cursor.next()?,
            audit_at: cursor.next()?,
        })
    }

    pub(crate) fn rule(&self, index: u32) -> Option<RuleRecord<'a>> {
        if index >= self.header().rules {
            return None;
        }
        let at = usize::try_from(self.header().rules_at.checked_add(index.checked_mul(RULE_WORDS)?)?).ok()?;
        let bits = self.word(at + 1)?;
        let effect = match bits & bits::EFFECT {
            0 => Effect::Allow,
            1 => Effect::Ask,
            2 => Effect::Deny,
            _ => return None,
        };
        Some(RuleRecord { set: *self, at, policy: self.word(at)?, bits, effect })
    }
}

impl<'a> RuleRecord<'a> {
    fn field(&self, index: usize) -> Option<u32> {
        self.set.word(self.at + index)
    }

    pub(crate) fn has(&self, bit: u32) -> bool {
        self.bits & bit != 0
    }

    pub(crate) fn name(&self) -> Option<&'a str> {
        self.set.string(self.field(2)?)
    }

    pub(crate) fn file(&self) -> Option<&'a str> {
        self.set.string(self.field(3)?)
    }

    pub(crate) fn line(&self) -> Option<u32> {
        self.field(4)
    }

    pub(crate) fn reason(&self) -> Option<&'a str> {
        self.set.optional_string(self.field(5)?)
    }

    pub(crate) fn message(&self) -> Option<&'a str> {
        self.set.optional_string(self.field(6)?)
    }

    pub(crate) fn fix(&self) -> Option<&'a str> {
        self.set.optional_string(self.field(7)?)
    }

    pub(crate) fn actions(&self) -> Option<Strings<'a>> {
        self.set.cursor(self.field(8)?)?.strings()
    }

    /// Conditions; the first word is their number.
    pub(crate) fn conditions(&self) -> Option<Cursor<'a>> {
        self.set.cursor(self.field(9)?)
    }

    /// Conditions of `unless`.
    pub(crate) fn unless(&self) -> Option<Cursor<'a>> {
        self.set.cursor(self.field(10)?)
    }

    /// Alert, approval and rewrite.
    pub(crate) fn extra(&self) -> Option<[Option<&'a str>; 3]> {
        let mut cursor = self.set.cursor(self.field(11)?)?;
        Some([cursor.optional()?, cursor.optional()?, cursor.optional()?])
    }
}

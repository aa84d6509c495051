//! Intermediate form to the compiled file; see `set` for its layout.

use super::bytes::Bytes;
use super::index::{self, Table};
use super::rule;
use super::shared::Shared;
use crate::ir::{AppliesTo, Audit, Policy};
use crate::set::{HEADER_BYTES, Header, LAYERS, MAGIC, VERDICTS, VERSION, bits, seal, tables};

/// The compiled file. `None` when a size does not fit.
pub(crate) fn encode(policies: &[Policy]) -> Option<Vec<u8>> {
    let mut shared = Shared::default();
    let mut policy_words = Vec::new();
    let mut starts = Vec::new();
    let mut rules = Bytes::default();
    for (index, policy) in policies.iter().enumerate() {
        policy_words.extend(words_of(policy, &mut shared)?);
        for rule in &policy.rules {
            starts.push(u32::try_from(rules.out.len()).ok()?);
            rule::write(rule, u32::try_from(index).ok()?, &mut rules, &mut shared)?;
        }
    }
    starts.push(u32::try_from(rules.out.len()).ok()?);
    let table = index::build(policies.iter().flat_map(|policy| &policy.rules), &mut shared)?;
    let counts = Header {
        policies: u32::try_from(policies.len()).ok()?,
        rules: u32::try_from(starts.len() - 1).ok()?,
        ..Header::default()
    };
    file(counts, &policy_words, &table, &shared.finish(), starts, &rules.out)
}

/// Puts the parts together. What most decisions read stands at the beginning.
fn file(
    mut header: Header,
    policies: &[u32],
    table: &Table,
    shared: &[u8],
    mut starts: Vec<u32>,
    rules: &[u8],
) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    let here = |data: &Vec<u8>| u32::try_from(data.len()).ok();
    header.policies_at = here(&data)?;
    push_words(&mut data, policies);
    header.filter_at = here(&data)?;
    header.filter = u32::try_from(table.filter.len()).ok()?;
    data.extend(table.filter.iter().flat_map(|word| word.to_le_bytes()));
    header.slots_at = here(&data)?;
    header.slots = u32::try_from(table.slots.len()).ok()?;
    data.extend(table.slots.iter().flatten().flat_map(|word| word.to_le_bytes()));
    header.shared_at = here(&data)?;
    data.extend_from_slice(shared);
    data.resize(data.len().next_multiple_of(4), 0);
    header.rules_at = here(&data)?;
    let rules_from = u32::try_from(data.len() + starts.len() * 4).ok()?;
    for start in &mut starts {
        *start = start.checked_add(rules_from)?;
    }
    push_words(&mut data, &starts);
    data.extend_from_slice(rules);
    header.data_bytes = here(&data)?;
    sealed(header, &data)
}

fn push_words(data: &mut Vec<u8>, words: &[u32]) {
    data.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// Header and checksums before the data.
fn sealed(mut header: Header, data: &[u8]) -> Option<Vec<u8>> {
    let tables = tables(data);
    let length = u32::try_from(HEADER_BYTES + tables.len() + data.len()).ok()?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + tables.len() + data.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&[0; 8]);
    for field in header.fields() {
        bytes.extend_from_slice(&field.to_le_bytes());
    }
    bytes.extend_from_slice(&tables);
    bytes.extend_from_slice(data);
    seal(&mut bytes, data.len())?;
    Some(bytes)
}

fn words_of(policy: &Policy, shared: &mut Shared) -> Option<[u32; 8]> {
    let applies_at = match &policy.applies_to {
        Some(applies) => shared.add(&lists_of(applies)?)? + 1,
        None => 0,
    };
    let audit_at = match &policy.audit {
        Some(audit) => shared.add(&audit_of(audit)?)? + 1,
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
    Some([
        shared.add(policy.name.as_bytes())?,
        shared.add(policy.file.as_bytes())?,
        u32::try_from(LAYERS.iter().position(|layer| *layer == policy.layer)?).ok()?,
        flags,
        default,
        policy.default_line,
        applies_at,
        audit_at,
    ])
}

fn lists_of(applies: &AppliesTo) -> Option<Vec<u8>> {
    let mut out = Bytes::default();
    for list in [&applies.tags, &applies.tiers, &applies.agents, &applies.organisations] {
        // A list that is absent and one that is empty differ.
        out.number(u32::from(list.is_some()));
        out.list(list.as_deref().unwrap_or_default())?;
    }
    Some(out.out)
}

fn audit_of(audit: &Audit) -> Option<Vec<u8>> {
    let mut out = Bytes::default();
    out.number(u32::from(audit.enabled));
    out.number(u32::from(audit.grave_only));
    // One more than the number, so that "absent" and "0 days" differ.
    out.number(match audit.retention_days {
        Some(days) => days.checked_add(1)?,
        None => 0,
    });
    out.list(&audit.include)?;
    Some(out.out)
}

//! Pathname patterns against path patterns (section 5.3, *meets* and *covers*).

use super::glob::{self, Case};

/// Whether a path exists that `own` stands for and that `wanted`, or something it names a parent of, matches.
pub(crate) fn at_all(wanted: &[String], own: &[String]) -> bool {
    meet(wanted, own, false)
}

/// The same, and no literal text of `wanted` is put on something that could be anything.
pub(crate) fn specifically(wanted: &[String], own: &[String]) -> bool {
    meet(wanted, own, true)
}

fn meet(wanted: &[String], own: &[String], specific: bool) -> bool {
    let Some((first, wanted_rest)) = wanted.split_first() else { return true };
    if first == "**" {
        return meet(wanted_rest, own, specific)
            || own.split_first().is_some_and(|(_, rest)| meet(wanted, rest, specific));
    }
    let Some((name, own_rest)) = own.split_first() else { return false };
    let literal = specific && glob::has_literal(first);
    if name == "**" {
        return meet(wanted, own_rest, specific) || !literal && meet(wanted_rest, own, specific);
    }
    let anything = name.chars().all(|c| c == '*');
    let hidden = glob::starts_wild(name) && first.starts_with('.');
    let apart = literal && anything || hidden;
    !apart
        && glob::in_common(first, name, Case::Apart)
        && (!specific || covers_segment(first, name, Case::Apart) || covers_segment(name, first, Case::Apart))
        && meet(wanted_rest, own_rest, specific)
}

/// Whether everything `own` stands for is matched by `wanted`, as far as the two texts tell.
pub(crate) fn covers(wanted: &[String], own: &[String]) -> bool {
    cover(wanted, own, Case::Counts)
}

/// The same case apart, where `wanted` also matches what lies below what it names.
pub(crate) fn covers_below(wanted: &[String], own: &[String]) -> bool {
    let all = "**".to_owned();
    let below: Vec<String> = wanted.iter().cloned().chain([all]).collect();
    cover(&below, own, Case::Apart)
}

fn cover(wanted: &[String], own: &[String], case: Case) -> bool {
    match (wanted.split_first(), own.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((first, others)), rest) if first == "**" => {
            cover(others, own, case) || rest.is_some_and(|(_, rest)| cover(wanted, rest, case))
        }
        (Some(_), None) => false,
        (Some((first, others)), Some((name, rest))) => {
            name != "**" && covers_segment(first, name, case) && cover(others, rest, case)
        }
    }
}

fn covers_segment(wanted: &str, own: &str, case: Case) -> bool {
    let anything = wanted.chars().all(|c| c == '*');
    if anything || wanted == own || !glob::wild(own) && glob::text(wanted, &glob::plain(own), case) {
        return true;
    }
    let Some((prefix, suffix)) = wanted.split_once('*') else { return false };
    let plain = !glob::wild(prefix) && !glob::wild(suffix);
    let long = own.len() >= prefix.len() + suffix.len();
    if !(plain && long) {
        return false;
    }
    let (start, end) = (own.get(..prefix.len()), own.get(own.len() - suffix.len()..));
    let same = |part: Option<&str>, fixed: &str| part.is_some_and(|part| glob::same_text(part, fixed, case));
    same(start, prefix) && same(end, suffix)
}

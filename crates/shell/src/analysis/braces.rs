//! Brace expansion: `{a,b}` and `{1..5}`.

use crate::syntax::Part;

/// Words one word may become.
const WORDS: usize = 256;

/// The words that `parts` stand for, in order; `None` when they are too many or a range is not understood.
pub(super) fn expand(parts: &[Part]) -> Option<Vec<Vec<Part>>> {
    let mut words: Vec<Vec<Part>> = vec![Vec::new()];
    for part in parts {
        let choices: Vec<Vec<Part>> = match part {
            Part::Braces(alternatives) => {
                let mut choices = Vec::new();
                for alternative in alternatives {
                    choices.append(&mut expand(alternative)?);
                    if choices.len() > WORDS {
                        return None;
                    }
                }
                choices
            }
            Part::Range(text) => range(text)?.into_iter().map(|item| vec![Part::Bare(item)]).collect(),
            other => {
                words.iter_mut().for_each(|word| word.push(other.clone()));
                continue;
            }
        };
        if words.len() * choices.len() > WORDS {
            return None;
        }
        words = words
            .iter()
            .flat_map(|word| choices.iter().map(move |choice| word.iter().chain(choice).cloned().collect()))
            .collect();
    }
    Some(words)
}

fn range(text: &str) -> Option<Vec<String>> {
    let mut pieces = text.split("..");
    let (first, last, step) = (pieces.next()?, pieces.next()?, pieces.next());
    if pieces.next().is_some() {
        return None;
    }
    let step = match step {
        Some(step) => i64::from(step.parse::<i32>().ok()?).unsigned_abs().max(1),
        None => 1,
    };
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(i64::from(*byte)),
        _ => None,
    };
    if let (Some(from), Some(to)) = (letter(first), letter(last)) {
        // Between `Z` and `a` lie characters that are special; leave those ranges alone.
        if (from < 97) != (to < 97) {
            return None;
        }
        let items = count(from, to, step)?;
        return items
            .into_iter()
            .map(|item| u8::try_from(item).ok().map(|byte| char::from(byte).to_string()))
            .collect();
    }
    let (from, to) = (i64::from(first.parse::<i32>().ok()?), i64::from(last.parse::<i32>().ok()?));
    let padded = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']);
        digits.len() > 1 && digits.starts_with('0')
    };
    let width = if padded(first) || padded(last) { first.len().max(last.len()) } else { 0 };
    Some(count(from, to, step)?.into_iter().map(|item| format!("{item:0width$}")).collect())
}

fn count(from: i64, to: i64, step: u64) -> Option<Vec<i64>> {
    let turns = from.abs_diff(to) / step;
    if turns >= WORDS as u64 {
        return None;
    }
    let step = i64::try_from(step).ok()? * if to < from { -1 } else { 1 };
    (0..=i64::try_from(turns).ok()?).map(|turn| from.checked_add(turn.checked_mul(step)?)).collect()
}

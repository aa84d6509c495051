//! What the first operand of `chmod` grants (section 5.2).

/// Whether two modes grant the same.
pub(crate) fn same_grant(one: &str, other: &str) -> bool {
    grant(one).is_some_and(|bits| grant(other) == Some(bits))
}

fn grant(mode: &str) -> Option<u32> {
    if (3..=5).contains(&mode.len()) && mode.chars().all(|c| c.is_digit(8)) {
        return u32::from_str_radix(mode, 8).ok().map(|bits| bits & 0o777);
    }
    mode.split(',').map(clause).try_fold(0, |bits, clause| Some(bits | clause?))
}

/// `u+rw`, `go-x`, `=r`; one sign in each.
fn clause(text: &str) -> Option<u32> {
    let at = text.find(['+', '-', '='])?;
    let (who, change) = text.split_at(at);
    let who = who.chars().try_fold(0, |mask, c| {
        Some(
            mask | match c {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => 0o777,
                _ => return None,
            },
        )
    })?;
    let bits = change.chars().skip(1).try_fold(0, |bits, c| {
        Some(
            bits | match c {
                'r' => 0o444,
                'w' => 0o222,
                'x' | 'X' => 0o111,
                's' | 't' => 0,
                _ => return None,
            },
        )
    })?;
    let who = if who == 0 { 0o777 } else { who };
    Some(if change.starts_with('-') { 0 } else { bits & who })
}

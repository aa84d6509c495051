//! `{placeholders}` in messages.

/// Known placeholders.
pub(crate) const NAMES: [&str; 9] =
    ["tool", "command", "path", "url", "host", "program", "rule", "policy", "resource"];

/// Names between braces, as far as they look like names.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| looks_like_name(name))
}

fn looks_like_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// Replaces each known placeholder by what `value` gives; everything else stays.
pub(crate) fn render(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').filter(|(name, _)| NAMES.contains(name)) {
            Some((name, tail)) => {
                out.push_str(&value(name).unwrap_or_default());
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders() {
        let value = |name: &str| (name == "tool").then(|| "Bash".to_owned());
        assert_eq!(render("{tool}: {x} {{tool}} {path}.", value), "Bash: {x} {Bash} .");
        assert_eq!(placeholders("{tool} {X} {a b} {pth}").collect::<Vec<_>>(), ["tool", "pth"]);
    }
}

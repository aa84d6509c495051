//! Secrets that are known by their own shape.

/// Which characters the body of a token may have.
#[derive(Clone, Copy, Debug)]
enum Body {
    /// Upper-case letters and digits.
    Upper,
    /// Letters, digits, `_`.
    Word,
    /// Letters, digits, `_`, `-`.
    Dashed,
    /// Letters, digits, `_`, `-`, `.`, `+`, `/`, `=`.
    Wide,
}

impl Body {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Dashed => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Wide => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=')
            }
        }
    }
}

/// Prefix, kind in the mark, shortest body, characters of the body. Sorted by their first byte, longer ones first.
const TOKENS: &[(&str, &str, usize, Body)] = &[
    ("AKIA", "aws-key", 12, Body::Upper),
    ("ASIA", "aws-key", 12, Body::Upper),
    ("ABIA", "aws-key", 12, Body::Upper),
    ("AIza", "google-key", 30, Body::Dashed),
    ("AGE-SECRET-KEY-1", "private-key", 40, Body::Upper),
    ("ATATT3", "api-key", 40, Body::Wide),
    ("ATCTT3", "api-key", 40, Body::Wide),
    ("CFPAT-", "api-key", 30, Body::Dashed),
    ("EAAA", "api-key", 50, Body::Word),
    ("GOCSPX-", "google-secret", 20, Body::Dashed),
    ("LTAI", "api-key", 16, Body::Word),
    ("NRAK-", "api-key", 20, Body::Upper),
    ("PMAK-", "api-key", 40, Body::Dashed),
    ("SG.", "api-key", 40, Body::Wide),
    ("dop_v1_", "api-key", 40, Body::Word),
    ("dckr_pat_", "api-key", 20, Body::Dashed),
    ("dapi", "api-key", 32, Body::Word),
    ("doo_v1_", "api-key", 40, Body::Word),
    ("dor_v1_", "api-key", 40, Body::Word),
    ("dp.pt.", "api-key", 30, Body::Word),
    ("dp.st.", "api-key", 30, Body::Wide),
    ("figd_", "api-key", 30, Body::Dashed),
    ("github_pat_", "github-token", 20, Body::Word),
    ("ghp_", "github-token", 20, Body::Word),
    ("gho_", "github-token", 20, Body::Word),
    ("ghu_", "github-token", 20, Body::Word),
    ("ghs_", "github-token", 20, Body::Word),
    ("ghr_", "github-token", 20, Body::Word),
    ("glpat-", "gitlab-token", 16, Body::Dashed),
    ("gldt-", "gitlab-token", 16, Body::Dashed),
    ("glrt-", "gitlab-token", 16, Body::Dashed),
    ("glptt-", "gitlab-token", 16, Body::Dashed),
    ("glsa_", "api-key", 30, Body::Word),
    ("glc_", "api-key", 40, Body::Wide),
    ("gsk_", "api-key", 40, Body::Word),
    ("hf_", "api-key", 30, Body::Word),
    ("hvs.", "vault-token", 20, Body::Dashed),
    ("hvb.", "vault-token", 20, Body::Dashed),
    ("hvr.", "vault-token", 20, Body::Dashed),
    ("lin_api_", "api-key", 30, Body::Word),
    ("lin_oauth_", "api-key", 30, Body::Word),
    ("mg_live_", "api-key", 8, Body::Word),
    ("mg_test_", "api-key", 8, Body::Word),
    ("npm_", "npm-token", 30, Body::Word),
    ("nfp_", "api-key", 30, Body::Word),
    ("ntn_", "api-key", 40, Body::Word),
    ("ops_eyJ", "api-key", 40, Body::Wide),
    ("pypi-", "pypi-token", 50, Body::Dashed),
    ("pplx-", "api-key", 40, Body::Word),
    ("phx_", "api-key", 40, Body::Word),
    ("pul-", "api-key", 40, Body::Word),
    ("rk_live_", "stripe-key", 10, Body::Word),
    ("rk_test_", "stripe-key", 10, Body::Word),
    ("r8_", "api-key", 35, Body::Word),
    ("re_", "api-key", 30, Body::Word),
    ("rubygems_", "api-key", 40, Body::Word),
    ("sk_live_", "stripe-key", 10, Body::Word),
    ("sk_test_", "stripe-key", 10, Body::Word),
    ("sk-ant-", "anthropic-key", 16, Body::Dashed),
    ("sk-proj-", "openai-key", 16, Body::Dashed),
    ("sk-svcacct-", "openai-key", 16, Body::Dashed),
    ("sk-or-", "api-key", 16, Body::Dashed),
    ("sk-", "openai-key", 20, Body::Dashed),
    ("shpat_", "api-key", 30, Body::Word),
    ("sbp_", "api-key", 40, Body::Word),
    ("secret_", "api-key", 40, Body::Word),
    ("shpca_", "api-key", 30, Body::Word),
    ("shppa_", "api-key", 30, Body::Word),
    ("shpss_", "api-key", 30, Body::Word),
    ("sntrys_", "api-key", 40, Body::Wide),
    ("sntryu_", "api-key", 40, Body::Word),
    ("sq0atp-", "api-key", 20, Body::Dashed),
    ("sq0csp-", "api-key", 30, Body::Dashed),
    ("tskey-", "api-key", 16, Body::Dashed),
    ("vercel_", "api-key", 24, Body::Word),
    ("whsec_", "stripe-key", 16, Body::Wide),
    ("xoxb-", "slack-token", 8, Body::Dashed),
    ("xoxp-", "slack-token", 8, Body::Dashed),
    ("xoxa-", "slack-token", 8, Body::Dashed),
    ("xoxr-", "slack-token", 8, Body::Dashed),
    ("xoxs-", "slack-token", 8, Body::Dashed),
    ("xoxe.", "slack-token", 8, Body::Wide),
    ("xapp-", "slack-token", 8, Body::Dashed),
    ("xai-", "api-key", 40, Body::Word),
    ("xkeysib-", "api-key", 40, Body::Dashed),
    ("ya29.", "google-token", 20, Body::Dashed),
];

/// Kind and length of the token that `text` starts with.
pub(super) fn token(text: &str) -> Option<(&'static str, usize)> {
    if let Some(length) = jwt(text) {
        return Some(("jwt", length));
    }
    if let Some(length) = telegram(text) {
        return Some(("telegram-token", length));
    }
    let first = *text.as_bytes().first()?;
    let start = |prefix: &str| prefix.as_bytes().first().copied().unwrap_or_default();
    let from = TOKENS.partition_point(|(prefix, ..)| start(prefix) < first);
    let mut likely = TOKENS.iter().skip(from).take_while(|(prefix, ..)| start(prefix) == first);
    likely.find_map(|(prefix, kind, shortest, body)| {
        let rest = text.strip_prefix(prefix)?;
        let length = rest.bytes().take_while(|byte| body.takes(*byte)).count();
        (length >= *shortest).then_some((*kind, prefix.len() + length))
    })
}

/// A bot's number, a colon, and its key, maybe behind the word `bot` of a URL.
fn telegram(text: &str) -> Option<usize> {
    let number = text.strip_prefix("bot").unwrap_or(text);
    let digits = number.bytes().take(12).take_while(u8::is_ascii_digit).count();
    let key = number.get(digits..)?.strip_prefix(":AA")?;
    let length = key.bytes().take(64).take_while(|byte| Body::Dashed.takes(*byte)).count();
    ((8..=10).contains(&digits) && length >= 30).then(|| text.len() - number.len() + digits + 3 + length)
}

/// Addresses that are secrets by themselves: whoever knows the last part may post. How much stays, and the
/// length of what does not.
pub(super) fn webhook(text: &str) -> Option<(usize, usize)> {
    let path = |text: &str| text.bytes().take(256).take_while(|byte| Body::Wide.takes(*byte)).count();
    let part =
        |text: &str, test: fn(u8) -> bool| text.bytes().take(32).take_while(|byte| test(*byte)).count();
    let upper = |text: &str| part(text, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let digits = |text: &str| part(text, |byte| byte.is_ascii_digit());
    let open = if let Some(rest) = text.strip_prefix("/services/T") {
        let team = upper(rest);
        let rest = rest.get(team..)?.strip_prefix("/B")?;
        text.len() - rest.len() + upper(rest)
    } else if let Some(rest) = text.strip_prefix("/webhooks/").or_else(|| text.strip_prefix("/hooks/catch/"))
    {
        let number = digits(rest);
        (number >= 5).then_some(text.len() - rest.len() + number)?
    } else {
        let rest = text.strip_prefix("/webhookb2/")?;
        text.len() - rest.len() - 1
    };
    let rest = text.get(open..)?.strip_prefix('/')?;
    let length = path(rest);
    (length >= 8).then_some((open + 1, length))
}

/// Three parts of base64 with dots between, the first of which starts with `{"`.
fn jwt(text: &str) -> Option<usize> {
    text.starts_with("eyJ").then_some(())?;
    let part = |from: usize| text.bytes().skip(from).take_while(|byte| Body::Dashed.takes(*byte)).count();
    let dot = |at: usize| text.as_bytes().get(at) == Some(&b'.');
    // A header is short; the bound keeps repeated near-misses cheap.
    let header = text
        .bytes()
        .take(512)
        .position(|byte| byte == b'.')
        .filter(|length| *length >= 8 && part(0) == *length)?;
    let claims = part(header + 1);
    (claims >= 8).then_some(())?;
    let end = header + 1 + claims;
    Some(if dot(end) { end + 1 + part(end + 1) } else { end })
}

/// Length of the private key block that `text` starts with; without its end, all of the text.
pub(super) fn private_key(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("-----BEGIN ")?;
    let label_end = rest.bytes().take(48).position(|byte| byte == b'-')?;
    let label = rest.get(..label_end)?;
    label.contains("PRIVATE KEY").then_some(())?;
    let end = text.find("-----END ").and_then(|at| {
        let tail = text.get(at + 9..)?;
        tail.find("-----").map(|dashes| at + 9 + dashes + 5)
    });
    Some(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_sorted_by_their_first_byte_longer_ones_first() {
        assert!(TOKENS.is_sorted_by_key(|(prefix, ..)| prefix.as_bytes()[0]));
        for (index, (earlier, ..)) in TOKENS.iter().enumerate() {
            for (later, ..) in TOKENS.iter().skip(index + 1) {
                assert!(!later.starts_with(earlier), "{earlier} hides {later}");
            }
        }
    }
}

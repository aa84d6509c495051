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

/// Prefix, kind in the mark, shortest body, characters of the body. Longer prefixes first.
const TOKENS: &[(&str, &str, usize, Body)] = &[
    ("AKIA", "aws-key", 12, Body::Upper),
    ("ASIA", "aws-key", 12, Body::Upper),
    ("ABIA", "aws-key", 12, Body::Upper),
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
    ("xoxb-", "slack-token", 8, Body::Dashed),
    ("xoxp-", "slack-token", 8, Body::Dashed),
    ("xoxa-", "slack-token", 8, Body::Dashed),
    ("xoxr-", "slack-token", 8, Body::Dashed),
    ("xoxs-", "slack-token", 8, Body::Dashed),
    ("xoxe.", "slack-token", 8, Body::Wide),
    ("xapp-", "slack-token", 8, Body::Dashed),
    ("sk_live_", "stripe-key", 10, Body::Word),
    ("sk_test_", "stripe-key", 10, Body::Word),
    ("rk_live_", "stripe-key", 10, Body::Word),
    ("rk_test_", "stripe-key", 10, Body::Word),
    ("whsec_", "stripe-key", 16, Body::Wide),
    ("sk-ant-", "anthropic-key", 16, Body::Dashed),
    ("sk-proj-", "openai-key", 16, Body::Dashed),
    ("sk-svcacct-", "openai-key", 16, Body::Dashed),
    ("sk-or-", "api-key", 16, Body::Dashed),
    ("sk-", "openai-key", 20, Body::Dashed),
    ("AIza", "google-key", 30, Body::Dashed),
    ("ya29.", "google-token", 20, Body::Dashed),
    ("GOCSPX-", "google-secret", 20, Body::Dashed),
    ("npm_", "npm-token", 30, Body::Word),
    ("pypi-", "pypi-token", 50, Body::Dashed),
    ("hf_", "api-key", 30, Body::Word),
    ("dop_v1_", "api-key", 40, Body::Word),
    ("SG.", "api-key", 40, Body::Wide),
    ("AGE-SECRET-KEY-1", "private-key", 40, Body::Upper),
    ("mg_live_", "api-key", 8, Body::Word),
    ("mg_test_", "api-key", 8, Body::Word),
    ("shpat_", "api-key", 30, Body::Word),
    ("lin_api_", "api-key", 30, Body::Word),
    ("dckr_pat_", "api-key", 20, Body::Dashed),
    ("tskey-", "api-key", 16, Body::Dashed),
];

/// Kind and length of the token that `text` starts with.
pub(super) fn token(text: &str) -> Option<(&'static str, usize)> {
    if let Some(length) = jwt(text) {
        return Some(("jwt", length));
    }
    TOKENS.iter().find_map(|(prefix, kind, shortest, body)| {
        let rest = text.strip_prefix(prefix)?;
        let length = rest.bytes().take_while(|byte| body.takes(*byte)).count();
        (length >= *shortest).then_some((*kind, prefix.len() + length))
    })
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

//! Short-lived tokens of agents (JSON Web Tokens, RFC 7519), for clients that should not hold a long-lived key.
//!
//! A token names the key it was made from by that key's hash, and is worth something only as long as that key is: to revoke the
//! agent or give it another key ends its tokens at once. Name, tier and tags stand in it for clients; the gateway looks them up.

mod jws;

use std::fmt;

use placet_store::{Agent, KeyHash};
use serde_json::{Value, json};

pub(crate) use jws::Keys;

/// Who makes the tokens. Older gateways call themselves otherwise, and clients do not look.
const ISSUER: &str = "placet";

/// Clocks of replicas may differ by so much, in seconds.
const LEEWAY_S: i64 = 5;

/// Longest life of a token, in seconds.
pub(crate) const LONGEST_LIFE_S: i64 = 30 * 24 * 3600;

/// A token and when it ends.
pub(crate) struct Made {
    pub(crate) token: String,
    pub(crate) ends_ms: i64,
}

/// What a valid token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Id of the agent.
    pub(crate) agent: String,
    /// Hash of the key it was made from.
    pub(crate) key: KeyHash,
}

/// Why a token is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worthless {
    /// Not of the form, or not signed by this gateway.
    Forged,
    /// Its time is over, or has not come.
    Expired,
}

impl fmt::Display for Worthless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forged => "Invalid token",
            Self::Expired => "The token has expired",
        })
    }
}

/// Whether a credential is to be read as a token.
pub(crate) fn is_token(credential: &str) -> bool {
    credential.starts_with("eyJ") && credential.contains('.')
}

/// Makes a token for an agent from its key.
pub(crate) fn make(keys: &Keys, agent: &Agent, key: &KeyHash, now_ms: i64, life_s: i64) -> Made {
    let now_s = now_ms.div_euclid(1000);
    let ends_s = now_s + life_s;
    let claims = json!({
        "iss": ISSUER, "sub": agent.id, "name": agent.name, "tier": agent.trust_tier, "tags": agent.tags,
        "orgId": agent.organisation, "iat": now_s, "exp": ends_s, "key": jws::encode(key),
    });
    Made { token: jws::sign(keys, &claims), ends_ms: ends_s * 1000 }
}

/// What a token says, if this gateway made it and it has not ended.
///
/// # Errors
/// [`Worthless`].
pub(crate) fn read(keys: &Keys, token: &str, now_ms: i64) -> Result<Claims, Worthless> {
    let claims = jws::verify(keys, token).ok_or(Worthless::Forged)?;
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let now_s = now_ms.div_euclid(1000);
    let (Some(made_s), Some(ends_s)) = (number("iat"), number("exp")) else { return Err(Worthless::Forged) };
    if now_s >= ends_s || made_s > now_s + LEEWAY_S || ends_s.saturating_sub(made_s) > LONGEST_LIFE_S {
        return Err(Worthless::Expired);
    }
    let key = text("key").and_then(jws::decode).and_then(|key| KeyHash::try_from(key).ok());
    match (text("sub"), key) {
        (Some(agent), Some(key)) => Ok(Claims { agent: agent.to_owned(), key }),
        _ => Err(Worthless::Forged),
    }
}

#[cfg(test)]
mod tests;

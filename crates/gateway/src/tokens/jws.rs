//! The compact form of signed JSON (RFC 7515) with the two algorithms that are used here: `EdDSA` over Ed25519 (RFC 8037) and
//! `HS256`. What is not exactly of that form is refused; the text never chooses a key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// What tokens are signed with.
pub(crate) struct Keys {
    /// The gateway's own key.
    own: SigningKey,
    /// A secret that is shared with others who make or read tokens. New tokens are signed with it when it is there.
    shared: Option<Vec<u8>>,
}

impl Keys {
    pub(crate) fn new(own: &[u8; 32], shared: Option<&str>) -> Self {
        Self { own: SigningKey::from_bytes(own), shared: shared.map(|secret| secret.as_bytes().to_vec()) }
    }
}

#[cfg(test)]
impl Keys {
    /// Secrets of test vectors are no text.
    pub(super) fn replace_shared(&mut self, secret: Vec<u8>) {
        self.shared = Some(secret);
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// `header.payload.signature`.
pub(super) fn sign(keys: &Keys, payload: &Value) -> String {
    let algorithm = if keys.shared.is_some() { "HS256" } else { "EdDSA" };
    let header = json!({"alg": algorithm, "typ": "JWT"});
    let signed =
        format!("{}.{}", encode(header.to_string().as_bytes()), encode(payload.to_string().as_bytes()));
    let signature = signature(keys, &signed);
    format!("{signed}.{signature}")
}

pub(super) fn signature(keys: &Keys, signed: &str) -> String {
    match keys.shared.as_deref().and_then(|secret| code(secret, signed.as_bytes())) {
        Some(code) => encode(&code.finalize().into_bytes()),
        None => encode(&keys.own.sign(signed.as_bytes()).to_bytes()),
    }
}

/// The payload, when the signature is right.
pub(super) fn verify(keys: &Keys, token: &str) -> Option<Value> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    // `crit` names extensions that must be understood, and none are.
    if header.get("crit").is_some() {
        return None;
    }
    let signature = decode(signature)?;
    match header.get("alg")?.as_str()? {
        "EdDSA" => {
            let signature = Signature::from_slice(&signature).ok()?;
            keys.own.verifying_key().verify_strict(signed.as_bytes(), &signature).ok()?;
        }
        "HS256" => code(keys.shared.as_deref()?, signed.as_bytes())?.verify_slice(&signature).ok()?,
        _ => return None,
    }
    match serde_json::from_slice(&decode(payload)?) {
        Ok(payload @ Value::Object(_)) => Some(payload),
        _ => None,
    }
}

fn code(secret: &[u8], text: &[u8]) -> Option<Hmac<Sha256>> {
    let mut code = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    code.update(text);
    Some(code)
}

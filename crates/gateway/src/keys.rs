//! Keys of agents, tokens for administration, and what operators show for a session.

use std::io;

use placet_store::KeyHash;
use sha2::{Digest as _, Sha256};

use crate::machine::random;

/// How a key that is made here begins.
pub(crate) const PREFIX: &str = "plc_live_";

/// How a token for administration begins that is made here.
const TOKEN_PREFIX: &str = "plc_token_";

/// How what an operator shows for a session begins.
pub(crate) const SESSION_PREFIX: &str = "plc_session_";

/// Letters and digits a key is written with; no two look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters behind its beginning that people see of a key later, to tell keys apart.
const HINT: usize = 4;

/// A new key, its hash and its hint. The key holds 160 random bits.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn new_key() -> io::Result<(String, KeyHash, String)> {
    made(PREFIX)
}

/// A new token for administration, its hash and its hint.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn new_token() -> io::Result<(String, KeyHash, String)> {
    made(TOKEN_PREFIX)
}

/// What an operator shows for a new session, and its hash.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn new_session() -> io::Result<(String, KeyHash)> {
    made(SESSION_PREFIX).map(|(shown, hash, _)| (shown, hash))
}

fn made(prefix: &str) -> io::Result<(String, KeyHash, String)> {
    let key = format!("{prefix}{}", letters()?);
    let hint = key.chars().take(prefix.len() + HINT).collect();
    let hash = hash(&key);
    Ok((key, hash, hint))
}

/// A token for administration, with 160 random bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_admin_token() -> io::Result<String> {
    Ok(format!("plc_admin_{}", letters()?))
}

fn letters() -> io::Result<String> {
    let bytes: [u8; 32] = random()?;
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied().map_or('0', char::from);
    Ok(bytes.iter().map(letter).collect())
}

/// What is stored of a key.
pub(crate) fn hash(key: &str) -> KeyHash {
    Sha256::digest(key.as_bytes()).into()
}

/// Whether two hashes are equal, in a time that tells nothing about where they differ.
pub(crate) fn same(one: &KeyHash, other: &KeyHash) -> bool {
    one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

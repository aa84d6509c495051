//! Keys of agents and the administration token.

use std::io;

use placet_store::KeyHash;
use sha2::{Digest as _, Sha256};

use crate::machine::random;

/// How a key that is made here begins.
pub(crate) const PREFIX: &str = "plc_live_";

/// Letters and digits a key is written with; no two look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of a key that people see later, to tell keys apart.
const HINT: usize = 13;

/// A new key, its hash and its hint. The key holds 160 random bits.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn new_key() -> io::Result<(String, KeyHash, String)> {
    let key = format!("{PREFIX}{}", letters()?);
    let hint = key.chars().take(HINT).collect();
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

//! The machine's key for marks of redacted secrets.

use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::regular_file::{RegularFileError, read_bytes};

/// Length of a key.
const KEY_BYTES: u64 = 32;
const WRONG_LENGTH: &str = "it does not hold 32 bytes";

/// Why there is no key.
#[derive(Debug)]
pub struct KeyError {
    file: PathBuf,
    why: String,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key `{}`: {}", self.file.display(), self.why)
    }
}

impl std::error::Error for KeyError {}

/// The key in the state folder, 32 random bytes; made on first use.
///
/// # Errors
/// When it can be neither read nor made, or has another length.
pub fn machine_key(state: &Path) -> Result<[u8; 32], KeyError> {
    let file = state.join("redaction.key");
    let fail = |why: String| KeyError { file: file.clone(), why };
    let read = || match read_bytes(&file, KEY_BYTES) {
        Ok(Some(bytes)) => bytes.try_into().map(Some).map_err(|_| fail(WRONG_LENGTH.to_owned())),
        Ok(None) => Ok(None),
        Err(RegularFileError::TooLarge(..)) => Err(fail(WRONG_LENGTH.to_owned())),
        Err(error) => Err(fail(error.why())),
    };
    if let Some(key) = read()? {
        return Ok(key);
    }
    make(state, &file).map_err(|error| fail(error.to_string()))?;
    read()?.ok_or_else(|| fail("it vanished again".to_owned()))
}

/// Makes the key whole under another name and links it in: of several processes one wins, and nobody reads
/// half a key.
fn make(state: &Path, file: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(state)?;
    let key: [u8; 32] = crate::record::random().map_err(std::io::Error::other)?;
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    let mut out = File::options().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    out.write_all(&key)?;
    let linked = std::fs::hard_link(&fresh, file);
    std::fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

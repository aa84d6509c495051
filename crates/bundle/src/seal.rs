//! The bytes of a bundle.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _};

use crate::{Bundle, PublicKey, Refused, SigningKey};

/// Most bytes a bundle may have.
pub const LIMIT_BYTES: usize = 16 << 20;

/// How each begins; the number is that of the form.
const MAGIC: &[u8] = b"placet-bundle 1 ";

/// Stands before the document in what is signed, so that a signature made for anything else is none here.
const DOMAIN: &[u8] = b"placet.bundle.1\0";

impl SigningKey {
    /// The signed bytes.
    ///
    /// # Errors
    /// [`Refused::TooLarge`], and [`Refused::Unknown`] when the document cannot be written.
    pub fn seal(&self, bundle: &Bundle) -> Result<Vec<u8>, Refused> {
        let document = serde_json::to_vec(bundle).map_err(|error| Refused::Unknown(error.to_string()))?;
        let signature = URL_SAFE_NO_PAD.encode(self.0.sign(&signed(&document)).to_bytes());
        let mut bytes = Vec::with_capacity(document.len() + 128);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(format!("{}\n{signature}\n", document.len()).as_bytes());
        bytes.extend_from_slice(&document);
        if bytes.len() > LIMIT_BYTES { Err(Refused::TooLarge) } else { Ok(bytes) }
    }
}

impl PublicKey {
    /// What is in the bytes, if this key signed them.
    ///
    /// # Errors
    /// When they are not whole, not signed by it, or not understood.
    pub fn open(&self, bytes: &[u8]) -> Result<Bundle, Refused> {
        if bytes.len() > LIMIT_BYTES {
            return Err(Refused::TooLarge);
        }
        let document = self.document(bytes)?;
        let bundle: Bundle =
            serde_json::from_slice(document).map_err(|error| Refused::Unknown(error.to_string()))?;
        if bundle.gateway != self.fingerprint() {
            return Err(Refused::Unknown("it names another gateway than the one that signed it".to_owned()));
        }
        Ok(bundle)
    }

    fn document<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], Refused> {
        let short = if MAGIC.starts_with(bytes) { Refused::CutOff } else { Refused::NoBundle };
        let rest = bytes.strip_prefix(MAGIC).ok_or(short)?;
        let (length, rest) = line(rest)?;
        let length: usize =
            std::str::from_utf8(length).ok().and_then(|text| text.parse().ok()).ok_or(Refused::NoBundle)?;
        let (signature, document) = line(rest)?;
        if document.len() < length {
            return Err(Refused::CutOff);
        }
        if document.len() > length {
            return Err(Refused::NoBundle);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refused::Signature)?;
        let signature = Signature::from_slice(&signature).map_err(|_| Refused::Signature)?;
        self.0.verify_strict(&signed(document), &signature).map_err(|_| Refused::Signature)?;
        Ok(document)
    }
}

/// What stands before the next end of a line, which is not far, and what stands behind it.
fn line(bytes: &[u8]) -> Result<(&[u8], &[u8]), Refused> {
    const LONGEST: usize = 128;
    match bytes.iter().take(LONGEST).position(|byte| *byte == b'\n') {
        Some(end) => Ok((bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default())),
        None if bytes.len() < LONGEST => Err(Refused::CutOff),
        None => Err(Refused::NoBundle),
    }
}

fn signed(document: &[u8]) -> Vec<u8> {
    [DOMAIN, document].concat()
}

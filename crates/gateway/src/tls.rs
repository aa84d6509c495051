//! TLS: the certificate, its key, and taking in a renewed one without a restart.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(30);

/// A certificate in PEM, with the chain behind it, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// File of the certificate.
    pub certificate: PathBuf,
    /// File of the key.
    pub key: PathBuf,
}

/// Why they cannot be used.
#[derive(Debug)]
pub enum TlsError {
    /// A file is missing, or is no PEM.
    File(PathBuf, pem::Error),
    /// No certificate stands in the file.
    Empty(PathBuf),
    /// They do not fit each other, or are of a kind that is not supported.
    Unfit(rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file, error) => write!(f, "`{}`: {error}", file.display()),
            Self::Empty(file) => write!(f, "`{}` holds no certificate", file.display()),
            Self::Unfit(error) => write!(f, "certificate and key cannot be used together: {error}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// Reads both files.
///
/// # Errors
/// [`TlsError`].
pub(crate) fn load(files: &Tls) -> Result<RustlsConfig, TlsError> {
    settings(files).map(RustlsConfig::from_config)
}

fn settings(files: &Tls) -> Result<Arc<ServerConfig>, TlsError> {
    let wrong = |error| TlsError::File(files.certificate.clone(), error);
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .map_err(wrong)?
        .collect::<Result<_, _>>()
        .map_err(wrong)?;
    if chain.is_empty() {
        return Err(TlsError::Empty(files.certificate.clone()));
    }
    let key =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|error| TlsError::File(files.key.clone(), error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut settings = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Unfit)?;
    settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(settings))
}

/// Takes in changed files for as long as it runs. What cannot be used is left, and the old certificate stays.
pub(crate) async fn renew(certificate: RustlsConfig, files: Tls) {
    let mut taken = changed(&files);
    loop {
        tokio::time::sleep(EVERY).await;
        let now = changed(&files);
        if now == taken {
            continue;
        }
        if let Ok(settings) = settings(&files) {
            certificate.reload_from_config(settings);
            taken = now;
        }
    }
}

/// When the two files were last changed.
fn changed(files: &Tls) -> [Option<SystemTime>; 2] {
    let time = |file: &PathBuf| std::fs::metadata(file).and_then(|data| data.modified()).ok();
    [time(&files.certificate), time(&files.key)]
}

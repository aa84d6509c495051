//! What all routes share.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use placet_ledger::Redactor;
use placet_model::OrganisationId;
use placet_store::{KeyHash, NewOrganisation, Store, StoreError};

use crate::api::Upstream;
use crate::bundles::{self, Bundles};
use crate::config::{Config, EnforcementMode};
use crate::limits::Limits;
use crate::machine::{random, unix_ms};
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::policies::{Policies, PoliciesError};
use crate::tokens;

/// Name of the organisation that a gateway starts with.
const FIRST_ORGANISATION: &str = "default";

/// By this key secrets in records are marked.
const REDACTION_KEY: &str = "redaction.key";

/// By this key short-lived tokens are signed.
const TOKEN_KEY: &str = "token.key";

/// By this key bundles of policies are signed.
const BUNDLE_KEY: &str = "bundle.key";

/// Fewest bytes of a secret for HS256, as RFC 7518 asks.
const TOKEN_SECRET_BYTES: usize = 32;

/// Why a gateway does not start.
#[derive(Debug)]
pub enum StartError {
    /// The database.
    Store(StoreError),
    /// The gateway's own key, or randomness.
    Key(String),
    /// Its counters.
    Metrics(String),
    /// A policy.
    Policy(String),
    /// The administration token is too short to be one.
    AdminToken,
    /// The secret for tokens can be guessed.
    TokenSecret,
    /// Bundles would hold too long, or not long enough.
    BundleLife,
    /// Tokens would hold too long, or not at all.
    TokenLife,
    /// The service behind the proxy cannot be one.
    Proxy(String),
    /// Another gateway works in the data folder.
    Taken(PathBuf),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Key(why) => write!(f, "the gateway's own key: {why}"),
            Self::Policy(why) | Self::Proxy(why) | Self::Metrics(why) => f.write_str(why),
            Self::Taken(folder) => write!(f, "another gateway works in `{}`", folder.display()),
            Self::TokenSecret => f.write_str("the secret for tokens has fewer than 32 bytes"),
            Self::BundleLife => f.write_str("bundles must hold between one minute and 90 days"),
            Self::TokenLife => f.write_str("tokens must hold between one second and 30 days"),
            Self::AdminToken => f.write_str("the administration token has fewer than 16 characters"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A running gateway, without its socket.
pub struct Gateway {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) organisation: OrganisationId,
    pub(crate) policies: Policies,
    pub(crate) redactor: Redactor,
    pub(crate) tokens: tokens::Keys,
    pub(crate) bundles: Bundles,
    pub(crate) token_life_s: i64,
    pub(crate) mode: EnforcementMode,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether the gateway is about to end.
    pub(crate) closing: tokio::sync::watch::Sender<bool>,
    pub(crate) admin: KeyHash,
    pub(crate) passwords: Passwords,
    pub(crate) started_ms: i64,
    pub(crate) host_names: Vec<String>,
    /// Whether the database could be written, and when that was tried.
    tried: tokio::sync::Mutex<Option<(Instant, Result<(), String>)>>,
    pub(crate) upstream: Option<Upstream>,
    /// Held as long as the gateway lives.
    _lock: File,
}

/// For so long an answer about the database holds, however many ask.
const READINESS: Duration = Duration::from_millis(500);

impl Gateway {
    /// Opens the database, takes in the policies of the folder, and compiles what is in force.
    ///
    /// # Errors
    /// When any of these cannot be done; nothing is skipped.
    pub async fn start(config: &Config) -> Result<Arc<Self>, StartError> {
        if config.admin_token.chars().count() < 16 {
            return Err(StartError::AdminToken);
        }
        if config.token_secret.as_ref().is_some_and(|secret| secret.len() < TOKEN_SECRET_BYTES) {
            return Err(StartError::TokenSecret);
        }
        if !(1..=tokens::LONGEST_LIFE_S).contains(&config.token_life_s) {
            return Err(StartError::TokenLife);
        }
        if !bundles::LIFE_S.contains(&config.bundle_life_s) {
            return Err(StartError::BundleLife);
        }
        let upstream = config.proxy.as_ref().map(Upstream::new).transpose().map_err(StartError::Proxy)?;
        let lock = lock(&config.data)?;
        let key = |name| own_key(&config.data, name).map_err(|error| StartError::Key(error.to_string()));
        let (redaction, signing, bundling) = (key(REDACTION_KEY)?, key(TOKEN_KEY)?, key(BUNDLE_KEY)?);
        let metrics = Metrics::new(unix_ms()).map_err(|error| StartError::Metrics(error.to_string()))?;
        let metrics = Arc::new(metrics);
        let store = placet_store::open_watched(&config.database, Arc::clone(&metrics) as _).await?;
        let random = random().map_err(|error| StartError::Key(error.to_string()))?;
        let organisation = store
            .make_organisation(NewOrganisation {
                id: OrganisationId::new(unix_ms().unsigned_abs(), random),
                name: FIRST_ORGANISATION.to_owned(),
                unix_ms: unix_ms(),
            })
            .await?
            .id;
        if let Some(folder) = &config.policies {
            crate::policies::take_in(store.as_ref(), &organisation, folder).await?;
        }
        let policies = Policies::load(store.as_ref(), &organisation).await.map_err(|error| match error {
            PoliciesError::Store(error) => StartError::Store(error),
            PoliciesError::Compile(why) => StartError::Policy(why),
        })?;
        let gateway = Arc::new(Self {
            store,
            organisation,
            policies,
            redactor: Redactor::new(redaction),
            tokens: tokens::Keys::new(&signing, config.token_secret.as_deref()),
            bundles: Bundles::new(&bundling, config.bundle_life_s),
            token_life_s: config.token_life_s,
            mode: config.mode,
            limits: Limits::new(config.rate_limit),
            metrics,
            closing: tokio::sync::watch::Sender::new(false),
            admin: crate::keys::hash(&config.admin_token),
            passwords: Passwords::new().map_err(|error| StartError::Key(error.to_string()))?,
            started_ms: unix_ms(),
            host_names: config.host_names.clone(),
            tried: tokio::sync::Mutex::new(None),
            upstream,
            _lock: lock,
        });
        tokio::spawn(crate::policies::follow(Arc::downgrade(&gateway)));
        tokio::spawn(crate::sealing::keep(Arc::downgrade(&gateway)));
        if let Some(days) = config.retention_days {
            tokio::spawn(crate::retention::keep(Arc::downgrade(&gateway), days));
        }
        Ok(gateway)
    }
}

impl Gateway {
    /// What people compare when a machine is enrolled: the fingerprint of the key that signs bundles.
    pub fn bundle_fingerprint(&self) -> String {
        self.bundles.public().fingerprint()
    }

    /// Whether the database answers and can be written.
    ///
    /// # Errors
    /// With what it said.
    pub(crate) async fn ready(&self) -> Result<(), String> {
        let mut tried = self.tried.lock().await;
        match tried.as_ref() {
            Some((when, result)) if when.elapsed() < READINESS => result.clone(),
            _ => {
                let result = self.store.ready().await.map_err(|error| error.to_string());
                *tried = Some((Instant::now(), result.clone()));
                result
            }
        }
    }
}

/// Makes the folder, for this user alone, and takes it: two gateways on one SQLite file would not hear of each other's changes.
fn lock(folder: &Path) -> Result<File, StartError> {
    let failed = |error: std::io::Error| StartError::Key(format!("`{}`: {error}", folder.display()));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let file =
        File::options().create(true).append(true).mode(0o600).open(folder.join("lock")).map_err(failed)?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StartError::Taken(folder.to_path_buf())),
        Err(error) => Err(failed(error.into())),
    }
}

/// A key of this gateway; made at the first start.
fn own_key(folder: &Path, name: &str) -> std::io::Result<[u8; 32]> {
    let file = folder.join(name);
    let mut key = [0; 32];
    match File::open(&file) {
        Ok(mut file) => file.read_exact(&mut key)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            key = random()?;
            let mut options = File::options();
            options.write(true).create_new(true).mode(0o600).open(&file)?.write_all(&key)?;
        }
        Err(error) => return Err(error),
    }
    Ok(key)
}

//! The policies in force, compiled and kept in memory.
//!
//! A decision uses one set from beginning to end; a change puts a new set beside it and swaps. What does not compile never gets in:
//! it is refused when it is applied.

use std::path::Path;
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use placet_model::{Layer, OrganisationId};
use placet_policy::{Compiled, FLOOR, Outline, Source};
use placet_store::{PolicyChange, PolicyVersion, Store, StoreError};

use crate::actor::By;
use crate::machine::{aside, unix_ms};
use crate::recording;
use crate::state::{Gateway, StartError};

/// Why policies could not be loaded.
#[derive(Debug)]
pub(crate) enum PoliciesError {
    Store(StoreError),
    Compile(String),
}

impl From<StoreError> for PoliciesError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What is in force, and whether that is known for certain.
#[derive(Clone)]
pub(crate) struct InForce {
    /// The compiled set.
    pub(crate) bytes: Arc<[u8]>,
    /// Policies it holds, without the floor.
    pub(crate) count: usize,
}

/// The policies in force.
pub(crate) struct Policies {
    in_force: RwLock<InForce>,
    /// Held while reading anew, so that an older reading never replaces a newer one.
    reading: tokio::sync::Mutex<()>,
}

impl Policies {
    /// Reads and compiles what is in force.
    pub(crate) async fn load(
        store: &dyn Store,
        organisation: &OrganisationId,
    ) -> Result<Self, PoliciesError> {
        let in_force = RwLock::new(read(store, organisation).await?);
        Ok(Self { in_force, reading: tokio::sync::Mutex::new(()) })
    }

    /// The set to decide by.
    pub(crate) fn now(&self) -> InForce {
        match self.in_force.read() {
            Ok(in_force) => in_force.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Reads anew. What was in force stays when that fails.
    pub(crate) async fn reload(
        &self,
        store: &dyn Store,
        organisation: &OrganisationId,
    ) -> Result<(), PoliciesError> {
        let _alone = self.reading.lock().await;
        let fresh = read(store, organisation).await?;
        match self.in_force.write() {
            Ok(mut in_force) => *in_force = fresh,
            Err(poisoned) => *poisoned.into_inner() = fresh,
        }
        Ok(())
    }
}

async fn read(store: &dyn Store, organisation: &OrganisationId) -> Result<InForce, PoliciesError> {
    let policies = store.policies(organisation).await?;
    let compiled = compile(&policies).map_err(PoliciesError::Compile)?;
    Ok(InForce { bytes: compiled.bytes.into(), count: policies.len() })
}

/// Compiles policies together, the floor on top.
pub(crate) fn compile(policies: &[PolicyVersion]) -> Result<Compiled, String> {
    let sources = sources(policies);
    aside(|| placet_policy::compile(&sources)).map_err(|error| error.to_string())
}

/// The texts of policies, the floor before them.
pub(crate) fn sources(policies: &[PolicyVersion]) -> Vec<Source> {
    let texts = policies
        .iter()
        .filter_map(|policy| Some(source(&policy.name, policy.yaml.as_deref()?, Layer::Organisation)));
    std::iter::once(source("floor (built in)", FLOOR, Layer::Floor)).chain(texts).collect()
}

fn source(name: &str, text: &str, layer: Layer) -> Source {
    Source { name: name.to_owned(), text: text.to_owned(), layer, trusted: true }
}

/// Loads anew whenever something changed, until the gateway is gone.
pub(crate) async fn follow(gateway: Weak<Gateway>) {
    let Some(mut changes) = gateway.upgrade().map(|gateway| gateway.store.changes()) else { return };
    while changes.changed().await.is_ok() {
        loop {
            let Some(gateway) = gateway.upgrade() else { return };
            match gateway.policies.reload(gateway.store.as_ref(), &gateway.organisation).await {
                Ok(()) => break,
                // What another process applied was compiled there; a version that cannot is for people to see.
                Err(PoliciesError::Compile(_)) => break,
                Err(PoliciesError::Store(_)) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

/// Applies every policy of a folder, by name. Stops at the first that is wrong: a typo must not drop a denial silently.
pub(crate) async fn take_in(
    store: &dyn Store,
    organisation: &OrganisationId,
    folder: &Path,
) -> Result<(), StartError> {
    let wrong =
        |file: &Path, why: &dyn std::fmt::Display| StartError::Policy(format!("`{}`: {why}", file.display()));
    let entries = std::fs::read_dir(folder).map_err(|error| wrong(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.map_err(|error| wrong(folder, &error))?.path());
    }
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(&file, &error))?;
        let name = outline(&text).map_err(|why| wrong(&file, &why))?.name;
        let change = PolicyChange {
            organisation: organisation.clone(),
            name,
            yaml: Some(text),
            expected: None,
            by: "policies folder".to_owned(),
            unix_ms: unix_ms(),
        };
        check(store, organisation, &change).await.map_err(|why| wrong(&file, &why))?;
        let told = recording::of_change(organisation, &By::gateway(&change.by), "apply:policy", &change.name)
            .map_err(|error| StartError::Key(error.to_string()))?;
        store.change_policy(change, told).await?;
    }
    Ok(())
}

/// What a text says, when it is a policy.
pub(crate) fn outline(yaml: &str) -> Result<Outline, String> {
    placet_policy::outline(&source("policy", yaml, Layer::Organisation)).map_err(|error| error.to_string())
}

/// Whether all policies would compile with the change.
pub(crate) async fn check(
    store: &dyn Store,
    organisation: &OrganisationId,
    change: &PolicyChange,
) -> Result<(), String> {
    let mut policies = store.policies(organisation).await.map_err(|error| error.to_string())?;
    policies.retain(|policy| policy.name != change.name);
    policies.push(PolicyVersion {
        name: change.name.clone(),
        version: 0,
        yaml: change.yaml.clone(),
        created_ms: change.unix_ms,
        created_by: change.by.clone(),
    });
    compile(&policies).map(|_| ())
}

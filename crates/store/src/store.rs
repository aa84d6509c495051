//! What the store offers, whatever engine is behind it.

use async_trait::async_trait;
use placet_model::OrganisationId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

use crate::{
    Agent, AgentChange, Counts, Kept, KeyHash, LedgerStore, NewAgent, NewOrganisation, OperatorStore,
    Organisation, Place, PolicyChange, PolicyVersion, RecordPage, RecordQuery, RecordRow, SpoolLink,
    SpoolPart, StoreError,
};

type Answer<T> = Result<T, StoreError>;

/// Makes the record of a deletion from the number of records that went.
pub type Told = Box<dyn FnOnce(u64) -> RecordRow + Send>;

/// Makes the record of what is wrong with sent lines.
pub type ToldOfLink = Box<dyn FnOnce(SpoolLink) -> Option<RecordRow> + Send>;

/// Records deleted in one step, so that other writes do not wait long.
pub const EXPIRED_AT_ONCE: u64 = 5_000;

/// Agents, policies and records.
///
/// Every write that changes an agent or a policy takes the record that tells of it: both are stored, or neither. A write is answered
/// when it is on disk.
#[async_trait]
pub trait Store: LedgerStore + OperatorStore + Send + Sync {
    /// Whether the database answers and can be written.
    async fn ready(&self) -> Answer<()>;

    /// Makes an organisation. One that has the name already stays as it is and is given back.
    async fn make_organisation(&self, new: NewOrganisation) -> Answer<Organisation>;

    /// All organisations, by name.
    async fn organisations(&self) -> Answer<Vec<Organisation>>;

    /// Makes an agent and its first key.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`] when an active agent of the organisation has the name.
    async fn create_agent(&self, new: NewAgent, told: RecordRow) -> Answer<()>;

    /// An agent by id, or by the name of an active one.
    async fn agent(&self, organisation: &OrganisationId, id_or_name: &str) -> Answer<Option<Agent>>;

    /// The agent that a key belongs to; also a revoked one. Revoked keys belong to nobody.
    async fn agent_of_key(&self, key: &KeyHash) -> Answer<Option<Agent>>;

    /// All agents of an organisation, also revoked ones, the oldest first.
    async fn agents(&self, organisation: &OrganisationId) -> Answer<Vec<Agent>>;

    /// Changes an active agent; gives it back as it is then.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such active agent, [`StoreError::NameTaken`].
    async fn change_agent(
        &self,
        organisation: &OrganisationId,
        id: &str,
        change: AgentChange,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<Agent>;

    /// Revokes an agent and all its keys, for ever.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such active agent.
    async fn revoke_agent(
        &self,
        organisation: &OrganisationId,
        id: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()>;

    /// Gives an active agent a new key; its other keys are revoked.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such active agent.
    async fn rotate_key(
        &self,
        organisation: &OrganisationId,
        id: &str,
        key: (KeyHash, String),
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()>;

    /// Stores the next version of a policy and gives its number. Text that is in force already makes no version.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when a policy that does not exist shall be deleted, [`StoreError::Stale`] when its newest version is
    /// not the expected one.
    async fn change_policy(&self, change: PolicyChange, told: RecordRow) -> Answer<i64>;

    /// The policies in force, by name.
    async fn policies(&self, organisation: &OrganisationId) -> Answer<Vec<PolicyVersion>>;

    /// All versions of a policy, the newest first.
    async fn policy_versions(&self, organisation: &OrganisationId, name: &str) -> Answer<Vec<PolicyVersion>>;

    /// Stores records; one whose id is there already is left as it is.
    async fn append(&self, records: Vec<RecordRow>) -> Answer<()>;

    /// Stores records that a machine kept and sent, and how far its ledger is known by that. Tells what became of each, in their order,
    /// and how the lines hang together with those before. What `told` makes of that is stored with them.
    async fn ingest(
        &self,
        part: SpoolPart,
        records: Vec<RecordRow>,
        told: ToldOfLink,
    ) -> Answer<(Vec<Kept>, SpoolLink)>;

    /// Finds records, newest first.
    async fn records(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<RecordPage>;

    /// How the database would find these records; for tests.
    #[doc(hidden)]
    async fn plan(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<String>;

    /// The place behind all that is stored by now: what is stored later stands behind it, whoever stores it.
    async fn place(&self) -> Answer<Place>;

    /// Records that were stored behind a place, in the order in which they were, each with its own place. `after` of the query is
    /// not looked at. A record that is not given yet never stands before one that is.
    async fn stored_after(
        &self,
        organisation: &OrganisationId,
        query: &RecordQuery,
        place: Place,
    ) -> Answer<Vec<(Place, RecordRow)>>;

    /// Counts records of a time.
    async fn counts(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<Counts>;

    /// Deletes records from before a time, the oldest first and at most [`EXPIRED_AT_ONCE`] of them; tells how many. The record
    /// that tells of it is made from that number, and only when it is not 0.
    async fn expire_records(&self, organisation: &OrganisationId, before_ms: i64, told: Told) -> Answer<u64>;

    /// Writes that wait for a commit.
    fn waiting(&self) -> usize;

    /// Changes whenever this process stored something.
    fn stored(&self) -> watch::Receiver<u64>;

    /// Changes whenever an agent or a policy changed, here or in another process, and when that could not be known for a while.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// Hears of every commit. It is told between two of them, so it must not wait for anything.
pub trait Watch: Send + Sync {
    /// So many writes were committed together, among them so many records that were appended.
    fn committed(&self, writes: usize, records: usize, took: Duration);
}

/// Does not listen.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn committed(&self, _writes: usize, _records: usize, _took: Duration) {}
}

/// As [`open_watched`], with nobody who listens.
///
/// # Errors
/// As there.
pub async fn open(address: &str) -> Answer<Arc<dyn Store>> {
    open_watched(address, Arc::new(Unwatched)).await
}

/// Opens the database at `address` and brings it to this version's tables: `sqlite:FILE`, or `postgres://…`.
///
/// # Errors
/// [`StoreError::Address`], [`StoreError::Open`].
pub async fn open_watched(address: &str, watch: Arc<dyn Watch>) -> Answer<Arc<dyn Store>> {
    if let Some(file) = address.strip_prefix("sqlite:") {
        return Ok(Arc::new(crate::sqlite::Database::open(file, watch).await?));
    }
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(Arc::new(crate::postgres::Database::open(address, watch).await?));
    }
    Err(StoreError::Address(address.to_owned()))
}

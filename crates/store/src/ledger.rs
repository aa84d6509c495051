//! The chain over the records of an organisation: each record gets its place in it shortly after it was stored.
//!
//! The store keeps what it is given; what a leaf and a hash are made of is known to whoever seals.

use async_trait::async_trait;
use placet_model::OrganisationId;

use crate::{Place, RecordRow, StoreError};

type Answer<T> = Result<T, StoreError>;

/// Where the chain of an organisation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHead {
    /// Name of the chain.
    pub segment: String,
    /// When it was begun, in milliseconds since 1970.
    pub opened_ms: i64,
    /// Number of the last line; the header is line 0.
    pub seq: i64,
    /// Hash of that line.
    pub hash: String,
    /// Up to where records are sealed.
    pub place: Place,
}

/// A record in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedLine {
    /// Id of the record.
    pub record: String,
    /// What its leaf is salted with, as hexadecimal digits.
    pub salt: String,
    /// Hash of salt and content, as hexadecimal digits.
    pub leaf: String,
}

/// Lines that were sealed at a time, with the records as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedBatch {
    /// Number of the first line.
    pub first: i64,
    /// Hash of the line before it.
    pub before: String,
    /// The lines; a record that was deleted is none.
    pub lines: Vec<(SealedLine, Option<RecordRow>)>,
}

/// Keeps the chain.
#[async_trait]
pub trait LedgerStore: Send + Sync {
    /// Where the chain ends; `None` before the first record was sealed.
    async fn ledger_head(&self, organisation: &OrganisationId) -> Answer<Option<LedgerHead>>;

    /// Puts lines behind `before`, so that `after` is the head.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when another has put lines there meanwhile. Nothing is stored then.
    async fn seal(
        &self,
        organisation: &OrganisationId,
        before: Option<LedgerHead>,
        after: LedgerHead,
        lines: Vec<SealedLine>,
    ) -> Answer<()>;

    /// The batch that holds the line behind a number, if there is one.
    async fn sealed_after(&self, organisation: &OrganisationId, seq: i64) -> Answer<Option<SealedBatch>>;
}

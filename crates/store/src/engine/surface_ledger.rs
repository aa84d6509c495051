//! The part of the store that keeps the chain over the records.

use async_trait::async_trait;
use placet_model::OrganisationId;

use super::{Database, ledger};
use crate::{LedgerHead, LedgerStore, SealedBatch, SealedLine, StoreError};

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl LedgerStore for Database {
    async fn ledger_head(&self, organisation: &OrganisationId) -> Answer<Option<LedgerHead>> {
        ledger::head(&self.read, organisation).await
    }

    async fn seal(
        &self,
        organisation: &OrganisationId,
        before: Option<LedgerHead>,
        after: LedgerHead,
        lines: Vec<SealedLine>,
    ) -> Answer<()> {
        let organisation = organisation.clone();
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    ledger::seal(connection, &organisation, before.as_ref(), &after, &lines).await
                })
            })
            .await
    }

    async fn sealed_after(&self, organisation: &OrganisationId, seq: i64) -> Answer<Option<SealedBatch>> {
        ledger::after(&self.read, organisation, seq).await
    }
}

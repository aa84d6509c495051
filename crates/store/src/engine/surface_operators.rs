//! The part of the store that knows operators and tokens: which statements make up each of its calls.

use async_trait::async_trait;
use placet_model::{OperatorId, OrganisationId};

use super::{Database, admin_tokens, operators, organisations, records};
use crate::{
    AdminToken, KeyHash, NewSession, Operator, OperatorChange, OperatorSession, OperatorStore, RecordRow,
    StoreError,
};

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl OperatorStore for Database {
    async fn create_operator(&self, new: Operator, password: String, told: RecordRow) -> Answer<()> {
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &new.organisation).await?;
                    operators::create(connection, &new, &password).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await
    }

    async fn operator(&self, organisation: &OrganisationId, id_or_name: &str) -> Answer<Option<Operator>> {
        operators::find(&self.read, organisation, id_or_name).await
    }

    async fn operator_password(&self, id: &OperatorId) -> Answer<Option<String>> {
        operators::password(&self.read, id).await
    }

    async fn operators(&self, organisation: &OrganisationId) -> Answer<Vec<Operator>> {
        operators::all(&self.read, organisation).await
    }

    async fn change_operator(
        &self,
        organisation: &OrganisationId,
        id: &str,
        change: OperatorChange,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<Operator> {
        let (organisation, id) = (organisation.clone(), id.to_owned());
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &organisation).await?;
                    let operator =
                        operators::change(connection, &organisation, &id, &change, unix_ms).await?;
                    records::insert(connection, std::iter::once(&told)).await?;
                    Ok(operator)
                })
            })
            .await
    }

    async fn open_session(&self, new: NewSession, told: RecordRow) -> Answer<()> {
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    operators::open(connection, &new).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await
    }

    async fn session(&self, hash: &KeyHash) -> Answer<Option<(OperatorSession, Operator)>> {
        operators::session(&self.read, hash).await
    }

    async fn use_session(&self, hash: &KeyHash, unix_ms: i64) -> Answer<()> {
        let hash = *hash;
        self.writer
            .change(move |connection| {
                Box::pin(async move { operators::touch(connection, &hash, unix_ms).await })
            })
            .await
    }

    async fn renew_session(
        &self,
        hash: &KeyHash,
        password: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()> {
        let (hash, password) = (*hash, password.to_owned());
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    operators::renew(connection, &hash, &password, unix_ms).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await
    }

    async fn end_session(&self, hash: &KeyHash, told: RecordRow) -> Answer<()> {
        let hash = *hash;
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    operators::end(connection, &hash).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await
    }

    async fn create_admin_token(&self, new: AdminToken, hash: KeyHash, told: RecordRow) -> Answer<()> {
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &new.organisation).await?;
                    admin_tokens::create(connection, &new, &hash).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await
    }

    async fn admin_token(&self, hash: &KeyHash) -> Answer<Option<(AdminToken, Option<Operator>)>> {
        admin_tokens::of_hash(&self.read, hash).await
    }

    async fn admin_tokens(&self, organisation: &OrganisationId) -> Answer<Vec<AdminToken>> {
        admin_tokens::all(&self.read, organisation).await
    }

    async fn revoke_admin_token(
        &self,
        organisation: &OrganisationId,
        id: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<u64> {
        let (organisation, id) = (organisation.clone(), id.to_owned());
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &organisation).await?;
                    let number = admin_tokens::revoke(connection, &organisation, &id, unix_ms).await?;
                    records::insert(connection, std::iter::once(&told)).await?;
                    Ok(number)
                })
            })
            .await
    }
}

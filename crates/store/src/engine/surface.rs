//! The store of one engine: which statements make up each of its calls.

use async_trait::async_trait;
use placet_model::OrganisationId;
use tokio::sync::watch;

use super::{Database, agents, organisations, policies, records, spools};
use crate::{
    Agent, AgentChange, Counts, Kept, KeyHash, NewAgent, NewOrganisation, Organisation, Place, PolicyChange,
    PolicyVersion, RecordPage, RecordQuery, RecordRow, SpoolLink, SpoolPart, Store, StoreError, Told,
    ToldOfLink,
};

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl Store for Database {
    async fn ready(&self) -> Answer<()> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        self.writer.change(|_| Box::pin(async { Ok(()) })).await
    }

    async fn make_organisation(&self, new: NewOrganisation) -> Answer<Organisation> {
        self.writer
            .change(move |connection| Box::pin(async move { organisations::make(connection, &new).await }))
            .await
    }

    async fn organisations(&self) -> Answer<Vec<Organisation>> {
        organisations::all(&self.read).await
    }

    async fn create_agent(&self, new: NewAgent, told: RecordRow) -> Answer<()> {
        let done = self
            .writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &new.agent.organisation).await?;
                    agents::create(connection, &new).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await;
        self.told(done).await
    }

    async fn agent(&self, organisation: &OrganisationId, id_or_name: &str) -> Answer<Option<Agent>> {
        agents::find(&self.read, organisation, id_or_name).await
    }

    async fn agent_of_key(&self, key: &KeyHash) -> Answer<Option<Agent>> {
        agents::of_key(&self.read, key).await
    }

    async fn agents(&self, organisation: &OrganisationId) -> Answer<Vec<Agent>> {
        agents::all(&self.read, organisation).await
    }

    async fn change_agent(
        &self,
        organisation: &OrganisationId,
        id: &str,
        change: AgentChange,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<Agent> {
        let (organisation, id) = (organisation.clone(), id.to_owned());
        let done = self
            .writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &organisation).await?;
                    let agent = agents::change(connection, &organisation, &id, &change, unix_ms).await?;
                    records::insert(connection, std::iter::once(&told)).await?;
                    Ok(agent)
                })
            })
            .await;
        self.told(done).await
    }

    async fn revoke_agent(
        &self,
        organisation: &OrganisationId,
        id: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()> {
        let (organisation, id) = (organisation.clone(), id.to_owned());
        let done = self
            .writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &organisation).await?;
                    agents::revoke(connection, &organisation, &id, unix_ms).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await;
        self.told(done).await
    }

    async fn rotate_key(
        &self,
        organisation: &OrganisationId,
        id: &str,
        key: (KeyHash, String),
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()> {
        let (organisation, id) = (organisation.clone(), id.to_owned());
        let done = self
            .writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &organisation).await?;
                    agents::touch(connection, &organisation, &id, unix_ms).await?;
                    agents::end_keys(connection, &id, unix_ms).await?;
                    agents::add_key(connection, &id, &key.0, &key.1, unix_ms).await?;
                    Ok(records::insert(connection, std::iter::once(&told)).await?)
                })
            })
            .await;
        self.told(done).await
    }

    async fn change_policy(&self, change: PolicyChange, told: RecordRow) -> Answer<i64> {
        let done = self
            .writer
            .change(move |connection| {
                Box::pin(async move {
                    organisations::bump(connection, &change.organisation).await?;
                    let version = policies::change(connection, &change).await?;
                    records::insert(connection, std::iter::once(&told)).await?;
                    Ok(version)
                })
            })
            .await;
        self.told(done).await
    }

    async fn policies(&self, organisation: &OrganisationId) -> Answer<Vec<PolicyVersion>> {
        policies::in_force(&self.read, organisation).await
    }

    async fn policy_versions(&self, organisation: &OrganisationId, name: &str) -> Answer<Vec<PolicyVersion>> {
        policies::versions(&self.read, organisation, name).await
    }

    async fn append(&self, records: Vec<RecordRow>) -> Answer<()> {
        self.writer.append(records).await
    }

    async fn ingest(
        &self,
        part: SpoolPart,
        records: Vec<RecordRow>,
        told: ToldOfLink,
    ) -> Answer<(Vec<Kept>, SpoolLink)> {
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    let link = spools::advance(connection, &part).await?;
                    let kept = records::keep(connection, &records).await?;
                    if let Some(told) = told(link) {
                        records::insert(connection, std::iter::once(&told)).await?;
                    }
                    Ok((kept, link))
                })
            })
            .await
    }

    async fn records(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<RecordPage> {
        records::find(&self.read, organisation, query).await
    }

    async fn plan(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<String> {
        records::plan(&self.read, organisation, query).await
    }

    async fn place(&self) -> Answer<Place> {
        records::place(&self.read).await
    }

    async fn stored_after(
        &self,
        organisation: &OrganisationId,
        query: &RecordQuery,
        place: Place,
    ) -> Answer<Vec<(Place, RecordRow)>> {
        records::stored_after(&self.read, organisation, query, place).await
    }

    async fn counts(&self, organisation: &OrganisationId, query: &RecordQuery) -> Answer<Counts> {
        records::counts(&self.read, organisation, query).await
    }

    async fn expire_records(&self, organisation: &OrganisationId, before_ms: i64, told: Told) -> Answer<u64> {
        let organisation = organisation.clone();
        self.writer
            .change(move |connection| {
                Box::pin(async move {
                    let gone = records::expire(connection, &organisation, before_ms).await?;
                    if gone > 0 {
                        records::insert(connection, std::iter::once(&told(gone))).await?;
                    }
                    Ok(gone)
                })
            })
            .await
    }

    fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    fn stored(&self) -> watch::Receiver<u64> {
        self.writer.stored()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

impl Database {
    /// Tells others of a change that went through.
    async fn told<T>(&self, done: Answer<T>) -> Answer<T> {
        if done.is_ok() {
            self.announce().await;
        }
        done
    }
}

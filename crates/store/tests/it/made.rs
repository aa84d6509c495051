//! Rows for tests; every one with an id of its own.

use std::sync::atomic::{AtomicU64, Ordering};

use placet_model::{AdminTokenId, AgentId, OperatorId, OrganisationId};
use placet_store::{
    AdminToken, Agent, KeyHash, NewAgent, NewOrganisation, Operator, Organisation, PolicyChange, RecordRow,
    Store,
};
use serde_json::json;

/// A time: 2026-01-01.
pub(crate) const NOW: i64 = 1_767_225_600_000;

fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&std::process::id().to_le_bytes());
    bytes[4..].copy_from_slice(&number().to_le_bytes()[..6]);
    bytes
}

pub(crate) async fn organisation(store: &dyn Store, name: &str) -> Organisation {
    let new = NewOrganisation { id: OrganisationId::new(1, random()), name: name.to_owned(), unix_ms: NOW };
    store.make_organisation(new).await.unwrap()
}

pub(crate) fn agent(organisation: &OrganisationId, name: &str) -> NewAgent {
    let id = AgentId::new(NOW.unsigned_abs(), random());
    let mut key_hash = [0; 32];
    key_hash[..10].copy_from_slice(&random());
    NewAgent {
        agent: Agent {
            id,
            organisation: organisation.clone(),
            name: name.to_owned(),
            trust_tier: "verified".to_owned(),
            tags: vec!["claude-code".to_owned(), "ümläut".to_owned()],
            capabilities: Vec::new(),
            metadata: json!({"team": "a"}),
            created_ms: NOW,
            updated_ms: NOW,
            revoked_ms: None,
        },
        key_hash,
        key_hint: "plc_live_ab".to_owned(),
    }
}

pub(crate) fn record(organisation: &OrganisationId) -> RecordRow {
    let number = number();
    RecordRow {
        id: format!("rec_{}_{number}", std::process::id()),
        organisation: organisation.clone(),
        unix_ms: NOW + i64::try_from(number).unwrap(),
        agent: "agt_1".to_owned(),
        agent_name: "one".to_owned(),
        action: "execute:shell".to_owned(),
        resource: "git status".to_owned(),
        decision: "allow".to_owned(),
        enforced: true,
        policy: Some("starter".to_owned()),
        rule: None,
        reason: None,
        trace: Some("t1".to_owned()),
        session: None,
        payload: "{}".to_owned(),
    }
}

pub(crate) fn policy(organisation: &OrganisationId, name: &str, yaml: Option<&str>) -> PolicyChange {
    PolicyChange {
        organisation: organisation.clone(),
        name: name.to_owned(),
        yaml: yaml.map(str::to_owned),
        expected: None,
        by: "tester".to_owned(),
        unix_ms: NOW,
    }
}

pub(crate) fn operator(organisation: &OrganisationId, name: &str, role: &str) -> Operator {
    Operator {
        id: OperatorId::new(NOW.unsigned_abs(), random()),
        organisation: organisation.clone(),
        name: name.to_owned(),
        role: role.to_owned(),
        created_ms: NOW,
        updated_ms: NOW,
        disabled_ms: None,
    }
}

/// A token and its hash.
pub(crate) fn token(organisation: &OrganisationId, name: &str) -> (AdminToken, KeyHash) {
    let mut hash = [0; 32];
    hash[..10].copy_from_slice(&random());
    let token = AdminToken {
        id: AdminTokenId::new(NOW.unsigned_abs(), random()),
        organisation: organisation.clone(),
        name: name.to_owned(),
        hint: "plc_token_ab".to_owned(),
        rights: vec!["agents:read".to_owned()],
        operator: None,
        parent: None,
        created_ms: NOW,
        created_by: "admin".to_owned(),
        expires_ms: Some(NOW + 1000),
        revoked_ms: None,
    };
    (token, hash)
}

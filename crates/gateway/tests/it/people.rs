//! Operators, sessions and tokens as they are in the database, so that tests need no passwords and no waiting.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use placet_model::{AdminTokenId, OperatorId, OrganisationId};
use placet_store::{AdminToken, NewSession, Operator, OperatorChange, RecordRow, Store, open};
use reqwest::{Method, RequestBuilder};
use sha2::{Digest as _, Sha256};

use crate::server::{Server, config};

pub(crate) const MINUTE_MS: i64 = 60_000;

const PASSWORD: &str = "as it is stored";

pub(crate) fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A way past the gateway into its database.
pub(crate) struct People {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) organisation: OrganisationId,
    made: std::sync::atomic::AtomicU8,
}

impl People {
    pub(crate) async fn of(server: &Server) -> Self {
        let store = open(&config(server.folder.path()).database).await.unwrap();
        let organisation = store.organisations().await.unwrap()[0].id.clone();
        Self { store, organisation, made: 0.into() }
    }

    fn random(&self) -> [u8; 10] {
        let number = self.made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut random = Sha256::digest(now_ms().to_le_bytes())[..10].to_vec();
        random[0] = number;
        random.try_into().unwrap()
    }

    pub(crate) fn record(&self) -> RecordRow {
        RecordRow {
            id: format!("rec_test_{}_{:?}", now_ms(), self.random()),
            organisation: self.organisation.clone(),
            unix_ms: now_ms(),
            agent: "test".to_owned(),
            agent_name: "test".to_owned(),
            action: "test:test".to_owned(),
            resource: String::new(),
            decision: "change".to_owned(),
            enforced: true,
            policy: None,
            rule: None,
            reason: None,
            trace: None,
            session: None,
            payload: "{}".to_owned(),
        }
    }

    pub(crate) async fn operator(&self, name: &str, role: &str) -> Operator {
        let operator = Operator {
            id: OperatorId::new(now_ms().unsigned_abs(), self.random()),
            organisation: self.organisation.clone(),
            name: name.to_owned(),
            role: role.to_owned(),
            created_ms: now_ms(),
            updated_ms: now_ms(),
            disabled_ms: None,
        };
        self.store.create_operator(operator.clone(), PASSWORD.to_owned(), self.record()).await.unwrap();
        operator
    }

    pub(crate) async fn change(&self, operator: &Operator, change: OperatorChange) {
        let change = OperatorChange { has_role: operator.role.clone(), ..change };
        let id = operator.id.as_str();
        self.store.change_operator(&self.organisation, id, change, now_ms(), self.record()).await.unwrap();
    }

    /// A session whose password was given so many minutes ago.
    pub(crate) async fn session(&self, operator: &Operator, minutes: i64) -> String {
        self.session_of(operator, minutes, 0, 600).await
    }

    /// The same, used last so many minutes ago, and ending in so many.
    pub(crate) async fn session_of(&self, operator: &Operator, began: i64, used: i64, ends: i64) -> String {
        let shown =
            format!("plc_session_{:?}_{}", self.random(), operator.name).replace(['[', ']', ' ', ','], "");
        let hash = Sha256::digest(shown.as_bytes()).into();
        let new = NewSession {
            hash,
            operator: operator.id.clone(),
            password: self.store.operator_password(&operator.id).await.unwrap().unwrap(),
            created_ms: now_ms() - began * MINUTE_MS,
            ends_ms: now_ms() + ends * MINUTE_MS,
        };
        self.store.open_session(new, self.record()).await.unwrap();
        self.store.use_session(&hash, now_ms() - used * MINUTE_MS).await.unwrap();
        shown
    }

    /// A token with these rights that ends in so many minutes.
    pub(crate) async fn token(&self, name: &str, rights: &[&str], minutes: i64) -> String {
        let shown = format!("plc_token_of_the_test_{name}");
        let hash = Sha256::digest(shown.as_bytes()).into();
        let token = AdminToken {
            id: AdminTokenId::new(now_ms().unsigned_abs(), self.random()),
            organisation: self.organisation.clone(),
            name: name.to_owned(),
            hint: "plc_token_of_t".to_owned(),
            rights: rights.iter().map(|right| (*right).to_owned()).collect(),
            operator: None,
            parent: None,
            created_ms: now_ms(),
            created_by: "test".to_owned(),
            expires_ms: Some(now_ms() + minutes * MINUTE_MS),
            revoked_ms: None,
        };
        self.store.create_admin_token(token, hash, self.record()).await.unwrap();
        shown
    }
}

impl Server {
    /// A request of somebody who is no agent.
    pub(crate) fn as_holder(&self, credential: &str, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("X-Admin-Token", credential)
    }
}

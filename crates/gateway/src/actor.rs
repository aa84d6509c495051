//! Who changed something, as records tell it.

use placet_model::{AdminTokenId, OperatorId};
use placet_store::{Agent, KeyHash, Operator, OperatorSession};
use serde_json::{Map, Value, json};

/// Whoever is no agent.
#[derive(Clone, Debug)]
pub(crate) enum Actor {
    /// The holder of the token of the data folder.
    Bootstrap,
    /// The holder of a token that was made.
    Token {
        /// Its id.
        id: AdminTokenId,
        /// Its name.
        name: String,
        /// The operator it rests on.
        operator: Option<OperatorId>,
        /// When it ends, in milliseconds since 1970.
        expires_ms: Option<i64>,
    },
    /// An operator in a session.
    Operator {
        /// Who.
        operator: Operator,
        /// The session.
        session: OperatorSession,
        /// What it is found by.
        hash: KeyHash,
    },
}

impl Actor {
    /// What it is called; names of operators and tokens hold no blank and no `:`, so nobody can look like another.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Bootstrap => "admin".to_owned(),
            Self::Token { name, .. } => format!("token:{name}"),
            Self::Operator { operator, .. } => format!("operator:{}", operator.name),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Bootstrap => "admin",
            Self::Token { id, .. } => id.as_str(),
            Self::Operator { operator, .. } => operator.id.as_str(),
        }
    }

    fn told(&self) -> Value {
        match self {
            Self::Bootstrap => json!({"kind": "admin-token"}),
            Self::Token { id, name, .. } => json!({"kind": "token", "id": id, "name": name}),
            Self::Operator { operator, .. } => {
                json!({"kind": "operator", "id": operator.id, "name": operator.name})
            }
        }
    }
}

/// Who did something, in the forms that a record needs.
#[derive(Clone, Debug)]
pub(crate) struct By {
    /// Id of the operator or token; a word where there is none.
    pub(crate) id: String,
    /// As people read it.
    pub(crate) text: String,
    /// As programs read it.
    pub(crate) actor: Value,
}

impl By {
    /// A part of the gateway itself.
    pub(crate) fn gateway(part: &str) -> Self {
        Self { id: part.to_owned(), text: part.to_owned(), actor: json!({"kind": "gateway", "part": part}) }
    }

    /// An agent, about itself.
    pub(crate) fn agent(agent: &Agent) -> Self {
        let told = json!({"kind": "agent", "id": agent.id, "name": agent.name});
        Self { id: agent.id.as_str().to_owned(), text: format!("agent:{}", agent.name), actor: told }
    }

    /// Somebody, maybe in another's name.
    pub(crate) fn of(actor: &Actor, acting_as: Option<&Operator>) -> Self {
        let (mut text, mut told) = (actor.text(), actor.told());
        if let Some(other) = acting_as {
            text.push_str(&format!(" as operator:{}", other.name));
            if let Some(fields) = told.as_object_mut() {
                fields.insert("actingAs".to_owned(), json!({"id": other.id, "name": other.name}));
            }
        }
        Self { id: actor.id().to_owned(), text, actor: told }
    }

    /// Writes it into a record's payload.
    pub(crate) fn tell(&self, payload: &mut Map<String, Value>) {
        payload.insert("by".to_owned(), self.text.as_str().into());
        payload.insert("actor".to_owned(), self.actor.clone());
    }
}

//! The one way from a question to an answer that may let something run: decide, store the record, then answer.

use placet_model::{Enforcement, Verdict};
use placet_store::{Agent, RecordRow};

use crate::deciding::{self, Answer, Question};
use crate::error::ApiError;
use crate::metrics::Door;
use crate::policies::InForce;
use crate::recording::{self, Asking};
use crate::state::Gateway;

/// A decision, and what it means to those who asked.
pub(crate) struct Judged {
    /// The decision with the actions it was made on.
    pub(crate) answer: Answer,
    /// Id of its record.
    pub(crate) record: String,
}

impl Judged {
    /// Whether policies allow it, as it was asked. A rewritten input cannot be given back to clients that only hear yes or no, so
    /// what they asked about does not run.
    pub(crate) fn allowed(&self) -> bool {
        self.answer.allowed()
    }

    /// Whether it may run: allowed, or let through in audit mode. What the floor denies is never let through.
    pub(crate) fn passes(&self) -> bool {
        self.answer.passes()
    }

    /// Whether the decision binds.
    pub(crate) fn enforced(&self) -> bool {
        self.answer.enforced()
    }

    /// Policy and rule that decided. Clients cannot read a missing one, so there is always a text.
    pub(crate) fn rule(&self) -> (&str, &str) {
        match &self.answer.decision.rule {
            Some(rule) => (rule.policy.as_str(), rule.rule.as_str()),
            None => ("", if self.allowed() { "default-allow" } else { "default-deny" }),
        }
    }

    /// Whether a person would have to say yes.
    pub(crate) fn needs_person(&self) -> bool {
        self.answer.decision.verdict == Verdict::Ask
    }
}

/// Decides; the record still has to be stored.
///
/// # Errors
/// When the question is none, or no record can be made.
pub(crate) fn consider(
    gateway: &Gateway,
    policies: &InForce,
    agent: &Agent,
    question: &Question,
    asking: &Asking<'_>,
) -> Result<(Judged, RecordRow), ApiError> {
    let answer = deciding::answer(question, agent, policies, gateway.mode)?;
    recorded(gateway, agent, question, answer, asking)
}

/// A decision with its record, which still has to be stored.
///
/// # Errors
/// When no record can be made.
pub(crate) fn recorded(
    gateway: &Gateway,
    agent: &Agent,
    question: &Question,
    answer: Answer,
    asking: &Asking<'_>,
) -> Result<(Judged, RecordRow), ApiError> {
    let row = recording::of_decision(&gateway.redactor, agent, question, &answer, asking)
        .map_err(|error| ApiError::internal(&error))?;
    Ok((Judged { answer, record: row.id.clone() }, row))
}

/// Decides and stores the record: nothing runs that is not on record.
///
/// # Errors
/// When the question is none, or the record could not be stored.
pub(crate) async fn judge(
    gateway: &Gateway,
    agent: &Agent,
    question: &Question,
    asking: &Asking<'_>,
    door: Door,
) -> Result<Judged, ApiError> {
    let (judged, row) = consider(gateway, &gateway.policies.now(), agent, question, asking)?;
    gateway.store.append(vec![row]).await?;
    gateway.metrics.decided(door, judged.answer.decision.verdict);
    Ok(judged)
}

impl Answer {
    /// See [`Judged::allowed`].
    pub(crate) fn allowed(&self) -> bool {
        self.decision.verdict == Verdict::Allow && self.decision.rewrite.is_none()
    }

    /// See [`Judged::passes`].
    pub(crate) fn passes(&self) -> bool {
        self.allowed() || !self.enforced()
    }

    /// See [`Judged::enforced`].
    pub(crate) fn enforced(&self) -> bool {
        self.decision.enforcement == Enforcement::Enforce
    }
}

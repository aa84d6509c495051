//! `POST /v1/decide`: one question, or several at once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::json::Body;
use crate::caller::AgentCaller;
use crate::deciding::Question;
use crate::error::ApiError;
use crate::judging;
use crate::metrics::Door;
use crate::recording::Asking;
use crate::state::Gateway;

/// Questions in one request at most.
const QUESTIONS: usize = 256;

/// A question as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    action: String,
    resource: Option<String>,
    #[serde(default)]
    context: Value,
    trace: Option<String>,
}

/// What the body may be.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Request {
    /// `{"questions": [...]}`.
    Several {
        /// The questions.
        questions: Vec<Asked>,
    },
    /// One.
    One(Asked),
}

/// Decides, records, answers.
pub(crate) async fn decide(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    Body(request): Body<Request>,
) -> Result<Json<Value>, ApiError> {
    let (asked, several) = match request {
        Request::One(one) => (vec![one], false),
        Request::Several { questions } => (questions, true),
    };
    if asked.len() > QUESTIONS {
        return Err(ApiError::bad_request(format!("{} questions at once", asked.len()), "send at most 256"));
    }
    let policies = gateway.policies.now();
    let mut verdicts = Vec::with_capacity(asked.len());
    let mut records = Vec::with_capacity(asked.len());
    let mut answers = Vec::with_capacity(asked.len());
    for Asked { action, resource, context, trace } in asked {
        let question = Question { action, resource, context };
        let asking = Asking { trace: trace.as_deref(), by: None };
        let (judged, row) = judging::consider(&gateway, &policies, &agent, &question, &asking)?;
        let enforced = judged.enforced();
        let decision = judged.answer.decision;
        answers.push(json!({
            "decision": decision.verdict.name(), "enforced": enforced, "rule": decision.rule, "reason": decision.reason,
            "kind": decision.denial, "fix": decision.fix, "rewrite": decision.rewrite, "record": row.id,
        }));
        verdicts.push(decision.verdict);
        records.push(row);
    }
    gateway.store.append(records).await?;
    verdicts.iter().for_each(|verdict| gateway.metrics.decided(Door::Decide, *verdict));
    Ok(Json(match answers.pop() {
        Some(only) if !several => only,
        last => {
            answers.extend(last);
            json!({"answers": answers})
        }
    }))
}

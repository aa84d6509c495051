//! Errors as every route gives them: a code, what is wrong, what to do.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use placet_store::StoreError;
use serde_json::json;

/// The code of an error, beside its answer, for those who count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) &'static str);

/// The code of [`ApiError::too_many`].
pub(crate) const RATE_LIMITED: &str = "rate_limited";

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) remedy: &'static str,
}

impl ApiError {
    /// The request is not what the route takes.
    pub(crate) fn bad_request(message: impl Into<String>, remedy: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "bad_request", message: message.into(), remedy }
    }

    /// Nobody that is known.
    pub(crate) fn unauthorized(message: &str, remedy: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: "unauthorized", message: message.to_owned(), remedy }
    }

    /// Somebody who may not.
    pub(crate) fn forbidden(message: &str, remedy: &'static str) -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "forbidden", message: message.to_owned(), remedy }
    }

    /// Somebody who calls too often.
    pub(crate) fn too_many(message: String) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: RATE_LIMITED,
            message,
            remedy: "wait as long as `Retry-After` says; `--rate-limit` sets the pace",
        }
    }

    /// Somebody without the right.
    pub(crate) fn lacks(message: String) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "right_missing",
            message,
            remedy: "ask somebody who has it, or for a role or token that gives it",
        }
    }

    /// An operator whose password was given too long ago.
    pub(crate) fn step_up_required() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "step_up_required",
            message: "this needs the password once more: it was given more than 10 minutes ago".to_owned(),
            remedy: "give it at `POST /admin/session/step-up`, or with `placet operator login`",
        }
    }

    /// Too many passwords.
    pub(crate) fn wait(message: &str) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "too_many",
            message: message.to_owned(),
            remedy: "wait five minutes and try again",
        }
    }

    /// It is not there.
    pub(crate) fn not_found(what: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "not_found",
            message: format!("there is no `{what}`"),
            remedy: "list what there is first",
        }
    }

    /// It is there, for other methods.
    pub(crate) fn wrong_method() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "method_not_allowed",
            message: "this path does not take that method".to_owned(),
            remedy: "the `Allow` header lists those that it takes",
        }
    }

    /// The service behind the proxy failed us.
    pub(crate) fn bad_gateway(message: &str) -> Self {
        Self {
            status: StatusCode::BAD_GATEWAY,
            code: "bad_gateway",
            message: message.to_owned(),
            remedy: "look whether the proxy target is up",
        }
    }

    /// The machine failed us.
    pub(crate) fn internal(why: &dyn std::fmt::Display) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "internal",
            message: format!("the gateway could not do it: {why}"),
            remedy: "see the gateway's own output",
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        let (status, code, remedy) = match error {
            StoreError::Missing(what) => return Self::not_found(&what),
            StoreError::NameTaken(_) => {
                (StatusCode::CONFLICT, "name_taken", "choose another name, or revoke the other")
            }
            StoreError::LastOwner => (StatusCode::CONFLICT, "last_owner", "make another owner first"),
            StoreError::Stale(_) => (StatusCode::CONFLICT, "stale", "read it again and repeat the change"),
            StoreError::Unavailable(_) | StoreError::Open(_) | StoreError::Address(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again; nothing was changed for certain")
            }
            StoreError::Corrupt(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "corrupt", "the database needs a look")
            }
        };
        Self { status, code, message, remedy }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body =
            json!({"error": self.code, "code": self.code, "message": self.message, "remedy": self.remedy});
        (self.status, axum::Extension(Code(self.code)), Json(body)).into_response()
    }
}

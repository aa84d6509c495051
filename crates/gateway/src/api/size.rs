//! Bodies that are too large are told so. Who is still sending when the connection is closed never reads the answer, so the
//! body is taken off the wire first, within reason.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::future::poll_fn;
use std::pin::Pin;

use crate::error::ApiError;

/// Largest body, in bytes.
pub(crate) const BODY: usize = 8 * 1024 * 1024;

/// Largest body that is read to its end for the sake of an answer, in bytes.
const PATIENCE: usize = 8 * BODY;

/// Answers requests that announce too large a body.
pub(crate) async fn size(request: Request, next: Next) -> Response {
    let announced: Option<usize> =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    match announced {
        Some(length) if length > BODY => {
            if length <= PATIENCE {
                discard(request).await;
            }
            too_large().into_response()
        }
        _ => next.run(request).await,
    }
}

async fn discard(request: Request) {
    let mut body = request.into_body();
    while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
}

fn too_large() -> ApiError {
    ApiError {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "too_large",
        message: format!("the body is larger than {} MiB", BODY / 1024 / 1024),
        remedy: "send less at a time",
    }
}

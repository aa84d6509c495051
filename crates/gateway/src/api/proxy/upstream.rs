//! The service behind the governed proxy. Redirects are handed back, never followed.

use std::error::Error as _;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use http_body_util::Limited;
use reqwest::{Client, Request, Url, redirect};

use super::bounded::{Bounded, TooLong};
use super::{headers, path};
use crate::config::ProxyTarget;
use crate::error::ApiError;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Where governed requests go.
pub(crate) struct Upstream {
    client: Client,
    base: Url,
    target: ProxyTarget,
}

impl Upstream {
    /// A client for the target.
    ///
    /// # Errors
    /// When the target is no plain `http://` or `https://` address, or no client can be made.
    pub(crate) fn new(target: &ProxyTarget) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("the proxy target `{}` {why}", target.url));
        let base = match Url::parse(&target.url) {
            Ok(base) => base,
            Err(error) => return wrong(&format!("is no address: {error}")),
        };
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return wrong("is neither `http://HOST` nor `https://HOST`");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err("the proxy target holds a name or a password, which belong into a header".to_owned());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return wrong("holds more than host and path");
        }
        // Whoever installed one before has the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .connect_timeout(CONNECT)
            .read_timeout(target.longest_pause)
            .build()
            .map_err(|error| format!("no client for the proxy target: {error}"))?;
        Ok(Self { client, base, target: target.clone() })
    }

    /// Sends a request whose path was decided on; gives back the answer as it is.
    pub(super) async fn send(
        &self,
        method: Method,
        decoded: &str,
        query: Option<&str>,
        headers: HeaderMap,
        body: Body,
    ) -> Result<Response, ApiError> {
        let is_head = method == Method::HEAD;
        let mut request = Request::new(method, self.url(decoded, query)?);
        *request.headers_mut() = headers;
        *request.timeout_mut() = Some(self.target.longest_answer);
        self.attach(&mut request, body)?;
        let answer = tokio::time::timeout(self.target.wait, self.client.execute(request)).await;
        let answer = answer.map_err(|_| too_late())?.map_err(|error| self.failed(&error))?;
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(ApiError::bad_gateway("the upstream changed the protocol"));
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = answer.status();
        *response.headers_mut() = headers::handed_back(answer.headers());
        if !is_head {
            // Told anew, from the body that is really sent.
            response.headers_mut().remove(CONTENT_LENGTH);
            if answer.content_length().is_some_and(|length| length > self.target.largest_answer as u64) {
                return Err(ApiError::bad_gateway("the upstream's answer is too large"));
            }
        }
        let body: axum::http::Response<reqwest::Body> = answer.into();
        *response.body_mut() = Body::new(Limited::new(body.into_body(), self.target.largest_answer));
        Ok(response)
    }

    /// The address, checked to hold what was decided on and nothing else.
    fn url(&self, decoded: &str, query: Option<&str>) -> Result<Url, ApiError> {
        let wanted = format!("{}/{}", self.base.path().trim_end_matches('/'), path::encoded(decoded));
        let mut url = self.base.clone();
        url.set_path(&wanted);
        url.set_query(query);
        if url.path() != wanted {
            return Err(ApiError::bad_request("the path would be sent otherwise", "write the path plainly"));
        }
        Ok(url)
    }

    fn attach(&self, request: &mut Request, body: Body) -> Result<(), ApiError> {
        let length = body.size_hint().exact();
        if length == Some(0) {
            return Ok(());
        }
        let limit = self.target.largest_request;
        if length.is_some_and(|length| length > limit as u64) {
            return Err(too_large(limit));
        }
        if let Some(length) = length {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        let limited = Body::new(Bounded::new(body, limit));
        *request.body_mut() = Some(reqwest::Body::wrap_stream(limited.into_data_stream()));
        Ok(())
    }

    fn failed(&self, error: &reqwest::Error) -> ApiError {
        let mut source = error.source();
        while let Some(inner) = source {
            if inner.is::<TooLong>() {
                return too_large(self.target.largest_request);
            }
            source = inner.source();
        }
        if error.is_timeout() { too_late() } else { ApiError::bad_gateway("the upstream does not answer") }
    }
}

fn too_late() -> ApiError {
    ApiError {
        status: StatusCode::GATEWAY_TIMEOUT,
        code: "gateway_timeout",
        message: "the upstream did not answer in time".to_owned(),
        remedy: "it may have been done all the same: look before trying again",
    }
}

fn too_large(limit: usize) -> ApiError {
    ApiError {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "body",
        message: format!("the body is larger than {limit} bytes"),
        remedy: "send a smaller body, or in pieces",
    }
}

//! A service behind the proxy that tells what it was sent.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use placet_gateway::{Config, ProxyTarget};
use serde_json::json;

use crate::server::{Server, config};

pub(super) struct Upstream {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let router = Router::new().fallback(move |request: Request| {
            log.lock().unwrap().push(request.uri().path().to_owned());
            tell(request)
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/base/", self.address)
    }

    /// Requests that came for a path.
    pub(super) fn seen(&self, path: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| *seen == path).count()
    }

    /// Requests that came.
    pub(super) fn all(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// A gateway before an upstream, and the key of agent `one`, tagged `dev`.
pub(super) async fn front(policy: &str) -> (Server, Upstream, String) {
    front_with(policy, |_| {}).await
}

/// The same with other bounds.
pub(super) async fn front_with(
    policy: &str,
    change: impl FnOnce(&mut ProxyTarget),
) -> (Server, Upstream, String) {
    let upstream = Upstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut target = ProxyTarget::new(upstream.url());
    change(&mut target);
    let settings = Config { proxy: Some(target), ..config(folder.path()) };
    let server = Server::with(folder, settings).await;
    server.apply(policy).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    (server, upstream, key)
}

async fn tell(request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/base/contacts/").unwrap_or_default().to_owned();
    if let Some(status) = path.strip_prefix("status/") {
        return (axum::http::StatusCode::from_u16(status.parse().unwrap()).unwrap(), Body::empty())
            .into_response();
    }
    match path.as_str() {
        "redirect" => {
            return (axum::http::StatusCode::FOUND, [("location", "/base/secrets")]).into_response();
        }
        "slow" => tokio::time::sleep(Duration::from_secs(20)).await,
        "growing" => return Body::from_stream(pieces(100, 65_536)).into_response(),
        "large" => return Body::from(vec![b'x'; 4 * 1024 * 1024]).into_response(),
        _ => {}
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &parts.headers {
        headers
            .entry(name.to_string())
            .or_default()
            .push(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    let told = Json(json!({
        "method": parts.method.as_str(), "path": parts.uri.to_string(), "headers": headers, "length": body.len(),
        "body": String::from_utf8_lossy(body.get(..64).unwrap_or(&body)),
    }));
    let own = [
        ("x-from", "upstream"),
        ("x-meshguard-decision", "deny"),
        ("x-meshguard-rule", "posing"),
        ("alt-svc", "h3=\":443\""),
        ("set-cookie", "a=b"),
        ("connection", "x-named-back"),
        ("x-named-back", "1"),
        ("keep-alive", "timeout=9"),
    ];
    (own, told).into_response()
}

/// A body of unknown length: so many pieces of so many bytes.
pub(super) fn pieces(
    number: usize,
    bytes: usize,
) -> impl futures_core::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send {
    struct Pieces(usize, usize);
    impl futures_core::Stream for Pieces {
        type Item = Result<Vec<u8>, std::io::Error>;
        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let bytes = self.1;
            let left = self.0.checked_sub(1);
            Poll::Ready(left.map(|left| {
                self.0 = left;
                Ok(vec![b'y'; bytes])
            }))
        }
    }
    Pieces(number, bytes)
}

//! Paths and headers that mean one thing here and another there.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use reqwest::StatusCode;

use super::upstream::front;
use crate::server::answer;

/// Whatever is not refused is allowed.
const OPEN: &str = "
name: open
appliesTo: { tags: [dev] }
rules:
  - { name: all, effect: allow, actions: ['*'] }
  - { name: no-admin, effect: deny, actions: ['*:admin*'] }
";

/// Sends bytes as they are; gives the status line.
async fn raw(address: SocketAddr, bytes: Vec<u8>) -> String {
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
        stream.write_all(&bytes).unwrap();
        let mut got = Vec::new();
        let _ = stream.read_to_end(&mut got);
        String::from_utf8_lossy(&got).into_owned()
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_with_two_meanings_is_refused() {
    let (server, upstream, key) = front(OPEN).await;
    let paths: &[&str] = &[
        "../admin/agents",
        "x/../admin",
        "x/./y",
        "./x",
        "x//y",
        "/x",
        "%2e%2e/admin",
        "x/%2E%2E/admin",
        "x%2fadmin",
        "x%2Fadmin",
        "x%5cadmin",
        "x\\admin",
        "x%00",
        "x%0d%0aHost:%20evil",
        "x%0a",
        "%",
        "x%2",
        "x%zz",
        "%ff%fe",
        "%c0%ae%c0%ae/admin",
        "%252e%252e/admin",
        "x%252fadmin",
        "..;/admin",
        "x;a=b",
        "x%3B",
        "x/..",
        "x/.",
        "x//",
        "a*b",
    ];
    for path in paths {
        let request = format!(
            "GET /proxy/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        );
        let got = raw(server.address, request.into_bytes()).await;
        assert!(got.starts_with("HTTP/1.1 400"), "{path}: {got}");
    }
    for path in ["check", "%63heck", "audit", "%61udit"] {
        let request = format!(
            "DELETE /proxy/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        );
        let got = raw(server.address, request.into_bytes()).await;
        assert!(got.starts_with("HTTP/1.1 40"), "{path}: {got}");
    }
    for path in ["admin", "%61dmin", "adm%69n/x", "admin/"] {
        let request = format!(
            "GET /proxy/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        );
        let got = raw(server.address, request.into_bytes()).await;
        assert!(got.starts_with("HTTP/1.1 403"), "{path}: {got}");
    }
    assert_eq!(upstream.all(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_within_requests_are_refused() {
    let (server, upstream, key) = front(OPEN).await;
    let head = |line: &str, more: &str| {
        format!("{line}\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n{more}\r\n").into_bytes()
    };
    let inner = "GET /base/admin HTTP/1.1\r\nHost: x\r\n\r\n";
    let smuggled =
        format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}", inner.len() + 5);
    let rows = [
        head("POST /proxy/x HTTP/1.1", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
        head("POST /proxy/x HTTP/1.1", "Content-Length: +5\r\n\r\nabcde"),
        head("POST /proxy/x HTTP/1.1", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        head("POST /proxy/x HTTP/1.1", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-A: b\nX-MeshGuard-Action : c\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-A: b\r\r\nX-B: c\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-HTTP-Method-Override: DELETE\r\n"),
        head("GET /proxy/x HTTP/1.1", "X_HTTP_METHOD_OVERRIDE: DELETE\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-Original-URL: /admin\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-Rewrite-URL: /admin\r\nConnection: x-rewrite-url\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-MeshGuard-Action: read:a\r\nX-MeshGuard-Action: read:b\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-MeshGuard-Action: read:*\r\n"),
        head("GET /proxy/x HTTP/1.1", "X-MeshGuard-Action: \r\n"),
        head("GET /proxy/x HTTP/1.1", "X-MeshGuard-Action: read:a\u{e9}\r\nX-MeshGuard-Meta: [\r\n"),
        head("GET /proxy/x HTTP/1.1", "Authorization: Bearer other\r\n"),
        head("TRACE /proxy/x HTTP/1.1", ""),
        head("PROPFIND /proxy/x HTTP/1.1", ""),
        head("CONNECT /proxy/x HTTP/1.1", ""),
        head("CONNECT localhost:80 HTTP/1.1", ""),
    ];
    for row in rows {
        let shown = String::from_utf8_lossy(&row).into_owned();
        let got = raw(server.address, row).await;
        assert!(!got.starts_with("HTTP/1.1 2") && !got.starts_with("HTTP/1.1 5"), "{shown}: {got}");
    }
    assert_eq!(upstream.all(), 0);
    // One that says two lengths is one of no body, followed by a request to the gateway itself.
    let got = raw(server.address, head("POST /proxy/x HTTP/1.1", &smuggled)).await;
    assert!(got.contains("\"length\":0") && !got.contains("/base/admin"), "{got}");
    assert_eq!((upstream.seen("/base/x"), upstream.all()), (1, 1));
    let ask = server.request(reqwest::Method::GET, "/proxy/x").bearer_auth(&key);
    assert_eq!(answer(ask).await.0, StatusCode::OK, "it is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_is_an_ordinary_request() {
    let (server, _upstream, key) = front(OPEN).await;
    let request = format!(
        "GET /proxy/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: Upgrade, close\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let got = raw(server.address, request.into_bytes()).await;
    assert!(got.starts_with("HTTP/1.1 200"), "{got}");
    assert!(!got.contains("\"upgrade\""), "{got}");
}

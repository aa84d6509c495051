//! What no client sends by accident.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{POLICY, Server, answer};

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_are_told_what_is_wrong() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    for action in ["", "read", "read:", ":file", "*", "read:*", "*:*"] {
        let (status, body) = server.check(&key, action, "/x").await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{action}: {body}");
    }
    let (status, _) = server.check(&key, "read:file", "[object Object]").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let checked = |name: &'static str, value: &'static str| {
        server
            .request(Method::GET, "/proxy/check")
            .bearer_auth(&key)
            .header("X-MeshGuard-Action", "read:file")
            .header(name, value)
    };
    assert_eq!(
        answer(checked("X-MeshGuard-Action", "write:file")).await.0,
        StatusCode::BAD_REQUEST,
        "two actions"
    );
    assert_eq!(answer(checked("X-MeshGuard-Action", "read:file")).await.0, StatusCode::OK, "the same twice");
    assert_eq!(answer(checked("X-MeshGuard-Meta", "{")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(answer(checked("X-MeshGuard-Meta", "{\"resource\":[]}")).await.0, StatusCode::BAD_REQUEST);
    let bodies = ["", "{", "[]", "{\"action\":1}", "{\"action\":\"read:file\",\"typo\":1}", "\u{0}"];
    for body in bodies {
        let request = server.request(Method::POST, "/v1/decide").bearer_auth(&key).body(body);
        assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
    let deep =
        format!("{{\"action\":\"read:file\",\"context\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let request = server.request(Method::POST, "/v1/decide").bearer_auth(&key).body(deep);
    assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST);
    let request =
        server.request(Method::POST, "/v1/decide").bearer_auth(&key).body(vec![b'x'; 9 * 1024 * 1024]);
    assert_eq!(answer(request).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let many = json!({"questions": vec![json!({"action": "read:file"}); 257]});
    let request = server.request(Method::POST, "/v1/decide").bearer_auth(&key).json(&many);
    assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST);
    for query in ["limit=x", "from=yesterday", "cursor=1", "limit=1&limit=2", "period=0h"] {
        let path = format!("/admin/audit/stats?{query}");
        assert_eq!(answer(server.admin(Method::GET, &path)).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
    let other = server.request(Method::GET, "/proxy/check/").bearer_auth(&key);
    assert_eq!(answer(other).await.0, StatusCode::NOT_FOUND, "another path, which goes nowhere here");
    assert_eq!(server.check(&key, "read:file", "/x").await.0, StatusCode::OK, "it is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_headers_and_any_text_are_taken() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let long = format!("git log {}", "a".repeat(31_000));
    assert_eq!(server.check(&key, "execute:shell", &long).await.0, StatusCode::OK);
    let text = "git log --author='Jürgen' \u{1F600}";
    assert_eq!(server.check(&key, "execute:shell", text).await.0, StatusCode::OK, "raw UTF-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_and_other_names_are_turned_away() {
    let server = Server::start().await;
    let with = |name: &str, value: &str| server.request(Method::GET, "/health").header(name, value);
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example"] {
        assert_eq!(answer(with("Host", host)).await.0, StatusCode::FORBIDDEN, "{host}");
    }
    for host in ["localhost", "localhost:3100", "127.0.0.1", "[::1]:3100"] {
        assert_eq!(answer(with("Host", host)).await.0, StatusCode::OK, "{host}");
    }
    for origin in ["http://evil.example", "null", "http://localhost:1"] {
        assert_eq!(answer(with("Origin", origin)).await.0, StatusCode::FORBIDDEN, "{origin}");
    }
    let own = format!("http://{}", server.address);
    assert_eq!(answer(with("Origin", &own)).await.0, StatusCode::OK);
}

/// Bytes of which HTTP clients would not be proud.
#[tokio::test(flavor = "multi_thread")]
async fn broken_http_is_refused_and_the_next_is_served() {
    let server = Server::start().await;
    let address = server.address;
    let rows: &[&[u8]] = &[
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /v1/decide HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"BREW /health HTTP/9.9\r\n\r\n",
    ];
    for row in rows {
        let row = row.to_vec();
        let got = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
            stream.write_all(&row).unwrap();
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut got = Vec::new();
            let _ = stream.read_to_end(&mut got);
            String::from_utf8_lossy(&got).into_owned()
        })
        .await
        .unwrap();
        assert!(!got.starts_with("HTTP/1.1 2"), "{got}");
    }
    assert_eq!(answer(server.request(Method::GET, "/health")).await.0, StatusCode::OK);
}

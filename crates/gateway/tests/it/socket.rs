//! The socket: TLS, and clients that only hold it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use placet_gateway::{Gateway, Refused, Socket, Tls, TlsError, serve};
use reqwest::{Method, StatusCode};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{Server, answer, config};

fn loopback() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)
}

/// A certificate for `localhost` and its key, as files and as text.
fn certificate(folder: &TempDir) -> (Tls, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = Tls { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    (files, made.cert.pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_tls_and_nothing_else_then() {
    let folder = tempfile::tempdir().unwrap();
    let (tls, pem) = certificate(&folder);
    let settings = config(folder.path());
    let server = Server::on(folder, settings, Socket { tls: Some(tls), ..Socket::local(loopback()) }).await;
    let port = server.address.port();
    let trusting = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()])
        .build()
        .unwrap();
    let url = format!("https://localhost:{port}/health");
    let (status, health) = answer(trusting.get(&url)).await;
    assert_eq!((status, &health["status"]), (StatusCode::OK, &"healthy".into()));
    let plain = server.request(Method::GET, "/health").send().await;
    assert!(plain.is_err(), "{plain:?}");
    let suspicious = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    assert!(suspicious.get(&url).send().await.is_err(), "nobody vouches for the certificate");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_do_not_fit_do_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let (good, _) = certificate(&folder);
    let elsewhere = tempfile::tempdir().unwrap();
    let (other, _) = certificate(&elsewhere);
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let gateway = Gateway::start(&config(folder.path())).await.unwrap();
    for (tls, wanted) in [
        (Tls { key: other.key, ..good.clone() }, "unfit"),
        (Tls { certificate: empty.clone(), ..good.clone() }, "empty"),
        (Tls { key: empty, ..good.clone() }, "file"),
        (Tls { key: folder.path().join("missing.pem"), ..good }, "file"),
    ] {
        let socket = Socket { tls: Some(tls), ..Socket::local(loopback()) };
        let refused = serve(gateway.clone(), &socket, |_| {}, std::future::ready(())).await.unwrap_err();
        let found = match &refused {
            Refused::Tls(TlsError::Unfit(_)) => "unfit",
            Refused::Tls(TlsError::Empty(_)) => "empty",
            Refused::Tls(TlsError::File(..)) => "file",
            _ => "other",
        };
        assert_eq!(found, wanted, "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_no_head_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let settings = config(folder.path());
    let socket = Socket { patience: Duration::from_millis(300), ..Socket::local(loopback()) };
    let server = Server::on(folder, settings, socket).await;
    let mut slow = Vec::new();
    for _ in 0..64 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
        slow.push(stream);
    }
    assert_eq!(answer(server.request(Method::GET, "/health")).await.0, StatusCode::OK, "others are served");
    for mut stream in slow {
        let mut said = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut said)).await;
        assert!(closed.is_ok(), "still held open");
    }
}

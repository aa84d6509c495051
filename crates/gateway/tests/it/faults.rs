//! A database that goes away, and two gateways on one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use crate::postgres::Cluster;
use crate::server::{POLICY, Server, answer, config};

/// Stands between a gateway and PostgreSQL, and can be cut.
struct Wire {
    address: SocketAddr,
    up: Arc<watch::Sender<bool>>,
}

impl Wire {
    async fn to(socket: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let up = Arc::new(watch::Sender::new(true));
        let state = Arc::clone(&up);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut state = state.subscribe();
                if !*state.borrow() {
                    continue;
                }
                let socket = socket.clone();
                tokio::spawn(async move {
                    let Ok(mut far) = UnixStream::connect(socket).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        // Both ends see the connection break off.
                        _ = state.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        Self { address, up }
    }

    fn cut(&self) {
        self.up.send_replace(false);
    }

    fn mend(&self) {
        self.up.send_replace(true);
    }
}

/// The database behind a wire: its address says where the socket is.
async fn behind(cluster: &Cluster, name: &str) -> (Wire, String) {
    let direct = cluster.database(name);
    let folder = direct.split_once("host=").unwrap().1.to_owned();
    let wire = Wire::to(format!("{folder}/.s.PGSQL.5432")).await;
    let address = format!("postgres://placet@{}/{name}?sslmode=disable", wire.address);
    (wire, address)
}

async fn server(database: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.database = database.to_owned();
    Server::with(folder, config).await
}

async fn ready(server: &Server) -> StatusCode {
    server.request(Method::GET, "/ready").send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_nothing_is_allowed_and_nothing_answered_is_lost() {
    let Some(cluster) = Cluster::start() else { return };
    let (wire, address) = behind(&cluster, "cut").await;
    let server = server(&address).await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    let mut answered = 0;
    for round in 0..3 {
        for number in 0..20 {
            let (status, told) = server.check(&key, "read:x", &format!("{round} {number}")).await;
            assert_eq!(status, StatusCode::OK, "{told}");
            answered += 1;
        }
        // While calls are under way.
        let calls = (0..8).map(|_| server.check(&key, "read:x", "between"));
        let (calls, ()) = tokio::join!(all(calls), async {
            tokio::time::sleep(Duration::from_millis(3)).await;
            wire.cut();
        });
        answered += calls.iter().filter(|(status, _)| *status == StatusCode::OK).count();
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(ready(&server).await, StatusCode::SERVICE_UNAVAILABLE);
        let started = Instant::now();
        let (status, told) = server.check(&key, "read:x", "while it is away").await;
        assert_eq!(
            (status, &told["code"]),
            (StatusCode::SERVICE_UNAVAILABLE, &"unavailable".into()),
            "{told}"
        );
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        let body = serde_json::json!({"action": "read:x"});
        let asked = server.request(Method::POST, "/v1/decide").bearer_auth(&key).json(&body);
        assert_eq!(answer(asked).await.0, StatusCode::SERVICE_UNAVAILABLE);
        wire.mend();
        let patience = Instant::now() + Duration::from_secs(30);
        while ready(&server).await != StatusCode::OK {
            assert!(Instant::now() < patience, "it does not come back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let (_, page) =
        answer(server.admin(Method::GET, "/admin/audit?action=read:x&decision=allow&limit=1000")).await;
    let stored = page["entries"].as_array().unwrap();
    assert!(stored.len() >= answered, "{} of {answered}", stored.len());
    assert!(
        stored.iter().all(|entry| entry["resource"] != "while it is away"),
        "what was refused did not happen"
    );
}

async fn all<F: Future>(work: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut done = Vec::new();
    // Polled together: each is begun before the first has ended.
    let mut work: Vec<_> = work.map(|one| Some(Box::pin(one))).collect();
    std::future::poll_fn(|context| {
        for slot in &mut work {
            if let Some(one) = slot
                && let std::task::Poll::Ready(output) = one.as_mut().poll(context)
            {
                done.push(output);
                *slot = None;
            }
        }
        if work.iter().all(Option::is_none) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

/// Through the doors: what one gateway is told binds at the other.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_gateway_is_told_binds_at_the_other() {
    const BOUND: Duration = Duration::from_millis(100);
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("two");
    let (one, other) = (server(&address).await, server(&address).await);
    one.apply(POLICY).await;
    let (id, key) = one.agent("one", "basic", &["dev"]).await;
    // Until both listen.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let until = async |wanted: StatusCode| {
        let started = Instant::now();
        loop {
            // The answer may be as old as its question.
            let asked = started.elapsed();
            let (status, _) = other.check(&key, "read:x", "").await;
            if status == wanted {
                return asked;
            }
            assert!(asked < Duration::from_secs(10), "it does not bind");
        }
    };
    let mut slowest = Vec::new();
    for round in 0..10 {
        let (effect, wanted) =
            if round % 2 == 0 { ("deny", StatusCode::FORBIDDEN) } else { ("allow", StatusCode::OK) };
        one.apply(&POLICY.replacen("effect: allow", &format!("effect: {effect}"), 1)).await;
        slowest.push(until(wanted).await);
    }
    answer(one.admin(Method::DELETE, &format!("/admin/agents/{id}"))).await;
    slowest.push(until(StatusCode::UNAUTHORIZED).await);
    slowest.sort();
    println!("until it binds: {slowest:?}");
    // A machine that is busy with other things may be late now and then.
    assert!(slowest[slowest.len() / 2] <= BOUND, "{slowest:?}");
}

/// A stream of records shows what the other gateway stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_shows_what_another_gateway_stores() {
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("stream");
    let (one, other) = (server(&address).await, server(&address).await);
    one.apply(POLICY).await;
    let (_, key) = one.agent("one", "basic", &["dev"]).await;
    let mut reader = crate::stream::Reader::open(&one, "?action=read:x", None).await;
    let mut seen = Vec::new();
    let write = async |server: &Server, name: &str| {
        for number in 0..50 {
            server.check(&key, "read:x", &format!("{name} {number}")).await;
        }
    };
    let read = async {
        while seen.len() < 100 {
            seen.push(reader.record().await["resource"].as_str().unwrap().to_owned());
            // Back at the other gateway, where the first was left.
            if seen.len() == 40 {
                let last = std::mem::take(&mut reader.last);
                reader = crate::stream::Reader::open(&other, "?action=read:x", Some(&last)).await;
            }
        }
    };
    tokio::join!(write(&one, "one"), write(&other, "other"), read);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 100, "none lost, none twice");
}

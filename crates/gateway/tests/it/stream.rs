//! Records as they come: none lost, none twice, whoever comes and goes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::people::People;
use crate::server::{POLICY, Server, answer};

/// One event of a stream.
#[derive(Debug, Default)]
struct Event {
    id: String,
    data: Option<Value>,
}

/// A reader that takes events one by one.
pub(crate) struct Reader {
    response: Response,
    read: String,
    pub(crate) last: String,
}

impl Reader {
    pub(crate) async fn open(server: &Server, query: &str, last: Option<&str>) -> Self {
        let mut request = server.admin(Method::GET, &format!("/admin/audit/stream{query}"));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        Self::follow(request).await
    }

    async fn follow(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut reader = Self { response, read: String::new(), last: String::new() };
        assert!(reader.event().await.unwrap().data.is_none(), "where it begins comes first");
        reader
    }

    /// The next event; `None` at the end.
    async fn event(&mut self) -> Option<Event> {
        let end = loop {
            if let Some(end) = self.read.find("\n\n") {
                break end;
            }
            let piece = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            self.read.push_str(std::str::from_utf8(&piece.unwrap().unwrap()?).unwrap());
        };
        let text: String = self.read.drain(..end + 2).collect();
        let mut event = Event::default();
        for line in text.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => event.id = id.to_owned(),
                Some(("data", data)) => event.data = Some(serde_json::from_str(data).unwrap()),
                _ => {}
            }
        }
        self.last = event.id.clone();
        Some(event)
    }

    /// The next record.
    pub(crate) async fn record(&mut self) -> Value {
        loop {
            if let Some(data) = self.event().await.unwrap().data {
                return data;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_come_as_they_are_stored_and_as_the_query_shows_them() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    let (_, other) = server.agent("two", "basic", &["dev"]).await;
    let mut all = Reader::open(&server, "", None).await;
    let mut denied = Reader::open(&server, "?agentId=one&decision=deny", None).await;
    let asked = Instant::now();
    server.check(&key, "read:x", "").await;
    let record = all.record().await;
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert_eq!((&record["action"], &record["decision"]), (&"read:x".into(), &"allow".into()));
    let (_, page) = answer(server.admin(Method::GET, "/admin/audit?limit=1")).await;
    assert_eq!(page["entries"][0], record);
    server.check(&other, "write:x", "").await;
    server.check(&key, "write:y", "").await;
    assert_eq!(denied.record().await["action"], "write:y");
    assert_eq!(all.record().await["agentName"], "two");
    assert_eq!(all.record().await["agentName"], "one");
}

/// A reader that leaves at any moment and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_misses_nothing_and_gets_nothing_twice() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    let mut reader = Reader::open(&server, "?action=read:x", None).await;
    let write = async {
        for number in 0..150 {
            server.check(&key, "read:x", &number.to_string()).await;
            server.check(&key, "read:other", "").await;
        }
    };
    let mut seen = Vec::new();
    let read = async {
        let mut round = 0;
        while seen.len() < 150 {
            round += 1;
            for _ in 0..round % 7 + 1 {
                if seen.len() < 150 {
                    seen.push(reader.record().await["resource"].as_str().unwrap().to_owned());
                }
            }
            let last = std::mem::take(&mut reader.last);
            reader = Reader::open(&server, "?action=read:x", Some(&last)).await;
        }
    };
    tokio::join!(write, read);
    let wanted: BTreeSet<String> = (0..150).map(|number| number.to_string()).collect();
    assert_eq!(seen.len(), 150);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_no_more_reads_no_more() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    let people = People::of(&server).await;
    let viewer = people.operator("viewer", "viewer").await;
    let follow = async |credential: &str| {
        let request = server.request(Method::GET, "/admin/audit/stream").bearer_auth(credential);
        Reader::follow(request).await
    };
    let mut of_token = follow(&people.token("watch", &["records:read"], 60).await).await;
    let mut of_session = follow(&people.session(&viewer, 0).await).await;
    let mut stays = follow(&people.token("other", &["records:read"], 60).await).await;
    server.check(&key, "read:before", "").await;
    for reader in [&mut of_token, &mut of_session, &mut stays] {
        while reader.record().await["action"] != "read:before" {}
    }
    for path in ["/admin/tokens/watch", "/admin/operators/viewer"] {
        let (status, told) = answer(server.admin(Method::DELETE, path)).await;
        assert_eq!(status, StatusCode::OK, "{told}");
    }
    server.check(&key, "read:after", "").await;
    for mut reader in [of_token, of_session] {
        while let Some(event) = reader.event().await {
            let told = event.data.map(|data| data["action"].clone());
            assert_ne!(told, Some("read:after".into()));
        }
    }
    while stays.record().await["action"] != "read:after" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_none_is_refused_and_readers_are_counted() {
    let server = Server::start().await;
    let request = server.admin(Method::GET, "/admin/audit/stream").header("Last-Event-ID", "yesterday");
    assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST);
    let mut readers = Vec::new();
    for _ in 0..64 {
        readers.push(Reader::open(&server, "", None).await);
    }
    let (status, told) = answer(server.admin(Method::GET, "/admin/audit/stream")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{told}");
    drop(readers);
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        let response = server.admin(Method::GET, "/admin/audit/stream").send().await.unwrap();
        if response.status() == StatusCode::OK {
            break;
        }
        assert!(Instant::now() < patience, "places are given back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

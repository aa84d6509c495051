//! `GET /admin/audit/stream`: records as they are stored, as server-sent events.
//!
//! The stream asks the database for what was stored behind the last record it gave, so nothing is kept for readers that are slow,
//! and it does not matter which gateway stored a record or which one a reader comes back to.
//!
//! `INVARIANT:` a reader that comes back with the last id it saw gets every record behind it, once; one that may no more gets
//! nothing from then on (guarded by `tests/it/stream.rs`).

use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body::Frame;
use placet_store::{Place, RecordQuery};
use tokio::sync::mpsc;

use super::audit::{Wanted, entry, record_query};
use crate::api::json::Params;
use crate::caller::{Caller, May, needed, single};
use crate::error::ApiError;
use crate::metrics::Stream;
use crate::rights::Right;
use crate::state::Gateway;

/// Readers at a time.
const READERS: i64 = 64;

/// How often the database is asked when this gateway stores nothing: others may.
const PAUSE: Duration = Duration::from_millis(500);

/// What comes together is given together.
const GATHER: Duration = Duration::from_millis(20);

/// Silence after which a word is said, so that both ends know that the other is there.
const SILENCE: Duration = Duration::from_secs(10);

/// How long a reader may leave things lying.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pieces on their way to a reader.
const PIECES: usize = 16;

/// Records that are fetched at a time.
const PAGE: i64 = 200;

/// Follows from where `Last-Event-ID` says, or from now.
pub(crate) async fn stream(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::RecordsRead>,
    headers: HeaderMap,
    Params(wanted): Params<Wanted>,
) -> Result<Response, ApiError> {
    let query = RecordQuery { limit: PAGE, after: None, ..record_query(&gateway, wanted).await? };
    let place = match single(&headers, "last-event-id")? {
        None | Some("") => gateway.store.place().await?,
        Some(id) => id.parse().map_err(|_| {
            ApiError::bad_request(
                "`Last-Event-ID` is none of ours",
                "send the `id` of the last event as it came",
            )
        })?,
    };
    let reader = Stream::open(&gateway.metrics, READERS).ok_or_else(|| ApiError {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "unavailable",
        message: format!("{READERS} readers follow the records already"),
        remedy: "try again later, or ask `GET /admin/audit` from time to time",
    })?;
    let (sender, receiver) = mpsc::channel(PIECES);
    let weak = Arc::downgrade(&gateway);
    let follower = Follower { gateway: weak, shown: headers, query, place, sender, told: Instant::now() };
    let (stored, closing) = (gateway.store.stored(), gateway.closing.subscribe());
    tokio::spawn(async move {
        let _reader = reader;
        follower.follow(stored, closing).await;
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        (axum::http::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::new(Pieces(receiver))).into_response())
}

struct Follower {
    gateway: Weak<Gateway>,
    /// What the reader showed of itself.
    shown: HeaderMap,
    query: RecordQuery,
    place: Place,
    sender: mpsc::Sender<Bytes>,
    /// When something was said last.
    told: Instant,
}

impl Follower {
    /// Gives records until the reader is gone, or does not read, or the gateway ends.
    async fn follow(
        mut self,
        mut stored: tokio::sync::watch::Receiver<u64>,
        mut closing: tokio::sync::watch::Receiver<bool>,
    ) {
        let first = format!("id: {}\nretry: 2000\n: follows\n\n", self.place);
        let mut alive = self.say(first).await;
        while alive && !*closing.borrow() {
            stored.mark_unchanged();
            match self.give().await {
                Some(true) => continue,
                Some(false) => {}
                None => return,
            }
            tokio::select! {
                changed = stored.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(PAUSE) => {}
                _ = closing.changed() => return,
                () = self.sender.closed() => return,
            }
            if self.told.elapsed() >= SILENCE {
                alive = self.say(format!("id: {}\n: nothing new\n\n", self.place)).await;
            }
            tokio::time::sleep(GATHER).await;
        }
    }

    /// Gives what is there; whether there may be more. `None` when it is over.
    async fn give(&mut self) -> Option<bool> {
        let gateway = self.gateway.upgrade()?;
        match may_still(&gateway, &self.shown).await {
            Ok(()) => {}
            Err(error) if error.status.is_client_error() => return None,
            // The database does not answer. See below.
            Err(_) => return Some(false),
        }
        // In this order: all that stands before this place is seen by the query that follows.
        let known = gateway.store.place().await.ok();
        let found = gateway.store.stored_after(&gateway.organisation, &self.query, self.place).await;
        drop(gateway);
        // While the database does not answer the reader hears that the gateway is there; nothing is passed over.
        let Ok(found) = found else { return Some(false) };
        let more = i64::try_from(found.len()).is_ok_and(|count| count >= PAGE);
        for (place, row) in found {
            if !self.say(format!("id: {place}\nevent: record\ndata: {}\n\n", entry(&row))).await {
                return None;
            }
            self.place = place;
        }
        if let Some(known) = known.filter(|_| !more) {
            self.place = self.place.max(known);
        }
        Some(more)
    }

    /// Whether it was taken in time.
    async fn say(&mut self, text: String) -> bool {
        self.told = Instant::now();
        self.sender.send_timeout(Bytes::from(text), PATIENCE).await.is_ok()
    }
}

async fn may_still(gateway: &Gateway, shown: &HeaderMap) -> Result<(), ApiError> {
    Caller::of(gateway, shown).await?.must_have(Right::RecordsRead)
}

/// The body of such an answer.
struct Pieces(mpsc::Receiver<Bytes>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

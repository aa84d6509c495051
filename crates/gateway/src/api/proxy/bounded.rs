//! A body on its way to the upstream that may not grow beyond a bound.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;

/// What is taken off the wire and thrown away when a body is too long: who is still sending when the connection is closed never
/// reads why. In bytes.
const DISCARDED: usize = 16 * 1024 * 1024;

/// The body was too long.
#[derive(Debug)]
pub(super) struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is too long")
    }
}

impl std::error::Error for TooLong {}

/// See above. Ends with [`TooLong`] where the bound is passed.
pub(super) struct Bounded {
    inner: Body,
    left: usize,
    /// What was thrown away since the bound was passed.
    discarded: Option<usize>,
}

impl Bounded {
    pub(super) fn new(inner: Body, bound: usize) -> Self {
        Self { inner, left: bound, discarded: None }
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
            let length = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) | None => 0,
            };
            let over = length > self.left;
            match (self.discarded, frame) {
                (None, frame) if !over => {
                    self.left -= length;
                    return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
                }
                (discarded, Some(Ok(_))) => {
                    let discarded = discarded.unwrap_or(0).saturating_add(length);
                    self.discarded = Some(discarded);
                    if discarded > DISCARDED {
                        return Poll::Ready(Some(Err(TooLong.into())));
                    }
                }
                _ => return Poll::Ready(Some(Err(TooLong.into()))),
            }
        }
    }
}

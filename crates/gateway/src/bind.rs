//! The socket: where it may stand, how it is kept free of those who only hold it, and how it ends.

use std::fmt;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;

use crate::api;
use crate::state::Gateway;
use crate::tls::{self, Tls, TlsError};

/// Who may reach a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Everybody on the network: it speaks TLS, or somebody said that plain HTTP will do.
    Network,
}

/// How a gateway is reached.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Address and port; port 0 for a free one.
    pub listen: SocketAddr,
    /// Who may reach it.
    pub exposure: Exposure,
    /// Certificate and key; plain HTTP if `None`.
    pub tls: Option<Tls>,
    /// How long a client may take to send the head of a request.
    pub patience: Duration,
}

impl Socket {
    /// Plain HTTP for this machine.
    pub fn local(listen: SocketAddr) -> Self {
        Self { listen, exposure: Exposure::Loopback, tls: None, patience: PATIENCE }
    }
}

/// Usual time to send the head of a request.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long requests that were begun may take when the gateway ends.
const FAREWELL: Duration = Duration::from_secs(30);

/// Streams of one HTTP/2 connection.
const STREAMS: u32 = 256;

/// Why there is no socket.
#[derive(Debug)]
pub enum Refused {
    /// The address is reached from elsewhere, and nobody said that it may be.
    Public(SocketAddr),
    /// The system says no.
    Socket(SocketAddr, std::io::Error),
    /// The certificate or its key is not as it should be.
    Tls(TlsError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(address) => {
                write!(
                    f,
                    "`{address}` can be reached from other machines, and this gateway speaks plain HTTP"
                )
            }
            Self::Socket(address, error) => write!(f, "cannot listen on `{address}`: {error}"),
            Self::Tls(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

/// Listens and answers until `end` is over, then finishes what was begun. `ready` is told the address.
///
/// # Errors
/// When there is no socket to be had.
pub async fn serve(
    gateway: Arc<Gateway>,
    socket: &Socket,
    ready: impl FnOnce(SocketAddr),
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Refused> {
    let listen = socket.listen;
    if socket.exposure == Exposure::Loopback && !listen.ip().is_loopback() {
        return Err(Refused::Public(listen));
    }
    let certificate = match &socket.tls {
        Some(files) => Some(tls::load(files).map_err(Refused::Tls)?),
        None => None,
    };
    let failed = |error| Refused::Socket(listen, error);
    let listener = TcpListener::bind(listen).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    let closing = Arc::downgrade(&gateway);
    let service = api::router(gateway, socket.exposure).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    tokio::spawn({
        let handle = handle.clone();
        async move {
            end.await;
            // Streams would never end.
            if let Some(gateway) = closing.upgrade() {
                gateway.closing.send_replace(true);
            }
            handle.graceful_shutdown(Some(FAREWELL));
        }
    });
    match (certificate, &socket.tls) {
        (Some(certificate), Some(files)) => {
            let renewal = tokio::spawn(tls::renew(certificate.clone(), files.clone()));
            let mut server =
                axum_server::from_tcp_rustls(listener, certificate).map_err(failed)?.handle(handle);
            limit(server.http_builder(), socket.patience);
            let served = server.serve(service).await.map_err(failed);
            renewal.abort();
            served
        }
        _ => {
            let mut server = axum_server::from_tcp(listener).map_err(failed)?.handle(handle);
            limit(server.http_builder(), socket.patience);
            server.serve(service).await.map_err(failed)
        }
    }
}

/// Lets nobody hold a connection without asking anything.
fn limit(builder: &mut Builder<TokioExecutor>, patience: Duration) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(patience * 3);
}

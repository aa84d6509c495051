//! The socket: where it may stand, and how it ends.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::api;
use crate::state::Gateway;

/// Who may reach a gateway that speaks plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Everybody on the network; somebody said so.
    Network,
}

/// Why there is no socket.
#[derive(Debug)]
pub enum Refused {
    /// The address is reached from elsewhere, and nobody said that it may be.
    Public(SocketAddr),
    /// The system says no.
    Socket(SocketAddr, std::io::Error),
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
    listen: SocketAddr,
    exposure: Exposure,
    ready: impl FnOnce(SocketAddr),
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Refused> {
    if exposure == Exposure::Loopback && !listen.ip().is_loopback() {
        return Err(Refused::Public(listen));
    }
    let failed = |error| Refused::Socket(listen, error);
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    let router = api::router(gateway, exposure);
    axum::serve(listener, router).with_graceful_shutdown(end).await.map_err(failed)
}

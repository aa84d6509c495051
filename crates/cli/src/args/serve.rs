//! `placet serve`

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What a gateway is started with.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:3100]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// The port alone; the address is 127.0.0.1, or that of HOST
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    pub(crate) port: Option<u16>,
    /// Folder for the database, the keys and the administration token [default: gateway, in the state folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Another database: `sqlite:FILE` or `postgres://USER@HOST/NAME`
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Apply the policies of this folder at the start
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Option<PathBuf>,
    /// Whether decisions bind [default: enforce]
    #[arg(long, value_name = "MODE", hide_possible_values = true)]
    pub(crate) mode: Option<ServeMode>,
    /// Send governed requests under /proxy/ to this service
    #[arg(long, value_name = "URL")]
    pub(crate) proxy_target: Option<String>,
    /// Calls a minute that an agent may make, and an address without a valid key [default: any number]
    #[arg(long, value_name = "CALLS")]
    pub(crate) rate_limit: Option<NonZeroU32>,
    /// A name under which the gateway is reached, beside localhost; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host_name: Vec<String>,
    /// Speak TLS with this certificate and the chain behind it (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of that certificate (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Listen where other machines can reach it although it speaks plain HTTP (behind a proxy with TLS)
    #[arg(long)]
    pub(crate) plain_http: bool,
}

/// `--mode`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServeMode {
    /// They do
    Enforce,
    /// They are recorded only
    Audit,
}

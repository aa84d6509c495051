//! `placet serve`

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use placet_gateway::{Config, EnforcementMode, Exposure, Gateway, ProxyTarget, Refused, Socket, Tls};
use serde_json::json;

use super::Session;
use crate::args::{ServeArgs, ServeMode};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::surroundings::variable;

/// Usual port.
const PORT: u16 = 3100;

/// How long short-lived tokens hold when nobody says, in seconds.
const TOKEN_LIFE_S: i64 = 24 * 3600;

/// How long bundles of policies hold when nobody says, in seconds.
const BUNDLE_LIFE_S: i64 = 7 * 24 * 3600;

/// File that holds the administration token made at the first start.
const TOKEN_FILE: &str = "admin-token";

/// Runs the gateway until it is told to end.
pub(super) fn run(session: &Session<'_>, args: &ServeArgs) -> Outcome {
    let data = data_folder(session, args)?;
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true).mode(0o700).create(&data).map_err(|error| cannot(&data, &error))?;
    let (admin_token, token_file) = admin_token(&data)?;
    let socket = socket(args)?;
    let config = Config {
        database: args
            .database_url
            .clone()
            .or(text("PLACET_DATABASE_URL")?)
            .unwrap_or_else(|| format!("sqlite:{}", data.join("placet.db").display())),
        data,
        admin_token,
        token_secret: first(&["PLACET_TOKEN_SECRET", "JWT_SECRET"])?,
        token_life_s: life_s(&["PLACET_TOKEN_LIFE", "JWT_EXPIRES_IN"], TOKEN_LIFE_S)?,
        bundle_life_s: life_s(&["PLACET_BUNDLE_LIFE"], BUNDLE_LIFE_S)?,
        mode: mode(args)?,
        rate_limit: rate_limit(args)?,
        retention_days: retention_days()?,
        policies: match &args.policies {
            Some(folder) => Some(folder.clone()),
            None => first(&["PLACET_POLICIES_DIR", "POLICIES_DIR"])?.map(PathBuf::from),
        },
        proxy: match &args.proxy_target {
            Some(url) => Some(url.clone()),
            None => first(&["PLACET_PROXY_TARGET", "PROXY_TARGET"])?,
        }
        .map(ProxyTarget::new),
        host_names: args.host_name.clone(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the gateway cannot start: {error}")))?;
    runtime.block_on(async {
        let gateway = Gateway::start(&config)
            .await
            .map_err(|error| Failure::new(format!("the gateway cannot start: {error}")))?;
        let scheme = if socket.tls.is_some() { "https" } else { "http" };
        let key = gateway.bundle_fingerprint();
        let ready =
            |address| greet(session, &format!("{scheme}://{address}"), &config, token_file.as_deref(), &key);
        placet_gateway::serve(gateway, &socket, ready, end()).await.map_err(|error| match error {
            Refused::Public(_) => Failure::arguments(error).hint(
                "give it `--tls-cert` and `--tls-key`, or put a proxy with TLS before it and say `--plain-http`",
            ),
            Refused::Socket(..) => Failure::new(error).hint("choose another address with `--listen`"),
            Refused::Tls(_) => Failure::new(error).hint("both files are PEM, the certificate with its chain"),
        })
    })?;
    Ok(Exit::Ok)
}

/// How the gateway is reached.
fn socket(args: &ServeArgs) -> Result<Socket, Failure> {
    let listen = listen(args)?;
    let file = |flag: &Option<PathBuf>, name| match flag {
        Some(file) => Ok(Some(file.clone())),
        None => text(name).map(|file| file.map(PathBuf::from)),
    };
    let tls = match (file(&args.tls_cert, "PLACET_TLS_CERT")?, file(&args.tls_key, "PLACET_TLS_KEY")?) {
        (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
        (None, None) => None,
        _ => {
            return Err(Failure::arguments("TLS needs a certificate and its key")
                .hint("give both `--tls-cert` and `--tls-key`"));
        }
    };
    let public = args.plain_http || tls.is_some() && !listen.ip().is_loopback();
    let exposure = if public { Exposure::Network } else { Exposure::Loopback };
    Ok(Socket { exposure, tls, ..Socket::local(listen) })
}

fn greet(session: &Session<'_>, address: &str, config: &Config, token_file: Option<&Path>, key: &str) {
    if session.printer.is_json() {
        session.printer.document(&json!({
            "address": address, "data": config.data, "admin_token_file": token_file, "bundle_key": key,
        }));
        return;
    }
    session.printer.data(format!("Placet listens on {address}"));
    session.printer.data(format!("Data: {}", config.data.display()));
    match token_file {
        Some(file) => session.printer.data(format!("Administration token: in {}", file.display())),
        None => session.printer.data("Administration token: as given in the environment"),
    }
    session.printer.data(format!("Bundles are signed by {key}"));
}

/// Ctrl-C, or the word of a service manager.
async fn end() {
    let interrupted = async {
        // Without a handler only the service manager ends it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

fn data_folder(session: &Session<'_>, args: &ServeArgs) -> Result<PathBuf, Failure> {
    if let Some(folder) = &args.data {
        return Ok(folder.clone());
    }
    match text("PLACET_DATA_DIR")? {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(session.place.locations()?.default_state().join("gateway")),
    }
}

fn listen(args: &ServeArgs) -> Result<SocketAddr, Failure> {
    if let Some(listen) = args.listen {
        return Ok(listen);
    }
    if args.port.is_none()
        && let Some(listen) = text("PLACET_LISTEN")?
    {
        return listen.parse().map_err(|_| wrong("PLACET_LISTEN", &listen, "an address and a port"));
    }
    let host = match text("HOST")? {
        Some(host) => host.parse::<IpAddr>().map_err(|_| wrong("HOST", &host, "an IP address"))?,
        None => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let port = match (args.port, text("PORT")?) {
        (Some(port), _) => port,
        (None, Some(port)) => port.parse().map_err(|_| wrong("PORT", &port, "a port"))?,
        (None, None) => PORT,
    };
    Ok(SocketAddr::new(host, port))
}

fn mode(args: &ServeArgs) -> Result<EnforcementMode, Failure> {
    let word = match args.mode {
        Some(ServeMode::Enforce) => return Ok(EnforcementMode::Enforce),
        Some(ServeMode::Audit) => return Ok(EnforcementMode::Audit),
        None => first(&["PLACET_MODE", "MODE"])?,
    };
    match word.as_deref() {
        None | Some("enforce") => Ok(EnforcementMode::Enforce),
        Some("audit") => Ok(EnforcementMode::Audit),
        Some(other) => Err(wrong("MODE", other, "`enforce` or `audit`; nothing switches the gateway off")),
    }
}

/// Calls a minute.
fn rate_limit(args: &ServeArgs) -> Result<Option<NonZeroU32>, Failure> {
    if args.rate_limit.is_some() {
        return Ok(args.rate_limit);
    }
    for name in ["PLACET_RATE_LIMIT", "RATE_LIMIT_RPM"] {
        if let Some(value) = text(name)? {
            let calls = value.parse().ok();
            return calls.map(Some).ok_or_else(|| wrong(name, &value, "a number of calls a minute, from 1"));
        }
    }
    Ok(None)
}

/// How many days records are kept.
fn retention_days() -> Result<Option<u32>, Failure> {
    for name in ["PLACET_RETENTION_DAYS", "AUDIT_RETENTION_DAYS"] {
        if let Some(value) = text(name)? {
            let days = value.parse().ok().filter(|days| (1..=36_500).contains(days));
            return days.map(Some).ok_or_else(|| wrong(name, &value, "a number of days from 1 to 36500"));
        }
    }
    Ok(None)
}

/// How long something holds: seconds, or a text like `24h`, in the first of these variables that is set.
fn life_s(names: &[&'static str], usual: i64) -> Result<i64, Failure> {
    for name in names {
        if let Some(value) = text(name)? {
            let seconds = value.parse().ok();
            let life = || value.parse::<jiff::SignedDuration>().ok().map(|life| life.as_secs());
            return seconds
                .or_else(life)
                .filter(|seconds| *seconds > 0)
                .ok_or_else(|| wrong(name, &value, "a time such as `24h`, `30m` or a number of seconds"));
        }
    }
    Ok(usual)
}

/// The token of the environment, or the one in the data folder, which is made when it is missing.
fn admin_token(data: &Path) -> Result<(String, Option<PathBuf>), Failure> {
    if let Some(token) = first(&["PLACET_ADMIN_TOKEN", "ADMIN_TOKEN"])? {
        return Ok((token, None));
    }
    let file = data.join(TOKEN_FILE);
    let token = match std::fs::read_to_string(&file) {
        Ok(token) => token.trim().to_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let token = placet_gateway::new_admin_token().map_err(|error| cannot(&file, &error))?;
            let mut options = std::fs::File::options();
            options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&file)
                .and_then(|mut out| writeln!(out, "{token}"))
                .map_err(|error| cannot(&file, &error))?;
            token
        }
        Err(error) => return Err(cannot(&file, &error)),
    };
    Ok((token, Some(file)))
}

/// The first of these variables that is set.
fn first(names: &[&str]) -> Result<Option<String>, Failure> {
    for name in names {
        if let Some(value) = text(name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn text(name: &str) -> Result<Option<String>, Failure> {
    match variable(name).filter(|value| !value.is_empty()).map(std::ffi::OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(value)) => Err(wrong(name, &value.to_string_lossy(), "UTF-8")),
    }
}

fn wrong(name: &str, value: &str, wanted: &str) -> Failure {
    Failure::arguments(format!("{name} is `{value}`, which is not {wanted}"))
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}`: {error}", path.display()))
}

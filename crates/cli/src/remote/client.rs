//! Requests and their answers.

use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::http::request::Builder;
use ureq::http::{Method, Request};
use ureq::tls::{RootCerts, TlsConfig};

use super::{Address, RemoteError, Secret};

/// Longest that connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Longest that one request may take, answer and all.
const WHOLE: Duration = Duration::from_secs(30);

/// Longest silence of what is followed; a gateway says something every ten seconds.
const SILENCE: Duration = Duration::from_secs(35);

/// Largest answer that is read, in bytes.
const LIMIT_BYTES: u64 = 32 << 20;

/// What goes with a request.
#[derive(Clone)]
pub(crate) enum Content<'a> {
    /// Nothing.
    None,
    /// A JSON document.
    Json(Value),
    /// The text of a policy.
    Text(&'a str),
    /// The same, if the newest version there is still this one.
    TextFor(&'a str, u64),
}

/// What came of asking for bytes.
pub(crate) enum Fetched {
    /// They are those that are known.
    Same,
    /// Others.
    Other {
        /// All of them.
        bytes: Vec<u8>,
        /// What tells them from others, for the next time.
        tag: Option<String>,
    },
}

/// Which header a token goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Administrator,
    Agent,
}

/// A gateway, and who one is there.
pub(crate) struct Client {
    agent: ureq::Agent,
    address: Address,
    origin: String,
    token: Option<(Role, Secret)>,
}

impl Client {
    /// For this gateway. Nothing is sent yet.
    pub(super) fn new(address: Address, origin: String, token: Option<(Role, Secret)>) -> Self {
        let tls = TlsConfig::builder()
            // Those of the machine: where a team has a gateway it often has an authority of its own.
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let mut config = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("placet/", env!("CARGO_PKG_VERSION")))
            .accept("application/json");
        if address.is_plain() {
            // A proxy would read the token.
            config = config.proxy(None);
        }
        Self { agent: config.build().new_agent(), address, origin, token }
    }

    /// Where it is.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Asks for something.
    ///
    /// # Errors
    /// When there is no answer, it is none of a gateway, or the gateway refuses.
    pub(crate) fn get(&self, path: &[&str], query: &[(&str, String)]) -> Result<Value, RemoteError> {
        self.send(Method::GET, path, query, Content::None)
    }

    /// Follows events as they come; from behind `last`, if one is given. The answer goes on until either side ends it; silence of
    /// more than [`SILENCE`] ends it too.
    ///
    /// # Errors
    /// As [`Client::get`], and when the answer is no stream of events.
    pub(crate) fn follow(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        last: Option<&str>,
    ) -> Result<impl BufRead + use<>, RemoteError> {
        let mut request = self.request(Method::GET, path, query).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(()).map_err(|error| self.unreachable(error.to_string()))?;
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(None)
            .timeout_recv_response(Some(WHOLE))
            .timeout_per_read(Some(SILENCE))
            .build();
        let answer = self.agent.run(request).map_err(|error| self.failed(&error))?;
        if !answer.status().is_success() {
            self.read(answer)?;
            return Err(self.no_gateway("it answers without saying anything".to_owned()));
        }
        let kind =
            answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            return Err(self.no_gateway("its answer is no stream of events".to_owned()));
        }
        // A line without end must not fill the memory.
        Ok(BufReader::new(answer.into_body().into_reader()))
    }

    /// Sends something.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
        content: Content<'_>,
    ) -> Result<Value, RemoteError> {
        let request = self.request(method, path, query);
        let unsendable = |error: ureq::http::Error| self.unreachable(error.to_string());
        let answer = match content {
            Content::None => self.agent.run(request.body(()).map_err(unsendable)?),
            Content::Json(value) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(value.to_string()).map_err(unsendable)?)
            }
            Content::Text(text) => {
                let request = request.header("content-type", "application/yaml");
                self.agent.run(request.body(text.to_owned()).map_err(unsendable)?)
            }
            Content::TextFor(text, seen) => {
                let request = request
                    .header("content-type", "application/yaml")
                    .header("if-match", format!("\"{seen}\""));
                self.agent.run(request.body(text.to_owned()).map_err(unsendable)?)
            }
        };
        self.read(answer.map_err(|error| self.failed(&error))?)
    }

    /// Asks for bytes that change now and then: at once, or within so many seconds when they are other than `known`.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) fn fetch(
        &self,
        path: &[&str],
        known: Option<&str>,
        wait_s: u64,
    ) -> Result<Fetched, RemoteError> {
        let query = [("wait", wait_s.to_string())];
        let mut request = self.request(Method::GET, path, if wait_s == 0 { &[] } else { &query });
        if let Some(known) = known {
            request = request.header("if-none-match", known);
        }
        let request = request.body(()).map_err(|error| self.unreachable(error.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|error| self.failed(&error))?;
        match answer.status().as_u16() {
            304 => Ok(Fetched::Same),
            200 => {
                let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
                Ok(Fetched::Other { bytes: self.bytes(&mut answer)?, tag })
            }
            _ => match self.read(answer) {
                Ok(_) => Err(self.no_gateway("its answer is not what was asked for".to_owned())),
                Err(error) => Err(error),
            },
        }
    }

    /// Asks for something that is no JSON document.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) fn download(&self, path: &[&str], query: &[(&str, String)]) -> Result<Vec<u8>, RemoteError> {
        let request = self.request(Method::GET, path, query).body(());
        let request = request.map_err(|error| self.unreachable(error.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|error| self.failed(&error))?;
        if answer.status().as_u16() == 200 {
            return self.bytes(&mut answer);
        }
        match self.read(answer) {
            Ok(_) => Err(self.no_gateway("its answer is not what was asked for".to_owned())),
            Err(error) => Err(error),
        }
    }

    /// A request of who one is.
    fn request(&self, method: Method, path: &[&str], query: &[(&str, String)]) -> Builder {
        let request = Request::builder().method(method).uri(self.address.join(path, query));
        match &self.token {
            None => request,
            Some((Role::Administrator, token)) => request.header("x-admin-token", token.reveal()),
            Some((Role::Agent, token)) => {
                request.header("authorization", format!("Bearer {}", token.reveal()))
            }
        }
    }

    fn bytes(&self, answer: &mut ureq::http::Response<ureq::Body>) -> Result<Vec<u8>, RemoteError> {
        let body = answer.body_mut().with_config().limit(LIMIT_BYTES).read_to_vec();
        body.map_err(|error| self.failed(&error))
    }

    fn read(&self, mut answer: ureq::http::Response<ureq::Body>) -> Result<Value, RemoteError> {
        let status = answer.status();
        if status.is_redirection() {
            let to = answer
                .headers()
                .get("location")
                .map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
            let to = to.map_or_else(String::new, |to| format!(" to `{to}`"));
            return Err(self.no_gateway(format!("it redirects{to}, which is not followed")));
        }
        let bytes = self.bytes(&mut answer)?;
        let body: Option<Value> = serde_json::from_slice(&bytes).ok().filter(Value::is_object);
        if status.is_success() {
            return body.ok_or_else(|| self.no_gateway("its answer is not the JSON of a gateway".to_owned()));
        }
        let text = |name: &str| body.as_ref().and_then(|body| body.get(name)?.as_str()).map(str::to_owned);
        let reason = status.canonical_reason().unwrap_or("an error").to_owned();
        Err(RemoteError::Refused {
            status: status.as_u16(),
            code: text("code"),
            message: text("message").unwrap_or(reason),
            remedy: text("remedy"),
            token: self.token.as_ref().map(|(_, token)| token.origin().to_owned()),
        })
    }

    fn failed(&self, error: &ureq::Error) -> RemoteError {
        match error {
            ureq::Error::Timeout(_) => self.unreachable("it took too long".to_owned()),
            ureq::Error::HostNotFound => self.unreachable("there is no such host".to_owned()),
            ureq::Error::ConnectionFailed => self.unreachable("the connection was refused".to_owned()),
            ureq::Error::BodyExceedsLimit(_) => {
                self.no_gateway(format!("its answer is larger than {} MiB", LIMIT_BYTES >> 20))
            }
            ureq::Error::Io(error) => self.unreachable(error.to_string()),
            ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::LargeResponseHeader(..) => {
                self.no_gateway(format!("it does not speak HTTP as it should ({error})"))
            }
            other => self.unreachable(other.to_string()),
        }
    }

    fn unreachable(&self, why: String) -> RemoteError {
        RemoteError::Unreachable { address: self.address.clone(), origin: self.origin.clone(), why }
    }

    fn no_gateway(&self, what: String) -> RemoteError {
        RemoteError::NoGatewayThere { address: self.address.clone(), what }
    }
}

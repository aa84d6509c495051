//! A gateway on a free port, and a client of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc;

use placet_gateway::{Config, EnforcementMode, Gateway, Socket, serve};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const ADMIN: &str = "an-admin-token-of-the-tests";

/// A gateway with its database in `folder`.
pub(crate) fn config(folder: &Path) -> Config {
    Config {
        database: format!("sqlite:{}/placet.db", folder.display()),
        data: folder.to_path_buf(),
        admin_token: ADMIN.to_owned(),
        token_secret: None,
        token_life_s: 3600,
        bundle_life_s: 3600,
        mode: EnforcementMode::Enforce,
        rate_limit: None,
        retention_days: None,
        policies: None,
        proxy: None,
        host_names: Vec::new(),
    }
}

/// A running gateway; it ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    pub(crate) folder: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::in_mode(EnforcementMode::Enforce).await
    }

    pub(crate) async fn in_mode(mode: EnforcementMode) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { mode, ..config(folder.path()) };
        Self::with(folder, config).await
    }

    /// Started with these settings, whose folder it keeps.
    pub(crate) async fn with(folder: TempDir, config: Config) -> Self {
        let socket = Socket::local(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
        Self::on(folder, config, socket).await
    }

    /// The same, reached in this way.
    pub(crate) async fn on(folder: TempDir, config: Config, socket: Socket) -> Self {
        // For the client; one is enough for all tests of the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let gateway = Gateway::start(&config).await.unwrap();
        let (sender, receiver) = mpsc::channel();
        let ready = move |address| sender.send(address).unwrap();
        tokio::spawn(async move { serve(gateway, &socket, ready, std::future::pending()).await });
        let address = tokio::task::spawn_blocking(move || receiver.recv().unwrap()).await.unwrap();
        Self { address, client: reqwest::Client::new(), folder }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub(crate) fn admin(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("X-Admin-Token", ADMIN)
    }

    /// Makes an agent; gives its id and key.
    pub(crate) async fn agent(&self, name: &str, tier: &str, tags: &[&str]) -> (String, String) {
        let body = json!({"name": name, "trustTier": tier, "tags": tags});
        let (status, made) = answer(self.admin(Method::POST, "/admin/agents").json(&body)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        (made["id"].as_str().unwrap().to_owned(), made["api_key"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn apply(&self, yaml: &str) -> Value {
        let (status, applied) =
            answer(self.admin(Method::POST, "/admin/policies").body(yaml.to_owned())).await;
        assert_eq!(status, StatusCode::OK, "{applied}");
        applied
    }

    pub(crate) async fn check(&self, key: &str, action: &str, resource: &str) -> (StatusCode, Value) {
        let mut request =
            self.request(Method::GET, "/proxy/check").bearer_auth(key).header("X-MeshGuard-Action", action);
        if !resource.is_empty() {
            request = request.header("X-MeshGuard-Resource", resource);
        }
        answer(request).await
    }
}

/// Status and body, which must be JSON.
pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{status} {text:?}: {error}")))
}

/// A policy for agents tagged `dev`.
pub(crate) const POLICY: &str = "
name: dev
version: 1
appliesTo: { tags: [dev] }
rules:
  - name: reads
    effect: allow
    actions: ['read:*']
  - name: git
    effect: allow
    actions: ['execute:shell']
    conditions: { resource: { startsWith: 'git ' } }
  - name: no-force
    effect: deny
    actions: ['execute:shell']
    conditions: { resource: { contains: 'push --force' } }
    reason: Forced pushes lose the work of others.
  - name: deploys
    effect: ask
    actions: ['deploy:*']
defaultEffect: deny
";

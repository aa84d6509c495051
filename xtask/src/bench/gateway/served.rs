//! A gateway in a process of its own, and what it is asked.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::load::Connection;
use crate::tools;

/// Reports in one batch.
pub(super) const REPORTS: usize = 500;

const ADMIN: &str = "the-administration-token-of-the-bench";

const POLICY: &str = "name: bench\nversion: \"1\"\ndefaultEffect: deny\nrules:\n  - { effect: allow, actions: ['read:*'] }\n  \
    - { effect: deny, actions: ['read:file'], conditions: { resource: { matches: '**/.env*' } } }\n";

/// A gateway in a process of its own.
pub(super) struct Served {
    child: Child,
    pub(super) host: String,
}

impl Served {
    pub(super) fn start(scratch: &Path, database: &str) -> Result<Self, String> {
        let mut child = Command::new(tools::built("release", "placet")?)
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", database, "--data"])
            .arg(scratch.join("data"))
            .env("PLACET_ADMIN_TOKEN", ADMIN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("`placet serve`: {error}"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|error| format!("`placet serve`: {error}"))?;
        }
        let host = line.trim().rsplit_once("http://").map(|(_, host)| host.to_owned()).unwrap_or_default();
        Ok(Self { child, host })
    }

    /// Resident memory in megabytes.
    pub(super) fn memory(&self) -> Result<f64, String> {
        let status = tools::read(&PathBuf::from(format!("/proc/{}/status", self.child.id())))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        kilobytes
            .map(|kilobytes: f64| kilobytes / 1024.0)
            .ok_or_else(|| "the system tells no memory".to_owned())
    }

    /// Where it answers.
    pub(super) fn address(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Applies the policy of the checks, makes an agent, gives its key.
    pub(super) fn prepare(&self) -> Result<String, String> {
        self.apply(POLICY)?;
        let made = self.administer("/admin/agents", r#"{"name": "bench", "trustTier": "verified"}"#)?;
        let made: serde_json::Value = serde_json::from_slice(&made).map_err(|error| error.to_string())?;
        let key = made.get("api_key").and_then(serde_json::Value::as_str);
        key.map(str::to_owned).ok_or_else(|| format!("no key in {made}"))
    }

    /// Applies a policy.
    pub(super) fn apply(&self, yaml: &str) -> Result<(), String> {
        self.administer("/admin/policies", yaml).map(|_| ())
    }

    fn administer(&self, path: &str, body: &str) -> Result<Vec<u8>, String> {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nX-Admin-Token: {ADMIN}\r\n", self.host);
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        Connection::open(&self.host)?.call(request.as_bytes())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A check that is allowed.
pub(super) fn check(gateway: &Served, key: &str) -> String {
    format!(
        "GET /proxy/check HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nX-MeshGuard-Action: read:file\r\n\
         X-MeshGuard-Resource: src/main.rs\r\n\r\n",
        gateway.host
    )
}

/// Reports of what an agent did.
pub(super) fn batch(gateway: &Served, key: &str) -> String {
    let event = serde_json::json!({"action": "execute:shell", "resource": "cargo test --workspace", "result": "success"});
    let body = serde_json::json!({"events": vec![event; REPORTS]}).to_string();
    format!(
        "POST /api/v1/audit/batch HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        gateway.host,
        body.len()
    )
}

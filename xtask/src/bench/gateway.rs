//! The gateway under load: checks and ingest against what SQLite does by itself in the same run, memory at rest, queries.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Figure, verdict};
use crate::tools;

/// Connections that ask at a time.
const CONNECTIONS: usize = 96;

/// Reports in one batch.
const REPORTS: usize = 500;

const ADMIN: &str = "the-administration-token-of-the-bench";

const POLICY: &str = "name: bench\nversion: \"1\"\ndefaultEffect: deny\nrules:\n  - { effect: allow, actions: ['read:*'] }\n  \
    - { effect: deny, actions: ['read:file'], conditions: { resource: { matches: '**/.env*' } } }\n";

/// `cargo xtask bench gateway [SECONDS [ROWS]]`: so long each, and so many records for the query.
pub(super) fn run(arguments: &[String]) -> Result<(), String> {
    let number = |at: usize, usual: u64| match arguments.get(at) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| format!("`{text}` is not a number")),
    };
    let (seconds, rows) = (number(0, 20)?, number(1, 1_000_000)?);
    tools::must_run(tools::cargo().args(["build", "--release", "--locked", "--package", "placet"]))?;
    let example = ["build", "--release", "--locked", "--package", "placet-store", "--example", "figures"];
    tools::must_run(tools::cargo().args(example))?;
    let scratch = tools::target_folder().join("bench").join("gateway");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).map_err(|error| format!("`{}`: {error}", scratch.display()))?;
    let figures = measure(&scratch, seconds, rows);
    let _ = std::fs::remove_dir_all(&scratch);
    verdict(&figures?)
}

fn measure(scratch: &Path, seconds: u64, rows: u64) -> Result<Vec<Figure>, String> {
    let time = Duration::from_secs(seconds);
    let raw = inner(&["raw", &text(&scratch.join("raw.db")), &seconds.to_string()], "rate ")?;
    println!("SQLite by itself: {raw:.0} rows a second");
    let gateway = Served::start(scratch, &format!("sqlite:{}", text(&scratch.join("placet.db"))))?;
    std::thread::sleep(Duration::from_secs(2));
    let mut figures =
        vec![Figure { name: "memory at rest".to_owned(), value: gateway.memory()?, bound: 60.0, unit: "MB" }];
    let (key, checks) = (gateway.prepare()?, Load::default());
    let checks = checks.run(&gateway, CONNECTIONS, time, &check(&gateway, &key))?;
    println!("checks: {:.0} a second, p99 {:.1?}", checks.rate, checks.p99);
    // As the slower of the two promises has it: 15,000 a second, or 40 % of SQLite by itself.
    let wanted = (0.4 * raw).min(15_000.0);
    figures.push(Figure {
        name: "wanted / measured checks".to_owned(),
        value: wanted / checks.rate.max(1.0),
        bound: 1.0,
        unit: "x",
    });
    figures.push(Figure {
        name: "checks p99".to_owned(),
        value: checks.p99.as_secs_f64() * 1000.0,
        bound: 15.0,
        unit: "ms",
    });
    let ingest = Load::default().run(&gateway, 4, time, &batch(&gateway, &key))?;
    let ingested = ingest.rate * REPORTS as f64;
    println!("ingest: {ingested:.0} records a second");
    figures.push(Figure {
        name: "40% of SQLite / measured ingest".to_owned(),
        value: 0.4 * raw / ingested.max(1.0),
        bound: 1.0,
        unit: "x",
    });
    drop(gateway);
    let mut addresses = vec![("SQLite", format!("sqlite:{}", text(&scratch.join("query.db"))))];
    match std::env::var("PLACET_BENCH_POSTGRES") {
        Ok(address) => addresses.push(("PostgreSQL", address)),
        Err(_) => {
            println!("bench: PLACET_BENCH_POSTGRES names no empty database; PostgreSQL was not measured")
        }
    }
    for (engine, address) in addresses {
        let value = inner(&["query", &address, &rows.to_string()], "p95 ")?;
        figures.push(Figure {
            name: format!("query among {rows}, p95, {engine}"),
            value,
            bound: 20.0,
            unit: "ms",
        });
    }
    Ok(figures)
}

/// The number that the example prints behind a word.
fn inner(arguments: &[&str], word: &str) -> Result<f64, String> {
    let program = tools::built("release", "examples/figures")?;
    let text = tools::output_of(Command::new(program).args(arguments))?;
    let number = text.lines().find_map(|line| line.strip_prefix(word)?.trim().parse().ok());
    number.ok_or_else(|| format!("the example printed no `{word}`: {text}"))
}

/// A gateway in a process of its own.
struct Served {
    child: Child,
    host: String,
}

impl Served {
    fn start(scratch: &Path, database: &str) -> Result<Self, String> {
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
    fn memory(&self) -> Result<f64, String> {
        let status = tools::read(&PathBuf::from(format!("/proc/{}/status", self.child.id())))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        kilobytes
            .map(|kilobytes: f64| kilobytes / 1024.0)
            .ok_or_else(|| "the system tells no memory".to_owned())
    }

    /// Applies the policy, makes an agent, gives its key.
    fn prepare(&self) -> Result<String, String> {
        let administer = |path: &str, body: &str| {
            let head = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nX-Admin-Token: {ADMIN}\r\n", self.host);
            let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            let mut connection = Connection::open(&self.host)?;
            connection.call(request.as_bytes())
        };
        administer("/admin/policies", POLICY)?;
        let made = administer("/admin/agents", r#"{"name": "bench", "trustTier": "verified"}"#)?;
        let made: serde_json::Value = serde_json::from_slice(&made).map_err(|error| error.to_string())?;
        let key = made.get("api_key").and_then(serde_json::Value::as_str);
        key.map(str::to_owned).ok_or_else(|| format!("no key in {made}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A check that is allowed.
fn check(gateway: &Served, key: &str) -> String {
    format!(
        "GET /proxy/check HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nX-MeshGuard-Action: read:file\r\n\
         X-MeshGuard-Resource: src/main.rs\r\n\r\n",
        gateway.host
    )
}

/// Reports of what an agent did.
fn batch(gateway: &Served, key: &str) -> String {
    let event = serde_json::json!({"action": "execute:shell", "resource": "cargo test --workspace", "result": "success"});
    let body = serde_json::json!({"events": vec![event; REPORTS]}).to_string();
    format!(
        "POST /api/v1/audit/batch HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        gateway.host,
        body.len()
    )
}

/// What a load measured.
#[derive(Default)]
struct Load {
    rate: f64,
    p99: Duration,
}

impl Load {
    /// Sends the request over and over through so many connections.
    fn run(
        mut self,
        gateway: &Served,
        connections: usize,
        time: Duration,
        request: &str,
    ) -> Result<Self, String> {
        let request: Arc<str> = request.into();
        let started = Instant::now();
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                let (host, request) = (gateway.host.clone(), Arc::clone(&request));
                std::thread::spawn(move || {
                    let mut connection = Connection::open(&host)?;
                    let mut times = Vec::new();
                    while started.elapsed() < time {
                        let sent = Instant::now();
                        connection.call(request.as_bytes())?;
                        times.push(sent.elapsed());
                    }
                    Ok::<_, String>(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for thread in threads {
            times.extend(thread.join().map_err(|_| "a connection broke down".to_owned())??);
        }
        times.sort_unstable();
        self.rate = times.len() as f64 / started.elapsed().as_secs_f64();
        self.p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
        Ok(self)
    }
}

/// A connection that is kept.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(host: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(host).map_err(|error| format!("`{host}`: {error}"))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and gives the body of its answer, which must be a good one.
    fn call(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let failed = |error: std::io::Error| error.to_string();
        self.0.get_mut().write_all(request).map_err(failed)?;
        let (mut status, mut length, mut line) = (String::new(), 0, String::new());
        loop {
            line.clear();
            if self.0.read_line(&mut line).map_err(failed)? == 0 {
                return Err("the connection was closed".to_owned());
            }
            match line.trim_end() {
                "" => break,
                text if status.is_empty() => text.clone_into(&mut status),
                text => {
                    if let Some((name, value)) = text.split_once(": ")
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.parse().map_err(|_| format!("`{text}`"))?;
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).map_err(failed)?;
        if status.split(' ').nth(1).is_some_and(|code| code.starts_with('2')) {
            return Ok(body);
        }
        Err(format!("{status}: {}", String::from_utf8_lossy(&body)))
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

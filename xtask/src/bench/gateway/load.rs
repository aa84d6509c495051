//! Requests over and over, through connections that are kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::served::Served;

/// What a load measured.
#[derive(Default)]
pub(super) struct Load {
    pub(super) rate: f64,
    pub(super) p99: Duration,
}

impl Load {
    /// Sends the request over and over through so many connections.
    pub(super) fn run(
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
pub(super) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(super) fn open(host: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(host).map_err(|error| format!("`{host}`: {error}"))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and gives the body of its answer, which must be a good one.
    pub(super) fn call(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
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

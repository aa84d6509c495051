//! A scripted stand-in for the Messages API, on loopback only: HTTP in, server-sent events out.
//!
//! Serves `POST /v1/messages` (streamed or whole), `POST /v1/messages/count_tokens` and `HEAD /`; everything
//! else is 404. One request a connection: an agent may open as many as it likes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::script::Stage;

/// A running server.
pub(crate) struct Api {
    /// What it plays and what it has seen.
    pub(crate) stage: Arc<Mutex<Stage>>,
    /// Base URL.
    pub(crate) url: String,
    closing: Arc<AtomicBool>,
    port: u16,
}

impl Api {
    /// Starts on a free port.
    pub(crate) fn start(stage: Stage) -> Result<Self, String> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| format!("loopback: {error}"))?;
        let port = listener.local_addr().map_err(|error| format!("loopback: {error}"))?.port();
        let stage = Arc::new(Mutex::new(stage));
        let closing = Arc::new(AtomicBool::new(false));
        let (for_thread, end) = (Arc::clone(&stage), Arc::clone(&closing));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                let stage = Arc::clone(&for_thread);
                // A broken connection is the agent's to notice.
                std::thread::spawn(move || serve(stream, &stage).ok());
            }
        });
        Ok(Self { stage, url: format!("http://127.0.0.1:{port}"), closing, port })
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the accepting thread so that it sees the flag.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// The agent joins messages of one id into one, so each needs its own.
static MESSAGES: AtomicUsize = AtomicUsize::new(0);

fn serve(stream: TcpStream, stage: &Mutex<Stage>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    let mut request_line = String::new();
    reader.read_line(&mut request_line)?;
    let mut length = 0_u64;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let mut words = request_line.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match (method, target.split('?').next().unwrap_or_default()) {
        ("HEAD", _) => whole(&mut out, "200 OK", b""),
        ("POST", "/v1/messages/count_tokens") => whole(&mut out, "200 OK", br#"{"input_tokens": 10}"#),
        ("POST", "/v1/messages") => {
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            let blocks = match stage.lock() {
                Ok(mut stage) => stage.answer(&request),
                Err(_) => Vec::new(),
            };
            message(&mut out, &request, &blocks)
        }
        _ => whole(
            &mut out,
            "404 Not Found",
            br#"{"type":"error","error":{"type":"not_found_error","message":"scripted"}}"#,
        ),
    }
}

fn whole(out: &mut TcpStream, status: &str, body: &[u8]) -> std::io::Result<()> {
    write!(
        out,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    out.write_all(body)?;
    out.flush()
}

fn message(out: &mut TcpStream, request: &Value, blocks: &[Value]) -> std::io::Result<()> {
    let calls = blocks.iter().any(|block| block.get("type").and_then(Value::as_str) == Some("tool_use"));
    let stop = if calls { "tool_use" } else { "end_turn" };
    let mut message = json!({
        "id": format!("msg_e2e_{}", MESSAGES.fetch_add(1, Ordering::Relaxed)), "type": "message", "role": "assistant",
        "model": request.get("model").cloned().unwrap_or_else(|| json!("scripted")),
        "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": {"input_tokens": 10, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0},
    });
    if request.get("stream").and_then(Value::as_bool) != Some(true) {
        if let Some(fields) = message.as_object_mut() {
            fields.insert("content".to_owned(), json!(blocks));
            fields.insert("stop_reason".to_owned(), json!(stop));
        }
        return whole(out, "200 OK", message.to_string().as_bytes());
    }
    write!(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    event(out, json!({"type": "message_start", "message": message}))?;
    for (index, block) in blocks.iter().enumerate() {
        let (start, delta) = opened(block);
        event(out, json!({"type": "content_block_start", "index": index, "content_block": start}))?;
        event(out, json!({"type": "content_block_delta", "index": index, "delta": delta}))?;
        event(out, json!({"type": "content_block_stop", "index": index}))?;
    }
    let end = json!({"stop_reason": stop, "stop_sequence": null});
    event(out, json!({"type": "message_delta", "delta": end, "usage": {"output_tokens": 5}}))?;
    event(out, json!({"type": "message_stop"}))?;
    out.flush()
}

/// A content block as a stream opens it, and the one delta that fills it.
fn opened(block: &Value) -> (Value, Value) {
    match block.get("input") {
        Some(input) => (
            json!({"type": "tool_use", "id": block.get("id"), "name": block.get("name"), "input": {}}),
            json!({"type": "input_json_delta", "partial_json": input.to_string()}),
        ),
        None => {
            (json!({"type": "text", "text": ""}), json!({"type": "text_delta", "text": block.get("text")}))
        }
    }
}

fn event(out: &mut TcpStream, data: Value) -> std::io::Result<()> {
    let kind = data.get("type").and_then(Value::as_str).unwrap_or_default();
    write!(out, "event: {kind}\ndata: {data}\n\n")
}

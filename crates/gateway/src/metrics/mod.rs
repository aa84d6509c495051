//! What the gateway counts, for Prometheus.
//!
//! Everything that is counted while a request waits has its place from the start: counting is one addition, without a lock and
//! without looking anything up, and there are only as many series as stand in the tables here.

pub(crate) mod scrape;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use placet_model::Verdict;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
};

/// Where a decision was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// `/proxy/check`
    Check,
    /// `/v1/decide`
    Decide,
    /// `/api/v1/evaluate`
    Evaluate,
    /// `/proxy/PATH`
    Proxy,
}

const DOORS: [(Door, &str); 4] =
    [(Door::Check, "check"), (Door::Decide, "decide"), (Door::Evaluate, "evaluate"), (Door::Proxy, "proxy")];

const VERDICTS: [Verdict; 4] = [Verdict::Allow, Verdict::Abstain, Verdict::Ask, Verdict::Deny];

/// Routes that are timed together.
const ROUTES: [&str; 10] =
    ["check", "decide", "evaluate", "proxy", "reports", "token", "audit", "admin", "health", "other"];

/// Codes of refusals, as errors name them.
const REASONS: [&str; 16] = [
    "bad_request",
    "unauthorized",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "too_large",
    "body",
    "rate_limited",
    "name_taken",
    "right_missing",
    "step_up_required",
    "too_many",
    "unavailable",
    "bad_gateway",
    "internal",
    "other",
];

/// Upper ends of the buckets of durations, in seconds.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];

/// Upper ends of the buckets of batches.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The counters of a gateway.
pub(crate) struct Metrics {
    registry: Registry,
    decisions: Vec<IntCounter>,
    requests: Vec<Histogram>,
    refused: Vec<IntCounter>,
    records: IntCounter,
    commit_writes: Histogram,
    commit_seconds: Histogram,
    gauges: Gauges,
    streams: AtomicI64,
    tiers: tokio::sync::Mutex<Option<(Instant, BTreeMap<&'static str, i64>)>>,
}

/// What is looked up when somebody asks for it.
struct Gauges {
    waiting: IntGauge,
    up: IntGauge,
    policies: IntGauge,
    streams: IntGauge,
    memory: IntGauge,
    tiers: Vec<IntGauge>,
}

impl Metrics {
    /// All at zero. `started_ms` is in milliseconds since 1970.
    ///
    /// # Errors
    /// When two of them have one name, which tests rule out.
    pub(crate) fn new(started_ms: i64) -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let decisions = counters(
            &registry,
            "placet_decisions_total",
            "Decisions that are on record.",
            &["door", "effect"],
        )?;
        let decisions = DOORS
            .iter()
            .flat_map(|(_, door)| {
                VERDICTS.map(|verdict| decisions.with_label_values(&[*door, verdict.name()]))
            })
            .collect();
        let options = HistogramOpts::new(
            "placet_request_duration_seconds",
            "Time from the head of a request to the head of its answer.",
        );
        let requests = HistogramVec::new(options.buckets(SECONDS.to_vec()), &["route"])?;
        registry.register(Box::new(requests.clone()))?;
        let refused = counters(
            &registry,
            "placet_refused_requests_total",
            "Requests that were answered with an error.",
            &["reason"],
        )?;
        let records =
            IntCounter::new("placet_records_total", "Records of decisions and reports that were stored.")?;
        registry.register(Box::new(records.clone()))?;
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let made = Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))?;
            registry.register(Box::new(made.clone()))?;
            Ok::<_, prometheus::Error>(made)
        };
        let (commit_writes, commit_seconds) = (
            histogram("placet_commit_writes", "Writes that shared a commit.", &SIZES)?,
            histogram("placet_commit_duration_seconds", "Time that a commit took.", &SECONDS)?,
        );
        let gauges = Gauges::new(&registry)?;
        let started = gauge(
            &registry,
            "process_start_time_seconds",
            "When the gateway started, in seconds since 1970.",
        )?;
        started.set(started_ms / 1000);
        let build = IntCounterVec::new(Opts::new("placet_build_info", "Version; always 1."), &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).inc();
        registry.register(Box::new(build))?;
        Ok(Self {
            decisions,
            requests: ROUTES.iter().map(|route| requests.with_label_values(&[*route])).collect(),
            refused: REASONS.iter().map(|reason| refused.with_label_values(&[*reason])).collect(),
            registry,
            records,
            commit_writes,
            commit_seconds,
            gauges,
            streams: AtomicI64::new(0),
            tiers: tokio::sync::Mutex::new(None),
        })
    }

    /// Counts a decision that is on record.
    pub(crate) fn decided(&self, door: Door, verdict: Verdict) {
        let door = DOORS.iter().position(|(known, _)| *known == door);
        let verdict = VERDICTS.iter().position(|known| *known == verdict);
        let place = door.zip(verdict).map(|(door, verdict)| door * VERDICTS.len() + verdict);
        if let Some(counter) = place.and_then(|place| self.decisions.get(place)) {
            counter.inc();
        }
    }

    /// Counts a request. `path` is the pattern of its route.
    pub(crate) fn answered(&self, path: Option<&str>, took: Duration) {
        let route = path.map_or("other", route);
        let place = ROUTES.iter().position(|known| *known == route);
        if let Some(histogram) = place.and_then(|place| self.requests.get(place)) {
            histogram.observe(took.as_secs_f64());
        }
    }

    /// Counts a request that was answered with an error of this code.
    pub(crate) fn refused(&self, code: &str) {
        let place = REASONS.iter().position(|known| *known == code).unwrap_or(REASONS.len() - 1);
        if let Some(counter) = self.refused.get(place) {
            counter.inc();
        }
    }

    /// Live streams at this moment.
    fn open_streams(&self) -> i64 {
        self.streams.load(Ordering::Relaxed)
    }
}

impl placet_store::Watch for Metrics {
    fn committed(&self, writes: usize, records: usize, took: Duration) {
        self.records.inc_by(records as u64);
        self.commit_writes.observe(writes as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }
}

/// A place among the live streams; given back when it is dropped.
pub(crate) struct Stream(Arc<Metrics>);

impl Stream {
    /// One of `most`; `None` when all are taken.
    pub(crate) fn open(metrics: &Arc<Metrics>, most: i64) -> Option<Self> {
        let open = metrics.streams.fetch_add(1, Ordering::Relaxed);
        let place = Self(Arc::clone(metrics));
        (open < most).then_some(place)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Which routes are timed together.
fn route(path: &str) -> &'static str {
    match path {
        "/proxy/check" => "check",
        "/v1/decide" => "decide",
        "/v1/token" => "token",
        "/api/v1/evaluate" => "evaluate",
        "/proxy/audit" | "/api/v1/audit" | "/api/v1/audit/batch" => "reports",
        "/proxy/{*path}" => "proxy",
        "/health" | "/ready" | "/metrics" | "/api/v1/health" => "health",
        _ if path.contains("/audit") => "audit",
        _ if path.starts_with("/admin/") || path.starts_with("/api/v1/") => "admin",
        _ => "other",
    }
}

impl Gauges {
    fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name, help| gauge(registry, name, help);
        let by_tier = prometheus::IntGaugeVec::new(
            Opts::new("placet_agents", "Active agents, looked at every quarter of a minute at most."),
            &["tier"],
        )?;
        registry.register(Box::new(by_tier.clone()))?;
        Ok(Self {
            waiting: gauge("placet_waiting_writes", "Writes that wait for a commit.")?,
            up: gauge("placet_database_up", "1 while the database can be written, else 0.")?,
            policies: gauge("placet_policies", "Policies in force, without the floor.")?,
            streams: gauge("placet_live_streams", "Readers that follow the records.")?,
            memory: gauge("process_resident_memory_bytes", "Memory that the gateway takes.")?,
            tiers: scrape::TIERS.iter().map(|tier| by_tier.with_label_values(&[*tier])).collect(),
        })
    }
}

fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, prometheus::Error> {
    let made = IntCounterVec::new(Opts::new(name, help), labels)?;
    registry.register(Box::new(made.clone()))?;
    Ok(made)
}

fn gauge(registry: &Registry, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
    let made = IntGauge::new(name, help)?;
    registry.register(Box::new(made.clone()))?;
    Ok(made)
}

//! What is looked up when Prometheus asks.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use placet_store::AgentStatus;
use prometheus::{Encoder as _, TextEncoder};

use super::Metrics;
use crate::error::ApiError;
use crate::state::Gateway;

/// Trust tiers under the names that are counted.
pub(super) const TIERS: [&str; 6] = ["unverified", "basic", "verified", "trusted", "privileged", "other"];

/// For so long a count of the agents holds.
const COUNTED: Duration = Duration::from_secs(15);

/// The counters of `gateway` as text.
///
/// # Errors
/// When they cannot be written, which does not happen.
pub(crate) async fn text(gateway: &Gateway) -> Result<Vec<u8>, ApiError> {
    let (metrics, gauges) = (&gateway.metrics, &gateway.metrics.gauges);
    gauges.up.set(i64::from(gateway.ready().await.is_ok()));
    gauges.waiting.set(i64::try_from(gateway.store.waiting()).unwrap_or(i64::MAX));
    gauges.policies.set(i64::try_from(gateway.policies.now().count).unwrap_or(i64::MAX));
    gauges.streams.set(metrics.open_streams());
    gauges.memory.set(resident().unwrap_or(0));
    if let Some(tiers) = tiers(metrics, gateway).await {
        for (tier, gauge) in TIERS.iter().zip(&gauges.tiers) {
            gauge.set(tiers.get(tier).copied().unwrap_or(0));
        }
    }
    let mut text = Vec::with_capacity(16 * 1024);
    TextEncoder::new()
        .encode(&metrics.registry.gather(), &mut text)
        .map_err(|error| ApiError::internal(&error))?;
    Ok(text)
}

/// Active agents by tier; `None` while the database does not tell.
async fn tiers(metrics: &Metrics, gateway: &Gateway) -> Option<BTreeMap<&'static str, i64>> {
    let mut counted = metrics.tiers.lock().await;
    if let Some((when, tiers)) = counted.as_ref()
        && when.elapsed() < COUNTED
    {
        return Some(tiers.clone());
    }
    let agents = gateway.store.agents(&gateway.organisation).await.ok()?;
    let mut tiers = BTreeMap::new();
    for agent in agents.iter().filter(|agent| agent.status() == AgentStatus::Active) {
        let known = TIERS.iter().find(|tier| **tier == agent.trust_tier);
        *tiers.entry(known.copied().unwrap_or("other")).or_insert(0) += 1;
    }
    *counted = Some((Instant::now(), tiers.clone()));
    Some(tiers)
}

/// Memory of this process in bytes, where the system tells it.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok().map(|kilobytes| kilobytes * 1024)
}

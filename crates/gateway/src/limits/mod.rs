//! How often somebody may call: every agent by itself, and every address from which nobody shows a valid key.
//!
//! A call moves the time at which the caller would be even again by one step; who is a whole minute ahead waits. So a minute's worth
//! may come at once, and after that calls come at the pace itself. Time is an argument.
//!
//! `INVARIANT:` what is remembered has a bound, however many addresses call (guarded by `tests.rs`).

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::error::ApiError;

/// Parts of a table, each with a lock of its own.
const SHARDS: usize = 16;

/// Addresses that are remembered at a time.
const ADDRESSES: usize = 65_536;

/// Agents that are remembered at a time; there are as many as an administrator made.
const AGENTS: usize = 1 << 20;

const MINUTE_US: u64 = 60_000_000;

/// Who called how often.
pub(crate) struct Limits {
    step_us: Option<u64>,
    born: Instant,
    agents: Table,
    addresses: Table,
}

impl Limits {
    /// So many calls a minute; as many as they like for `None`.
    pub(crate) fn new(calls_a_minute: Option<NonZeroU32>) -> Self {
        let step_us = calls_a_minute.map(|calls| (MINUTE_US / u64::from(calls.get())).max(1));
        Self { step_us, born: Instant::now(), agents: Table::new(AGENTS), addresses: Table::new(ADDRESSES) }
    }

    /// The time that the other calls take.
    pub(crate) fn now(&self) -> Duration {
        self.born.elapsed()
    }

    /// Counts a call of an agent.
    ///
    /// # Errors
    /// When it has to wait.
    pub(crate) fn agent(&self, id: &str, now: Duration) -> Result<(), ApiError> {
        let Some(step) = self.step_us else { return Ok(()) };
        self.agents.admit(self.agents.key(id), step, now).map_err(|wait| too_many("this agent", wait))
    }

    /// Counts a call from an address by which nobody showed a valid key. What one customer of a provider has of IPv6 is one address.
    ///
    /// # Errors
    /// When it has to wait.
    pub(crate) fn stranger(&self, address: IpAddr, now: Duration) -> Result<(), ApiError> {
        let Some(step) = self.step_us else { return Ok(()) };
        let network = match address.to_canonical() {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits() >> 64 << 64,
        };
        let key = self.addresses.key(&network);
        self.addresses
            .admit(key, step, now)
            .map_err(|wait| too_many("calls without a valid key from this address", wait))
    }

    /// Longest time that anybody has to wait for the next call, in whole seconds.
    pub(crate) fn pause_s(&self) -> u64 {
        self.step_us.unwrap_or(0).div_ceil(1_000_000).max(1)
    }
}

fn too_many(who: &str, wait: Duration) -> ApiError {
    ApiError::too_many(format!("too many calls: {who} may call again in {} ms", wait.as_millis().max(1)))
}

/// When who would be even again, in microseconds.
struct Table {
    hasher: RandomState,
    capacity: usize,
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Default)]
struct Shard {
    even_at: HashMap<u64, u64>,
    /// All for whom there is no room count as one.
    crowd: u64,
    swept_us: u64,
}

impl Table {
    fn new(capacity: usize) -> Self {
        Self { hasher: RandomState::new(), capacity: capacity / SHARDS, shards: Default::default() }
    }

    fn key(&self, who: &(impl std::hash::Hash + ?Sized)) -> u64 {
        self.hasher.hash_one(who)
    }

    /// Lets a call in, or tells how long to wait.
    fn admit(&self, key: u64, step: u64, now: Duration) -> Result<(), Duration> {
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let place = usize::try_from(key % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(place) else { return Ok(()) };
        let mut shard = shard.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let slot = shard.slot(key, self.capacity, now);
        let even = (*slot).max(now).saturating_add(step);
        match even.checked_sub(now.saturating_add(MINUTE_US.max(step))) {
            None | Some(0) => {
                *slot = even;
                Ok(())
            }
            Some(wait) => Err(Duration::from_micros(wait)),
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap().even_at.len()).sum()
    }
}

impl Shard {
    fn slot(&mut self, key: u64, capacity: usize, now: u64) -> &mut u64 {
        if self.even_at.len() >= capacity && !self.even_at.contains_key(&key) {
            // Not at every call: a full table is looked through once a second.
            if self.swept_us.saturating_add(1_000_000) <= now || self.swept_us == 0 {
                self.swept_us = now.max(1);
                // Whoever is even is as good as new.
                self.even_at.retain(|_, even| *even > now);
            }
            if self.even_at.len() >= capacity {
                return &mut self.crowd;
            }
        }
        self.even_at.entry(key).or_insert(0)
    }
}

//! Deletes records that are older than they are to be kept, and says so on record.

use std::sync::{Arc, Weak};
use std::time::Duration;

use placet_store::{EXPIRED_AT_ONCE, StoreError};

use crate::actor::By;
use crate::machine::{rfc3339, unix_ms};
use crate::recording;
use crate::sealing;
use crate::state::Gateway;

const DAY_MS: i64 = 24 * 3_600_000;

/// How often it is looked whether something is too old.
const EVERY: Duration = Duration::from_secs(3600);

/// Looks now and every hour, until the gateway is gone.
pub(crate) async fn keep(gateway: Weak<Gateway>, days: u32) {
    loop {
        let Some(gateway) = gateway.upgrade() else { return };
        // A database that is gone comes back before the next hour is over, or the one after.
        let _ = expire(&gateway, days).await;
        drop(gateway);
        tokio::time::sleep(EVERY).await;
    }
}

/// Deletes what is older than so many days; tells how much that was.
///
/// # Errors
/// When the database does not answer. What was deleted until then is on record.
pub(crate) async fn expire(gateway: &Arc<Gateway>, days: u32) -> Result<u64, StoreError> {
    let before_ms = unix_ms() - i64::from(days) * DAY_MS;
    // What goes keeps its place in the ledger.
    sealing::seal_all(gateway).await?;
    let mut all = 0;
    loop {
        let organisation = gateway.organisation.clone();
        // Made beforehand, because there is no way back once records are gone.
        let mut told = recording::of_change(&organisation, &By::gateway("retention"), "expire:records", "")
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let told = Box::new(move |gone: u64| {
            told.resource = format!("{gone} records from before {}", rfc3339(before_ms));
            told.reason = Some(format!("records are kept for {days} days"));
            recording::retell(&mut told);
            recording::tell(&mut told, "gone", gone.into());
            told
        });
        let gone = gateway.store.expire_records(&organisation, before_ms, told).await?;
        all += gone;
        if gone < EXPIRED_AT_ONCE {
            return Ok(all);
        }
    }
}

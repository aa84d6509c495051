//! Sessions of operators: how long they hold.

use placet_store::{KeyHash, Operator, OperatorSession};

use crate::error::ApiError;
use crate::machine::unix_ms;
use crate::state::Gateway;

/// A session ends after so long in any case, in milliseconds.
pub(crate) const LIFE_MS: i64 = 12 * 3600 * 1000;

/// It ends earlier when it is not used for so long.
pub(crate) const IDLE_MS: i64 = 3600 * 1000;

/// So long after the password was given an operator may do what needs it.
pub(crate) const SURE_MS: i64 = 10 * 60 * 1000;

/// A use is noted when the last one is so long ago.
const NOTED_MS: i64 = 60 * 1000;

/// Whether the password was given a short while ago.
pub(crate) fn is_sure(session: &OperatorSession, now_ms: i64) -> bool {
    (0..SURE_MS).contains(&(now_ms - session.password_ms))
}

/// The session that something was shown for, and whose it is.
///
/// # Errors
/// When there is none that holds.
pub(crate) async fn find(gateway: &Gateway, hash: &KeyHash) -> Result<(OperatorSession, Operator), ApiError> {
    let now = unix_ms();
    let found = gateway.store.session(hash).await?.filter(|(session, operator)| {
        operator.disabled_ms.is_none()
            && operator.organisation == gateway.organisation
            && now < session.ends_ms
            && now < session.used_ms + IDLE_MS
    });
    let Some((session, operator)) = found else {
        return Err(ApiError::unauthorized(
            "The session is over",
            "sign in again with `placet operator login`",
        ));
    };
    Ok((session, operator))
}

/// Notes that a session was used.
pub(crate) async fn note(gateway: &Gateway, session: &OperatorSession, hash: &KeyHash) {
    let now = unix_ms();
    if now >= session.used_ms + NOTED_MS {
        // When it cannot be noted, the session ends earlier.
        let _ = gateway.store.use_session(hash, now).await;
    }
}

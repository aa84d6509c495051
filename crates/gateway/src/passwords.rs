//! Passwords of operators: Argon2id, few at a time, and nothing to be learned from how long it takes.
//!
//! `INVARIANT:` an unknown name costs the same work as a wrong password (guarded by the tests below and `tests/it/operators.rs`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::error::ApiError;
use crate::machine::random;

/// Fewest characters of a password.
const SHORTEST: usize = 12;

/// Longest password, in bytes.
const LONGEST: usize = 1024;

/// Passwords that are tried at a time; each takes 19 MiB.
const AT_ONCE: usize = 2;

/// Longest wait for one's turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Wrong passwords for one name within [`WINDOW_MS`].
const WRONG: u32 = 5;

/// Time over which wrong passwords are counted, in milliseconds.
const WINDOW_MS: i64 = 5 * 60 * 1000;

/// Names share these counters, so that inventing names takes no memory.
const COUNTERS: usize = 4096;

/// Checks passwords.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// What an unknown name is compared with.
    nobody: String,
    salt: [u8; 16],
    counters: Mutex<Vec<Counter>>,
}

#[derive(Clone, Copy, Default)]
struct Counter {
    wrong: u32,
    since_ms: i64,
}

impl Passwords {
    /// Nothing was tried yet.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> std::io::Result<Self> {
        let unknown: [u8; 16] = random()?;
        let nobody = hashed(&unknown, &random::<16>()?).map_err(std::io::Error::other)?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobody,
            salt: random()?,
            counters: Mutex::new(vec![Counter::default(); COUNTERS]),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// When it is too short or too long to be one, or too many are waiting.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ApiError> {
        if password.chars().count() < SHORTEST || password.len() > LONGEST {
            return Err(ApiError::bad_request(
                format!("a password has between {SHORTEST} characters and {LONGEST} bytes"),
                "choose another; several words are easy to keep in mind",
            ));
        }
        let salt = random::<16>().map_err(|error| ApiError::internal(&error))?;
        let hashed = self.aside(move || hashed(password.as_bytes(), &salt)).await?;
        hashed.map_err(|error| ApiError::internal(&error))
    }

    /// Whether a password is the right one; `stored` is `None` where nobody has one. `whose` is what wrong ones are counted by.
    ///
    /// # Errors
    /// When there were too many wrong ones, or too many are waiting.
    pub(crate) async fn fits(
        &self,
        whose: &str,
        password: String,
        stored: Option<String>,
        now_ms: i64,
    ) -> Result<bool, ApiError> {
        // Counted before it is tried: many at a time are many tries.
        self.count(whose, now_ms)?;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let password = if password.len() > LONGEST { String::new() } else { password };
        let fits = self
            .aside(move || Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok())
            .await?;
        if known && fits {
            self.counter(whose, |counter| *counter = Counter::default());
        }
        Ok(known && fits)
    }

    fn count(&self, whose: &str, now_ms: i64) -> Result<(), ApiError> {
        let allowed = self.counter(whose, |counter| {
            if now_ms - counter.since_ms >= WINDOW_MS {
                *counter = Counter { wrong: 0, since_ms: now_ms };
            }
            counter.wrong = counter.wrong.saturating_add(1);
            counter.wrong <= WRONG
        });
        if allowed { Ok(()) } else { Err(ApiError::wait("too many wrong passwords")) }
    }

    fn counter<T>(&self, whose: &str, work: impl FnOnce(&mut Counter) -> T) -> T {
        let digest = Sha256::new().chain_update(self.salt).chain_update(whose).finalize();
        let index = digest.iter().take(4).fold(0, |number, byte| number << 8 | usize::from(*byte)) % COUNTERS;
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        match counters.get_mut(index) {
            Some(counter) => work(counter),
            None => work(&mut Counter { wrong: u32::MAX, since_ms: i64::MAX }),
        }
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(ApiError::wait("too many passwords at a time")) };
        let worked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        worked.await.map_err(|error| ApiError::internal(&error))
    }
}

fn hashed(password: &[u8], salt: &[u8]) -> Result<String, String> {
    let hash = Argon2::default().hash_password_with_salt(password, salt);
    hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn wrong_ones_are_counted_by_name_and_right_ones_forgive() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let fits = async |whose: &'static str, password: &str, now_ms| {
            passwords.fits(whose, password.to_owned(), Some(stored.clone()), now_ms).await
        };
        for _ in 0..4 {
            assert_eq!(fits("ann", "wrong", 1_000_000).await, Ok(false));
        }
        assert_eq!(fits("ann", "correct horse battery", 1_000_000).await, Ok(true));
        for _ in 0..5 {
            assert_eq!(fits("ann", "wrong", 1_000_000).await, Ok(false));
        }
        let refused = fits("ann", "correct horse battery", 1_000_000 + WINDOW_MS - 1).await.unwrap_err();
        assert_eq!(refused.code, "too_many");
        assert_eq!(fits("bea", "wrong", 1_000_000).await, Ok(false), "others are not held up");
        assert_eq!(fits("ann", "correct horse battery", 1_000_000 + WINDOW_MS).await, Ok(true));
    }

    #[tokio::test]
    async fn an_unknown_name_costs_as_much_and_never_fits() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash("correct horse battery".to_owned()).await.unwrap();
        let costs = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(costs(&passwords.nobody), costs(&stored));
        for attempt in 0..5 {
            let fits = passwords.fits("nobody", "correct horse battery".to_owned(), None, attempt).await;
            assert_eq!(fits, Ok(false));
        }
        assert!(passwords.fits("nobody", "x".to_owned(), None, 5).await.is_err(), "it is counted too");
    }

    #[tokio::test]
    async fn what_is_no_password_is_refused() {
        let passwords = Passwords::new().unwrap();
        for password in ["", "short", "elevenchars", &"x".repeat(LONGEST + 1)] {
            assert!(passwords.hash(password.to_owned()).await.is_err(), "{}", password.len());
        }
    }
}

//! What goes with a compiled set into every record: its digest, and how much of a record policies keep.
//!
//! Both are worked out when policies are compiled and lie in the cache's header: a hook must not hash the whole
//! set for each call.

use placet_ledger::audit::LogLevel;
use placet_ledger::{AuditFilter, Hash};
use placet_policy::{Audit, AuditLevel, PolicySet};
use serde::{Deserialize, Serialize};

use crate::programs::Programs;
use crate::settings::Settings;

/// What records of decisions under a compiled set have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Digest of the compiled set.
    pub policy_digest: Option<String>,
    graver_only: bool,
    fields: Vec<String>,
    actions: Vec<String>,
}

impl Evidence {
    /// Of a compiled set and the program models that were added, for the agent that settings name.
    pub(crate) fn of(compiled: &[u8], programs: &Programs, settings: &Settings) -> Self {
        let agent = settings.identity();
        let said = PolicySet::open(compiled).ok().and_then(|set| placet_policy::audit(&set, Some(&agent)));
        let parts = [compiled, programs.bytes()];
        let parts = if programs.is_empty() { &parts[..1] } else { &parts[..] };
        let policy_digest = Some(Hash::of("placet.policy.1", parts).to_string());
        match said {
            None => Self { policy_digest, ..Self::default() },
            Some(Audit { enabled, level, fields, actions, .. }) => {
                Self { policy_digest, graver_only: !enabled || level == AuditLevel::Warning, fields, actions }
            }
        }
    }

    /// How much of a record is kept.
    pub(crate) fn filter(&self) -> AuditFilter {
        let level = if self.graver_only { LogLevel::Warning } else { LogLevel::Info };
        AuditFilter { include: self.fields.clone(), actions: self.actions.clone(), level }
    }
}

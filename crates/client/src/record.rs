//! From a decided call or a notice to a line of the ledger.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use placet_agents::claude_code::post::decided_bytes;
use placet_agents::claude_code::{Malformed, Notice, ProcessFacts};
use placet_hook::Decided;
use placet_ledger::{ActionLine, AuditFilter, Outcome, Record, RecordedDecision, Redactor, Would};
use placet_model::{Decision, DenialKind, Enforcement, PermissionMode, RecordId, ToolCall, Verdict};

use crate::key::machine_key;
use crate::settings::{Fsync, Settings};
use crate::spool::{Spool, SpoolOptions};
use crate::{Loaded, Locations};

/// Version of the analysis, named in each record so that history can be replayed.
const ANALYSER: &str = concat!("placet-", env!("CARGO_PKG_VERSION"));

/// Writes records of one hook process.
pub(crate) struct Recorder<'a> {
    state: std::path::PathBuf,
    options: SpoolOptions,
    filter: AuditFilter,
    policy_digest: Option<String>,
    process: &'a ProcessFacts,
    started: Instant,
    unix_ms: u64,
}

impl<'a> Recorder<'a> {
    /// A recorder for what was loaded; without it, one with the default settings.
    pub(crate) fn new(locations: &Locations, loaded: Option<&Loaded>, process: &'a ProcessFacts) -> Self {
        let settings = loaded.map(|loaded| &loaded.settings);
        let wait_ms = settings.map_or(20, |settings| settings.ledger_wait_ms);
        let fsync = settings.is_some_and(|settings: &Settings| settings.fsync == Fsync::Always);
        Self {
            state: settings.map_or_else(|| locations.default_state(), |settings| settings.state.clone()),
            options: SpoolOptions::new(wait_ms, fsync),
            filter: loaded.map(|loaded| loaded.evidence.filter()).unwrap_or_default(),
            policy_digest: loaded.and_then(|loaded| loaded.evidence.policy_digest.clone()),
            process,
            started: Instant::now(),
            unix_ms: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|since| u64::try_from(since.as_millis()).ok())
                .unwrap_or_default(),
        }
    }

    /// Now, in seconds since 1970.
    pub(crate) fn unix_seconds(&self) -> i64 {
        i64::try_from(self.unix_ms / 1000).unwrap_or(i64::MAX)
    }

    /// Records a decided call, and gives the record's id.
    pub(crate) fn call(&self, call: &ToolCall, decided: &Decided) -> Result<RecordId, String> {
        let id = self.id()?;
        let mut record = Record::of_call(id.clone(), self.unix_ms, self.time(), call);
        let input = decided.decision.rewrite.as_ref().map_or(&call.input, |rewrite| &rewrite.input);
        record.decided_bytes = Some(decided_bytes(&call.tool, input));
        record.actions = decided.actions.iter().map(ActionLine::of).collect();
        record.inputs.clone_from(&decided.inputs);
        record.decision = Some(RecordedDecision {
            by_policy: Some(decided.by_policy),
            policy_digest: self.policy_digest.clone(),
            would: decided.would.as_ref().map(Would::from),
            linked_to: decided.linked_to.clone(),
            ..RecordedDecision::of(&decided.decision, ANALYSER)
        });
        self.write(record).map(|()| id)
    }

    /// Records a call that was denied because the gate could not decide.
    pub(crate) fn failed_call(&self, call: &ToolCall, why: &str) {
        let Ok(id) = self.id() else { return };
        let mut record = Record::of_call(id, self.unix_ms, self.time(), call);
        record.decision = Some(failure(why));
        // The call is denied already; a record that fails as well cannot make that stricter.
        let _ = self.write(record);
    }

    /// Records an input that was refused.
    pub(crate) fn malformed(&self, malformed: &Malformed) {
        let Ok(mut record) = self.bare(malformed.event.name()) else { return };
        record.session = malformed.session.as_ref().map(|session| session.0.clone()).unwrap_or_default();
        record.decision = Some(failure(&malformed.reason));
        record.note = Some("malformed input".to_owned());
        let _ = self.write(record);
    }

    /// Records an event that asks for no decision.
    pub(crate) fn notice(&self, notice: &Notice, outcome: Option<Outcome>, note: Option<String>) {
        let Ok(mut record) = self.bare(&notice.event) else { return };
        record.session.clone_from(&notice.session.0);
        record.tool_use = notice.tool_use.as_ref().map(|id| id.0.clone());
        record.agent = notice.agent.clone();
        record.tool.clone_from(&notice.tool);
        record.decided_bytes = match (&notice.tool, &notice.input) {
            (Some(tool), Some(input)) => Some(decided_bytes(tool, input)),
            _ => None,
        };
        record.input.clone_from(&notice.input);
        record.mode = notice.mode;
        record.cwd.clone_from(&notice.cwd);
        record.project.clone_from(&notice.project);
        record.outcome = outcome;
        record.note = note;
        let _ = self.write(record);
    }

    /// Keyed digest of an input, as records of its decision hold it.
    pub(crate) fn digest(&self, tool: &str, input: &serde_json::Value) -> Option<String> {
        Some(self.redactor().ok()?.digest(&decided_bytes(tool, input)))
    }

    /// Digest that the decision on a call of `session` was recorded with; `None` when there is no record.
    pub(crate) fn decided_digest(&self, session: &str, tool_use: &str) -> Option<String> {
        crate::spool::find_decision(&self.state, session, tool_use)
    }

    /// Folder of ledger and trust.
    pub(crate) fn state(&self) -> &std::path::Path {
        &self.state
    }

    fn bare(&self, event: &str) -> Result<Record, String> {
        Ok(Record {
            id: self.id()?,
            unix_ms: self.unix_ms,
            time: self.time(),
            event: event.to_owned(),
            session: String::new(),
            tool_use: None,
            agent: placet_agents::claude_code::local_agent(),
            host: None,
            tool: None,
            input: None,
            decided_bytes: None,
            actions: Vec::new(),
            inputs: Vec::new(),
            decision: None,
            mode: PermissionMode::Default,
            cwd: self.process.cwd.clone(),
            project: self.process.project_dir.clone().unwrap_or_else(|| self.process.cwd.clone()),
            trace: None,
            duration_ns: 0,
            outcome: None,
            note: None,
        })
    }

    fn write(&self, mut record: Record) -> Result<(), String> {
        record.host.clone_from(&self.process.ai_agent);
        record.duration_ns = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let payload = record.payload(&self.redactor()?, &self.filter);
        let spool = Spool::new(&self.state, self.options.clone());
        spool.append(&payload, random()?, self.unix_ms).map_err(|error| error.to_string())
    }

    /// Digest of the policies in force; empty without any.
    pub(crate) fn policy_digest(&self) -> &str {
        self.policy_digest.as_deref().unwrap_or_default()
    }

    /// What hides secrets on this machine.
    pub(crate) fn redactor(&self) -> Result<Redactor, String> {
        machine_key(&self.state).map(Redactor::new).map_err(|error| error.to_string())
    }

    fn id(&self) -> Result<RecordId, String> {
        Ok(RecordId::new(self.unix_ms, random()?))
    }

    fn time(&self) -> String {
        crate::time::rfc3339(self.unix_ms)
    }
}

fn failure(why: &str) -> RecordedDecision {
    let decision = Decision {
        verdict: Verdict::Deny,
        enforcement: Enforcement::Enforce,
        rule: None,
        action: None,
        reason: why.to_owned(),
        denial: Some(DenialKind::Transient),
        interrupt: false,
        fix: None,
        rewrite: None,
    };
    RecordedDecision { decided_by: "gate".to_owned(), ..RecordedDecision::of(&decision, ANALYSER) }
}

/// Bytes from the system's generator.
///
/// # Errors
/// When it gives none.
pub fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    match rustix::rand::getrandom(&mut bytes[..], rustix::rand::GetRandomFlags::empty()) {
        Ok(got) if got == N => Ok(bytes),
        _ => Err("the system gives no random numbers".to_owned()),
    }
}

//! `tests:` of a policy.

mod read;
mod run;

use std::collections::BTreeMap;

use serde_json::Value;

pub use run::{CaseResult, TEST_HOME, TEST_PROJECT, ToActions, action_on, run_tests};

/// One entry of `tests:`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Name given, else `test N`.
    pub name: String,
    /// Line it stands in.
    pub line: u32,
    /// What is tested.
    pub call: CaseCall,
    /// Current directory, when given.
    pub cwd: Option<String>,
    /// Permission mode, when given, in the host's word.
    pub mode: Option<String>,
    /// `autonomy` and `environment`, when given.
    pub env: BTreeMap<String, String>,
    /// `context`, when given.
    pub context: Value,
    /// Expected verdict; `None` for `none`: the policy has nothing to say.
    pub expect: Option<placet_model::Verdict>,
    /// Rule that must have decided, when given.
    pub rule: Option<String>,
}

/// What a test puts to the policy.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseCall {
    /// A call of a host tool.
    Tool {
        /// Tool name.
        tool: String,
        /// Its input.
        input: Value,
    },
    /// A shell line.
    Command(String),
    /// One action on one resource, as in `policy test`.
    Action {
        /// `verb:object`
        action: String,
        /// Resource as text.
        resource: Option<String>,
    },
}

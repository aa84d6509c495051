//! `placet doctor`: one check a file; each looks at the same [`Examined`] and reports [`Finding`]s.
//!
//! A check is a function; adding one means a file here and a line in [`CHECKS`].

mod bypass_mode;
mod command;
mod dead_keys;
mod examined;
mod fail_open;
mod finding;
mod fix;
mod gate;
mod ledger;
mod matchers;
mod mcp_servers;
mod organisation;
mod other_hooks;
mod permissions;
mod policies;
mod project_env;
mod switches;
mod timeouts;
mod tool_names;
mod unreadable;
mod version;
mod voided;

pub(crate) use examined::Examined;
pub(crate) use finding::{Finding, Severity};
pub(crate) use fix::{Repairs, repairs};

/// A check.
type Check = fn(&Examined<'_>) -> Vec<Finding>;

/// All of them, in the order of the report.
const CHECKS: &[Check] = &[
    gate::check,
    unreadable::check,
    voided::check,
    dead_keys::check,
    switches::check,
    timeouts::check,
    matchers::check,
    fail_open::check,
    command::check,
    permissions::check,
    project_env::check,
    other_hooks::check,
    tool_names::check,
    mcp_servers::check,
    bypass_mode::check,
    version::check,
    policies::check,
    organisation::check,
    ledger::check,
];

/// Everything found, the gravest first.
pub(crate) fn examine(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(world)).collect();
    findings.sort_by_key(|finding| finding.severity);
    findings
}

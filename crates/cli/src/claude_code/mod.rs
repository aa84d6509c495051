//! Claude Code's settings files: where they are, what their hook entries say, and how ours get in and out.

mod command_line;
mod events;
mod hooks;
mod install;
mod matcher;
mod scope;

pub(crate) use command_line::{command_line, is_ours, quote};
pub(crate) use events::{TOOL_EVENTS, closest_event, guarded_events, is_event};
pub(crate) use hooks::{Handler, HookTable};
pub(crate) use install::{
    HookEntry, InstallError, disable_bypass_mode, install, managed_switches, uninstall,
};
pub(crate) use matcher::{Reached, reached};
pub(crate) use scope::{ClaudeFiles, Scope};

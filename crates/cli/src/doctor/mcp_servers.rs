//! MCP servers declared where the host does not look.

use super::Examined;
use super::finding::{Finding, Severity};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    world
        .files
        .iter()
        .filter_map(|file| {
            let root = file.root.as_ref().ok()?;
            let member = root.member("mcpServers")?;
            Some(file.finding(
                "mcp-servers-ignored",
                Severity::Warning,
                &member.key_span,
                "`mcpServers` in a settings file has no effect: the servers in it never start",
                "move it to `.mcp.json` in the project, or use `--mcp-config`",
            ))
        })
        .collect()
}

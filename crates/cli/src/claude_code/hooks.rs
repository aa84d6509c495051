//! The hook entries of one settings file, flattened.

use std::ops::Range;

use super::command_line::{CommandLine, command_line, is_ours};
use crate::json::{Kind, Node};

/// One handler: the innermost object of `hooks.EVENT[].hooks[]`.
#[derive(Clone, Debug)]
pub(crate) struct Handler {
    /// Event key as written.
    pub(crate) event: String,
    /// `matcher` of the group and where it stands.
    pub(crate) matcher: Option<(String, Range<usize>)>,
    /// The handler object.
    pub(crate) node: Node,
}

impl Handler {
    /// `type`, empty when missing.
    pub(crate) fn kind(&self) -> &str {
        self.node.get("type").and_then(Node::text).unwrap_or("")
    }

    /// The command text of a command handler.
    pub(crate) fn command(&self) -> Option<&str> {
        self.node.get("command").and_then(Node::text).filter(|_| matches!(self.kind(), "command" | ""))
    }

    /// The command taken apart.
    pub(crate) fn command_line(&self) -> Option<CommandLine> {
        self.command().map(command_line)
    }

    /// Whether it starts Placet.
    pub(crate) fn is_ours(&self) -> bool {
        self.command().is_some_and(is_ours)
    }

    /// Whether a failure of the hook itself blocks.
    pub(crate) fn blocks_on_failure(&self) -> bool {
        self.node.get("onFailure").and_then(Node::text) == Some("block")
    }

    /// What people call it: its command, URL or type, cut to one line.
    pub(crate) fn label(&self) -> String {
        let text = ["command", "url", "tool", "prompt"]
            .into_iter()
            .find_map(|key| self.node.get(key).and_then(Node::text))
            .unwrap_or_else(|| self.kind());
        let line = text.lines().next().unwrap_or("");
        if line.chars().count() > 60 {
            format!("{}…", line.chars().take(59).collect::<String>())
        } else {
            line.to_owned()
        }
    }
}

/// One key below `hooks`.
#[derive(Clone, Debug)]
pub(crate) struct EventKey {
    /// As written.
    pub(crate) name: String,
    /// Where the key stands.
    pub(crate) span: Range<usize>,
    /// Place among the members of `hooks`.
    pub(crate) index: usize,
}

/// All hook entries of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct HookTable {
    /// Keys below `hooks`, real events or not.
    pub(crate) events: Vec<EventKey>,
    /// Handlers in file order, those below dead keys included.
    pub(crate) handlers: Vec<Handler>,
    /// Groups that lack their `hooks` array, with their event.
    pub(crate) broken_groups: Vec<(String, Range<usize>)>,
}

impl HookTable {
    /// Flattens the `hooks` object of a settings document.
    pub(crate) fn read(root: &Node) -> Self {
        let mut table = Self::default();
        let Some(hooks) = root.get("hooks") else { return table };
        for (index, member) in hooks.members().iter().enumerate() {
            table.events.push(EventKey { name: member.key.clone(), span: member.key_span.clone(), index });
            for group in member.value.elements() {
                table.group(&member.key, group);
            }
        }
        table
    }

    fn group(&mut self, event: &str, group: &Node) {
        let matcher = group
            .get("matcher")
            .and_then(|node| node.text().map(|text| (text.to_owned(), node.span.clone())));
        match group.get("hooks").map(|node| &node.kind) {
            Some(Kind::List(handlers)) => {
                for node in handlers {
                    self.handlers.push(Handler {
                        event: event.to_owned(),
                        matcher: matcher.clone(),
                        node: node.clone(),
                    });
                }
            }
            _ => {
                self.broken_groups.push((event.to_owned(), group.span.clone()));
                // Older recipes put the command straight into the group.
                if group.get("command").is_some() {
                    self.handlers.push(Handler { event: event.to_owned(), matcher, node: group.clone() });
                }
            }
        }
    }
}

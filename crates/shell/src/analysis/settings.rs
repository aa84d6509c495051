//! Values of variables and options that say where a program takes its settings from, or what they are.

use std::rc::Rc;

use placet_model::path::{absolute, relative_to};
use placet_model::{ActionKind, Arg, Reach, Resource, Span, UrlRef};

use super::Machine;
use super::value::Field;
use crate::programs::{Role, environment};

/// Folders of the machine whose settings a person put there.
const SYSTEM: &[&str] = &["/etc", "/usr", "/opt", "/nix", "/run/current-system", "/dev/null"];
/// Hidden folders of the home directory that anybody fills.
const SHARED: &[&str] = &[".cache", ".local", ".tmp", ".Trash"];
/// Letters of `less` that change how a text is shown and nothing else.
const LESS: &str = "aABcCdeEfFgGiIJKmMnNqQrRsSuUwWXxjbhyz~0123456789.,";

impl Machine<'_> {
    /// Whether settings at `value` are those a person made: the project's repository, the machine's, or a
    /// hidden folder of the home directory.
    pub(super) fn is_own_settings(&self, name: &str, value: &Field, dirs: &[Rc<str>]) -> bool {
        let Some(text) = value.text() else { return false };
        let dir = dirs.first().map_or("/", |dir| &**dir);
        text.split(':').filter(|entry| !entry.is_empty()).all(|entry| {
            if !entry.starts_with('/') && dirs.len() != 1 {
                return false;
            }
            let path = absolute(entry, dir, None);
            let project = relative_to(&path, self.context.project);
            if matches!(project.as_deref(), Some("." | "./.git")) {
                return !name.eq_ignore_ascii_case("HOME");
            }
            if self.context.home == Some(path.as_str()) {
                return true;
            }
            let system = SYSTEM.iter().any(|known| relative_to(&path, known).is_some());
            let hidden = || {
                let rest = path.strip_prefix(self.context.home?)?.strip_prefix('/')?;
                let first = rest.split('/').next()?;
                (first.starts_with('.') && !SHARED.contains(&first)).then_some(())
            };
            project.is_none() && !name.eq_ignore_ascii_case("HOME") && (system || hidden().is_some())
        })
    }

    /// A file that a variable makes a program write.
    pub(super) fn output_file(&mut self, value: &Field, span: Option<&Span>) {
        let plain = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.bytes().all(|byte| byte.is_ascii_digit())
                || matches!(text.as_str(), "true" | "false" | "yes" | "no" | "on" | "off")
        };
        if value.text().is_some_and(plain) {
            return;
        }
        let field = match value.start().strip_prefix("af_unix:") {
            Some(socket) => value.without(value.start().len() - socket.trim_start_matches("stream:").len()),
            None => value.clone(),
        };
        // Some programs go to the top of the project first.
        let mut dirs = self.state.dirs.clone();
        if !dirs.is_empty() && dirs.iter().all(|dir| &**dir != self.context.project) {
            dirs.push(Rc::from(self.context.project));
        }
        for path in self.paths(&field, Reach::Entry, &dirs) {
            let why = "a variable makes the program write this file";
            self.push_effect(ActionKind::WriteFile, Resource::Path(path), span, why);
        }
    }

    /// Hosts that a variable sends a program to; `false` when one of them is not known.
    pub(super) fn hosts_of_variable(&mut self, value: &Field, span: Option<&Span>) -> bool {
        let Some(text) = value.text().map(str::to_owned) else { return false };
        let mut known = true;
        for entry in text.split([',', '|', ' ']).filter(|entry| !matches!(*entry, "" | "direct" | "off")) {
            let url = UrlRef::parse(entry);
            known &= url.host.is_some();
            let why = "a variable sends the program to this machine";
            self.push_effect(ActionKind::WebFetch, Resource::Url(url), span, why);
        }
        known
    }
}

/// Whether every word of the value is listed in `_environment.toml` as harmless.
pub(super) fn is_listed(name: &str, value: &Field) -> bool {
    let text = match &value.arg {
        Arg::Known(text) => text.clone(),
        // A number, or a plain name.
        Arg::Partly { prefix, suffix } if value.safe => format!("{prefix}0{suffix}"),
        Arg::Partly { .. } | Arg::Glob(_) => return false,
    };
    let mut words = text.split_ascii_whitespace().peekable();
    words.peek().is_some() && words.all(|word| environment(&format!("{name}={word}")) == Some(Role::Text))
}

/// Whether options of `less` only change how it shows a text.
pub(super) fn is_plain_less(text: &str) -> bool {
    text.split_ascii_whitespace().all(|word| {
        environment(&format!("less={word}")) == Some(Role::Text)
            || (!word.starts_with("--")
                && word.strip_prefix('-').unwrap_or(word).chars().all(|c| LESS.contains(c)))
    })
}

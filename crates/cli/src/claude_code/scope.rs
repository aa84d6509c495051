//! Which settings files Claude Code reads.

use std::path::{Path, PathBuf};

/// Where a settings file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// The machine's administrator.
    Managed,
    /// This user, every project.
    User,
    /// This repository, everybody who works in it.
    Project,
    /// This repository, this user.
    Local,
}

impl Scope {
    /// The word in output and arguments.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::User => "user",
            Self::Project => "project",
            Self::Local => "local",
        }
    }
}

/// The folders Claude Code's settings are looked for in.
#[derive(Clone, Debug)]
pub(crate) struct ClaudeFiles {
    /// Folder of the administrator's settings.
    pub(crate) managed: PathBuf,
    /// Folder of the user's settings.
    pub(crate) user: PathBuf,
    /// Project root.
    pub(crate) project: PathBuf,
    /// The operator's home directory.
    pub(crate) home: Option<PathBuf>,
}

impl ClaudeFiles {
    /// The main settings file of a scope.
    pub(crate) fn settings(&self, scope: Scope) -> PathBuf {
        match scope {
            Scope::Managed => self.managed.join("managed-settings.json"),
            Scope::User => self.user.join("settings.json"),
            Scope::Project => self.project.join(".claude/settings.json"),
            Scope::Local => self.project.join(".claude/settings.local.json"),
        }
    }

    /// The folder a settings file of `scope` may lie in after following links.
    pub(crate) fn root(&self, scope: Scope) -> &Path {
        match scope {
            Scope::Managed => &self.managed,
            // A dotfiles folder somewhere in the home directory is the usual reason for a link here.
            Scope::User => match &self.home {
                Some(home) if self.user.starts_with(home) => home,
                _ => &self.user,
            },
            Scope::Project | Scope::Local => &self.project,
        }
    }

    /// Every settings file Claude Code would read, whether it exists or not, in its order.
    pub(crate) fn all(&self) -> Vec<(Scope, PathBuf)> {
        let mut files = vec![(Scope::Managed, self.settings(Scope::Managed))];
        let mut drop_ins: Vec<PathBuf> = std::fs::read_dir(self.managed.join("managed-settings.d"))
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        drop_ins.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
        drop_ins.sort();
        files.extend(drop_ins.into_iter().map(|path| (Scope::Managed, path)));
        for scope in [Scope::User, Scope::Project, Scope::Local] {
            files.push((scope, self.settings(scope)));
        }
        files.dedup_by(|one, other| one.1 == other.1);
        files
    }
}

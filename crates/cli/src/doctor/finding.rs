//! What a check reports.

use std::path::{Path, PathBuf};

use crate::claude_code::Scope;
use crate::json::Edit;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// A tool call can get past the gate.
    Open,
    /// The gate holds, but work cannot go on as meant.
    Broken,
    /// Somebody should look.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// The word in output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Broken => "broken",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One thing a check found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// Stable name, kebab case.
    pub(crate) id: &'static str,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// The file it was found in.
    pub(crate) path: Option<PathBuf>,
    /// Line in it, from 1.
    pub(crate) line: Option<usize>,
    /// What is the case and why it matters.
    pub(crate) why: String,
    /// What to do.
    pub(crate) remedy: String,
    /// How `--fix` does it.
    pub(crate) fix: Option<Fix>,
}

/// A repair.
#[derive(Clone, Debug)]
pub(crate) enum Fix {
    /// Change this text of the file.
    Edit(Edit),
    /// Take the member at `index` out of the object that these keys lead to.
    Remove {
        /// From the root of the document.
        keys: &'static [&'static str],
        /// Place among the object's members.
        index: usize,
    },
    /// Put our entries into the settings of this scope, or bring them up to date.
    Install(Scope),
    /// Switch bypass mode off in the settings of this scope.
    DisableBypassMode(Scope),
    /// Take these permission bits away from the file.
    Forbid(u32),
}

impl Finding {
    /// A finding without a place or repair.
    pub(crate) fn new(
        id: &'static str,
        severity: Severity,
        why: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { id, severity, path: None, line: None, why: why.into(), remedy: remedy.into(), fix: None }
    }

    /// The same at a file.
    #[must_use]
    pub(crate) fn at(mut self, path: &Path, line: Option<usize>) -> Self {
        self.path = Some(path.to_path_buf());
        self.line = line;
        self
    }

    /// The same with a repair.
    #[must_use]
    pub(crate) fn fixed_by(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

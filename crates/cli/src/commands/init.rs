//! `placet init claude-code`

use std::path::{Path, PathBuf};

use placet_model::visible::visible;
use serde_json::json;

use super::Session;
use crate::args::InitArgs;
use crate::claude_code::{HookEntry, InstallError, Scope, guarded_events, install, managed_switches, quote};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::json::{Style, Tree};
use crate::made::Made;
use crate::printer::WIDTH;
use crate::style::{self, fold, paint};
use crate::{diff, file};

/// The user's settings when there are none.
pub(super) const FIRST_SETTINGS: &str = "\
# Placet's settings for this user. `placet policy list` shows what is in force.
policies:
  - starter
";

/// Which scope the arguments name.
pub(super) fn scope(args: &InitArgs) -> Scope {
    match (args.managed, args.project) {
        (true, _) => Scope::Managed,
        (_, true) => Scope::Project,
        _ => Scope::User,
    }
}

/// Lines of a difference from which on only a summary is shown.
const SUMMARY_FROM_LINES: usize = 24;

/// How much of a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Every line that differs.
    Lines,
    /// How much it is, when it is long.
    Summary,
}

impl Detail {
    /// What the arguments ask for.
    pub(super) fn of(args: &InitArgs) -> Self {
        if args.diff { Self::Lines } else { Self::Summary }
    }
}

/// A file as it is and as it would be.
pub(crate) struct Change {
    /// Where it really lies.
    pub(crate) path: PathBuf,
    /// Its text now; `None` when it does not exist.
    pub(crate) old: Option<String>,
    /// Its text afterwards; `None` when it goes.
    pub(crate) new: Option<String>,
}

impl Change {
    pub(crate) fn is_none(&self) -> bool {
        self.old == self.new
    }

    /// Shows the change on stderr: every line of it, or when it is long only how much it is.
    pub(crate) fn show(&self, session: &Session<'_>, detail: Detail) {
        let what = match (&self.old, &self.new) {
            (None, _) => "new file",
            (_, None) => "goes",
            _ => "changes",
        };
        session
            .printer
            .note(format_args!("{} ({what})", paint(style::HEADING, session.place.show(&self.path))));
        let lines = diff::render(self.old.as_deref().unwrap_or(""), self.new.as_deref().unwrap_or(""));
        if detail == Detail::Summary && lines.len() > SUMMARY_FROM_LINES {
            let count = |text: &Option<String>| text.as_deref().map_or(0, |text| text.lines().count());
            let lines = format!("{} lines before, {} lines after", count(&self.old), count(&self.new));
            session.printer.note(format_args!("  {lines}; `--diff` shows each of them"));
            return;
        }
        for line in lines {
            session.printer.note(format_args!("  {line}"));
        }
    }
}

/// Puts our entries into the settings of the chosen scope.
pub(super) fn run(session: &Session<'_>, args: &InitArgs) -> Outcome {
    let scope = scope(args);
    let hooks = plan(session, scope)?;
    let settings = plan_settings(session, scope)?;
    let changes: Vec<&Change> = [&hooks, &settings].into_iter().filter(|change| !change.is_none()).collect();
    if session.printer.is_json() && (args.dry_run || args.yes || changes.is_empty()) {
        if !args.dry_run {
            write(&hooks, &settings)?;
        }
        let files: Vec<_> = changes
            .iter()
            .map(|change| json!({ "path": change.path, "created": change.old.is_none() }))
            .collect();
        session.printer.document(&json!({
            "agent": "claude-code", "scope": scope.name(), "written": !args.dry_run, "changed": files,
        }));
        return Ok(Exit::Ok);
    }
    if changes.is_empty() {
        session.printer.note(format_args!(
            "Claude Code is guarded already: {} needs no change",
            session.place.show(&hooks.path)
        ));
        return Ok(Exit::Ok);
    }
    changes.iter().for_each(|change| change.show(session, Detail::of(args)));
    if !hooks.is_none() {
        describe(session, scope)?;
    }
    if args.dry_run {
        session.printer.note("nothing was written (--dry-run)");
        return Ok(Exit::Ok);
    }
    if !(args.yes || consent(session, "Write this?")?) {
        session.printer.note("nothing was written");
        return Ok(Exit::General);
    }
    write(&hooks, &settings)?;
    session.printer.note(format_args!("{} Claude Code asks Placet from now on", paint(style::GOOD, "done:")));
    session
        .printer
        .hint("sessions that run pick it up at once; `placet doctor` looks whether the gate is closed");
    Ok(Exit::Ok)
}

/// What the entries mean: which command runs, and when.
fn describe(session: &Session<'_>, scope: Scope) -> Result<(), Failure> {
    let printer = session.printer;
    printer.note("Claude Code will run");
    printer.note(format_args!("  {}", visible(&hook_entry(session, scope)?.command)));
    let events: Vec<&str> = guarded_events().collect();
    printer.note(format_args!("on {} events:", events.len()));
    for line in fold(&events.join(", "), WIDTH - 2) {
        printer.note(format_args!("  {line}"));
    }
    Ok(())
}

/// A person's yes.
///
/// # Errors
/// When nobody is there to say it.
pub(crate) fn consent(session: &Session<'_>, question: &str) -> Result<bool, Failure> {
    session.printer.confirm(question).ok_or_else(|| {
        Failure::arguments("nobody is there to say yes: this is not a terminal")
            .hint("add `--yes` to go on without asking, or `--dry-run` to look only")
    })
}

/// What would happen to the scope's settings file.
pub(crate) fn plan(session: &Session<'_>, scope: Scope) -> Result<Change, Failure> {
    let files = session.place.claude_files()?;
    let named = files.settings(scope);
    let path = file::settle(&named, files.root(scope))?;
    let old = file::read(&path)?;
    let entry = hook_entry(session, scope)?;
    let base = match &old {
        Some(text) => text.clone(),
        None => Style::default().document(&Tree::Map(Vec::new())),
    };
    let new = scope_entries(&base, &entry, scope).map_err(|error| {
        Failure::new(format!("`{}` was left as it is: {error}", session.place.show(&named)))
            .hint("repair the file first; Claude Code cannot use it either")
    })?;
    Ok(Change { path, old, new: Some(new) })
}

/// The text with everything a scope gets.
pub(crate) fn scope_entries(text: &str, entry: &HookEntry, scope: Scope) -> Result<String, InstallError> {
    let text = install(text, entry)?;
    if scope == Scope::Managed { managed_switches(&text) } else { Ok(text) }
}

/// The user's (or machine's) own settings file, made when missing.
fn plan_settings(session: &Session<'_>, scope: Scope) -> Result<Change, Failure> {
    let locations = session.place.locations()?;
    let path = if scope == Scope::Managed { locations.machine_settings() } else { locations.user_settings() };
    let old = file::read(&path)?;
    let new = Some(old.clone().unwrap_or_else(|| FIRST_SETTINGS.to_owned()));
    Ok(Change { path, old, new })
}

fn write(hooks: &Change, settings: &Change) -> Result<(), Failure> {
    if hooks.is_none() && settings.is_none() {
        return Ok(());
    }
    if let Some(folder) = settings.path.parent() {
        let mut made = Made::read(folder);
        made.note(&hooks.path, &settings.path);
        made.write(folder)?;
    }
    for change in [settings, hooks].into_iter().filter(|change| !change.is_none()) {
        if let (Some(old), true) = (&change.old, change.path == hooks.path) {
            file::keep_copy(&change.path, old)?;
        }
        if let Some(new) = &change.new {
            file::replace(&change.path, new)?;
        }
    }
    Ok(())
}

/// What our entries in a scope say.
///
/// # Errors
/// When this program or the folder of settings cannot be found.
pub(crate) fn hook_entry(session: &Session<'_>, scope: Scope) -> Result<HookEntry, Failure> {
    Ok(HookEntry { command: hook_command(session, scope)? })
}

/// The command of our entries, without its fallback. The folder of settings is pinned, so that a project's
/// `env` cannot point the gate elsewhere; only the machine's entry leaves it to each user, unless told.
fn hook_command(session: &Session<'_>, scope: Scope) -> Result<String, Failure> {
    let program = hook_program()?;
    if scope == Scope::Managed && session.place.config.is_none() {
        return Ok(program);
    }
    Ok(format!("{program} --config {}", quote(&session.place.locations()?.config)))
}

/// The deciding program: `placet-hook` beside this one, else this one.
fn hook_program() -> Result<String, Failure> {
    let own = std::env::current_exe()
        .and_then(|path| path.canonicalize())
        .map_err(|error| Failure::new(format!("the path of this program cannot be found out: {error}")))?;
    let beside = own.with_file_name("placet-hook");
    Ok(if is_program(&beside) { quote(&beside) } else { format!("{} hook", quote(&own)) })
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

//! `placet uninit claude-code`

use std::path::Path;

use serde_json::json;

use super::Session;
use super::init::{Change, Detail, FIRST_SETTINGS, consent, scope, scope_entries};
use crate::args::InitArgs;
use crate::claude_code::{HookEntry, Scope, command_line, is_ours, uninstall};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::json::{Node, Style, Tree, parse};
use crate::made::Made;

/// Takes our entries, and nothing else, out of the settings of the chosen scope.
pub(super) fn run(session: &Session<'_>, args: &InitArgs) -> Outcome {
    let scope = scope(args);
    let (change, restored) = plan(session, scope)?;
    let printer = session.printer;
    let write = || -> Result<(), Failure> {
        match &change.new {
            Some(new) => file::replace(&change.path, new)?,
            None => file::remove(&change.path)?,
        }
        if restored {
            file::remove(&file::backup_path(&change.path))?;
        }
        forget(session, scope, &change.path)
    };
    if printer.is_json() && (args.dry_run || args.yes || change.is_none()) {
        if !args.dry_run && !change.is_none() {
            write()?;
        }
        let changed = !change.is_none();
        printer.document(&json!({
            "agent": "claude-code", "scope": scope.name(), "path": change.path,
            "changed": changed, "written": changed && !args.dry_run,
        }));
        return Ok(Exit::Ok);
    }
    if change.is_none() {
        printer.note(format_args!("{} holds no entry of Placet", session.place.show(&change.path)));
        return Ok(Exit::Ok);
    }
    change.show(session, Detail::of(args));
    if args.dry_run {
        printer.note("nothing was written (--dry-run)");
        return Ok(Exit::Ok);
    }
    if !(args.yes || consent(session, "Write this?")?) {
        printer.note("nothing was written");
        return Ok(Exit::General);
    }
    write()?;
    printer.note("done: Claude Code no longer asks Placet through this file");
    if scope == Scope::Managed {
        printer.hint(
            "allowManagedHooksOnly and disableBypassPermissionsMode stay; remove them by hand if unwanted",
        );
    }
    Ok(Exit::Ok)
}

/// Removes what `init` made beside the entries, as far as nobody has put anything into it.
fn forget(session: &Session<'_>, scope: Scope, agent: &Path) -> Result<(), Failure> {
    let locations = session.place.locations()?;
    let settings =
        if scope == Scope::Managed { locations.machine_settings() } else { locations.user_settings() };
    let Some(folder) = settings.parent() else { return Ok(()) };
    let untouched = |path: &Path| file::read(path).is_ok_and(|text| text.as_deref() == Some(FIRST_SETTINGS));
    Ok(Made::read(folder).undo(agent, folder, untouched)?)
}

/// The change, and whether it gives back the copy kept by `init`.
fn plan(session: &Session<'_>, scope: Scope) -> Result<(Change, bool), Failure> {
    let files = session.place.claude_files()?;
    let named = files.settings(scope);
    let path = file::settle(&named, files.root(scope))?;
    let Some(old) = file::read(&path)? else {
        return Ok((Change { path, old: None, new: None }, false));
    };
    let without = uninstall(&old).map_err(|error| {
        Failure::new(format!("`{}` was left as it is: {error}", session.place.show(&named)))
    })?;
    if without == old {
        return Ok((Change { path, old: Some(old.clone()), new: Some(old) }, false));
    }
    // Where `init` filled an empty `hooks` or made the file, what was there before cannot be told from the
    // text. If the file is exactly what `init` makes of the copy, the copy is what to give back.
    let entry = own_entry(&old);
    let made_of = |text: &str| {
        entry
            .as_ref()
            .and_then(|entry| scope_entries(text, entry, scope).ok())
            .is_some_and(|made| made == old)
    };
    if let Some(copy) = file::read(&file::backup_path(&path))?.filter(|copy| made_of(copy)) {
        return Ok((Change { path, old: Some(old), new: Some(copy) }, true));
    }
    let made_anew = made_of(&Style::default().document(&Tree::Map(Vec::new())));
    Ok((Change { path, old: Some(old), new: (!made_anew).then_some(without) }, false))
}

/// The entry as this file has it, which may be of another version or folder than the running program.
fn own_entry(text: &str) -> Option<HookEntry> {
    let root = parse(text).ok()?;
    let command = root
        .get("hooks")?
        .members()
        .iter()
        .flat_map(|event| event.value.elements())
        .flat_map(|group| group.get("hooks").map_or(&[][..], Node::elements))
        .filter_map(|handler| handler.get("command").and_then(Node::text))
        .find(|command| is_ours(command))?;
    let bare = if command_line(command).falls_back_to_block {
        command.rsplit_once("||").map_or(command, |(bare, _)| bare)
    } else {
        command
    };
    Some(HookEntry { command: bare.trim_end().to_owned() })
}

//! The same attempt by other means: what an action comes to, whatever spelling, tool or script it came by.
//!
//! A denial is remembered by the marks of the actions it was for, not by the text of the call. A later call
//! that bears one of them is the same attempt.

use placet_model::{
    Action, ActionKind, Arg, Command, DenialKind, Enforcement, Origin, PathCertainty, PathRef, Resource,
    Verdict,
};

use crate::Decided;

/// Marks of one call at most.
const MARKS: usize = 64;
/// Longest mark, in bytes.
const LONG: usize = 2048;

/// What a later call is known by as the attempt that `decided` denied. Empty unless the denial binds and no other
/// form of the call would pass. `project`: root of the project.
pub fn marks_of_denial(decided: &Decided, project: &str) -> Vec<String> {
    let lasting = matches!(decided.decision.denial, Some(DenialKind::Final | DenialKind::NeedsPerson) | None);
    let binds = decided.decision.verdict == Verdict::Deny
        && decided.decision.enforcement == Enforcement::Enforce
        && decided.decision.rule.is_some();
    if !lasting || !binds {
        return Vec::new();
    }
    let mut marks = Vec::new();
    for at in &decided.denied {
        let Some(action) = decided.actions.get(*at) else { continue };
        marks.extend(denied_marks(action));
        if matches!(action.resource, Resource::Command(_)) {
            marks.extend(effects_of(decided.actions.get(at + 1..).unwrap_or(&[]), action, project));
        }
    }
    marks.sort();
    marks.dedup();
    marks.retain(|mark| mark.len() <= LONG);
    marks.truncate(MARKS);
    marks
}

/// The actions of a call with the marks by which it may be an attempt that was denied before.
pub fn marks_of_call(actions: &[Action]) -> Vec<(usize, String)> {
    let mut marks: Vec<(usize, String)> = Vec::new();
    for (at, action) in actions.iter().enumerate() {
        for mark in called_marks(action) {
            if mark.len() <= LONG && marks.len() < MARKS * 4 && !marks.iter().any(|(_, known)| *known == mark)
            {
                marks.push((at, mark));
            }
        }
    }
    marks
}

/// Turns the decision on a call into that on a repeated attempt: `action` of it was denied before, and `record` tells of
/// that.
pub fn repeated(decided: &mut Decided, action: usize, record: &str) {
    let what = decided.actions.get(action).map_or(String::new(), |action| {
        let text: String = action.resource.text().chars().take(120).collect();
        format!(" (`{}` on `{text}`)", action.kind.name())
    });
    let decision = &mut decided.decision;
    let before = if decision.verdict == Verdict::Deny { decision.reason.clone() } else { String::new() };
    if decision.verdict != Verdict::Deny {
        decision.rule = None;
        decision.action = Some(action);
    }
    decision.verdict = Verdict::Deny;
    decision.denial = Some(DenialKind::Final);
    decision.rewrite = None;
    decision.fix = None;
    decision.reason = format!(
        "this is the attempt that was denied before in this session{what}, by another way; repeated attempts are not \
         going to be allowed, so tell the person instead. {before}"
    );
    decided.linked_to = Some(record.to_owned());
}

/// Marks that a denied action leaves.
fn denied_marks(action: &Action) -> Vec<String> {
    match (&action.kind, &action.resource) {
        // What was to be done with the file is not known.
        (ActionKind::MentionFile, Resource::Path(path)) => ["read:file", "write:file", "delete:file"]
            .iter()
            .filter_map(|verb| path_mark(verb, path))
            .collect(),
        (kind, Resource::Path(path)) => path_mark(&kind.name(), path).into_iter().collect(),
        _ => other_mark(action).into_iter().collect(),
    }
}

/// Marks by which an action is known again.
fn called_marks(action: &Action) -> Vec<String> {
    match (&action.kind, &action.resource) {
        (ActionKind::MentionFile, Resource::Path(_)) => denied_marks(action),
        (kind, Resource::Path(path)) => {
            let broader = kind.also().and_then(|name| path_mark(name, path));
            path_mark(&kind.name(), path).into_iter().chain(broader).collect()
        }
        _ => other_mark(action).into_iter().collect(),
    }
}

fn path_mark(verb: &str, path: &PathRef) -> Option<String> {
    let target = path.resolved.as_deref().unwrap_or(&path.absolute);
    let target = match path.certainty {
        PathCertainty::Exact => target,
        // Everything in a folder is the folder.
        PathCertainty::Glob => target.strip_suffix("/*")?,
        PathCertainty::Under | PathCertainty::Unknown => return None,
    };
    let target = target.trim_end_matches('/');
    (!target.contains(['*', '?', '[']))
        .then(|| format!("{verb} {}", if target.is_empty() { "/" } else { target }))
}

fn other_mark(action: &Action) -> Option<String> {
    let name = action.kind.name();
    match &action.resource {
        Resource::Command(command) => command_mark(command),
        Resource::Url(url) => Some(format!("{name} {}", url.raw.trim_end_matches('/'))),
        Resource::Host(host) => host.as_ref().map(|host| format!("{name} {host}")),
        Resource::Text(text) => Some(format!("{name} {text}")),
        Resource::Path(_) => None,
    }
}

/// A command by what it was given, in whatever order and spelling.
fn command_mark(command: &Command) -> Option<String> {
    let operands: Vec<&str> = command.operands.iter().map(Arg::known).collect::<Option<_>>()?;
    let sub = command.subcommand.first().map_or("", String::as_str);
    if command.program == "git" && sub == "push" {
        return push_mark(command, &operands);
    }
    let mut flags: Vec<String> = command
        .flags
        .iter()
        .map(|flag| match flag.value.as_ref().map(Arg::known) {
            None => Some(flag.name.clone()),
            Some(value) => value.map(|value| format!("{}={value}", flag.name)),
        })
        .collect::<Option<_>>()?;
    flags.sort();
    flags.dedup();
    Some(format!(
        "run {} {} -{} {}",
        command.program,
        command.subcommand.join(" "),
        flags.join(" -"),
        operands.join(" ")
    ))
}

/// Where a push goes: the branches by name, whatever they come from.
fn push_mark(command: &Command, operands: &[&str]) -> Option<String> {
    let (remote, specs) = operands.split_first()?;
    let forced = command.flags.iter().any(|flag| matches!(flag.name.as_str(), "force" | "f" | "mirror"))
        || specs.iter().any(|spec| spec.starts_with('+'));
    let mut targets: Vec<&str> = specs
        .iter()
        .map(|spec| {
            let spec = spec.trim_start_matches('+');
            let target = spec.rsplit_once(':').map_or(spec, |(_, target)| target);
            target.strip_prefix("refs/heads/").unwrap_or(target)
        })
        .collect();
    targets.sort_unstable();
    (!targets.is_empty())
        .then(|| format!("push {remote} {} {}", targets.join(" "), if forced { "by force" } else { "" }))
}

/// Effects by which a denied command is known, and not the harmless ones beside them: what it sends, what it removes
/// or writes outside the project, and what it removes when that is one thing.
fn effects_of(behind: &[Action], command: &Action, project: &str) -> Vec<String> {
    let effects: Vec<&Action> = behind
        .iter()
        .take_while(|action| !matches!(action.resource, Resource::Command(_)))
        .filter(|action| action.origin == Origin::Effect && action.chain == command.chain)
        .collect();
    let removed = effects.iter().filter(|action| action.kind == ActionKind::DeleteFile).count();
    effects
        .into_iter()
        .filter(|action| match (&action.kind, &action.resource) {
            (ActionKind::DeleteFile, Resource::Path(path)) => removed == 1 || is_grave(path, project),
            (ActionKind::WriteFile, Resource::Path(path)) => is_grave(path, project),
            (ActionKind::WebSend | ActionKind::ConnectHost, _) => true,
            _ => false,
        })
        .flat_map(denied_marks)
        .collect()
}

/// Whether a path is the project itself or lies outside of it.
fn is_grave(path: &PathRef, project: &str) -> bool {
    !path.inside_project() || path.absolute == project
}

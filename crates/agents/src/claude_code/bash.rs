//! The `Bash` tool: its text goes through the shell analysis.

use std::borrow::Cow;

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, Command, Does, Facts, Location, Origin, PathCertainty, PathRef, Reach, Resource,
    ToolCall,
};

use super::{fields, planted};

/// Files of a text in another language that are looked at.
const NAMES: usize = 256;

/// Actions of a tool that runs a text of a shell that is not read here: what runs is not known, and every
/// file that the text names may be touched.
pub(super) fn other_shell(call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let text = fields::optional(&call.input, &["command"]).ok().flatten().unwrap_or_default();
    let mut actions = vec![unknown(text, "the text is for a shell that is not read")];
    let base = Base { cwd: &call.cwd, project: &call.project, home: call.home.as_deref() };
    let apart = |c: char| c.is_whitespace() || "'\"`;|&(){}<>,=@".contains(c);
    let words = text.split(apart).map(|word| word.replace('\\', "/"));
    for word in words.filter(|word| word.contains(['.', '/', '~'])).take(NAMES) {
        // `$HOME/x` and `$env:USERPROFILE/x`.
        let word = ["$HOME", "$env:HOME", "$env:USERPROFILE", "$PWD"]
            .iter()
            .find_map(|name| word.strip_prefix(name).map(|rest| (*name, rest)))
            .map_or(
                word.clone(),
                |(name, rest)| if name == "$PWD" { format!(".{rest}") } else { format!("~{rest}") },
            );
        let path = PathRef::new(&word, PathCertainty::Exact, Reach::Entry, base, facts);
        let mut action = Action::direct(ActionKind::MentionFile, Resource::Path(path));
        action.origin = Origin::Effect;
        action.why = Some(Cow::Borrowed("the text names this file"));
        actions.push(action);
    }
    actions
}

/// Actions of a `Bash` call, or of another tool that hands a text to a shell. Never empty.
pub(super) fn actions(call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let Ok(Some(text)) = fields::optional(&call.input, &["command"]) else {
        return vec![unknown(&call.input.to_string(), "the command could not be read")];
    };
    let mut actions = analyse(text, call, facts);
    if actions.is_empty() {
        actions.push(nothing());
    }
    if let Some(file) = planted::runs_project_code(&actions).then(|| facts.session_planted()).flatten() {
        let mut action = unknown(text, "");
        action.why = Some(Cow::Owned(format!(
            "this session wrote `{file}`, which starts programs, removes files or names secrets; what runs here may run it"
        )));
        actions.push(action);
    }
    if fields::flag(&call.input, "run_in_background") == Ok(true) {
        for action in &mut actions {
            action.why.get_or_insert(Cow::Borrowed("runs in the background"));
        }
    }
    // Anything but a plain `false` counts as switching the sandbox off.
    if fields::flag(&call.input, "dangerouslyDisableSandbox") != Ok(false) {
        let mut off =
            Action::direct(ActionKind::Invoke("sandbox-off".to_owned()), Resource::Text(text.to_owned()));
        off.why = Some(Cow::Borrowed("the call switches the host's sandbox off"));
        actions.push(off);
    }
    actions
}

fn analyse(text: &str, call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let context = placet_shell::Context {
        cwd: &call.cwd,
        project: &call.project,
        home: call.home.as_deref(),
        facts,
        added: facts.added_programs(),
    };
    let placet_shell::Analysis { mut actions, refusal } = placet_shell::analyse(text, &context);
    // A text that could not be read must never look like one that was.
    if refusal.is_some() && !actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown) {
        actions.push(unknown(text, "the shell text could not be read"));
    }
    actions
}

fn unknown(text: &str, why: &'static str) -> Action {
    let mut action = Action::direct(ActionKind::ExecuteUnknown, Resource::Text(text.to_owned()));
    action.why = Some(Cow::Borrowed(why));
    action
}

/// What a text of blanks and comments stands for: the command that does nothing.
fn nothing() -> Action {
    let command = Command {
        program: ":".to_owned(),
        location: Location::Path,
        subcommand: Vec::new(),
        flags: Vec::new(),
        operands: Vec::new(),
        argv: vec![placet_model::Arg::Known(":".to_owned())],
        streams: Vec::new(),
        does: vec![Does::Inspect],
        understood: true,
        text: ":".to_owned(),
    };
    let mut action = Action::direct(ActionKind::ExecuteShell, Resource::Command(Box::new(command)));
    action.why = Some(Cow::Borrowed("the text runs nothing"));
    action
}

//! The catalogue of rewrites: a command becomes another one that differs only as its rewrite says.
//!
//! Each rewrite turns the words of one command that is understood wholly into other words. The new text is
//! analysed like any other, and it counts only if nothing but that command has changed, the new command is
//! understood, does no kind of thing that the old one did not do, and has no effect that the old line had not.
//!
//! `INVARIANT:` a rewritten line does nothing that the line it came from would not have done (guarded by
//! `tests/it/rewrite.rs` and by running both against the real programs in the tests of the command line).

mod check;
mod git_push;
mod install;
mod npm;
mod remove;
mod splice;

use placet_agents::claude_code;
use placet_model::{Action, Command, Facts, Location, Resource, ToolCall};
use serde_json::Value;

/// The words that a rewrite makes of a command; `None` where it does not apply.
type Rule = fn(&Command, &[&str]) -> Option<Vec<String>>;

fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "force-with-lease" => git_push::with_lease,
        "npm-ignore-scripts" => install::without_scripts,
        "trash-instead-of-rm" => remove::to_trash,
        "verbose-npm" => npm::verbose,
        _ => return None,
    })
}

/// Carries the rewrite `name` out on the command `actions[at]` of a call with this `input`. `None` when it does
/// not apply, or anything about it is not certain; else the whole new input.
pub(crate) fn rewrite(
    name: &str,
    call: &ToolCall,
    input: &Value,
    (actions, at): (&[Action], usize),
    facts: &dyn Facts,
) -> Option<Value> {
    let action = actions.get(at)?;
    let Resource::Command(command) = &action.resource else { return None };
    let certain = command.understood && command.location != Location::Elsewhere && action.chain.is_empty();
    let argv: Option<Vec<&str>> = command.argv.iter().map(placet_model::Arg::known).collect();
    let argv = argv.filter(|argv| certain && !argv.is_empty())?;
    let words = rule(name)?(command, &argv)?;
    let text = splice::splice(input.get("command")?.as_str()?, action.span.as_ref()?, &argv, &words)?;
    let mut input = input.clone();
    *input.get_mut("command")? = Value::String(text);
    let changed = ToolCall { input: input.clone(), ..call.clone() };
    let after = claude_code::actions(&changed, facts);
    check::differs_only(actions, &after, at, &words).then_some(input)
}

/// Position of the subcommand among the words, where only options of one word stand before it.
fn subcommand_at(argv: &[&str], subcommand: &str) -> Option<usize> {
    let at = argv.iter().skip(1).position(|word| !word.starts_with('-'))? + 1;
    (argv.get(at) == Some(&subcommand)).then_some(at)
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The words with `option` in front of a `--`, or at the end.
fn with_option(argv: &[&str], option: &str) -> Vec<String> {
    let end = argv.iter().position(|word| *word == "--").unwrap_or(argv.len());
    let mut words = owned(argv);
    words.insert(end, option.to_owned());
    words
}

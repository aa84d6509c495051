//! `placet policy test`: one decision, a batch of them, or the tests written in policies.

mod batch;
mod inline;
mod named;
mod single;

use std::path::PathBuf;

use crate::args::TestArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::outline::Outline;

/// Finds out which form was meant, and does it.
pub(super) fn run(session: &Session<'_>, args: &TestArgs) -> Outcome {
    if let Some((agent, action)) = single_words(session, args)? {
        return single::run(session, args, &agent, &action);
    }
    match files(session, args) {
        // A broken test file is no failed test: scripts tell the two apart by the code.
        Err(failure) => Err(Failure { exit: Exit::BadArguments, ..failure }),
        Ok(exit) => Ok(exit),
    }
}

/// Agent and action, when the arguments ask for one decision.
fn single_words(session: &Session<'_>, args: &TestArgs) -> Result<Option<(String, String)>, Failure> {
    let mut words = args.words.iter().cloned();
    let is_file = |word: &String| session.place.cwd.join(word).is_file();
    match (&args.agent, &args.action, args.words.len()) {
        (Some(agent), Some(action), 0) => Ok(Some((agent.clone(), action.clone()))),
        (Some(agent), None, 1) => Ok(words.next().map(|action| (agent.clone(), action))),
        (None, Some(action), 1) => Ok(words.next().map(|agent| (agent, action.clone()))),
        (None, None, 2) if !args.words.iter().any(is_file) => Ok(words.next().zip(words.next())),
        (None, None, 0) => Err(Failure::arguments("a file, or an agent and an action, is needed")
            .hint("`placet policy test --help` shows the forms")),
        (None, None, 1) if !args.words.iter().any(is_file) && args.resource.is_some() => {
            Err(Failure::arguments("an agent's name and an action are needed")
                .hint("for example: placet policy test my-agent execute:shell --resource 'git status'"))
        }
        (None, None, _) => Ok(None),
        _ => Err(Failure::arguments("agent and action are given in two ways at once")),
    }
}

/// Runs every file: policies with tests of their own, and lists of cases.
fn files(session: &Session<'_>, args: &TestArgs) -> Outcome {
    let mut results = Vec::new();
    for word in &args.words {
        let path = session.place.cwd.join(word);
        let text = file::read(&path)?.ok_or_else(|| {
            Failure::arguments(format!("`{word}` does not exist")).hint(
                "for one decision two words are needed: the agent and an action such as `execute:shell`",
            )
        })?;
        let outline = Outline::read(&text).ok_or_else(|| {
            Failure::new(format!("`{word}` is no YAML map; `placet policy check` tells more"))
        })?;
        if outline.is_policy() {
            results.extend(inline::run(session, &PathBuf::from(word), &text)?);
        } else {
            results.extend(batch::run(session, args, word, &outline)?);
        }
    }
    Ok(batch::report(session, args.verbose, &results))
}

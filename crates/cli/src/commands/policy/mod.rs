//! `placet policy …`

mod allowed;
mod check;
mod choose;
mod diff;
mod fmt;
mod list;
mod remote;
mod schema;
mod show;
mod test;
mod versions;

use super::Session;
use crate::args::PolicyCommand;
use crate::failure::Outcome;

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::List { remote } => match remote.wanted()? {
            Some(gateway) => remote::list(session, gateway),
            None => list::run(session),
        },
        PolicyCommand::Check { files } => check::run(session, files),
        PolicyCommand::Test(args) => test::run(session, args),
        PolicyCommand::Show { name, remote } => match remote.wanted()? {
            Some(gateway) => remote::show(session, name, gateway),
            None => show::run(session, name),
        },
        PolicyCommand::Apply { path, expect, gateway } => remote::apply(session, path, *expect, gateway),
        PolicyCommand::Delete { yes, name, gateway } => remote::delete(session, name, *yes, gateway),
        PolicyCommand::Versions { name, gateway } => versions::list(session, name, gateway),
        PolicyCommand::Rollback { name, to, expect, gateway } => {
            versions::rollback(session, name, (*to, *expect), gateway)
        }
        PolicyCommand::Diff { old, new, remote } => diff::run(session, old, new, remote),
        PolicyCommand::Explain(args) => super::explain::run(session, args),
        PolicyCommand::Fmt { files, check } => fmt::run(session, files, *check),
        PolicyCommand::Schema => schema::run(session),
        PolicyCommand::Use { policy } => choose::run(session, policy, choose::How::Only),
        PolicyCommand::Add { policy } => choose::run(session, policy, choose::How::Beside),
        PolicyCommand::Allowed { agent, remote } => match remote.wanted()? {
            Some(gateway) => allowed::remote(session, agent.as_deref(), gateway),
            None => allowed::run(session, agent.as_deref()),
        },
    }
}

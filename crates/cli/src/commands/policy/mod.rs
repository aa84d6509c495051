//! `placet policy …`

mod allowed;
mod check;
mod choose;
mod fmt;
mod list;
mod schema;
mod show;
mod test;

use super::Session;
use crate::args::PolicyCommand;
use crate::failure::Outcome;

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::List => list::run(session),
        PolicyCommand::Check { files } => check::run(session, files),
        PolicyCommand::Test(args) => test::run(session, args),
        PolicyCommand::Show { name } => show::run(session, name),
        PolicyCommand::Explain(args) => super::explain::run(session, args),
        PolicyCommand::Fmt { files, check } => fmt::run(session, files, *check),
        PolicyCommand::Schema => schema::run(session),
        PolicyCommand::Use { policy } => choose::run(session, policy, choose::How::Only),
        PolicyCommand::Add { policy } => choose::run(session, policy, choose::How::Beside),
        PolicyCommand::Allowed { agent } => allowed::run(session, agent.as_deref()),
    }
}

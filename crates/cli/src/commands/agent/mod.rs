//! `placet agent …`: agents of a gateway.

mod change;
mod create;
mod enroll;
mod list;
mod ping;
mod show;

pub(super) use create::free as free_file;

use super::Session;
use crate::args::{AgentCommand, Status};
use crate::failure::Outcome;

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &AgentCommand) -> Outcome {
    match command {
        AgentCommand::List { trust, status, revoked, gateway } => {
            let status = if *revoked { Status::Revoked } else { *status };
            list::run(session, trust.as_deref(), status, gateway)
        }
        AgentCommand::Create(args) => create::run(session, args),
        AgentCommand::Show { which } => show::run(session, which),
        AgentCommand::Update { name, trust, tags, which } => {
            change::update(session, which, name.as_deref(), trust.as_deref(), tags.as_deref())
        }
        AgentCommand::Revoke { yes, which } => change::revoke(session, which, *yes),
        AgentCommand::Token { output, which } => create::rotate(session, which, output.as_deref()),
        AgentCommand::Enroll(args) => enroll::run(session, args),
        AgentCommand::Unenroll { yes } => enroll::undo(session, *yes),
        AgentCommand::Ping { token_file, place } => ping::run(session, token_file.as_deref(), place),
    }
}

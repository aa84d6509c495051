//! `placet operator …`: people who look after a gateway.

mod change;
mod list;
mod sign_in;

use super::Session;
use crate::args::OperatorCommand;
use crate::failure::Outcome;

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &OperatorCommand) -> Outcome {
    match command {
        OperatorCommand::Add { name, role, password, gateway } => {
            change::add(session, name, role, *password, gateway)
        }
        OperatorCommand::List { all, gateway } => list::run(session, *all, gateway),
        OperatorCommand::SetRole { operator, role, gateway } => {
            change::set_role(session, operator, role, gateway)
        }
        OperatorCommand::Disable { operator, yes, gateway } => {
            change::disable(session, operator, *yes, gateway)
        }
        OperatorCommand::Passwd { operator: Some(operator), password, gateway } => {
            change::password(session, operator, *password, gateway)
        }
        OperatorCommand::Passwd { operator: None, password, gateway } => {
            sign_in::password(session, *password, gateway)
        }
        OperatorCommand::Login { name, password, place } => {
            sign_in::login(session, name.as_deref(), *password, place)
        }
        OperatorCommand::Logout { place } => sign_in::logout(session, place),
        OperatorCommand::Whoami { gateway } => sign_in::whoami(session, gateway),
    }
}

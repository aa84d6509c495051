//! Which gateway, and by which token: what was typed, then variables, then what is kept.

use std::path::Path;

use super::client::Role;
use super::kept::{Kept, file_of};
use super::{Address, Client, RemoteError, Secret};
use crate::args::{GatewayArgs, Where};
use crate::commands::Session;
use crate::failure::Failure;
use crate::surroundings::variable;

/// Variables with the address, ours first.
const ADDRESS: &[&str] = &["PLACET_GATEWAY", "MESHGUARD_GATEWAY_URL", "MESHGUARD_URL"];

/// Variables with the administration token.
const ADMIN_TOKEN: &[&str] = &["PLACET_ADMIN_TOKEN", "MESHGUARD_ADMIN_TOKEN"];

/// Variables with an agent's key.
const AGENT_KEY: &[&str] =
    &["PLACET_AGENT_KEY", "MESHGUARD_AGENT_TOKEN", "MESHGUARD_API_KEY", "MESHGUARD_TOKEN"];

/// From where a session is, as it is told.
pub(super) const SESSION: &str = "`placet operator login`";

/// For commands of an administrator.
///
/// # Errors
/// When no gateway or no token is given, or one makes no sense.
pub(crate) fn admin(session: &Session<'_>, args: &GatewayArgs) -> Result<Client, Failure> {
    let kept = Kept::read(&file_of(&session.place)?)?;
    let (address, origin) = required(&args.place, &kept)?;
    let token = match &args.token_file {
        Some(path) => Some(Secret::from_file(&session.place.cwd.join(path))?),
        None => Secret::from_variables(ADMIN_TOKEN)?,
    };
    let token = match token {
        Some(token) => token,
        None => kept_token(&kept, &address)?,
    };
    Ok(Client::new(address, origin, Some((Role::Administrator, token))))
}

/// For what an operator does with the session that is kept, if one is.
///
/// # Errors
/// When no gateway is given, or one makes no sense.
pub(crate) fn kept_session(session: &Session<'_>, place: &Where) -> Result<Option<Client>, Failure> {
    let kept = Kept::read(&file_of(&session.place)?)?;
    let (address, origin) = required(place, &kept)?;
    if kept.session.is_none() || !is_own(&kept, &address) {
        return Ok(None);
    }
    let token = kept_token(&kept, &address)?;
    Ok(Some(Client::new(address, origin, Some((Role::Administrator, token)))))
}

/// For commands of an agent.
///
/// # Errors
/// When no gateway or no key is given, or one makes no sense.
pub(crate) fn agent(
    session: &Session<'_>,
    key_file: Option<&Path>,
    place: &Where,
) -> Result<Client, Failure> {
    let key = agent_key(session, key_file)?.ok_or(RemoteError::NoKey);
    let (address, origin) = wanted_gateway(session, place)?;
    Ok(as_agent(address, origin, key?))
}

/// An agent's key, if one is given.
///
/// # Errors
/// When what is given is none.
pub(crate) fn agent_key(session: &Session<'_>, file: Option<&Path>) -> Result<Option<Secret>, Failure> {
    match file {
        Some(path) => Secret::from_file(&session.place.cwd.join(path)).map(Some),
        None => Secret::from_variables(AGENT_KEY),
    }
}

/// The gateway that is given, and where.
///
/// # Errors
/// When none is given, or it makes no sense.
pub(crate) fn wanted_gateway(session: &Session<'_>, place: &Where) -> Result<(Address, String), Failure> {
    let kept = Kept::read(&file_of(&session.place)?)?;
    Ok(required(place, &kept)?)
}

/// As an agent with this key.
pub(crate) fn as_agent(address: Address, origin: String, key: Secret) -> Client {
    Client::new(address, origin, Some((Role::Agent, key)))
}

/// The gateway that is given, if one is, for what anybody may ask.
///
/// # Errors
/// When what is given makes no sense.
pub(crate) fn known_gateway(session: &Session<'_>, place: &Where) -> Result<Option<Client>, Failure> {
    let kept = Kept::read(&file_of(&session.place)?)?;
    let found = given(place, &kept)?;
    Ok(found.map(|(address, origin)| Client::new(address, origin, None)))
}

fn required(place: &Where, kept: &Kept) -> Result<(Address, String), RemoteError> {
    given(place, kept)?.ok_or(RemoteError::NoGateway)
}

/// The address, and where it was given.
fn given(place: &Where, kept: &Kept) -> Result<Option<(Address, String)>, RemoteError> {
    let of_variable = || {
        ADDRESS.iter().find_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some((value.to_string_lossy().into_owned(), (*name).to_owned()))
        })
    };
    let typed = place.gateway.clone().map(|text| (text, "`--gateway`".to_owned()));
    let of_settings = || kept.gateway.clone().map(|text| (text, "`placet config`".to_owned()));
    let Some((text, origin)) = typed.or_else(of_variable).or_else(of_settings) else { return Ok(None) };
    match Address::parse(&text) {
        Err(why) => Err(RemoteError::Address { text, origin, why }),
        Ok(address) if address.is_open_to_others() && !place.plain_http => Err(RemoteError::Plain(address)),
        Ok(address) => Ok(Some((address, origin))),
    }
}

/// The session or token that is kept, if it is for this gateway.
fn kept_token(kept: &Kept, address: &Address) -> Result<Secret, Failure> {
    let (own, kept_session) = (is_own(kept, address), kept.session.as_ref());
    match (kept_session, &kept.admin_token) {
        (Some(shown), _) if own => Secret::new(shown, SESSION),
        (_, Some(token)) if own => Secret::new(token, "`placet config`"),
        (session, token) => {
            let kept_elsewhere = session.is_some() || token.is_some();
            Err(RemoteError::NoToken { address: address.clone(), kept_elsewhere }.into())
        }
    }
}

/// Whether it is the gateway that everything kept is for.
fn is_own(kept: &Kept, address: &Address) -> bool {
    kept.gateway.as_deref().and_then(|text| Address::parse(text).ok()).as_ref() == Some(address)
}

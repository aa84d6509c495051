//! People who look after a gateway, their sessions, and tokens for administration, as plain types. Which role or right allows what is
//! not known here.

use async_trait::async_trait;
use placet_model::{AdminTokenId, OperatorId, OrganisationId};

use crate::{KeyHash, RecordRow, StoreError};

type Answer<T> = Result<T, StoreError>;

/// The role that somebody must have at any time, once somebody has it.
pub const OWNER: &str = "owner";

/// A person who looks after a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its id.
    pub id: OperatorId,
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// Name; unique among those of the organisation who are not disabled.
    pub name: String,
    /// Name of the role.
    pub role: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last changed.
    pub updated_ms: i64,
    /// When it was disabled, for ever.
    pub disabled_ms: Option<i64>,
}

/// What is to become of an operator. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OperatorChange {
    /// The role it must have at that moment, on which it was decided whether the change is right.
    pub has_role: String,
    /// New role.
    pub role: Option<String>,
    /// New password, hashed. All sessions end.
    pub password: Option<String>,
    /// It is disabled. All sessions end, and all tokens that rest on its rights.
    pub disable: bool,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of what the operator shows.
    pub hash: KeyHash,
    /// Whose.
    pub operator: OperatorId,
    /// The hashed password that was found to fit; the session is not opened when it is another meanwhile.
    pub password: String,
    /// When it begins, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ends in any case.
    pub ends_ms: i64,
}

/// A session of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorSession {
    /// Whose.
    pub operator: OperatorId,
    /// When it began, in milliseconds since 1970.
    pub created_ms: i64,
    /// When the password was given last.
    pub password_ms: i64,
    /// When it was used last, roughly.
    pub used_ms: i64,
    /// When it ends in any case.
    pub ends_ms: i64,
}

/// A token for administration, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminToken {
    /// Its id.
    pub id: AdminTokenId,
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// Name; unique among those of the organisation that are not revoked.
    pub name: String,
    /// First characters of the token.
    pub hint: String,
    /// Names of the rights it gives at most.
    pub rights: Vec<String>,
    /// The operator whose rights it can never exceed.
    pub operator: Option<OperatorId>,
    /// The token it was made with.
    pub parent: Option<AdminTokenId>,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// Who made it, as told to people.
    pub created_by: String,
    /// When it ends.
    pub expires_ms: Option<i64>,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
}

/// Operators, their sessions, and tokens for administration.
///
/// Every write that changes who may do what takes the record that tells of it: both are stored, or neither.
#[async_trait]
pub trait OperatorStore: Send + Sync {
    /// Makes an operator with a hashed password.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    async fn create_operator(&self, new: Operator, password: String, told: RecordRow) -> Answer<()>;

    /// An operator by id, or by the name of one who is not disabled.
    async fn operator(&self, organisation: &OrganisationId, id_or_name: &str) -> Answer<Option<Operator>>;

    /// The hashed password of an operator.
    async fn operator_password(&self, id: &OperatorId) -> Answer<Option<String>>;

    /// All operators of an organisation, also disabled ones, the oldest first.
    async fn operators(&self, organisation: &OrganisationId) -> Answer<Vec<Operator>>;

    /// Changes an operator who is not disabled; gives it back as it is then.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Stale`] when its role is another, [`StoreError::LastOwner`].
    async fn change_operator(
        &self,
        organisation: &OrganisationId,
        id: &str,
        change: OperatorChange,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<Operator>;

    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the operator was disabled or the password changed meanwhile.
    async fn open_session(&self, new: NewSession, told: RecordRow) -> Answer<()>;

    /// A session and whose it is.
    async fn session(&self, hash: &KeyHash) -> Answer<Option<(OperatorSession, Operator)>>;

    /// Notes that a session was used.
    async fn use_session(&self, hash: &KeyHash, unix_ms: i64) -> Answer<()>;

    /// Notes that the password was given again; `password` as in [`NewSession`].
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the session ended or the password changed meanwhile.
    async fn renew_session(
        &self,
        hash: &KeyHash,
        password: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<()>;

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    async fn end_session(&self, hash: &KeyHash, told: RecordRow) -> Answer<()>;

    /// Stores a token by its hash.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::Stale`] when who makes it may nothing any more.
    async fn create_admin_token(&self, new: AdminToken, hash: KeyHash, told: RecordRow) -> Answer<()>;

    /// The token of a hash, also a revoked or expired one, and the operator whose rights it rests on.
    async fn admin_token(&self, hash: &KeyHash) -> Answer<Option<(AdminToken, Option<Operator>)>>;

    /// All tokens of an organisation, also those that ended, the oldest first.
    async fn admin_tokens(&self, organisation: &OrganisationId) -> Answer<Vec<AdminToken>>;

    /// Revokes a token and those that were made with it; tells how many.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such token in force.
    async fn revoke_admin_token(
        &self,
        organisation: &OrganisationId,
        id: &str,
        unix_ms: i64,
        told: RecordRow,
    ) -> Answer<u64>;
}

//! The routes and forms that published MeshGuard clients use.

pub(crate) mod agents;
pub(crate) mod allowed;
pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod evaluate;
pub(crate) mod info;
pub(crate) mod policies;
pub(crate) mod reports;
pub(crate) mod stream;
pub(crate) mod trial;
pub(crate) mod versions;

//! Placet's own routes.

pub(crate) mod decide;
pub(crate) mod token;

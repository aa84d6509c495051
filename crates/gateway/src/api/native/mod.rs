//! Placet's own routes.

pub(crate) mod decide;

//! What authors are told.

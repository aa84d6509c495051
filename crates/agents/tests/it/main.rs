//! Behaviour of the wire formats through their public doors.

mod actions;
mod answers;
mod config_change;
mod contract;
mod fixtures;
mod malformed;
mod post;
mod properties;
mod settle;
mod support;

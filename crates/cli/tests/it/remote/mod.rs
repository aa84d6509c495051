//! Commands that speak with a gateway: a real one, and servers that are none.

mod agents;
mod gateway;
mod hostile;
mod policies;
mod records;
mod settings;

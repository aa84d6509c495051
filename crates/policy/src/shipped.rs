//! Policies that come with the program.

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The gate's own policy, `policies/floor.yaml`: nothing loosens it. Compile it with [`crate::Layer::Floor`].
pub const FLOOR: &str = include_str!("../../../policies/floor.yaml");

/// Text of a shipped policy.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

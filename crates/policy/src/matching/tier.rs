//! Trust tiers: four ranks and one between, under all the names in use.

/// Names that are understood.
pub(crate) const NAMES: [&str; 9] = [
    "unverified",
    "basic",
    "verified",
    "trusted",
    "privileged",
    "untrusted",
    "anonymous",
    "sandboxed",
    "restricted",
];

/// The one name a tier is compared by; `None` for an unknown one.
pub(crate) fn canonical(name: &str) -> Option<&'static str> {
    match name {
        "unverified" | "untrusted" | "anonymous" | "sandboxed" | "restricted" => Some("unverified"),
        "basic" => Some("basic"),
        "verified" => Some("verified"),
        "trusted" => Some("trusted"),
        "privileged" => Some("privileged"),
        _ => None,
    }
}

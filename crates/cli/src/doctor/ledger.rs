//! Can records be written, and is the chain unbroken?

use super::finding::Finding;
use super::Examined;

pub(super) fn check(_world: &Examined<'_>) -> Vec<Finding> {
    Vec::new()
}

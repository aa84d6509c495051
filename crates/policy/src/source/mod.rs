//! Policy texts and what they may refer to.

mod audit;
pub(crate) mod conditions;
pub(crate) mod load;
mod patterns;
pub(crate) mod place;
mod plain_yaml;
mod policy;
pub(crate) mod reader;
mod repair;
mod rules;
pub(crate) mod suggest;
mod time;
pub(crate) mod yaml;

#[cfg(test)]
pub(crate) use conditions::{COMMAND_KEYS, CONDITION_KEYS};
#[cfg(test)]
pub(crate) use policy::TOP_KEYS;
#[cfg(test)]
pub(crate) use rules::RULE_KEYS;

use std::collections::BTreeMap;

use placet_model::Layer;

/// One policy text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File name as shown to people; `extends: [./x.yaml]` is relative to its folder.
    pub name: String,
    /// YAML.
    pub text: String,
    /// Which layer it speaks for.
    pub layer: Layer,
    /// Whether the allows of a project policy count. Other layers are trusted whatever this says.
    pub trusted: bool,
}

/// Text of a file by its name; `None` when there is none.
pub type ReadFile<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What a compilation may use beside its sources.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Values of `${name}` in path patterns. A name may have several values, or none.
    pub variables: Option<&'a BTreeMap<String, Vec<String>>>,
    /// Reads a file named by `extends`, already joined to the folder of the file that names it.
    pub read: Option<&'a ReadFile<'a>>,
    /// Policies of this layer are on trial (`enforcement: dry_run`), whatever they say themselves.
    pub on_trial: Option<Layer>,
}

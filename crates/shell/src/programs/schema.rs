//! The written form of a program model. Shared with the build script.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A file: the root level and what belongs to the program as a whole.
///
/// Serde cannot flatten and refuse unknown keys at once, so the keys of [`Level`] are repeated by a macro.
macro_rules! level {
    ($(#[$doc:meta])* $name:ident { $($extra:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($extra)*
            #[serde(default)]
            pub(crate) does: Vec<String>,
            pub(crate) style: Option<String>,
            #[serde(default)]
            pub(crate) flags: Vec<String>,
            #[serde(default)]
            pub(crate) options: BTreeMap<String, Opt>,
            #[serde(default)]
            pub(crate) operands: Vec<String>,
            pub(crate) default_operand: Option<String>,
            #[serde(default)]
            pub(crate) inherit: bool,
            #[serde(default)]
            pub(crate) lenient: bool,
            #[serde(default)]
            pub(crate) bare_cluster: bool,
            pub(crate) stdin: Option<String>,
            #[serde(default)]
            pub(crate) reads: Vec<String>,
            #[serde(default)]
            pub(crate) writes: Vec<String>,
            #[serde(default)]
            pub(crate) deletes: Vec<String>,
            #[serde(default)]
            pub(crate) hosts: Vec<String>,
            #[serde(default)]
            pub(crate) also: Vec<String>,
            pub(crate) why: Option<String>,
            #[serde(default)]
            pub(crate) keys: BTreeMap<String, String>,
            #[serde(default)]
            pub(crate) when: Vec<When>,
            #[serde(default)]
            pub(crate) sub: BTreeMap<String, Level>,
        }
    };
}

level! {
    /// A subcommand.
    Level {}
}

level! {
    /// A file.
    Program {
        pub(crate) names: Vec<String>,
        #[serde(default)]
        pub(crate) version_suffix: bool,
        /// What it must come to.
        #[serde(default, rename = "example")]
        pub(crate) examples: Vec<Example>,
    }
}

impl Program {
    pub(crate) fn into_level(self) -> (Vec<String>, bool, Level) {
        let Self {
            names,
            version_suffix,
            examples: _,
            does,
            style,
            flags,
            options,
            operands,
            default_operand,
            inherit,
            lenient,
            bare_cluster,
            stdin,
            reads,
            writes,
            deletes,
            hosts,
            also,
            why,
            keys,
            when,
            sub,
        } = self;
        let level = Level {
            does,
            style,
            flags,
            options,
            operands,
            default_operand,
            inherit,
            lenient,
            bare_cluster,
            stdin,
            reads,
            writes,
            deletes,
            hosts,
            also,
            why,
            keys,
            when,
            sub,
        };
        (names, version_suffix, level)
    }
}

/// Value of an option: a role, or a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Opt {
    Role(String),
    Table(OptTable),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptTable {
    pub(crate) value: Option<String>,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) does: Vec<String>,
    #[serde(default)]
    pub(crate) ends: bool,
    #[serde(default)]
    pub(crate) also: Vec<String>,
    pub(crate) understood: Option<bool>,
    pub(crate) name: Option<String>,
}

impl Opt {
    pub(crate) fn table(self) -> OptTable {
        match self {
            Self::Role(role) => OptTable { value: Some(role), ..OptTable::default() },
            Self::Table(table) => table,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    #[serde(default)]
    pub(crate) all_flags: Vec<String>,
    #[serde(default)]
    pub(crate) no_flags: Vec<String>,
    pub(crate) min_operands: Option<u8>,
    pub(crate) max_operands: Option<u8>,
    #[serde(default)]
    pub(crate) operand: Vec<String>,
    #[serde(default)]
    pub(crate) first: Vec<String>,
    #[serde(default)]
    pub(crate) does: Vec<String>,
    pub(crate) instead: Option<Vec<String>>,
    #[serde(alias = "roles")]
    pub(crate) operands: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) stdin: Option<String>,
    pub(crate) reads: Option<Vec<String>>,
    pub(crate) writes: Option<Vec<String>>,
    pub(crate) deletes: Option<Vec<String>>,
    pub(crate) hosts: Option<Vec<String>>,
    pub(crate) default_operand: Option<String>,
    #[serde(default)]
    pub(crate) also: Vec<String>,
    pub(crate) why: Option<String>,
    pub(crate) understood: Option<bool>,
}

/// A line and what it must come to. What is left out must not happen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) line: String,
    #[serde(default)]
    pub(crate) does: Vec<String>,
    #[serde(default)]
    pub(crate) reads: Vec<String>,
    #[serde(default)]
    pub(crate) writes: Vec<String>,
    #[serde(default)]
    pub(crate) deletes: Vec<String>,
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    #[serde(default)]
    pub(crate) urls: Vec<String>,
    #[serde(default)]
    pub(crate) sends: Vec<String>,
    #[serde(default)]
    pub(crate) runs: Vec<String>,
    #[serde(default)]
    pub(crate) unknown: bool,
    pub(crate) understood: Option<bool>,
}

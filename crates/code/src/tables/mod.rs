//! What is known of the languages' own functions and of well-known packages: data, and how it is looked up.
//!
//! A line of a table is a name and what calling or reading it does:
//!
//! * `role:position/name=default …` for every argument that matters: `read`, `write`, `delete`, `list`, `readtree`,
//!   `writetree`, `deltree`, `link` and `symlink` (what is linked; the name of the link comes next), `fetch`, `send`, `connect`, `shell`, `chdir`, `variable`; `self` is what a method is
//!   called on;
//! * `-> what comes of it`: `data` (the rule), `like` (data when all arguments are), `<type>`, `self`, `first`,
//!   `identity`, `temp`, `path-of N`; anything else is the reason why it is not known;
//! * `@data`, `@<type>`, `@module m`: no function, but a value.
//!
//! Absent means not known. A module's name here does not make the rest of it known.

mod javascript;
mod methods;
mod python;
mod python_data;
mod standard;

pub(crate) use standard::is_loaded;

use crate::walk::Language;

/// A module, and what is known of it.
pub(crate) struct Module {
    pub(crate) name: &'static str,
    pub(crate) entries: &'static [(&'static str, &'static str)],
    /// Names that only make data of data.
    pub(crate) data: &'static str,
}

/// One argument that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) role: &'static str,
    pub(crate) of_self: bool,
    pub(crate) at: usize,
    pub(crate) name: &'static str,
    pub(crate) default: Option<&'static str>,
}

fn modules(language: Language) -> [&'static [Module]; 2] {
    match language {
        Language::Python => [python::MODULES, python_data::MODULES],
        Language::JavaScript => [javascript::MODULES, javascript::TYPES],
    }
}

fn all(language: Language) -> impl Iterator<Item = &'static Module> {
    modules(language).into_iter().flatten()
}

/// What is known of a thing by its full name, `os.remove`.
pub(crate) fn find(language: Language, full: &str) -> Option<&'static str> {
    let (module, name) = full.rsplit_once('.').unwrap_or(("", full));
    for found in all(language).filter(|found| found.name == module) {
        if let Some((_, spec)) = found.entries.iter().find(|(entry, _)| *entry == name) {
            return Some(spec);
        }
        if !name.is_empty() && found.data.split_ascii_whitespace().any(|entry| entry == name) {
            return Some("-> data");
        }
    }
    is_class_of_data(language, full).then_some("-> data")
}

/// Whether there is such a module, or one below it.
pub(crate) fn is_module(language: Language, full: &str) -> bool {
    !full.is_empty()
        && !full.starts_with('<')
        && all(language).any(|found| {
            found.name == full || found.name.strip_prefix(full).is_some_and(|rest| rest.starts_with('.'))
        })
}

/// Modules of JavaScript that are there without being loaded.
pub(crate) fn is_global(name: &str) -> bool {
    javascript::GLOBALS.contains(&name)
}

/// A module of Node by the name it is loaded by.
pub(crate) fn node_module(name: &str) -> Option<&'static str> {
    javascript::LOADED.iter().find(|(loaded, _)| *loaded == name).map(|(_, module)| *module)
}

/// Whether calling it does anything to the world.
pub(crate) fn acts(spec: &str) -> bool {
    !spec.starts_with('@')
        && !matches!(spec, "" | "-> data" | "-> like" | "-> identity" | "-> first" | "-> self")
}

/// The parts of a line.
pub(crate) fn parts(spec: &'static str) -> (Vec<Item>, &'static str) {
    let (items, result) = match spec.strip_prefix("-> ") {
        Some(result) => ("", result),
        None => spec.split_once(" -> ").unwrap_or((spec, "data")),
    };
    let items = items
        .split_ascii_whitespace()
        .filter_map(|item| {
            let (role, rest) = item.split_once(':')?;
            let (rest, default) = match rest.split_once('=') {
                Some((rest, default)) => (rest, Some(default)),
                None => (rest, None),
            };
            let (at, name) = rest.split_once('/').unwrap_or((rest, ""));
            Some(Item { role, of_self: at == "self", at: at.parse().unwrap_or(usize::MAX), name, default })
        })
        .collect();
    (items, result)
}

/// The type that `<type>` or `@<type>` names.
pub(crate) fn instance(spec: &'static str) -> Option<&'static str> {
    spec.trim_start_matches('@').strip_prefix('<')?.strip_suffix('>')
}

/// Whether a method of that name makes data of data.
pub(crate) fn is_data_method(language: Language, name: &str) -> bool {
    let methods = match language {
        Language::Python => methods::PYTHON,
        Language::JavaScript => methods::JAVASCRIPT,
    };
    methods.split_ascii_whitespace().any(|method| method == name)
}

/// Whether a thing of the tables has a method of that name that does something.
pub(crate) fn is_effect_method(language: Language, name: &str) -> bool {
    all(language)
        .filter(|module| module.name.starts_with('<') && module.name != "<xml>")
        .any(|module| module.entries.iter().any(|(entry, spec)| *entry == name && acts(spec)))
}

/// Whether the name is a member of a class of plain data, `datetime.datetime.now`.
fn is_class_of_data(language: Language, full: &str) -> bool {
    let Some((class, name)) = full.rsplit_once('.') else { return false };
    let plain = match language {
        Language::Python => python_data::CLASSES,
        Language::JavaScript => javascript::CLASSES,
    };
    plain.contains(&class) && is_data_method(language, name)
}

/// Whether a class of the text may be made from it.
pub(crate) fn is_base(language: Language, name: &str) -> bool {
    match language {
        Language::Python => {
            matches!(
                name,
                "object"
                    | "abc.ABC"
                    | "typing.NamedTuple"
                    | "typing.TypedDict"
                    | "typing.Protocol"
                    | "dict"
                    | "list"
                    | "str"
                    | "int"
            ) || name.ends_with("Error")
                || name.ends_with("Exception")
                || name.starts_with("enum.")
        }
        Language::JavaScript => name == "Error" || name.ends_with("Error"),
    }
}

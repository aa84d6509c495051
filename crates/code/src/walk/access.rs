//! Members of values, and modules.

use std::rc::Rc;

use super::value::Value;
use super::{Language, Walk};
use crate::effects::{What, Word};
use crate::tables;
use crate::tree::At;

/// Names through which anything can be reached.
const REACHING: [&str; 14] = [
    "constructor",
    "prototype",
    "mainModule",
    "binding",
    "_linkedBinding",
    "dlopen",
    "callee",
    "caller",
    "apply",
    "call",
    "bind",
    "getPrototypeOf",
    "setPrototypeOf",
    "_load",
];

/// Members of modules that lead to everything else, or change what names mean.
const HIDING: [&str; 16] = [
    "modules",
    "meta_path",
    "path_hooks",
    "_getframe",
    "binding",
    "_linkedBinding",
    "dlopen",
    "mainModule",
    "constructor",
    "require",
    "_load",
    "cache",
    "apply",
    "call",
    "bind",
    "__self__",
];

/// Modules by which any code can be run.
const HIDING_MODULES: [&str; 20] = [
    "ctypes",
    "cffi",
    "_ctypes",
    "marshal",
    "runpy",
    "code",
    "codeop",
    "imp",
    "builtins",
    "gc",
    "pty",
    "zipimport",
    "vm",
    "worker_threads",
    "module",
    "inspector",
    "repl",
    "wasi",
    "v8",
    "cluster",
];

/// Modules told of at most.
const MODULES: usize = 64;

impl Walk {
    /// Whether a member of this name may lead out of what is known.
    fn reaches(&self, base: &Value, name: &str) -> bool {
        match self.language {
            Language::Python => {
                name.starts_with("__")
                    && !matches!(name, "__name__" | "__doc__" | "__version__")
                    && !matches!(base, Value::Known(_))
                    || matches!(
                        name,
                        "gi_frame"
                            | "f_globals"
                            | "f_builtins"
                            | "f_locals"
                            | "cr_frame"
                            | "tb_frame"
                            | "func_globals"
                    )
            }
            Language::JavaScript => name.starts_with("__") || REACHING.contains(&name),
        }
    }

    /// `base.name`, not called.
    pub(super) fn member(&mut self, base: &Value, name: &Rc<str>, at: At) -> Value {
        if let Value::Known(module) = base {
            return self.known(&format!("{module}.{name}"), at);
        }
        if self.reaches(base, name) {
            self.lose(base, at);
            self.hide(&format!("the member `{name}` leads to anything"), at);
            return Value::Unknown;
        }
        match base {
            Value::Environment => {
                if self.language == Language::JavaScript {
                    return self.variable(&Value::text(name), at);
                }
                Value::Method(Rc::new(Value::Environment), Rc::clone(name))
            }
            Value::Map(members, open) if self.language == Language::JavaScript => {
                let found = members.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
                match found {
                    Some(value) if !open => value,
                    Some(_) => Value::Unknown,
                    None => base.item_of_map(),
                }
            }
            Value::Instance(kind, inner) => self.member_of(kind, inner, base, name, at),
            Value::Unknown => {
                if tables::is_effect_method(self.language, name) {
                    self.doubt(&format!("`{name}` of something that is not known"), at);
                }
                Value::Unknown
            }
            Value::Object | Value::Class(_) => Value::Unknown,
            Value::Closure(..) | Value::Method(..) | Value::Identity => Value::Plain,
            _ if base.is_plain() => Value::Plain,
            _ => Value::Unknown,
        }
    }

    fn member_of(
        &mut self,
        kind: &'static str,
        inner: &Rc<Value>,
        base: &Value,
        name: &Rc<str>,
        at: At,
    ) -> Value {
        let full = format!("<{kind}>.{name}");
        match tables::find(self.language, &full) {
            Some("@data") => Value::Plain,
            Some("@parent") => {
                Value::Instance("path", Rc::new(Value::word(super::special::parent(&inner.to_word()))))
            }
            Some("@name") => Value::word(super::special::file_name(&inner.to_word())),
            Some(spec) if spec.starts_with("@<") => tables::instance(spec)
                .map_or(Value::Unknown, |kind| Value::Instance(kind, Rc::new(Value::Unknown))),
            Some(_) => Value::Method(Rc::new(base.clone()), Rc::clone(name)),
            None => {
                self.doubt(&format!("`{name}` is not known of a {kind}"), at);
                Value::Unknown
            }
        }
    }

    /// Something of a module by its full name.
    pub(super) fn known(&mut self, full: &str, at: At) -> Value {
        match (full, self.language) {
            ("os.sep" | "os.path.sep", Language::Python) | ("path.sep", _) => return Value::text("/"),
            ("os.curdir", Language::Python) => return Value::text("."),
            ("os.pardir", Language::Python) => return Value::text(".."),
            _ => {}
        }
        match tables::find(self.language, full) {
            Some("@data") => Value::Plain,
            Some("@environment") => Value::Environment,
            Some("@temp") => Value::text("/tmp"),
            Some("@words") => Value::Plain,
            Some(spec) if spec.starts_with("@module ") => {
                Value::Known(Rc::from(spec.strip_prefix("@module ").unwrap_or("")))
            }
            Some(spec) if spec.starts_with("@<") => tables::instance(spec)
                .map_or(Value::Unknown, |kind| Value::Instance(kind, Rc::new(Value::Unknown))),
            Some(_) => Value::Known(Rc::from(full)),
            None if tables::is_module(self.language, full) => Value::Known(Rc::from(full)),
            None => {
                let (_, name) = full.rsplit_once('.').unwrap_or(("", full));
                if matches!(name, "__name__" | "__doc__" | "__version__" | "__file__")
                    && self.language == Language::Python
                {
                    return Value::word(Word::unknown());
                }
                let why = format!("`{full}` is not known");
                if HIDING.contains(&name) {
                    self.hide(&why, at)
                } else {
                    self.doubt(&why, at)
                }
                Value::Unknown
            }
        }
    }

    /// A module by a path as in `import a.b`.
    pub(super) fn module(&mut self, path: &str, at: At) -> Value {
        let root = path.split('.').next().unwrap_or("");
        if path.starts_with('.') || !tables::is_module(self.language, path) {
            let why = format!("the module `{path}` is not known");
            if HIDING_MODULES.contains(&root) {
                self.hide(&why, at)
            } else {
                self.doubt(&why, at)
            }
            self.loaded(path);
            return Value::Unknown;
        }
        if !matches!(root, "sys" | "builtins" | "time" | "itertools" | "marshal" | "gc" | "errno") {
            self.loaded(root);
        }
        Value::Known(Rc::from(path))
    }

    /// A module of Node by its name.
    pub(super) fn require(&mut self, name: &Value, at: At) -> Value {
        let Some(name) = name.known() else {
            self.hide("a module whose name is not known is loaded", at);
            return Value::Unknown;
        };
        let bare = name.strip_prefix("node:").unwrap_or(name);
        if let Some(known) = tables::node_module(bare) {
            return Value::Known(Rc::from(known));
        }
        if std::path::Path::new(name).extension().is_some_and(|extension| extension == "json")
            && name.starts_with(['.', '/'])
        {
            self.note(What::Read(Word::known(name)), at);
            return Value::Plain;
        }
        let why = format!("the module `{name}` is not known");
        if HIDING_MODULES.contains(&bare) {
            self.hide(&why, at)
        } else {
            self.doubt(&why, at)
        }
        self.loaded(name);
        Value::Unknown
    }

    fn loaded(&mut self, name: &str) {
        if self.modules.len() < MODULES && !self.modules.iter().any(|found| found == name) {
            self.modules.push(name.to_owned());
        }
    }
}

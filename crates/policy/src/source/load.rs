//! Sources to policies: parse, repair, follow `extends`.

use super::place::Place;
use super::policy::Document;
use super::reader::Reader;
use super::yaml::Node;
use super::{Options, Source, repair, yaml};
use crate::ir::{Policy, Rule};
use crate::tests_inline::Case;
use crate::{CompileError, Diagnostic};

/// Files one policy may extend, directly or not.
const EXTENDS_MAX: usize = 32;

/// A policy with its inline tests.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) tests: Vec<Case>,
}

/// Everything that came of the sources.
pub(crate) struct LoadedAll {
    pub(crate) policies: Vec<Loaded>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Reads all sources.
pub(crate) fn load(sources: &[Source], options: &Options<'_>) -> Result<LoadedAll, CompileError> {
    let mut loader = Loader { sources, options, errors: Vec::new(), warnings: Vec::new() };
    let mut policies = Vec::with_capacity(sources.len());
    for source in sources {
        policies.extend(loader.source(source));
    }
    if loader.errors.is_empty() {
        Ok(LoadedAll { policies, warnings: loader.warnings })
    } else {
        Err(CompileError { errors: loader.errors, warnings: loader.warnings })
    }
}

/// One text as YAML, repaired where published texts need it.
pub(crate) fn parse(name: &str, text: &str) -> Result<Node, CompileError> {
    let mut loader =
        Loader { sources: &[], options: &Options::default(), errors: Vec::new(), warnings: Vec::new() };
    loader.parse(name, text).ok_or(CompileError { errors: loader.errors, warnings: loader.warnings })
}

struct Loader<'a> {
    sources: &'a [Source],
    options: &'a Options<'a>,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn source(&mut self, source: &Source) -> Option<Loaded> {
        let mut stack = vec![source.name.clone()];
        let mut doc = self.file(&source.name, &source.text, &mut stack)?;
        let (default, default_line) = doc.default.unwrap_or((Some(placet_model::Verdict::Deny), 0));
        let policy = Policy {
            name: doc.name,
            file: source.name.clone(),
            layer: source.layer,
            trusted: source.trusted || source.layer != placet_model::Layer::Project,
            dry_run: doc.dry_run.unwrap_or(false) || self.options.on_trial == Some(source.layer),
            first_match: doc.first_match.unwrap_or(false),
            asks_deny: doc.asks_deny.unwrap_or(false),
            default,
            default_line,
            applies_to: doc.applies_to,
            audit: doc.audit,
            rules: doc.rules,
        };
        Some(Loaded { policy, tests: std::mem::take(&mut doc.tests) })
    }

    /// Reads one file and what it extends.
    fn file(&mut self, name: &str, text: &str, stack: &mut Vec<String>) -> Option<Document> {
        let node = self.parse(name, text)?;
        let mut reader = Reader {
            file: name.to_owned(),
            variables: self.options.variables,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        let mut doc = reader.document(&node);
        let failed = !reader.errors.is_empty();
        self.errors.append(&mut reader.errors);
        self.warnings.append(&mut reader.warnings);
        for (wanted, place) in std::mem::take(&mut doc.extends).into_iter().rev() {
            match self.base(name, &wanted, place, stack) {
                Some(base) => merge(&mut doc, base),
                None => return None,
            }
        }
        (!failed).then_some(doc)
    }

    fn parse(&mut self, name: &str, text: &str) -> Option<Node> {
        let error = match yaml::parse(name, text) {
            Ok(node) => return Some(node),
            Err(error) => error,
        };
        let Some((repaired, lines)) = repair::escaped_stars(text) else {
            self.errors.push(error);
            return None;
        };
        match yaml::parse(name, &repaired) {
            Ok(node) => {
                self.warnings.extend(lines.into_iter().map(|line| Diagnostic {
                    file: name.to_owned(),
                    line,
                    column: 1,
                    len: 1,
                    message: "`\\*` in double quotes is no YAML; read as `*`".to_owned(),
                    help: "write the pattern without backslashes".to_owned(),
                }));
                Some(node)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    fn base(&mut self, from: &str, wanted: &str, place: Place, stack: &mut Vec<String>) -> Option<Document> {
        let fail = |message: String, help: &str| Diagnostic {
            file: from.to_owned(),
            line: place.line.max(1),
            column: place.column.max(1),
            len: place.len.max(1),
            message,
            help: help.to_owned(),
        };
        let is_file = wanted.contains('/') || wanted.ends_with(".yaml") || wanted.ends_with(".yml");
        let name = if is_file { join(from, wanted) } else { format!("{wanted} (shipped)") };
        if stack.contains(&name) {
            let error = fail(
                format!("`extends` goes in a circle: {} → {name}", stack.join(" → ")),
                "remove one of these `extends`",
            );
            self.errors.push(error);
            return None;
        }
        if stack.len() >= EXTENDS_MAX {
            let error =
                fail(format!("`extends` is more than {EXTENDS_MAX} files deep"), "put the rules together");
            self.errors.push(error);
            return None;
        }
        let text = if is_file { self.text_of(&name) } else { crate::shipped(wanted).map(str::to_owned) };
        let Some(text) = text else {
            let help = if is_file {
                "the path is relative to the folder of this file".to_owned()
            } else {
                let known: Vec<&str> = crate::SHIPPED.iter().map(|(name, _)| *name).collect();
                super::suggest::help(wanted, &known)
            };
            let what = if is_file {
                format!("there is no file `{name}`")
            } else {
                format!("no policy named `{wanted}` is shipped")
            };
            let error = fail(what, &help);
            self.errors.push(error);
            return None;
        };
        stack.push(name.clone());
        let doc = self.file(&name, &text, stack);
        stack.pop();
        doc
    }

    fn text_of(&self, name: &str) -> Option<String> {
        if let Some(source) = self.sources.iter().find(|source| source.name == name) {
            return Some(source.text.clone());
        }
        self.options.read.and_then(|read| read(name))
    }
}

/// Puts `base` under `doc`: its rules come first, its keys hold where `doc` says nothing. A named rule of
/// `doc` takes the place of the rule of that name. Tests are not inherited.
fn merge(doc: &mut Document, base: Document) {
    let mut rules: Vec<Rule> = base.rules;
    let mut own = Vec::with_capacity(doc.rules.len());
    for rule in std::mem::take(&mut doc.rules) {
        match rules.iter_mut().find(|inherited| rule.named && inherited.named && inherited.name == rule.name)
        {
            Some(slot) => *slot = rule,
            None => own.push(rule),
        }
    }
    rules.append(&mut own);
    doc.rules = rules;
    doc.applies_to = doc.applies_to.take().or(base.applies_to);
    doc.first_match = doc.first_match.or(base.first_match);
    doc.dry_run = doc.dry_run.or(base.dry_run);
    doc.asks_deny = doc.asks_deny.or(base.asks_deny);
    doc.default = doc.default.or(base.default);
    doc.audit = doc.audit.take().or(base.audit);
}

/// `wanted` relative to the folder of `from`, without `.` and `..`.
fn join(from: &str, wanted: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if wanted.starts_with('/') { "" } else { folder };
    let absolute = wanted.starts_with('/') || from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(wanted.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

//! Candidates: the rules an action can match, found by its literal keys.

use placet_model::{Action, Command, PathCertainty, PathRef, Reach, Resource};

use crate::compile::index;
use crate::compile::keys::{self, Class, space};
use crate::set::PolicySet;

/// Calls `visit` for every rule that may match, some of them more than once.
pub(crate) fn candidates(set: &PolicySet<'_>, action: &Action, visit: &mut dyn FnMut(u32)) {
    let class = class(&action.resource);
    let uncertain = matches!(&action.resource, Resource::Path(path) if path.certainty != PathCertainty::Exact || path.reach == Reach::Tree)
        || matches!(&action.resource, Resource::Url(url) if url.host.is_none())
        || matches!(&action.resource, Resource::Host(None));
    let name = action.kind.name();
    let mut prober = Prober {
        set,
        kinds: [keys::kind(&name), keys::kind("*"), action.kind.also().map_or(0, keys::kind)],
        visit,
    };
    if uncertain {
        // What is not known has no keys: every rule of the class is looked at.
        return prober.literal(keys::every(class));
    }
    prober.literal(keys::any(class));
    match &action.resource {
        Resource::Path(path) => prober.path(path),
        Resource::Command(command) => prober.command(command, &action.chain),
        Resource::Url(url) => prober.host(url.host.as_deref().unwrap_or_default()),
        Resource::Host(host) => prober.host(host.as_deref().unwrap_or_default()),
        Resource::Text(_) => {}
    }
}

/// Class of a resource.
pub(crate) fn class(resource: &Resource) -> Class {
    match resource {
        Resource::Path(_) => Class::Path,
        Resource::Command(_) => Class::Command,
        Resource::Url(_) | Resource::Host(_) => Class::Web,
        Resource::Text(_) => Class::Text,
    }
}

struct Prober<'p, 'a> {
    set: &'p PolicySet<'a>,
    /// Names the action answers to; 0 for none.
    kinds: [u64; 3],
    visit: &'p mut dyn FnMut(u32),
}

impl Prober<'_, '_> {
    fn literal(&mut self, literal: u64) {
        for kind in self.kinds {
            if kind != 0 {
                index::find(self.set, keys::key(kind, literal), self.visit);
            }
        }
    }

    fn path(&mut self, path: &PathRef) {
        self.form(&path.absolute, path.relative.as_deref());
        if let Some(resolved) = &path.resolved {
            self.form(resolved, path.resolved_relative.as_deref());
        }
    }

    fn form(&mut self, absolute: &str, relative: Option<&str>) {
        let mut prefix = keys::start(space::ROOT);
        for segment in absolute.split('/').filter(|segment| !segment.is_empty()) {
            prefix = keys::add(keys::add(prefix, "/"), segment);
            self.literal(prefix);
            self.literal(keys::literal(space::SEGMENT, segment));
            if let Some((_, extension)) = segment.rsplit_once('.') {
                self.literal(keys::literal(space::EXTENSION, extension));
            }
            let mut chars = segment.char_indices();
            if chars.next().is_some() && chars.next().is_some() {
                let two = segment.get(..chars.offset()).unwrap_or(segment);
                self.literal(keys::literal(space::BEGINNING, two));
            }
        }
        let inner = relative.map_or("", |relative| relative.strip_prefix("./").unwrap_or_default());
        let mut prefix = keys::start(space::PROJECT);
        for segment in inner.split('/').filter(|segment| !segment.is_empty()) {
            prefix = keys::add(keys::add(prefix, "/"), segment);
            self.literal(prefix);
        }
    }

    fn command(&mut self, command: &Command, chain: &[String]) {
        self.program(&command.program);
        if let Some((stem, _)) = command.program.split_once('.') {
            self.program(stem);
        }
        if let Some(word) = command.argv.first().and_then(|word| word.known()) {
            let last = keys::last_component(word);
            if last != command.program {
                self.program(last);
            }
        }
        for element in chain {
            self.program(keys::last_component(element.split(' ').next().unwrap_or_default()));
        }
        for word in &command.subcommand {
            self.program(word);
        }
        for does in &command.does {
            self.literal(keys::of_does(crate::matching::command::does_bit(*does)));
        }
    }

    fn program(&mut self, name: &str) {
        self.literal(keys::literal(space::PROGRAM, name));
    }

    fn host(&mut self, host: &str) {
        let mut rest = host;
        loop {
            self.literal(keys::literal(space::HOST, rest));
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None => return,
            }
        }
    }
}

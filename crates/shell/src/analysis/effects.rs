//! What the role of a word makes of it: files, hosts, URLs, children.

use std::rc::Rc;

use placet_model::{ActionKind, Arg, Does, Reach, Resource, UrlRef};

use super::Machine;
use super::children::Child;
use super::paths::shown;
use super::program::Scope;
use super::value::Field;
use crate::programs::{Role, does_bit};

/// Whether a pattern stands for everything in a folder: `src/*`.
fn takes_all(field: &Field) -> bool {
    matches!(&field.arg, Arg::Glob(pattern) if pattern.rsplit('/').next().is_some_and(|last| !last.is_empty() && last.chars().all(|c| c == '*')))
}

impl Machine<'_> {
    /// Does to `field` what its role says.
    pub(super) fn apply(&mut self, role: Role, field: &Field, scope: &mut Scope) {
        use ActionKind::{DeleteFile, ReadFile, WriteFile};
        if field.text() == Some("-") && !matches!(role, Role::Shell | Role::Code | Role::Keyed) {
            return;
        }
        match role {
            Role::None | Role::Text | Role::Argument | Role::Unset | Role::Pair | Role::TextList => {}
            Role::PairRead => self.path_effect(ReadFile, field, Reach::Entry, scope),
            Role::Read => self.source(ReadFile, field, Reach::Entry, scope),
            Role::List => scope.roots.push(field.clone()),
            Role::ReadTree => self.source(ReadFile, field, Reach::Tree, scope),
            Role::ReadWithin => {
                let folder = match &field.arg {
                    Arg::Known(text) => self.may_be_directory(text, &[], scope),
                    Arg::Glob(_) => takes_all(field),
                    Arg::Partly { .. } => false,
                };
                let reach = if folder { Reach::Tree } else { Reach::Entry };
                self.source(ReadFile, field, reach, scope);
            }
            Role::Script => {
                self.path_effect(ReadFile, field, Reach::Entry, scope);
                if matches!(field.arg, Arg::Partly { .. }) && field.could_be_option() {
                    self.unknown_code(&shown(&field.arg), scope, "the program file is not known");
                }
            }
            Role::Write => self.source(WriteFile, field, Reach::Entry, scope),
            Role::WriteTree => self.source(WriteFile, field, Reach::Tree, scope),
            Role::Delete => self.source(DeleteFile, field, Reach::Entry, scope),
            Role::DeleteTree => self.source(DeleteFile, field, Reach::Tree, scope),
            Role::Update | Role::Move | Role::UpdateTree => {
                let reach = if role == Role::Update { Reach::Entry } else { Reach::Tree };
                self.path_effect(ReadFile, field, reach, scope);
                self.source(WriteFile, field, reach, scope);
            }
            Role::Destination => self.destination(field, scope),
            Role::Cwd => self.enter(field, scope),
            Role::AtFile => self.at_file(field, scope),
            Role::Form => self.form(field, scope),
            Role::Url => self.url(ActionKind::WebFetch, field, scope),
            Role::UrlSend => self.url(ActionKind::WebSend, field, scope),
            Role::Host => self.host(field, scope),
            Role::RemoteRead => self.remote(ReadFile, field, scope),
            Role::RemoteWrite => self.remote(WriteFile, field, scope),
            Role::Repository | Role::RepositorySend => {
                self.repository(field, role == Role::RepositorySend, scope)
            }
            Role::Mount => self.mount(field, scope),
            Role::Code => self.code(field, scope, "a program text in another language is run"),
            Role::OtherShell => self.other_shell(field, scope),
            Role::Editor => self.editor(field, scope),
            Role::Filter => self.filter(field, scope),
            Role::Transfer => {}
            Role::Sql => self.sql(field, scope),
            Role::SqlFile => self.sql_file(field, scope),
            Role::Sed => self.sed(field, scope),
            Role::Awk => self.awk(field, scope),
            Role::Keyed => self.keyed(field, scope),
            Role::Key => scope.key = field.text().unwrap_or("\u{0}").to_owned(),
            Role::KeyValue => {
                let key = std::mem::take(&mut scope.key);
                self.value_of_key(&key, field, scope);
            }
            Role::Assign => self.assigned_word(field, scope),
            Role::Placeholder => scope.placeholder = Some(field.clone()),
            Role::Source => scope.children.push(Child::Source(field.clone())),
            Role::Shell | Role::RemoteShell => {
                let label = if scope.name.contains(' ') || role == Role::RemoteShell {
                    scope.name.clone()
                } else {
                    format!("{} -c", scope.name)
                };
                let label = if super::builtins::is_builtin(&scope.name) { scope.name.clone() } else { label };
                let text = super::foreign::shorthand(&scope.name, field).unwrap_or_else(|| field.clone());
                scope.children.push(Child::Text { role, text, label });
            }
            Role::GitAlias => scope.children.push(Child::GitAlias(field.clone())),
            Role::Command | Role::RemoteCommand | Role::AppendedCommand | Role::Exec => {
                let child = Child::Words { role, words: vec![field.clone()], label: scope.name.clone() };
                scope.children.push(child);
            }
            Role::GitObject => self.git_object(field, scope),
            Role::Cookie if field.start().contains('=') => {}
            Role::Cookie => self.path_effect(ReadFile, field, Reach::Entry, scope),
            Role::Settings if self.is_own_settings(scope.name.as_str(), field, &scope.dirs) => {}
            Role::Settings => self.unknown_code(
                &shown(&field.arg),
                scope,
                "settings that may name programs to run come from elsewhere",
            ),
            Role::Options | Role::LessOptions | Role::OutputFile | Role::CodePath | Role::CommandPath => {}
        }
    }

    fn source(&mut self, kind: ActionKind, field: &Field, reach: Reach, scope: &mut Scope) {
        scope.sources.push(field.clone());
        scope.roots.push(field.clone());
        self.path_effect(kind, field, reach, scope);
    }

    /// The target of a copy: itself, or files in it.
    fn destination(&mut self, field: &Field, scope: &mut Scope) {
        self.path_effect(ActionKind::WriteFile, field, Reach::Entry, scope);
        let Some(target) = field.text() else { return };
        let sources = std::mem::take(&mut scope.sources);
        if !self.may_be_directory(target, &sources, scope) {
            return;
        }
        for source in sources.iter().filter(|source| !source.start().is_empty() || source.text().is_some()) {
            let last = match &source.arg {
                Arg::Known(text) | Arg::Glob(text) => {
                    text.trim_end_matches('/').rsplit('/').next().unwrap_or("")
                }
                Arg::Partly { .. } => "",
            };
            if last.is_empty() || last == "." || last == ".." {
                continue;
            }
            let inner = format!("{}/{last}", target.trim_end_matches('/'));
            let arg = if matches!(source.arg, Arg::Glob(_)) { Arg::Glob(inner) } else { Arg::Known(inner) };
            self.path_effect(ActionKind::WriteFile, &Field { arg, ..source.clone() }, Reach::Entry, scope);
        }
    }

    /// Whether the target of a copy is, as far as can be told, a directory.
    fn may_be_directory(&self, target: &str, sources: &[Field], scope: &Scope) -> bool {
        let spelled = target.ends_with('/') || matches!(target.rsplit('/').next(), Some("." | ".."));
        let several = sources.len() > 1
            || sources.iter().any(|source| source.elastic || matches!(source.arg, Arg::Glob(_)));
        let found = || {
            let mut kinds = scope
                .dirs
                .iter()
                .map(|dir| self.context.facts.kind(&placet_model::path::absolute(target, dir, None)));
            kinds.any(|kind| kind == Some(placet_model::EntryKind::Directory))
        };
        spelled || several || self.made_directories || found()
    }

    fn enter(&mut self, field: &Field, scope: &mut Scope) {
        match field.text() {
            Some(text) => {
                scope.dirs = scope
                    .dirs
                    .iter()
                    .map(|dir| Rc::from(placet_model::path::absolute(text, dir, None)))
                    .collect()
            }
            None => scope.dirs.clear(),
        }
        if field.text().is_some_and(|text| text.starts_with('/')) && scope.dirs.is_empty() {
            scope.dirs = vec![Rc::from(placet_model::path::absolute(field.text().unwrap_or("/"), "/", None))];
        }
    }

    pub(super) fn path_effect(&mut self, kind: ActionKind, field: &Field, reach: Reach, scope: &mut Scope) {
        if self.remote {
            return;
        }
        let reach = if kind == ActionKind::DeleteFile && takes_all(field) { Reach::Tree } else { reach };
        for mut path in self.paths(field, reach, &scope.dirs) {
            if kind == ActionKind::ReadFile && reach == Reach::Tree {
                path.endings.clone_from(&scope.endings);
            }
            if kind == ActionKind::DeleteFile {
                self.delete_moved(&path, scope);
            }
            let changes = scope.does
                & (does_bit(Does::Delete) | does_bit(Does::Permissions) | does_bit(Does::Edit))
                != 0;
            let project = kind == ActionKind::DeleteFile
                && super::danger::is_work(&path, self.context.project, !scope.derived && scope.name == "rm");
            let swept = self.sweeps
                && kind != ActionKind::ReadFile
                && super::danger::is_vital(&path.absolute, self.context.home);
            let destroys = project
                || (swept && changes)
                || kind != ActionKind::ReadFile
                    && changes
                    && super::danger::destroys(&kind, &path, self.context.home);
            if destroys || (kind == ActionKind::WriteFile && super::danger::is_device(&path.absolute)) {
                scope.bits |= does_bit(Does::Destroy);
            }
            self.push_effect(kind.clone(), Resource::Path(path), scope.span.as_ref(), scope.why);
        }
    }

    /// What was moved away in this text and goes for good now.
    fn delete_moved(&mut self, path: &placet_model::PathRef, scope: &Scope) {
        for from in self.moved_to(&path.absolute) {
            let reach = path.reach;
            for path in self.paths(&Field::known(from), reach, &scope.dirs) {
                let kind = ActionKind::DeleteFile;
                self.push_effect(
                    kind,
                    Resource::Path(path),
                    scope.span.as_ref(),
                    "it was moved there before",
                );
            }
        }
    }

    pub(super) fn host_effect(&mut self, host: Option<&str>, scope: &mut Scope) {
        let host = host.map(|host| host.trim_end_matches('.').to_ascii_lowercase());
        self.push_effect(ActionKind::ConnectHost, Resource::Host(host), scope.span.as_ref(), scope.why);
    }

    pub(super) fn url(&mut self, kind: ActionKind, field: &Field, scope: &mut Scope) {
        let text = match &field.arg {
            Arg::Known(text) => text.clone(),
            // Bash finds no such file and leaves the word alone.
            Arg::Glob(pattern) => pattern.replace('\\', ""),
            Arg::Partly { prefix, .. } => {
                let authority = prefix
                    .split_once("://")
                    .is_some_and(|(_, rest)| rest.contains(['/', '?', '#']) && !rest.contains('@'));
                let mut url = UrlRef::parse(if authority { prefix } else { "" });
                url.raw = shown(&field.arg);
                return self.push_effect(kind, Resource::Url(url), scope.span.as_ref(), scope.why);
            }
        };
        if let Some(path) = text.strip_prefix("file://").or_else(|| text.strip_prefix("file:")) {
            let path = Field {
                arg: Arg::Known(path.strip_prefix("localhost").unwrap_or(path).to_owned()),
                ..field.clone()
            };
            return self.path_effect(ActionKind::ReadFile, &path, Reach::Entry, scope);
        }
        self.push_effect(kind, Resource::Url(UrlRef::parse(&text)), scope.span.as_ref(), scope.why);
    }

    fn keyed(&mut self, field: &Field, scope: &mut Scope) {
        let start = field.start();
        let Some(at) = start.find(['=', ' ']) else {
            if field.text().is_some() {
                return self.value_of_key(start, &Field::known(""), scope);
            }
            scope.understood = false;
            return;
        };
        let key = start.get(..at).unwrap_or("").to_owned();
        self.value_of_key(&key, &field.without(at + 1), scope);
    }

    fn value_of_key(&mut self, key: &str, field: &Field, scope: &mut Scope) {
        let role = scope.keys.iter().find_map(|keys| crate::programs::key_role(*keys, key));
        match role {
            Some(Role::Shell) => {
                let label = format!("{} {key}", scope.name);
                scope.children.push(Child::Text { role: Role::Shell, text: field.clone(), label });
            }
            Some(role) => self.apply(role, field, scope),
            None => scope.understood = false,
        }
    }

    /// `name@.env` among the words of a program that sends: the file goes along.
    pub(super) fn attached_reads(&mut self, words: &[Field], scope: &mut Scope) {
        for word in words.iter().take(64) {
            let split = word.text().and_then(|text| {
                text.split_once('@').or_else(|| {
                    text.split_once(':').filter(|(name, _)| matches!(*name, "FILE" | "OPEN" | "GOPEN"))
                })
            });
            let Some((name, path)) = split else { continue };
            if !name.is_empty() && !name.contains(['=', ' ', ':']) && path.starts_with(['.', '~', '/']) {
                self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope);
            }
        }
    }

    /// Operands of a program that is not known, as far as they look like files: it may read them.
    pub(super) fn likely_reads(&mut self, words: &[Field], scope: &mut Scope) {
        for word in words.iter().take(64) {
            let start = word.start();
            // `--file=x`, `name@x`, `FILE:x` (the first sign counts).
            let cut = start.find(['=', '@']).or_else(|| start.find(':').filter(|_| !start.contains("://")));
            let value = cut.map(|at| word.without(at + 1)).filter(|value| !value.start().is_empty());
            for field in [Some(word), value.as_ref()].into_iter().flatten() {
                let text = field.start().strip_prefix("file://").unwrap_or(field.start()).to_owned();
                let field = field.without(field.start().len() - text.len());
                if !text.contains("://")
                    && !text.contains([' ', '\'', '"', '{', '\n'])
                    && !text.starts_with('-')
                    && text.starts_with(['.', '~', '/']) | text.contains('/')
                {
                    self.path_effect(ActionKind::ReadFile, &field, Reach::Entry, scope);
                }
            }
        }
    }

    pub(super) fn amend_scope(scope: &mut Scope, does: u32, understood: bool) {
        scope.bits |= does;
        scope.understood &= understood;
    }
}

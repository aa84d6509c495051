//! Words that name hosts, or files in a special notation.

use placet_model::{ActionKind, Arg, Reach, Resource, UrlRef};

use super::Machine;
use super::program::Scope;
use super::value::Field;

impl Machine<'_> {
    /// `[user@]host[:port]`, `ssh://…`
    pub(super) fn host(&mut self, field: &Field, scope: &mut Scope) {
        match field.text() {
            Some(text) if text.contains("://") => {
                self.host_effect(UrlRef::parse(text).host.as_deref(), scope)
            }
            Some(text) => self.host_effect(plain_host(text), scope),
            None => self.host_effect(None, scope),
        }
    }

    /// A file here or on another machine (`scp`, `rsync`).
    pub(super) fn remote(&mut self, kind: ActionKind, field: &Field, scope: &mut Scope) {
        let start = field.start();
        if start.contains("://") {
            return self.host_effect(UrlRef::parse(start).host.as_deref(), scope);
        }
        match start.split_once(':') {
            Some((host, _)) if !host.contains('/') && !host.is_empty() => {
                self.host_effect(plain_host(host), scope)
            }
            Some((host, _)) if !host.contains('/') => self.host_effect(None, scope),
            _ => {
                // What is not known may name a host.
                if field.could_be_option() && !start.contains('/') {
                    self.host_effect(None, scope);
                }
                let deletes = |word: &Field| word.start().starts_with("--del");
                if kind == ActionKind::WriteFile && scope.words.iter().any(deletes) {
                    self.path_effect(ActionKind::DeleteFile, field, Reach::Tree, scope);
                }
                self.path_effect(kind, field, Reach::Tree, scope);
            }
        }
    }

    /// Name of a remote, URL, `host:path`, path.
    pub(super) fn repository(&mut self, field: &Field, sends: bool, scope: &mut Scope) {
        let start = field.start().to_owned();
        if let Some((helper, address)) = start.split_once("::") {
            // `ext::` runs a command; other helpers are programs as well.
            if !matches!(helper, "http" | "https" | "ssh" | "git" | "ftp" | "ftps") || address.is_empty() {
                return self.unknown_code(&start, scope, "the address names a helper program that is run");
            }
        }
        if let Some(path) = start.strip_prefix("file://") {
            return self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Tree, scope);
        }
        if start.contains("://") {
            let url = UrlRef::parse(&start);
            return if sends {
                self.host_effect(url.host.as_deref(), scope)
            } else {
                self.address(url, scope)
            };
        }
        match start.split_once(':') {
            Some((host, _)) if !host.contains('/') && !host.is_empty() && sends => {
                self.host_effect(plain_host(host), scope)
            }
            Some((host, path)) if !host.contains('/') && !host.is_empty() => {
                let mut url = UrlRef::parse(&format!("ssh://{host}/{path}"));
                url.raw = start.clone();
                self.address(url, scope);
            }
            _ if field.text().is_none() && start.is_empty() => self.host_effect(None, scope),
            _ if start.contains('/') || start.starts_with(['.', '~']) => {
                self.path_effect(ActionKind::ReadFile, field, Reach::Tree, scope)
            }
            _ => {}
        }
    }

    fn address(&mut self, url: UrlRef, scope: &mut Scope) {
        self.push_effect(ActionKind::WebFetch, Resource::Url(url), scope.span.as_ref(), scope.why);
    }

    /// `source:target[:options]`, `type=bind,source=…,target=…`
    pub(super) fn mount(&mut self, field: &Field, scope: &mut Scope) {
        let start = field.start().to_owned();
        let source = if start.contains('=') {
            let found = start
                .split(',')
                .find_map(|pair| pair.strip_prefix("source=").or_else(|| pair.strip_prefix("src=")));
            found.map(str::to_owned)
        } else {
            start.split(':').next().map(str::to_owned)
        };
        let Some(source) = source else { return };
        let whole = start.len() > source.len() || field.text().is_some();
        let secret = is_secret(&start);
        if whole && (secret || source.starts_with(['/', '.', '~'])) {
            let kind = if only_read(&start) { ActionKind::ReadFile } else { ActionKind::WriteFile };
            let reach = if secret { Reach::Entry } else { Reach::Tree };
            return self.path_effect(kind, &Field::known(source), reach, scope);
        }
        if field.text().is_none() && (source.is_empty() || source.starts_with(['/', '.', '~'])) {
            self.path_effect(ActionKind::WriteFile, field, Reach::Tree, scope);
        }
    }

    /// `@path`
    pub(super) fn at_file(&mut self, field: &Field, scope: &mut Scope) {
        if field.start().starts_with('@') {
            return self.read_file(&field.without(1), scope);
        }
        if matches!(field.arg, Arg::Partly { .. }) && field.start().is_empty() && !field.safe {
            Self::amend_scope(scope, 0, false);
        }
    }

    /// `name=@path;type=…`, `name=<path`
    pub(super) fn form(&mut self, field: &Field, scope: &mut Scope) {
        let start = field.start();
        let Some(at) = start.find('=') else {
            if field.text().is_none() {
                Self::amend_scope(scope, 0, false);
            }
            return;
        };
        let value = field.without(at + 1);
        if !value.start().starts_with(['@', '<']) {
            return;
        }
        let path = value.without(1);
        match path.text() {
            Some(text) => {
                let names: Vec<String> =
                    text.split(';').next().unwrap_or("").split(',').map(str::to_owned).collect();
                for name in names {
                    self.read_file(&Field::known(name), scope);
                }
            }
            None => self.read_file(&path, scope),
        }
    }

    fn read_file(&mut self, field: &Field, scope: &mut Scope) {
        if field.text() != Some("-") {
            self.path_effect(ActionKind::ReadFile, field, Reach::Entry, scope);
        }
    }
}

/// The host of `[user@]host[:port]`.
fn plain_host(text: &str) -> Option<&str> {
    let host = text.rsplit_once('@').map_or(text, |(_, host)| host);
    if let Some(v6) = host.strip_prefix('[') {
        return v6.split_once(']').map(|(host, _)| host);
    }
    let host = if host.matches(':').count() == 1 {
        host.split_once(':').map_or(host, |(host, _)| host)
    } else {
        host
    };
    let plain = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':'));
    plain.then_some(host)
}

/// Whether a mount gives the container no way to change the files: `:ro`, `:O` (an overlay), `readonly`. Neither does
/// a secret for a build (`id=k,src=path`).
fn only_read(mount: &str) -> bool {
    if is_secret(mount) {
        return true;
    }
    let options = if mount.contains('=') {
        mount
    } else {
        // `source:target:options`
        mount.splitn(3, ':').nth(2).unwrap_or("")
    };
    options.split(',').any(|option| {
        matches!(option, "ro" | "O" | "readonly" | "ro=true" | "ro=1" | "readonly=true" | "readonly=1")
    })
}

/// `id=k,src=path`: a file that a build may read.
fn is_secret(mount: &str) -> bool {
    mount.split(',').any(|part| part.starts_with("id="))
}

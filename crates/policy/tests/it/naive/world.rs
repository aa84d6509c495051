//! A small file system, with links.

use std::collections::BTreeMap;

use placet_model::{Entries, EntryKind, Facts};

enum Node {
    File,
    Directory,
    Locked,
    Link(&'static str),
}

pub(crate) struct World(BTreeMap<String, Node>);

const DIRECTORIES: [&str; 19] = [
    "/",
    "/etc",
    "/etc/ssl",
    "/tmp",
    "/home",
    "/home/dev",
    "/home/dev/.ssh",
    "/home/dev/proj",
    "/home/dev/proj/src",
    "/home/dev/proj/.git",
    "/home/dev/proj/secrets",
    "/home/dev/proj/secrets/old",
    "/home/dev/proj/build",
    "/var",
    "/home/dev/.local",
    "/home/dev/.local/state",
    "/home/dev/.local/state/placet",
    "/data",
    "/var/placet",
];

const FILES: [&str; 20] = [
    "/etc/passwd",
    "/etc/ssl/key.pem",
    "/tmp/x",
    "/home/dev/.ssh/id_rsa",
    "/home/dev/.ssh/config",
    "/home/dev/proj/.env",
    "/home/dev/proj/src/a.rs",
    "/home/dev/proj/src/main.rs",
    "/home/dev/proj/src/.hidden.rs",
    "/home/dev/proj/.git/config",
    "/home/dev/proj/secrets/key.pem",
    "/home/dev/proj/secrets/old/.env",
    "/home/dev/proj/build/out.o",
    "/home/dev/proj/notes.txt",
    "/home/dev/.local/state/placet/ledger",
    "/data/a.rs",
    "/data/key.pem",
    "/var/placet/x",
    "/home/dev/proj/src/README",
    "/home/dev/notes.txt",
];

const LINKS: [(&str, &str); 5] = [
    ("/home/dev/proj/link", "/etc"),
    ("/home/dev/proj/src/up", "/home/dev/.ssh"),
    ("/home/dev/proj/s2", "/home/dev/proj/src"),
    ("/home/dev/proj/src/env.rs", "/home/dev/proj/.env"),
    ("/tmp/data", "/data"),
];

impl World {
    /// With `/home/dev` a directory.
    pub(crate) fn plain() -> Self {
        Self::with_home("/home/dev")
    }

    /// With `/home/dev` a link to `/data/dev`.
    pub(crate) fn linked() -> Self {
        let mut world = Self::with_home("/data/dev");
        world.0.insert("/home/dev".to_owned(), Node::Link("/data/dev"));
        world
    }

    fn with_home(home: &str) -> Self {
        let place = |path: &str| match path.strip_prefix("/home/dev") {
            Some(rest) => format!("{home}{rest}"),
            None => path.to_owned(),
        };
        let mut nodes = BTreeMap::new();
        nodes.extend(DIRECTORIES.map(|path| (place(path), Node::Directory)));
        nodes.extend(FILES.map(|path| (place(path), Node::File)));
        nodes.extend(LINKS.map(|(path, target)| (place(path), Node::Link(target))));
        nodes.insert(place("/home/dev/proj/locked"), Node::Locked);
        Self(nodes)
    }

    fn real(&self, path: &str) -> String {
        let mut out = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            out = format!("{out}/{part}");
            if let Some(Node::Link(target)) = self.0.get(&out) {
                out = self.real(target);
            }
        }
        if out.is_empty() { "/".to_owned() } else { out }
    }
}

impl Facts for World {
    fn variable(&self, _name: &str) -> Option<String> {
        None
    }

    fn canonical(&self, path: &str) -> Option<String> {
        Some(self.real(path))
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        Some(match self.0.get(&self.real(path))? {
            Node::File => EntryKind::File,
            _ => EntryKind::Directory,
        })
    }

    fn text(&self, _path: &str, _limit_bytes: usize) -> Option<String> {
        None
    }

    fn entries(&self, path: &str, deep: bool, limit: usize) -> Entries {
        let real = self.real(path);
        if !matches!(self.0.get(&real), Some(Node::Directory)) {
            return Entries::Unknown;
        }
        let start = format!("{}/", real.trim_end_matches('/'));
        let below =
            self.0.keys().filter_map(|path| path.strip_prefix(&start)).filter(|name| !name.is_empty());
        let names: Vec<String> =
            below.filter(|name| deep || !name.contains('/')).map(str::to_owned).collect();
        if names.len() > limit { Entries::TooMany } else { Entries::All(names) }
    }
}

//! Functions of the tables whose result or effect hangs on what they are given.

use std::rc::Rc;

use super::call::Given;
use super::value::{Value, join_paths};
use super::{Language, TEXTS, Walk, effects_within};
use crate::effects::{Part, What, Word};
use crate::tree::{At, Text};

/// The folder of a path, as far as it is known.
pub(super) fn parent(word: &Word) -> Word {
    let Some(text) = word.text() else {
        let mut parts = word.parts.clone();
        let Some(Part::Text(last)) = parts.last_mut() else { return Word::unknown() };
        let Some(at) = last.rfind('/') else { return Word::unknown() };
        last.truncate(at);
        return Word { parts };
    };
    match text.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => Word::known("/"),
        Some((folder, _)) => Word::known(folder),
        None => Word::known("."),
    }
}

/// The last part of a path.
pub(super) fn file_name(word: &Word) -> Word {
    match word.parts.last() {
        Some(Part::Text(text)) => match text.rsplit_once('/') {
            Some((_, name)) => Word::known(name),
            None if word.parts.len() == 1 => Word::known(text.clone()),
            None => Word::unknown(),
        },
        _ => Word::unknown(),
    }
}

/// `~` at the start is the home directory.
fn at_home(word: Word) -> Word {
    let Some(Part::Text(text)) = word.parts.first() else { return word };
    let Some(rest) = text.strip_prefix('~').map(str::to_owned) else { return word };
    if !rest.is_empty() && !rest.starts_with('/') || rest.is_empty() && word.parts.len() > 1 {
        return Word::unknown();
    }
    let mut home = Word { parts: vec![Part::Home] };
    home.push(Part::Text(rest));
    let others = Word { parts: word.parts.get(1..).unwrap_or(&[]).to_vec() };
    home.then(&others)
}

impl Walk {
    /// Functions with rules of their own; `None`: the table says it all.
    pub(super) fn special(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        if name.starts_with("child_process.") || name.starts_with("subprocess.") {
            return self.started(name, given, at);
        }
        match self.language {
            Language::Python => {
                self.special_python(name, given, at).or_else(|| self.special_items(name, given, at))
            }
            Language::JavaScript => self.special_javascript(name, given, at),
        }
    }

    fn first(given: &Given) -> Value {
        given.get(0, "").unwrap_or(Value::Unknown)
    }

    fn special_python(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let first = || given.get(0, "").unwrap_or(Value::Unknown);
        Some(match name {
            "open" | "io.open" | "codecs.open" | "gzip.open" | "bz2.open" | "lzma.open" => {
                let path =
                    given.get(0, if name == "open" { "file" } else { "filename" }).unwrap_or(Value::Unknown);
                if let Some(opener) = given.get(7, "opener") {
                    self.lose(&opener, at);
                }
                self.open_file(&path, given.get(1, "mode").as_ref(), at)
            }
            "os.path.join" => {
                let mut word = Word::default();
                for (number, part) in given.positional.iter().enumerate() {
                    word = if number == 0 { part.to_word() } else { join_paths(&word, &part.to_word()) };
                }
                if given.open { Value::word(Word::unknown()) } else { Value::word(word) }
            }
            "os.path.expanduser" => Value::word(at_home(first().to_word())),
            "os.path.abspath" | "os.path.normpath" | "os.path.realpath" | "os.fspath" | "str"
            | "os.fsencode" | "os.fsdecode" => {
                let value = given.get(0, "")?;
                self.reveal(&value, at);
                self.lose(&value, at);
                match value {
                    Value::Word(_) | Value::Number(_) | Value::Instance("path", _) => {
                        Value::word(value.to_word())
                    }
                    _ => Value::Plain,
                }
            }
            "os.path.dirname" => Value::word(parent(&first().to_word())),
            "os.path.basename" => Value::word(file_name(&first().to_word())),
            "os.getcwd" | "pathlib.Path.cwd" | "os.curdir" => {
                let here = self.located(&Value::text("."));
                if name.starts_with("pathlib") {
                    Value::Instance("path", Rc::new(Value::word(here)))
                } else {
                    Value::word(here)
                }
            }
            "os.getenv" | "os.environ.get" => {
                let value = self.variable(&first(), at);
                given.all().for_each(|value| self.lose(value, at));
                if given.get(1, "default").is_some()
                    && !matches!(&value, Value::Word(word) if word.parts == [Part::Home])
                {
                    Value::word(Word::unknown())
                } else {
                    value
                }
            }
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "pathlib.PurePosixPath" => {
                let mut word = Word::default();
                for (number, part) in given.positional.iter().enumerate() {
                    word = if number == 0 { part.to_word() } else { join_paths(&word, &part.to_word()) };
                }
                if given.open {
                    word = Word::unknown();
                } else if word.parts.is_empty() {
                    word = Word::known(".");
                }
                Value::Instance("path", Rc::new(Value::word(word)))
            }
            "pathlib.Path.home" => {
                Value::Instance("path", Rc::new(Value::word(Word { parts: vec![Part::Home] })))
            }
            "getattr" => match given.get(1, "").and_then(|name| name.known().map(str::to_owned)) {
                Some(member) => self.member(&first(), &Rc::from(member), at),
                None => {
                    self.lose(&first(), at);
                    if matches!(first(), Value::Known(_)) {
                        self.hide("a member whose name is not known", at);
                    } else {
                        self.doubt("a member whose name is not known", at);
                    }
                    Value::Unknown
                }
            },
            "__import__" | "importlib.import_module" => match first().known() {
                Some(path) => {
                    let path =
                        if name == "__import__" { path.split('.').next().unwrap_or(path) } else { path };
                    let path = path.to_owned();
                    self.module(&path, at)
                }
                None => {
                    self.hide("a module whose name is not known is loaded", at);
                    Value::Unknown
                }
            },
            "exec" | "eval" | "compile" => self.run_text(&first(), name, at),
            "base64.b64decode"
            | "base64.urlsafe_b64decode"
            | "bytes.fromhex"
            | "base64.standard_b64decode" => {
                let text = first()
                    .known()
                    .and_then(|text| if name == "bytes.fromhex" { unhex(text) } else { unbase64(text) });
                self.decoded |= text.is_some();
                text.map_or(Value::Plain, |text| Value::text(&text))
            }
            "bytes" | "bytearray" => first_text(given),
            "glob.glob" | "glob.iglob" => {
                self.note(
                    What::List(self.located(&Value::word(before_pattern(&first().to_word(), true)))),
                    at,
                );
                Value::Many(Rc::new(Value::word(before_pattern(&first().to_word(), false))))
            }
            "os.listdir" => {
                self.note(What::List(self.located(&given.get(0, "path").unwrap_or(Value::text(".")))), at);
                given.all().for_each(|value| self.lose(value, at));
                names()
            }
            "os.chmod" | "os.lchmod" => {
                self.moded("chmod", &first(), &given.get(1, "mode").unwrap_or(Value::Unknown), at);
                given.all().for_each(|value| self.lose(value, at));
                Value::Plain
            }
            "os.chown" | "os.lchown" | "shutil.chown" => {
                let owner = given.get(1, if name == "shutil.chown" { "user" } else { "uid" });
                self.moded("chown", &first(), &owner.unwrap_or(Value::Unknown), at);
                given.all().for_each(|value| self.lose(value, at));
                Value::Plain
            }
            "os.walk" => {
                let top = given.get(0, "top").unwrap_or(Value::Unknown);
                self.note(What::List(self.located(&top)), at);
                given.all().for_each(|value| self.lose(value, at));
                let mut below = top.to_word();
                below.push(Part::Text("/".to_owned()));
                below.push(Part::Inside);
                let item = Value::List([Value::word(below), names(), names()].into(), false);
                Value::Many(Rc::new(item))
            }
            "urllib.request.Request" | "urllib.request.urlopen" => {
                let url = given.get(0, "url").unwrap_or(Value::Unknown);
                let sends = given.get(1, "data").is_some_and(|data| !matches!(data, Value::Nothing))
                    || given.get(2, "headers").is_some_and(|value| name.ends_with('t') && !certain(&value))
                    || given.get(5, "method").is_some_and(|value| {
                        !matches!((value.known(), &value), (Some("GET" | "HEAD"), _) | (_, Value::Nothing))
                    });
                let again = matches!(url, Value::Instance("request", _)) && !sends;
                if !again {
                    self.fetch(url.to_word(), sends, at);
                }
                given.all().for_each(|value| self.lose(value, at));
                if name.ends_with('t') {
                    Value::Instance("request", Rc::new(Value::word(url.to_word())))
                } else {
                    Value::Instance("response", Rc::new(Value::Plain))
                }
            }
            _ if name.starts_with("requests.") || name.starts_with("httpx.") => {
                return self.web(name, given, at);
            }
            "socket.create_connection" => {
                self.connect(&first(), at);
                Value::Instance("socket", Rc::new(Value::Plain))
            }
            "sqlite3.connect" => {
                if first().known() != Some(":memory:") {
                    let word = self.located(&first());
                    self.note(What::Read(word.clone()), at);
                    self.note(What::Write(word), at);
                }
                Value::Instance("db", Rc::new(Value::word(self.located(&first()))))
            }
            "zipfile.ZipFile" | "tarfile.open" | "tarfile.TarFile" => {
                let path =
                    given.get(0, if name.starts_with('z') { "file" } else { "name" }).unwrap_or(Value::Plain);
                if let Some(object) = given.get(2, "fileobj").filter(|_| name.starts_with('t')) {
                    self.lose(&object, at);
                } else if !matches!(path, Value::Instance("file", _)) {
                    self.open_file(&path, given.get(1, "mode").as_ref(), at);
                }
                Value::Instance("archive", Rc::new(Value::Plain))
            }
            "os.execv" | "os.execve" | "os.execvp" | "os.execvpe" | "os.posix_spawn" | "os.posix_spawnp" => {
                let words = given.get(1, "").unwrap_or(Value::Unknown);
                self.process_as(&first(), &words, at)
            }
            "os.spawnv" | "os.spawnve" | "os.spawnvp" | "os.spawnvpe" => {
                let words = given.get(2, "").unwrap_or(Value::Unknown);
                self.process_as(&given.get(1, "").unwrap_or(Value::Unknown), &words, at)
            }
            "os.execl" | "os.execlp" | "os.execle" | "os.execlpe" | "os.spawnl" | "os.spawnlp"
            | "os.spawnle" | "os.spawnlpe" => {
                let skip = usize::from(name.starts_with("os.spawn"));
                let words = given.positional.get(skip + 1..).unwrap_or(&[]);
                let words = Value::List(words.into(), given.open || !given.exact);
                self.process_as(&given.get(skip, "").unwrap_or(Value::Unknown), &words, at)
            }
            _ => return None,
        })
    }

    /// `exec(path, [name, …])`: the program is the path, whatever it is told its name is.
    fn process_as(&mut self, program: &Value, words: &Value, at: At) -> Value {
        let words = match words {
            Value::List(items, open) => {
                let rest = items.get(1..).unwrap_or(&[]).iter().cloned();
                Value::List(std::iter::once(program.clone()).chain(rest).collect(), *open)
            }
            _ => Value::List([program.clone()].into(), true),
        };
        let directory = self.directory(&Given::default(), "cwd");
        self.process(&words, directory, None, at);
        Value::Plain
    }

    fn web(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let (_, verb) = name.rsplit_once('.')?;
        let shift = usize::from(matches!(verb, "request" | "stream"));
        if !matches!(
            verb,
            "get" | "head" | "options" | "post" | "put" | "patch" | "delete" | "request" | "stream"
        ) {
            return None;
        }
        let url = given.get(shift, "url").unwrap_or(Value::Unknown);
        let has = |key: &str| given.named.iter().any(|(name, _)| &**name == key);
        let shows = given.named.iter().any(|(name, value)| {
            matches!(&**name, "params" | "headers" | "cookies" | "auth") && !certain(value)
        });
        let sends = !matches!(verb, "get" | "head" | "options")
            || has("data")
            || has("json")
            || has("files")
            || has("content")
            || shows
            || given.open
            || given.positional.len() > shift + 1;
        self.fetch(url.to_word(), sends, at);
        if has("hooks") {
            self.doubt("hooks of a request", at);
        }
        given.all().for_each(|value| self.lose(value, at));
        Some(Value::Instance("response", Rc::new(Value::Plain)))
    }

    pub(super) fn connect(&mut self, address: &Value, at: At) {
        let host = match address {
            Value::List(items, false) => items.first().map_or_else(Word::unknown, Value::to_word),
            _ => Word::unknown(),
        };
        self.note(What::Connect(host), at);
    }

    /// A text of the same language is run.
    pub(super) fn run_text(&mut self, text: &Value, how: &str, at: At) -> Value {
        if let Some(source) = text.known()
            && self.texts < TEXTS
        {
            let tree: Text = match self.language {
                Language::Python => crate::python::read(source),
                Language::JavaScript => crate::javascript::read(source, false),
            };
            let within = effects_within(&tree, self.language, self.texts + 1, Some(self.outer.unwrap_or(at)));
            for done in within.uses {
                if !self.uses.contains(&done) {
                    self.uses.push(done);
                }
            }
            self.modules.extend(within.modules);
        }
        self.hide(&format!("`{how}` runs a text"), at);
        Value::Unknown
    }

    /// Functions over items.
    fn special_items(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let first = Self::first(given);
        Some(match name {
            "map" | "filter" | "itertools.starmap" | "functools.reduce" | "itertools.filterfalse" => {
                let source = given.get(1, "").unwrap_or(Value::Unknown);
                self.reveal(&source, at);
                let (rounds, exact) = self.rounds(&source);
                let mut results = Vec::new();
                for item in rounds {
                    let arguments = if matches!(name, "map" | "filter") && given.positional.len() == 2 {
                        Given::of(&[item])
                    } else {
                        Given::anything()
                    };
                    let mut result = Value::Unknown;
                    self.again(&mut |walk| result = walk.call_back(&first, &arguments, at));
                    results.push(result);
                }
                results.iter().for_each(|value| self.lose(value, at));
                match name {
                    "map" if exact => Value::List(results.into(), false),
                    "map" => results.pop().map_or(Value::Plain, |value| Value::Many(Rc::new(value))),
                    "filter" => Value::Many(Rc::new(source.item())),
                    _ => Value::Unknown,
                }
            }
            "sorted" | "min" | "max" => {
                if let Some(key) = given.get(usize::MAX, "key") {
                    let item = if given.positional.len() == 1 { first.item() } else { Value::Unknown };
                    self.call_back(&key, &Given::of(&[item]), at);
                }
                match (&first, name) {
                    (_, "sorted") => Value::Many(Rc::new(first.item())),
                    _ if given.positional.len() == 1 => first.item(),
                    _ if given.positional.iter().all(Value::is_plain) => Value::Plain,
                    _ => Value::Unknown,
                }
            }
            "list" | "tuple" | "iter" | "reversed" | "set" | "frozenset" if given.positional.len() == 1 => {
                self.reveal(&first, at);
                match first {
                    Value::List(..) | Value::Many(_) => first,
                    other => {
                        self.lose(&other, at);
                        let item = other.item();
                        if item.is_plain() && !matches!(item, Value::Word(_)) {
                            Value::Plain
                        } else {
                            Value::Many(Rc::new(item))
                        }
                    }
                }
            }
            "enumerate" => {
                let item = Value::List([Value::Plain, first.item()].into(), false);
                match &first {
                    Value::List(items, false) => Value::List(
                        items
                            .iter()
                            .map(|item| Value::List([Value::Plain, item.clone()].into(), false))
                            .collect(),
                        false,
                    ),
                    _ => Value::Many(Rc::new(item)),
                }
            }
            "zip" => {
                let items: Vec<Value> = given.positional.iter().map(Value::item).collect();
                if given.open {
                    Value::Unknown
                } else {
                    Value::Many(Rc::new(Value::List(items.into(), false)))
                }
            }
            "next" => first.item(),
            "range" => Value::Plain,
            _ => return None,
        })
    }

    /// Methods with rules of their own.
    pub(super) fn special_method(
        &mut self,
        full: &str,
        inner: &Rc<Value>,
        given: &Given,
        at: At,
    ) -> Option<Value> {
        let path = |word: Word| Value::Instance("path", Rc::new(Value::word(word)));
        let own = inner.to_word();
        Some(match full {
            "<path>.open" => self.open_file(&Value::word(own), given.get(0, "mode").as_ref(), at),
            "<path>.joinpath" => {
                let word = given.positional.iter().fold(own, |word, part| join_paths(&word, &part.to_word()));
                path(if given.open { Word::unknown() } else { word })
            }
            "<path>.chmod" => {
                let mode = given.get(0, "mode").unwrap_or(Value::Unknown);
                self.moded("chmod", &Value::word(own), &mode, at);
                Value::Plain
            }
            "<path>.expanduser" => path(at_home(own)),
            "<path>.with_suffix" | "<path>.with_name" | "<path>.with_stem" => {
                path(join_paths(&parent(&own), &Word { parts: vec![Part::Text("./".into()), Part::Unknown] }))
            }
            "<path>.rglob" | "<path>.glob" | "<path>.iterdir" => {
                let word = self.located(&Value::word(own.clone()));
                self.note(What::List(word), at);
                let mut below = own;
                below.push(Part::Text("/".to_owned()));
                below.push(Part::Inside);
                let pattern = given.get(0, "pattern");
                let stays = pattern.is_none_or(|value| value.known().is_some_and(stays_below));
                Value::Many(Rc::new(path(if stays { below } else { Word::unknown() })))
            }
            "<socket>.connect" | "<socket>.connect_ex" => {
                self.connect(&Self::first(given), at);
                Value::Plain
            }
            "<socket>.sendto" => {
                self.connect(&given.positional.last().cloned().unwrap_or(Value::Unknown), at);
                Value::Plain
            }
            "<db>.execute" | "<db>.executemany" | "<db>.executescript" => {
                given.all().for_each(|value| self.lose(value, at));
                let asked = given.get(0, "").unwrap_or(Value::Unknown).to_word();
                self.note(What::Statement { database: own, text: asked }, at);
                let text = given.get(0, "").and_then(|value| value.known().map(str::to_lowercase));
                let fine = text.is_some_and(|text| {
                    !["attach", "vacuum", "load_extension", "writefile", "readfile"]
                        .iter()
                        .any(|word| text.contains(word))
                });
                if !fine {
                    self.doubt("what the database is asked is not known", at);
                }
                Value::Instance("db", Rc::clone(inner))
            }
            _ => return None,
        })
    }

    fn special_javascript(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let first = Self::first(given);
        Some(match name {
            "require" => return Some(self.require_call(given, at)),
            "Promise" => {
                self.call_back(&first, &Given::of(&[Value::Identity, Value::Identity]), at);
                Value::Unknown
            }
            "eval" | "Function" => {
                let text = if name == "eval" {
                    first
                } else {
                    given.positional.last().cloned().unwrap_or(Value::Unknown)
                };
                self.run_text(&text, name, at)
            }
            "setTimeout" | "setInterval" | "setImmediate" | "queueMicrotask" => {
                if !matches!(first, Value::Closure(..) | Value::Known(_) | Value::Identity) {
                    self.hide("something that is no function is run later", at);
                }
                given.all().for_each(|value| self.lose(value, at));
                Value::Plain
            }
            "path.join" | "path.resolve" | "path.posix.join" => {
                let mut word = Word::default();
                for part in &given.positional {
                    let part = part.to_word();
                    word = if word.parts.is_empty() {
                        part
                    } else if name == "path.resolve" {
                        join_paths(&word, &part)
                    } else {
                        word.push(Part::Text("/".to_owned()));
                        word.then(&part)
                    };
                }
                Value::word(if given.open { Word::unknown() } else { word })
            }
            "path.dirname" => Value::word(parent(&first.to_word())),
            "path.basename" => Value::word(file_name(&first.to_word())),
            "path.normalize" | "String" | "url.fileURLToPath" => {
                self.reveal(&first, at);
                self.lose(&first, at);
                Value::word(first.to_word())
            }
            "os.homedir" => Value::word(Word { parts: vec![Part::Home] }),
            "process.cwd" => Value::word(self.located(&Value::text("."))),
            "Buffer.from" | "atob" => {
                let how = given.get(1, "").and_then(|how| how.known().map(str::to_owned));
                let text = first.known().and_then(|text| match how.as_deref() {
                    Some("base64" | "base64url") => unbase64(text),
                    Some("hex") => unhex(text),
                    None if name == "atob" => unbase64(text),
                    None => Some(text.to_owned()),
                    _ => None,
                });
                self.lose(&first, at);
                self.decoded |= text.is_some() && (how.is_some() || name == "atob");
                text.map_or(Value::Plain, |text| Value::text(&text))
            }
            "fetch" | "http.request" | "https.request" | "http.get" | "https.get" => {
                self.javascript_web(name, given, at)
            }
            "fs.rmSync" | "fs.rm" | "fs.rmdirSync" | "fs.rmdir" => {
                let word = self.located(&first);
                let tree = match given.get(1, "") {
                    Some(Value::Map(members, false)) => members.iter().any(|(name, value)| {
                        matches!(&**name, "recursive" | "\0") && !matches!(value, Value::Truth(false))
                    }),
                    Some(Value::Closure(..)) | None => false,
                    Some(_) => true,
                };
                self.note(if tree { What::DeleteTree(word) } else { What::Delete(word) }, at);
                given.all().for_each(|value| self.lose_with(value, &Value::Plain, at));
                Value::Plain
            }
            "fs.chmodSync" | "fs.chmod" | "fs.chownSync" | "fs.chown" => {
                let program = if name.starts_with("fs.chmod") { "chmod" } else { "chown" };
                self.moded(program, &first, &given.get(1, "").unwrap_or(Value::Unknown), at);
                given.all().for_each(|value| self.lose_with(value, &Value::Plain, at));
                Value::Plain
            }
            "fs.readdirSync" | "fs.readdir" if given.positional.len() == 1 && !given.open => {
                self.note(What::List(self.located(&first)), at);
                self.lose(&first, at);
                names()
            }
            "fs.openSync" | "fs.open" => {
                let mode = given.get(1, "").filter(|mode| !matches!(mode, Value::Closure(..)));
                self.open_file(&first, mode.as_ref(), at);
                given.all().for_each(|value| self.lose_with(value, &Value::Plain, at));
                Value::Instance("file", Rc::new(Value::Plain))
            }
            "Array.from" => {
                if let Some(callee) = given.get(1, "") {
                    let item = first.item();
                    self.call_back(&callee, &Given::of(&[item, Value::Plain]), at);
                    return Some(Value::Unknown);
                }
                self.reveal(&first, at);
                match first {
                    Value::List(..) | Value::Many(_) => first,
                    other if other.is_plain() => Value::Plain,
                    _ => Value::Unknown,
                }
            }
            "Promise.all" | "Promise.allSettled" | "Promise.resolve" | "Promise.race" | "Promise.any" => {
                first
            }
            "Object.entries" | "Object.values" | "Object.keys" => {
                self.reveal(&first, at);
                match (&first, name) {
                    (_, "Object.keys") => Value::Plain,
                    (Value::Map(members, false), "Object.entries") => Value::List(
                        members
                            .iter()
                            .map(|(name, value)| {
                                Value::List([Value::text(name), value.clone()].into(), false)
                            })
                            .collect(),
                        false,
                    ),
                    (Value::Map(..), _) => Value::Many(Rc::new(first.item_of_map())),
                    (other, _) if other.is_plain() => Value::Plain,
                    (Value::Environment, _) => Value::Plain,
                    _ => {
                        self.lose(&first, at);
                        Value::Unknown
                    }
                }
            }
            _ => return None,
        })
    }

    fn javascript_web(&mut self, name: &str, given: &Given, at: At) -> Value {
        let first = Self::first(given);
        let options = match (&first, given.get(1, "")) {
            (Value::Map(..), _) => Some(first.clone()),
            (_, options) => options.filter(|value| !matches!(value, Value::Closure(..))),
        };
        let member = |key: &str| match &options {
            Some(Value::Map(members, _)) => {
                members.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
            }
            _ => None,
        };
        let plain_get = match &options {
            None => !name.ends_with("request"),
            Some(Value::Map(members, false)) => {
                member("body").is_none()
                    && member("method").is_none_or(|value| matches!(value.known(), Some("GET" | "HEAD")))
                    && member("headers").is_none_or(|value| certain(&value))
                    && members.iter().all(|(name, _)| !name.starts_with('\0'))
            }
            Some(_) => false,
        };
        let url = match &first {
            Value::Map(..) => {
                let host = member("hostname").or_else(|| member("host")).unwrap_or(Value::Unknown);
                let scheme = if name.starts_with("https") { "https://" } else { "http://" };
                let mut url = Word::known(scheme).then(&host.to_word());
                if let Some(path) = member("path") {
                    url = url.then(&path.to_word());
                }
                url
            }
            other => other.to_word(),
        };
        self.fetch(url, !plain_get, at);
        let response = Value::Instance("response", Rc::new(Value::Plain));
        given.all().for_each(|value| self.lose_with(value, &response, at));
        response
    }

    /// Programs that are started.
    fn started(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let (_, how) = name.rsplit_once('.')?;
        match self.language {
            Language::Python => self.started_python(how, given, at),
            Language::JavaScript => self.started_javascript(how, given, at),
        }
    }

    fn started_python(&mut self, how: &str, given: &Given, at: At) -> Option<Value> {
        if matches!(how, "getoutput" | "getstatusoutput") {
            let text = given.get(0, "cmd").unwrap_or(Value::Unknown).to_word();
            let directory = self.directory(given, "cwd");
            self.note(What::Shell { text, directory }, at);
            return Some(Value::Plain);
        }
        if !matches!(how, "run" | "call" | "check_call" | "check_output" | "Popen") {
            return None;
        }
        let words = given.get(0, "args").unwrap_or(Value::Unknown);
        let named =
            |key: &str| given.named.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone());
        let directory = self.directory(given, "cwd");
        let input = named("input").map(|value| value.to_word());
        if named("executable").is_some_and(|value| !matches!(value, Value::Nothing))
            || given.open
            || given.positional.len() > 1
        {
            self.doubt("a program is started in a way that is not known", at);
        }
        if named("env").is_some_and(|value| !matches!(value, Value::Nothing | Value::Environment)) {
            self.doubt("a program is started with another environment", at);
        }
        match named("shell") {
            Some(Value::Number(0) | Value::Truth(false)) | None => self.process(&words, directory, input, at),
            Some(shell) => {
                if !matches!(shell, Value::Truth(true) | Value::Number(_)) {
                    self.process(&words, directory.clone(), input, at);
                }
                let text = match &words {
                    // The first is the text, the others are its arguments.
                    Value::List(items, _) => items.first().map_or_else(Word::unknown, Value::to_word),
                    other => other.to_word(),
                };
                self.note(What::Shell { text, directory }, at);
            }
        }
        given
            .all()
            .filter(|value| !matches!(value, Value::Environment))
            .for_each(|value| self.lose(value, at));
        Some(Value::Instance("proc", Rc::new(Value::Plain)))
    }

    fn started_javascript(&mut self, how: &str, given: &Given, at: At) -> Option<Value> {
        let first = Self::first(given);
        let options = given.all().find_map(|value| match value {
            Value::Map(members, open) => Some((Rc::clone(members), *open)),
            _ => None,
        });
        let member = |key: &str| {
            let (members, _) = options.as_ref()?;
            members.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
        };
        let directory = match member("cwd") {
            Some(value) => Some(self.located(&value)),
            None => self.directory(&Given::default(), "cwd"),
        };
        let input = member("input").map(|value| value.to_word());
        let odd = given.positional.iter().skip(1).any(|value| {
            !matches!(
                value,
                Value::Map(_, false) | Value::List(..) | Value::Closure(..) | Value::Plain | Value::Many(_)
            )
        });
        if odd
            || options.as_ref().is_some_and(|(members, open)| {
                *open || members.iter().any(|(name, _)| name.starts_with('\0'))
            })
        {
            self.doubt("a program is started in a way that is not known", at);
        }
        if member("env").is_some_and(|value| !matches!(value, Value::Environment))
            || member("execPath").is_some()
            || member("argv0").is_some()
        {
            self.doubt("a program is started with another environment", at);
        }
        let list = match given.get(1, "") {
            Some(Value::List(items, open)) => Value::List(
                std::iter::once(first.clone()).chain(items.iter().cloned()).collect(),
                open || given.open,
            ),
            Some(Value::Map(..) | Value::Closure(..)) | None => {
                Value::List([first.clone()].into(), given.open)
            }
            Some(_) => Value::List([first.clone()].into(), true),
        };
        match how {
            "exec" | "execSync" => {
                if member("shell").is_some_and(|shell| {
                    !matches!(shell.known(), Some("/bin/sh" | "/bin/bash" | "sh" | "bash"))
                }) {
                    self.doubt("a shell that is not known", at);
                }
                self.note(What::Shell { text: first.to_word(), directory }, at);
            }
            "spawn" | "spawnSync" | "execFile" | "execFileSync" => {
                if member("shell").is_some_and(|value| !matches!(value, Value::Truth(false))) {
                    let text = match &list {
                        Value::List(items, open) => {
                            let mut word = Word::default();
                            for (number, item) in items.iter().enumerate() {
                                if number > 0 {
                                    word.push(Part::Text(" ".to_owned()));
                                }
                                word = word.then(&item.to_word());
                            }
                            if *open {
                                word.push(Part::Unknown);
                            }
                            word
                        }
                        other => other.to_word(),
                    };
                    self.note(What::Shell { text, directory }, at);
                } else {
                    self.process(&list, directory, input, at);
                }
            }
            "fork" => {
                let words = match list {
                    Value::List(items, open) => Value::List(
                        std::iter::once(Value::text("node")).chain(items.iter().cloned()).collect(),
                        open,
                    ),
                    other => other,
                };
                self.process(&words, directory, None, at);
            }
            _ => return None,
        }
        given.all().for_each(|value| self.lose_with(value, &Value::Plain, at));
        Some(Value::Instance("proc", Rc::new(Value::Plain)))
    }
}

/// Whether every text in it is known to the last sign.
fn certain(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Word(word) => word.text().is_some(),
        Value::List(items, false) => items.iter().all(certain),
        Value::Map(members, false) => {
            members.iter().all(|(name, value)| !name.starts_with('\0') && certain(value))
        }
        _ => false,
    }
}

fn first_text(given: &Given) -> Value {
    match given.get(0, "") {
        Some(value @ Value::Word(_)) => value,
        _ => Value::Plain,
    }
}

/// The part of a pattern in front of its first special sign; `whole`: the folder it lies in.
fn before_pattern(word: &Word, whole: bool) -> Word {
    let Some(Part::Text(text)) = word.parts.first() else { return Word::unknown() };
    let single = word.parts.len() == 1;
    let end = text.find(['*', '?', '[']);
    if end.is_none() && word.parts.len() == 1 {
        return if whole { parent(word) } else { word.clone() };
    }
    let front = text.get(..end.unwrap_or(text.len())).unwrap_or("");
    let folder = front.rfind('/').map_or("", |at| front.get(..=at).unwrap_or(""));
    let start = if folder.is_empty() { "./" } else { folder };
    let mut word = Word::known(start);
    if !whole {
        let stays = word.text().is_some() && text.get(front.len()..).is_some_and(stays_below) && single;
        if !stays {
            return Word::unknown();
        }
        word.push(Part::Inside);
    }
    word
}

/// Whether all that fits the pattern lies below where it starts.
fn stays_below(pattern: &str) -> bool {
    !pattern.starts_with('/') && !pattern.split('/').any(|part| part == "..")
}

/// Names as a listing gives them.
fn names() -> Value {
    Value::Many(Rc::new(Value::word(Word { parts: vec![Part::Inside] })))
}

fn unhex(text: &str) -> Option<String> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

fn unbase64(text: &str) -> Option<String> {
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut bytes = Vec::new();
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

impl Walk {
    /// Methods of the environment.
    pub(super) fn environment(&mut self, name: &str, given: &Given, at: At) -> Value {
        match (self.language, name) {
            (Language::Python, "get" | "__getitem__") => {
                self.special_python("os.environ.get", given, at).unwrap_or(Value::Unknown)
            }
            (Language::Python, "copy") => Value::Environment,
            (Language::Python, "items" | "values" | "keys") => {
                self.note(What::Variable(None), at);
                Value::Plain
            }
            _ => {
                given.all().for_each(|value| self.lose(value, at));
                self.note(What::Variable(None), at);
                self.doubt("the environment is changed", at);
                Value::Unknown
            }
        }
    }
}

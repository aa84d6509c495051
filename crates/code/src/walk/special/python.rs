//! Python: functions of the system, of paths and of the network.

use std::rc::Rc;

use super::decoding::{unbase64, unhex};
use super::paths::{at_home, before_pattern, file_name, parent};
use super::{certain, first_text, names};
use crate::effects::{Part, What, Word};
use crate::tree::At;
use crate::walk::Walk;
use crate::walk::call::Given;
use crate::walk::value::{Value, join_paths};

impl Walk {
    pub(super) fn special_python(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
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
}

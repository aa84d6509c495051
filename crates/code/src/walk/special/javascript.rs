//! JavaScript: functions of the system and of the network.

use std::rc::Rc;

use super::decoding::{unbase64, unhex};
use super::paths::{file_name, parent};
use super::{certain, names};
use crate::effects::{Part, What, Word};
use crate::tree::At;
use crate::walk::Walk;
use crate::walk::call::Given;
use crate::walk::value::{Value, join_paths};

impl Walk {
    pub(super) fn special_javascript(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
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
}

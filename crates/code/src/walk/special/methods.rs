//! Methods with rules of their own.

use std::rc::Rc;

use super::paths::{at_home, parent, stays_below};
use crate::effects::{Part, What, Word};
use crate::tree::At;
use crate::walk::Walk;
use crate::walk::call::Given;
use crate::walk::value::{Value, join_paths};

impl Walk {
    /// Methods with rules of their own.
    pub(in crate::walk) fn special_method(
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
}

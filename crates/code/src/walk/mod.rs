//! Follows a tree and writes down what it would do.
//!
//! Values are abstract: a text as far as it is known, plain data, a thing of the tables, a function of the text,
//! or anything. All ways through a text are followed; what differs between two ways is not known behind them.
//!
//! INVARIANT: a value of which nothing is known is no module, and a function with effects that is let out of
//! sight has been written down as called with anything ([`Walk::lose`]); so a call of a known harmless thing
//! stays harmless whatever it is given (guarded by `tests/it/oracle.rs`).

mod access;
mod assign;
mod call;
mod data;
mod expressions;

mod frames;
mod names;
mod perform;
mod special;
mod statements;
mod value;

use std::rc::Rc;

use crate::effects::{Effects, Use, What, Why, Word};
use crate::tables;
use crate::tree::{At, Function, Refusal, Stmt, Text};
use frames::Frames;
use names::Names;
use value::Value;

/// Steps after which nothing more is followed.
const STEPS: u32 = 30_000;
/// Calls of functions of the text within each other.
const CALLS: usize = 12;
/// Things done that are written down at most.
const USES: usize = 400;
/// Texts run by texts.
const TEXTS: u8 = 3;

/// Which language's rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    JavaScript,
}

pub(crate) struct Walk {
    language: Language,
    names: Names,
    frames: Frames,
    /// The frame names are looked up from.
    frame: usize,
    uses: Vec<Use>,
    unknown: Option<Why>,
    modules: Vec<String>,
    steps: u32,
    stopped: bool,
    /// Functions being followed.
    calls: Vec<*const Function>,
    /// Frames below this one are looked at from an unknown time; `None`: everything runs in order.
    later_than: Option<usize>,
    /// Functions that may run at any time, with what they are given.
    queue: Vec<(Rc<Function>, usize, Value)>,
    queued: Vec<*const Function>,
    followed: Vec<*const Function>,
    defined: Vec<(Rc<Function>, usize)>,
    /// What the functions being followed gave back.
    returns: Vec<Option<Value>>,
    /// Modules all of whose names were imported.
    stars: Vec<Rc<str>>,
    /// Names set more than once that stood for a module.
    wild: std::collections::HashSet<Rc<str>>,
    /// An encoded text was taken out of its encoding.
    decoded: bool,
    texts: u8,
    /// Where the text at hand stands in the whole: spans in nested texts are those of the call.
    outer: Option<At>,
}

/// Everything a text would do.
pub(crate) fn effects(text: &Text, language: Language) -> Effects {
    effects_within(text, language, 0, None)
}

fn effects_within(text: &Text, language: Language, texts: u8, outer: Option<At>) -> Effects {
    let mut walk = Walk {
        language,
        names: Names::of(&text.body, language),
        frames: Frames::default(),
        frame: 0,
        uses: Vec::new(),
        unknown: None,
        modules: Vec::new(),
        steps: 0,
        stopped: false,
        calls: Vec::new(),
        later_than: None,
        queue: Vec::new(),
        queued: Vec::new(),
        followed: Vec::new(),
        defined: Vec::new(),
        returns: Vec::new(),
        stars: Vec::new(),
        wild: std::collections::HashSet::new(),
        decoded: false,
        texts,
        outer,
    };
    walk.frames.push(None);
    let cwd = walk.frames.declare(0, &Rc::from("\0cwd"));
    walk.frames.set(cwd, Some(Value::word(Word::default())));
    walk.top(&text.body);
    if let Some(Refusal { why, at }) = &text.refusal {
        walk.hide(why, *at);
    }
    Effects { uses: walk.uses, unknown: walk.unknown, modules: walk.modules }
}

impl Walk {
    fn top(&mut self, body: &[Stmt]) {
        self.declare_all(body, true);
        self.body(body);
        // Then what may run at any time.
        let mut next = 0;
        loop {
            while let Some((function, frame, given)) = self.queue.get(next).cloned() {
                next += 1;
                self.follow_later(&function, frame, &given);
            }
            let left = self.defined.iter().find(|(function, _)| {
                !self.followed.contains(&Rc::as_ptr(function)) && !self.queued.contains(&Rc::as_ptr(function))
            });
            match left.cloned() {
                Some((function, frame)) => self.later(&function, frame, Value::Unknown),
                None => return,
            }
        }
    }

    /// Counts a step; whether the walk may go on.
    fn step(&mut self, at: At) -> bool {
        self.steps += 1;
        if !self.stopped
            && (self.steps > STEPS || self.frames.len() > frames::FRAMES || self.uses.len() > USES)
        {
            self.stopped = true;
            self.hide("the text is too long or too involved to be followed", at);
        }
        !self.stopped
    }

    /// There may be more to it than is written down.
    fn doubt(&mut self, why: &str, at: At) {
        if self.unknown.is_none() {
            let span = self.outer.unwrap_or(at).range();
            self.unknown = Some(Why { text: why.to_owned(), span, hides: false });
        }
    }

    /// It runs what cannot be seen. Outweighs a doubt.
    fn hide(&mut self, why: &str, at: At) {
        if self.unknown.as_ref().is_none_or(|before| !before.hides) {
            let span = self.outer.unwrap_or(at).range();
            self.unknown = Some(Why { text: why.to_owned(), span, hides: true });
        }
    }

    /// Something is done.
    fn note(&mut self, what: What, at: At) {
        if self.decoded && matches!(what, What::Process { .. } | What::Shell { .. }) {
            self.hide("what is run stood in the text under an encoding", at);
        }
        let done = Use { what, span: self.outer.unwrap_or(at).range() };
        if !self.uses.contains(&done) {
            self.uses.push(done);
        }
    }

    /// The function may run at any time, its parameters being `given`.
    fn later(&mut self, function: &Rc<Function>, frame: usize, given: Value) {
        if !self.queued.contains(&Rc::as_ptr(function)) {
            self.queued.push(Rc::as_ptr(function));
            self.queue.push((Rc::clone(function), frame, given));
        } else if let Some((_, _, before)) =
            self.queue.iter_mut().find(|(found, _, _)| Rc::ptr_eq(found, function))
            && !before.same(&given)
        {
            // Met before with something else. It may have been followed already: once more, with anything.
            let joined = before.joined(&given);
            if !joined.same(before) {
                *before = joined.clone();
                self.queue.push((Rc::clone(function), frame, joined));
            }
        }
    }

    /// Runs `work`; places it set may hold any value they had since.
    fn anywhere<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.frames.mark();
        let result = work(self);
        self.blur(mark);
        result
    }

    /// Every place set since `mark` may hold any value it had since.
    fn blur(&mut self, mark: usize) {
        for (slot, values) in self.frames.history(mark) {
            let joined = self.join_all(values);
            self.frames.set(slot, joined);
        }
    }

    fn join_all(&mut self, values: Vec<Option<Value>>) -> Option<Value> {
        let mut joined: Option<Value> = None;
        for value in values.into_iter().flatten() {
            joined = Some(match joined {
                Some(before) => self.join(&before, &value),
                None => value,
            });
        }
        joined
    }

    /// One of two values; what is let out of sight by that is written down.
    fn join(&mut self, one: &Value, other: &Value) -> Value {
        let joined = one.joined(other);
        if matches!(joined, Value::Unknown) {
            self.lose(one, At::default());
            self.lose(other, At::default());
        }
        joined
    }

    /// Runs one of two ways.
    fn either(&mut self, one: impl FnOnce(&mut Self), other: impl FnOnce(&mut Self)) {
        let mark = self.frames.mark();
        one(self);
        let after = self.frames.rewind(mark);
        other(self);
        let changed: Vec<_> = self.frames.history(mark);
        for (slot, value) in &after {
            let now = self.frames.get(*slot).cloned();
            let joined = self.join_all(vec![value.clone(), now]);
            self.frames.set(*slot, joined);
        }
        for (slot, _) in changed {
            if after.iter().all(|(found, _)| *found != slot) {
                let before = self.frames.before(slot, mark);
                let now = self.frames.get(slot).cloned();
                let joined = self.join_all(vec![before, now]);
                self.frames.set(slot, joined);
            }
        }
    }

    /// Runs `work`, or not.
    fn perhaps(&mut self, work: impl FnOnce(&mut Self)) {
        self.anywhere(work);
    }

    /// Runs `work` again and again: until nothing new comes of it, then once for good.
    fn again(&mut self, work: &mut dyn FnMut(&mut Self)) {
        for round in 0..4 {
            let uses = self.uses.len();
            let unknown = self.unknown.clone();
            let mark = self.frames.mark();
            work(self);
            let history = self.frames.history(mark);
            self.frames.rewind(mark);
            self.uses.truncate(uses);
            if !self.stopped {
                self.unknown = unknown;
            }
            let mut stable = true;
            for (slot, values) in history {
                let before = self.frames.get(slot).cloned();
                let joined = if round == 3 { Some(Value::Unknown) } else { self.join_all(values) };
                let same = match (&before, &joined) {
                    (Some(before), Some(joined)) => before.same(joined),
                    (None, None) => true,
                    _ => false,
                };
                if !same {
                    stable = false;
                    self.frames.set(slot, joined);
                }
            }
            if stable || self.stopped {
                break;
            }
        }
        self.anywhere(|walk| work(walk));
    }

    /// `value` goes where it is not followed: a function in it may be called with anything, at any time.
    fn lose(&mut self, value: &Value, at: At) {
        self.lose_with(value, &Value::Unknown, at);
    }

    fn lose_with(&mut self, value: &Value, given: &Value, at: At) {
        match value {
            Value::Closure(function, frame) => self.later(&Rc::clone(function), *frame, given.clone()),
            Value::Known(name) => {
                if tables::is_module(self.language, name) {
                    self.hide("a module is handed on as a value", at);
                } else if tables::find(self.language, name).is_some_and(tables::acts) {
                    self.call_known(name, &call::Given::anything(), at);
                }
            }
            Value::Method(base, name) => {
                self.call_method(base, name, &call::Given::anything(), at);
            }
            Value::List(items, _) => items.iter().for_each(|item| self.lose_with(item, given, at)),
            Value::Map(members, _) => members.iter().for_each(|(_, item)| self.lose_with(item, given, at)),
            Value::Many(item) => self.lose_with(item, given, at),
            Value::Environment => self.note(What::Variable(None), at),
            // Its `write` takes the name of a file, unlike that of everything else.
            Value::Instance("search path", _) => self.hide("the places of modules are handed on", at),
            Value::Instance("xml", _) => self.doubt("an XML tree is handed on as a value", at),
            _ => {}
        }
    }
}

//! What can be told of names before anything is followed: how often each is set, and what a function sets
//! outside of itself.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::Language;
use crate::tree::{Declares, Do, Expr, Function, Kind, Stmt};

/// Methods that change what they are called on.
const MUTATORS: [&str; 30] = [
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "popitem",
    "add",
    "discard",
    "push",
    "splice",
    "shift",
    "unshift",
    "fill",
    "copyWithin",
    "set",
    "delete",
    "shuffle",
    "heappush",
    "heappop",
    "heapify",
    "insort",
    "appendleft",
    "popleft",
    "assign",
    "subtract",
];

/// What is known of the names of a text.
#[derive(Debug, Default)]
pub(super) struct Names {
    sites: HashMap<Rc<str>, u8>,
    outside: HashSet<Rc<str>>,
    /// What each imported name stands for; nothing once it stands for several things.
    imported: HashMap<Rc<str>, String>,
    /// Lists and dictionaries may be changed in place.
    pub(super) mutates: bool,
    /// The directory of the process is changed somewhere.
    pub(super) moves: bool,
}

impl Names {
    pub(super) fn of(body: &[Stmt], language: Language) -> Self {
        let mut scan = Scan { names: Self::default(), language, repeats: 0, own: Vec::new() };
        scan.body(body);
        scan.names
    }

    /// Set in one place only, and not again and again.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        self.sites.get(name).is_none_or(|count| *count <= 1) && !self.outside.contains(name)
    }

    /// Set by a function that it does not belong to: at any time.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.outside.contains(name)
    }
}

struct Scan {
    names: Names,
    language: Language,
    repeats: u32,
    /// Names declared in each function around.
    own: Vec<HashSet<Rc<str>>>,
}

impl Scan {
    fn bind(&mut self, name: &Rc<str>) {
        let count = self.names.sites.entry(Rc::clone(name)).or_default();
        *count = count.saturating_add(if self.repeats > 0 { 2 } else { 1 });
    }

    fn target(&mut self, target: &Expr, declares: Declares) {
        match &target.kind {
            Kind::Name(name) => {
                self.bind(name);
                if self.language == Language::JavaScript
                    && declares == Declares::No
                    && self.own.last().is_some_and(|own| !own.contains(name))
                {
                    self.names.outside.insert(Rc::clone(name));
                }
            }
            Kind::Sequence(items) => items.iter().for_each(|item| self.target(item, declares)),
            Kind::Mapping(entries) => {
                for (key, value) in entries {
                    if let Some(key) = key {
                        self.expr(key);
                    }
                    self.target(value, declares);
                }
            }
            Kind::Assign(inner, _, default) => {
                self.target(inner, declares);
                self.expr(default);
            }
            Kind::Spread(inner) => self.target(inner, declares),
            Kind::Attribute(base, _) => self.expr(base),
            Kind::Index(base, index) => {
                self.names.mutates = true;
                self.expr(base);
                self.expr(index);
            }
            Kind::Slice(base, parts) => {
                self.names.mutates = true;
                self.expr(base);
                parts.iter().for_each(|part| self.expr(part));
            }
            _ => self.expr(target),
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Text(_)
            | Kind::Number(_)
            | Kind::Truth(_)
            | Kind::Nothing
            | Kind::Constant
            | Kind::Name(_) => {}
            Kind::Template(items) | Kind::Sequence(items) | Kind::Plain(items) | Kind::Choice(items) => {
                self.exprs(items)
            }
            Kind::Mapping(entries) => {
                for (key, value) in entries {
                    self.exprs(key);
                    self.expr(value);
                }
            }
            Kind::Attribute(base, name) => {
                self.names.mutates |= MUTATORS.contains(&&**name);
                self.names.moves |= matches!(&**name, "chdir" | "fchdir" | "chroot");
                self.expr(base);
            }
            Kind::Index(base, index) => {
                self.expr(base);
                self.expr(index);
            }
            Kind::Slice(base, parts) => {
                self.expr(base);
                self.exprs(parts);
            }
            Kind::Call(call) => {
                self.expr(&call.callee);
                self.exprs(call.arguments.iter().map(|argument| &argument.value));
            }
            Kind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            Kind::Function(function) => self.function(function),
            Kind::Class(class) => {
                self.exprs(class.bases.iter().map(|base| &base.value));
                self.body(&class.body);
            }
            Kind::Comprehension(comprehension) => {
                self.repeats += 1;
                for clause in &comprehension.clauses {
                    self.target(&clause.target, Declares::Block);
                    self.expr(&clause.source);
                    self.exprs(&clause.tests);
                }
                self.exprs(&comprehension.values);
                self.repeats -= 1;
            }
            Kind::Assign(target, operator, value) => {
                self.names.mutates |= operator.is_some();
                self.target(target, Declares::No);
                if operator.is_some()
                    && let Kind::Name(name) = &target.kind
                {
                    self.bind(name);
                }
                self.expr(value);
            }
            Kind::Yield(value) => self.exprs(value.as_deref()),
            Kind::Await(value) | Kind::Spread(value) | Kind::SpreadNamed(value) | Kind::Import(value) => {
                self.expr(value)
            }
        }
    }

    fn function(&mut self, function: &Function) {
        self.exprs(&function.decorators);
        let mut own = HashSet::new();
        for parameter in &function.parameters {
            self.target(&parameter.target, Declares::Block);
            targets(&parameter.target, &mut |name| {
                own.insert(Rc::clone(name));
            });
            self.exprs(&parameter.default);
        }
        declared(&function.body, true, &mut |name| {
            own.insert(Rc::clone(name));
        });
        self.own.push(own);
        let repeats = std::mem::replace(&mut self.repeats, 0);
        self.body(&function.body);
        self.repeats = repeats;
        self.own.pop();
    }

    fn body(&mut self, body: &[Stmt]) {
        body.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            Do::Expr(value) => self.expr(value),
            Do::Assign(items, value, declares) => {
                items.iter().for_each(|item| self.target(item, *declares));
                self.expr(value);
            }
            // Declared and set later: one place still.
            Do::Declare(..) | Do::Leave | Do::Nothing => {}
            Do::Import { name, .. } | Do::From { local: name, .. } => {
                self.names.moves |= matches!(&**name, "chdir" | "fchdir" | "*");
                // The same import twice is one.
                let what = format!("{:?}", stmt.kind);
                if self.names.imported.get(name) != Some(&what) {
                    let repeats = std::mem::replace(&mut self.repeats, 0);
                    self.bind(name);
                    self.repeats = repeats;
                    self.names.imported.insert(Rc::clone(name), what);
                }
            }
            Do::If(test, then, other) => {
                self.expr(test);
                self.body(then);
                self.body(other);
            }
            Do::While(test, body, other) => {
                self.repeats += 1;
                self.expr(test);
                self.body(body);
                self.repeats -= 1;
                self.body(other);
            }
            Do::For { target, source, body, otherwise, declares } => {
                self.expr(source);
                self.repeats += 1;
                self.target(target, *declares);
                self.body(body);
                self.repeats -= 1;
                self.body(otherwise);
            }
            Do::Try { body, handlers, otherwise, last } => {
                self.body(body);
                for handler in handlers {
                    self.exprs(&handler.types);
                    if let Some(target) = &handler.target {
                        self.target(target, Declares::Block);
                    }
                    self.body(&handler.body);
                }
                self.body(otherwise);
                self.body(last);
            }
            Do::With(items, body) => {
                for (value, target) in items {
                    self.expr(value);
                    if let Some(target) = target {
                        self.target(target, Declares::No);
                    }
                }
                self.body(body);
            }
            Do::Function(function) => {
                if let Some(name) = &function.name {
                    self.bind(name);
                }
                self.function(function);
            }
            Do::Class(class) => {
                if let Some(name) = &class.name {
                    self.bind(name);
                }
                self.exprs(&class.decorators);
                self.exprs(class.bases.iter().map(|base| &base.value));
                self.body(&class.body);
            }
            Do::Return(value) => self.exprs(value),
            Do::Raise(values) => self.exprs(values),
            Do::Delete(values) => values.iter().for_each(|value| self.target(value, Declares::No)),
            Do::Global(names) => self.names.outside.extend(names.iter().cloned()),
            Do::Match(subject, cases) => {
                self.expr(subject);
                for case in cases {
                    case.binds.iter().for_each(|name| self.bind(name));
                    self.exprs(&case.tests);
                    self.body(&case.body);
                }
            }
            Do::Block(body) => self.body(body),
        }
    }
}

/// Names in a pattern.
pub(super) fn targets(target: &Expr, found: &mut dyn FnMut(&Rc<str>)) {
    match &target.kind {
        Kind::Name(name) => found(name),
        Kind::Sequence(items) => items.iter().for_each(|item| targets(item, found)),
        Kind::Mapping(entries) => entries.iter().for_each(|(_, value)| targets(value, found)),
        Kind::Assign(inner, _, _) | Kind::Spread(inner) => targets(inner, found),
        _ => {}
    }
}

/// Names that belong to a function with this body. `deep`: those of blocks in it too.
pub(super) fn declared(body: &[Stmt], deep: bool, found: &mut dyn FnMut(&Rc<str>)) {
    for stmt in body {
        match &stmt.kind {
            Do::Assign(items, _, declares)
                if *declares == Declares::Function || deep && *declares != Declares::No =>
            {
                items.iter().for_each(|item| targets(item, found));
            }
            Do::Declare(target, declares) if deep || *declares == Declares::Function => {
                targets(target, found)
            }
            Do::Function(function) if deep => function.name.iter().for_each(&mut *found),
            Do::Class(class) if deep => class.name.iter().for_each(&mut *found),
            Do::If(_, then, other) => {
                declared(then, deep, found);
                declared(other, deep, found);
            }
            Do::While(_, body, other) => {
                declared(body, deep, found);
                declared(other, deep, found);
            }
            Do::For { target, body, otherwise, declares, .. } => {
                if *declares == Declares::Function || deep && *declares == Declares::Block {
                    targets(target, found);
                }
                declared(body, deep, found);
                declared(otherwise, deep, found);
            }
            Do::Try { body, handlers, otherwise, last } => {
                declared(body, deep, found);
                for handler in handlers {
                    if let Some(target) = handler.target.as_ref().filter(|_| deep) {
                        targets(target, found);
                    }
                    declared(&handler.body, deep, found);
                }
                declared(otherwise, deep, found);
                declared(last, deep, found);
            }
            Do::Match(_, cases) => cases.iter().for_each(|case| declared(&case.body, deep, found)),
            Do::Block(body) => declared(body, deep, found),
            _ => {}
        }
    }
}

/// Names that Python counts as a function's own: everything it sets, unless it says otherwise.
pub(super) fn python_locals(body: &[Stmt], found: &mut dyn FnMut(&Rc<str>)) {
    for stmt in body {
        match &stmt.kind {
            Do::Assign(items, value, _) => {
                items.iter().for_each(|item| targets(item, found));
                walrus(value, found);
            }
            Do::Import { name, .. } | Do::From { local: name, .. } => found(name),
            Do::Function(function) => function.name.iter().for_each(&mut *found),
            Do::Class(class) => class.name.iter().for_each(&mut *found),
            Do::If(test, then, other) | Do::While(test, then, other) => {
                walrus(test, found);
                python_locals(then, found);
                python_locals(other, found);
            }
            Do::For { target, source, body, otherwise, .. } => {
                targets(target, found);
                walrus(source, found);
                python_locals(body, found);
                python_locals(otherwise, found);
            }
            Do::Try { body, handlers, otherwise, last } => {
                python_locals(body, found);
                for handler in handlers {
                    handler.target.iter().for_each(|target| targets(target, found));
                    python_locals(&handler.body, found);
                }
                python_locals(otherwise, found);
                python_locals(last, found);
            }
            Do::With(items, body) => {
                for (value, target) in items {
                    walrus(value, found);
                    target.iter().for_each(|target| targets(target, found));
                }
                python_locals(body, found);
            }
            Do::Match(subject, cases) => {
                walrus(subject, found);
                for case in cases {
                    case.binds.iter().for_each(&mut *found);
                    case.tests.iter().for_each(|test| walrus(test, found));
                    python_locals(&case.body, found);
                }
            }
            Do::Expr(value) | Do::Return(Some(value)) => walrus(value, found),
            Do::Delete(values) => values.iter().for_each(|value| targets(value, found)),
            Do::Raise(values) => values.iter().for_each(|value| walrus(value, found)),
            Do::Block(body) => python_locals(body, found),
            _ => {}
        }
    }
}

/// Names set within an expression, those in comprehensions included.
fn walrus(expr: &Expr, found: &mut dyn FnMut(&Rc<str>)) {
    match &expr.kind {
        Kind::Assign(target, _, value) => {
            targets(target, found);
            walrus(value, found);
        }
        Kind::Template(items) | Kind::Sequence(items) | Kind::Plain(items) | Kind::Choice(items) => {
            items.iter().for_each(|item| walrus(item, found));
        }
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                key.iter().for_each(|key| walrus(key, found));
                walrus(value, found);
            }
        }
        Kind::Attribute(base, _) => walrus(base, found),
        Kind::Index(base, index) => {
            walrus(base, found);
            walrus(index, found);
        }
        Kind::Slice(base, parts) => {
            walrus(base, found);
            parts.iter().for_each(|part| walrus(part, found));
        }
        Kind::Call(call) => {
            walrus(&call.callee, found);
            call.arguments.iter().for_each(|argument| walrus(&argument.value, found));
        }
        Kind::Binary(_, left, right) => {
            walrus(left, found);
            walrus(right, found);
        }
        Kind::Comprehension(comprehension) => {
            for clause in &comprehension.clauses {
                walrus(&clause.source, found);
                clause.tests.iter().for_each(|test| walrus(test, found));
            }
            comprehension.values.iter().for_each(|value| walrus(value, found));
        }
        Kind::Await(value) | Kind::Spread(value) | Kind::SpreadNamed(value) => walrus(value, found),
        Kind::Yield(Some(value)) => walrus(value, found),
        _ => {}
    }
}

//! Lists, pipelines and compound commands.

use std::rc::Rc;

use super::loops::{grows, is_endless};
use super::state::{Function, State};
use super::value::{Field, Value};
use super::{Machine, Stdin};
use crate::syntax::{Entry, Join, Kind, List, Node, Value as Assigned, Word};

/// Times a loop body is walked until its variables are settled.
const PASSES: usize = 4;
/// Words of a `for` loop that are followed one by one.
const TURNS: usize = 24;

impl Machine<'_> {
    /// Walks a list; afterwards `state` holds if its last command succeeded, `failed` if not.
    pub(super) fn list(&mut self, list: &List) {
        let mut rest = list.entries.as_slice();
        while let Some((_, others)) = rest.split_first() {
            if self.stopped {
                return;
            }
            let length = 1 + others.iter().take_while(|entry| entry.join != Join::Then).count();
            let (chain, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = after;
            self.settle();
            // `a && b &` runs all of it in a shell of its own.
            if chain.iter().any(|entry| entry.background) {
                self.concurrent += 1;
                self.subshell(|machine| machine.and_or(chain));
                self.concurrent -= 1;
                self.failed = None;
            } else {
                self.and_or(chain);
            }
        }
    }

    /// Pipelines joined by `&&` and `||`.
    fn and_or(&mut self, entries: &[Entry]) {
        for entry in entries {
            match entry.join {
                Join::Then => self.entry(entry),
                Join::And => {
                    let not_run = self.failed.take().unwrap_or_else(|| self.state.clone());
                    self.entry(entry);
                    let failed = self.failed.take().unwrap_or_else(|| self.state.clone());
                    self.failed = Some(not_run.merge(failed));
                }
                Join::Or => {
                    let not_run = self.state.clone();
                    if let Some(failed) = self.failed.take() {
                        self.state = failed;
                    }
                    self.entry(entry);
                    let failed = self.failed.take().unwrap_or_else(|| self.state.clone());
                    let ok = std::mem::replace(&mut self.state, failed);
                    self.failed = Some(std::mem::replace(&mut self.state, ok.merge(not_run)));
                }
            }
        }
    }

    /// The state whichever way the last command ended.
    pub(super) fn settle(&mut self) {
        if let Some(failed) = self.failed.take() {
            let ok = self.state.clone();
            self.state = ok.merge(failed);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.failed = None;
        match entry.stages.as_slice() {
            [one] => self.node(one),
            stages => {
                self.concurrent += 1;
                let network = self.network;
                self.network |= stages.iter().any(talks);
                let mut input = self.stdin.clone();
                for (at, stage) in stages.iter().enumerate() {
                    let before = std::mem::replace(&mut self.stdin, input.clone());
                    if at + 1 == stages.len() && self.may_be_zsh() {
                        self.perhaps_here(stage);
                    } else {
                        self.subshell(|machine| machine.node(stage));
                    }
                    input = if at + 1 < stages.len() { self.output(stage, &input) } else { Stdin::Unknown };
                    self.stdin = before;
                }
                self.concurrent -= 1;
                self.network = network;
            }
        }
        if entry.negated
            && let Some(failed) = self.failed.take()
        {
            self.failed = Some(std::mem::replace(&mut self.state, failed));
        }
    }

    /// The last stage of a pipeline, which zsh runs in the shell itself.
    fn perhaps_here(&mut self, stage: &Node) {
        let before = self.state.clone();
        self.node(stage);
        self.settle();
        let after = std::mem::replace(&mut self.state, before.clone());
        self.state = if after.dead { before } else { before.merge(after) };
    }

    /// What a stage of a pipeline writes, as far as it is certain.
    fn output(&mut self, stage: &Node, input: &Stdin) -> Stdin {
        match &stage.kind {
            Kind::Simple(simple)
                if stage
                    .redirects
                    .iter()
                    .all(|redirect| redirect.body.is_some() || super::substitution::is_stderr(redirect)) =>
            {
                match self.printed(simple, &stage.redirects) {
                    Some(text) => Stdin::Known(text),
                    None => self.listed(simple, input).map_or(Stdin::Unknown, Stdin::Words),
                }
            }
            _ => Stdin::Unknown,
        }
    }

    pub(super) fn node(&mut self, node: &Node) {
        if !self.step() {
            return;
        }
        self.deeper(|machine| machine.node_inner(node));
    }

    fn node_inner(&mut self, node: &Node) {
        if let Kind::Simple(simple) = &node.kind {
            return self.simple(simple, &node.redirects, &node.span);
        }
        let before = self.stdin.clone();
        if !node.redirects.is_empty() {
            self.redirects_alone(&node.redirects, &node.span);
        }
        self.compound(&node.kind, node);
        if let Kind::Group(list) | Kind::Subshell(list) = &node.kind {
            self.remember_group(list, &node.redirects);
        }
        self.stdin = before;
    }

    fn compound(&mut self, kind: &Kind, node: &Node) {
        match kind {
            Kind::Simple(_) => {}
            Kind::Group(list) => self.list(list),
            Kind::Subshell(list) => self.subshell(|machine| machine.list(list)),
            Kind::If { branches, otherwise } => self.branches(branches, otherwise.as_ref()),
            // `until` runs its body when the condition failed, so either may be the case.
            Kind::While { condition, body } => {
                self.lines_read(condition, body);
                self.turns(|machine| {
                    if is_endless(condition) && grows(body) {
                        machine.push_unknown(
                            "while true",
                            machine.span(&node.span),
                            "an endless loop appends to a file without a pause",
                        );
                    }
                    if is_endless(condition) && body.entries.iter().any(|entry| entry.background) {
                        machine.push_unknown(
                            "while true",
                            machine.span(&node.span),
                            "an endless loop starts one process after another",
                        );
                    }
                    machine.list(condition);
                    machine.settle();
                    let left = machine.state.clone();
                    machine.list(body);
                    machine.after_turn();
                    let state = machine.state.clone();
                    machine.state = state.merge(left);
                });
            }
            Kind::For { variable, words, body } => {
                self.in_loop(|machine| machine.for_words(variable, words.as_deref(), body));
            }
            Kind::ForArithmetic { expression, body } => {
                self.arithmetic(expression, &node.span);
                self.turns(|machine| {
                    machine.list(body);
                    machine.after_turn();
                    machine.arithmetic(expression, &node.span);
                });
            }
            Kind::Case { subject, arms } => self.case(subject, arms),
            Kind::Function { name, body } => self.define(name, body),
            Kind::Test(words) => self.test(words),
            Kind::Arithmetic(parts) => self.arithmetic(parts, &node.span),
            // `time` runs it here, `coproc` in a shell of its own.
            Kind::Prefixed(nodes) => {
                for inner in nodes {
                    self.settle();
                    let before = self.state.clone();
                    self.concurrent += 1;
                    self.node(inner);
                    self.concurrent -= 1;
                    self.settle();
                    let state = self.state.clone();
                    self.state = state.merge(before);
                }
            }
        }
    }

    fn branches(&mut self, branches: &[(List, List)], otherwise: Option<&List>) {
        let mut ends: Option<State> = None;
        for (condition, body) in branches {
            self.list(condition);
            let not_taken = self.failed.take().unwrap_or_else(|| self.state.clone());
            self.list(body);
            self.settle();
            let end = std::mem::replace(&mut self.state, not_taken);
            ends = Some(match ends {
                Some(other) => other.merge(end),
                None => end,
            });
        }
        if let Some(list) = otherwise {
            self.list(list);
            self.settle();
        }
        if let Some(ends) = ends {
            let last = self.state.clone();
            self.state = ends.merge(last);
        }
    }

    /// Walks a loop whose turns are alike.
    fn turns(&mut self, body: impl FnMut(&mut Self)) {
        self.in_loop(|machine| machine.repeat(body));
    }

    /// Walks a loop body until what it leaves behind is what it starts with.
    fn repeat(&mut self, mut body: impl FnMut(&mut Self)) {
        for pass in 0..PASSES {
            let before = self.state.clone();
            body(self);
            self.settle();
            let after = std::mem::replace(&mut self.state, before.clone());
            self.state = before.clone().merge(after);
            if self.state.same(&before) || self.stopped {
                return;
            }
            if pass + 2 == PASSES {
                self.state.forget_variables();
                self.state.dirs.clear();
            }
        }
    }

    fn for_words(&mut self, variable: &str, words: Option<&[Word]>, body: &List) {
        let fields = match words {
            Some(words) => self.words(words),
            None => match self.state.positional.clone() {
                Some(fields) => fields.to_vec(),
                None => vec![Field::unknown(true)],
            },
        };
        if fields.len() > TURNS || fields.iter().any(|field| field.elastic) {
            return self.repeat(|machine| {
                machine.set_variable(variable, Value::Unknown);
                machine.list(body);
                machine.after_turn();
            });
        }
        for field in &fields {
            let several = matches!(Value::of(field), Value::Glob(_));
            let turn = |machine: &mut Self| {
                machine.set_variable(variable, Value::of(field));
                let before = machine.state.clone();
                machine.list(body);
                machine.after_turn();
                // A command that is not known may be one that leaves the body early.
                if before.same(&machine.state) || !leaves_early(body) {
                    return;
                }
                let state = machine.state.clone();
                machine.state = state.merge(before);
            };
            if several {
                self.repeat(turn);
            } else {
                turn(self);
            }
        }
    }

    fn case(&mut self, subject: &Word, arms: &[(Vec<Word>, List)]) {
        self.one(subject);
        let start = self.state.clone();
        let mut end = start.clone();
        for (patterns, list) in arms {
            self.state = start.clone();
            self.narrowed(subject, patterns, list);
            self.state = start.clone();
            for pattern in patterns {
                self.one(pattern);
            }
            // `;&` goes on with the next arm: its variables may be those of any arm before.
            let begin = start.clone();
            self.state = begin.merge(end.clone());
            self.list(list);
            self.settle();
            let state = self.state.clone();
            end = end.merge(state);
        }
        self.state = end;
    }

    fn define(&mut self, name: &str, body: &Node) {
        if name == "command_not_found_handle" || self.is_called_by_zsh(name) {
            self.push_unknown(name, None, "the shell calls a function of that name by itself");
        }
        let function = Function {
            name: Rc::from(name),
            body: Rc::new(body.clone()),
            certain: true,
            id: self.defined.len(),
            nested: self.texts > 0,
        };
        self.state.functions.retain(|other| *other.name != *name);
        self.state.functions.push(function.clone());
        self.defined.push(function);
    }

    /// `[[ … ]]`: words are only expanded, but `-v name[…]` and numeric comparisons evaluate their text.
    fn test(&mut self, words: &[Word]) {
        let fields: Vec<Field> = words.iter().map(|word| self.one(word)).collect();
        for (at, field) in fields.iter().enumerate() {
            let evaluated = match field.text() {
                Some("-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge") => [at.checked_sub(1), Some(at + 1)],
                Some("-v" | "-R") => [None, Some(at + 1)],
                _ => continue,
            };
            for operand in evaluated.into_iter().flatten().filter_map(|at| fields.get(at)) {
                self.evaluated_text(operand);
            }
        }
    }

    /// Whether an assigned value is an array.
    pub(super) fn is_array(value: &Assigned) -> bool {
        matches!(value, Assigned::Array(_))
    }
}

/// Whether a stage of a pipeline is a program that anybody on the network may talk through.
fn talks(stage: &Node) -> bool {
    let Kind::Simple(simple) = &stage.kind else { return false };
    let word = |at: usize| super::substitution::literal(simple, at).unwrap_or("");
    match word(0).rsplit('/').next().unwrap_or("") {
        "nc" | "ncat" | "netcat" | "telnet" | "socat" => true,
        "openssl" => word(1) == "s_client",
        _ => false,
    }
}

fn leaves_early(list: &List) -> bool {
    list.entries.iter().flat_map(|entry| &entry.stages).any(|node| match &node.kind {
        Kind::Simple(simple) => simple.words.first().is_some_and(|word| match word.parts.as_slice() {
            [crate::syntax::Part::Bare(text)] => text == "break" || text == "continue",
            _ => true,
        }),
        _ => true,
    })
}

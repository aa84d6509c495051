//! Puts the bodies of here-documents into the tree.
//!
//! A body is read when the newline behind its redirection comes, and by then the redirection may already be
//! part of a finished command, or of one that is not finished yet. So the redirection first holds the number
//! of its body, and the bodies are put in once the tree is complete.

use super::cursor::{Read, Reader};
use crate::syntax::{Assignment, Kind, List, Node, Operator, Parameter, Part, Redirect, Value, Word};

/// What a redirection holds until its body is put in.
pub(super) fn placeholder(number: usize) -> Option<Vec<Part>> {
    Some(vec![Part::Range(number.to_string())])
}

impl Reader<'_> {
    /// Puts bodies into every redirection of `list`.
    pub(super) fn fill_bodies(&mut self, list: &mut List) -> Read<()> {
        if self.documents == 0 {
            return Ok(());
        }
        let mut filler = Filler { bodies: std::mem::take(&mut self.bodies), missing: false };
        filler.list(list);
        if filler.missing { self.refuse("here-document without its body") } else { Ok(()) }
    }

    /// The same for parts.
    pub(super) fn fill_parts(&mut self, parts: &mut [Part]) -> Read<()> {
        if self.documents == 0 {
            return Ok(());
        }
        let mut filler = Filler { bodies: std::mem::take(&mut self.bodies), missing: false };
        filler.parts(parts);
        if filler.missing { self.refuse("here-document without its body") } else { Ok(()) }
    }
}

struct Filler {
    bodies: Vec<Vec<Part>>,
    missing: bool,
}

impl Filler {
    fn list(&mut self, list: &mut List) {
        for entry in &mut list.entries {
            self.nodes(&mut entry.stages);
        }
    }

    fn nodes(&mut self, nodes: &mut [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &mut Node) {
        self.kind(&mut node.kind);
        for redirect in &mut node.redirects {
            self.redirect(redirect);
        }
    }

    fn kind(&mut self, kind: &mut Kind) {
        match kind {
            Kind::Simple(simple) => {
                for assignment in &mut simple.assignments {
                    self.assignment(assignment);
                }
                self.words(&mut simple.words);
            }
            Kind::Group(list) | Kind::Subshell(list) => self.list(list),
            Kind::If { branches, otherwise } => {
                for (condition, body) in branches {
                    self.list(condition);
                    self.list(body);
                }
                if let Some(list) = otherwise {
                    self.list(list);
                }
            }
            Kind::While { condition, body } => {
                self.list(condition);
                self.list(body);
            }
            Kind::For { words, body, .. } => {
                self.words(words.as_deref_mut().unwrap_or_default());
                self.list(body);
            }
            Kind::ForArithmetic { expression, body } => {
                self.parts(expression);
                self.list(body);
            }
            Kind::Case { subject, arms } => {
                self.parts(&mut subject.parts);
                for (patterns, body) in arms {
                    self.words(patterns);
                    self.list(body);
                }
            }
            Kind::Function { body, .. } => self.node(body),
            Kind::Test(words) => self.words(words),
            Kind::Arithmetic(parts) => self.parts(parts),
            Kind::Prefixed(nodes) => self.nodes(nodes),
        }
    }

    fn redirect(&mut self, redirect: &mut Redirect) {
        self.parts(&mut redirect.target.parts);
        let Some(body) = &mut redirect.body else { return };
        let [Part::Range(number)] = body.as_slice() else {
            return self.parts(body);
        };
        let Some(found) = number.parse::<usize>().ok().and_then(|number| self.bodies.get_mut(number)) else {
            self.missing = true;
            return;
        };
        *body = std::mem::take(found);
        self.parts(body);
    }

    fn assignment(&mut self, assignment: &mut Assignment) {
        self.parts(assignment.index.as_deref_mut().unwrap_or_default());
        match &mut assignment.value {
            Value::Scalar(word) => self.parts(&mut word.parts),
            Value::Array(elements) => {
                for (index, word) in elements {
                    self.parts(index.as_deref_mut().unwrap_or_default());
                    self.parts(&mut word.parts);
                }
            }
        }
    }

    fn words(&mut self, words: &mut [Word]) {
        for word in words {
            self.parts(&mut word.parts);
        }
    }

    fn parts(&mut self, parts: &mut [Part]) {
        for part in parts {
            match part {
                Part::Bare(_) | Part::Quoted(_) | Part::Range(_) => {}
                Part::Double(parts) | Part::Arithmetic(parts) => self.parts(parts),
                Part::Parameter(parameter) => self.parameter(parameter),
                Part::Command(list) | Part::Process(_, list) => self.list(list),
                Part::Braces(alternatives) => {
                    for parts in alternatives {
                        self.parts(parts);
                    }
                }
            }
        }
    }

    fn parameter(&mut self, parameter: &mut Parameter) {
        self.parts(parameter.index.as_deref_mut().unwrap_or_default());
        match &mut parameter.operator {
            Operator::Plain => {}
            Operator::Default(word)
            | Operator::Assign(word)
            | Operator::Error(word)
            | Operator::Alternative(word) => self.parts(&mut word.parts),
            Operator::Change(_, parts) => self.parts(parts),
        }
    }
}

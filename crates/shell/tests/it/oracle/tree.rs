//! Which commands a tree says could run, with their arguments as far as they are plain text.

use placet_shell::syntax::{Assignment, Kind, List, Node, Operator, Parameter, Part, Redirect, Value, Word};

/// A simple command of a tree.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// Name is known; each argument is known text or not.
    Named(String, Vec<Option<String>>),
    /// Name is only known when it runs.
    Dynamic,
}

/// All simple commands of `list`.
pub(super) fn commands(list: &List) -> Vec<Found> {
    let mut walker = Walker { found: Vec::new() };
    walker.list(list);
    walker.found
}

/// Whether one of `found` can have run `PWN` with `arguments`.
pub(super) fn explains(found: &[Found], arguments: &[String]) -> bool {
    found.iter().any(|command| match command {
        Found::Dynamic => true,
        Found::Named(name, words) if name == "PWN" => fits(words, arguments),
        Found::Named(name, words) if name == "time" || name == "command" => {
            let inner: Vec<_> = words
                .iter()
                .skip_while(|word| word.as_ref().is_some_and(|text| text.starts_with('-')))
                .cloned()
                .collect();
            match inner.split_first() {
                // These run what follows them in turn.
                Some((Some(name), rest)) => explains(&[Found::Named(name.clone(), rest.to_vec())], arguments),
                Some((None, _)) => true,
                None => false,
            }
        }
        Found::Named(..) => false,
    })
}

/// An unknown word may become any number of words, so nothing is compared behind one.
fn fits(words: &[Option<String>], arguments: &[String]) -> bool {
    for (at, word) in words.iter().enumerate() {
        match (word, arguments.get(at)) {
            (None, _) => return true,
            (Some(word), Some(argument)) if word == argument => {}
            _ => return false,
        }
    }
    words.len() == arguments.len()
}

struct Walker {
    found: Vec<Found>,
}

impl Walker {
    fn list(&mut self, list: &List) {
        for entry in &list.entries {
            entry.stages.iter().for_each(|node| self.node(node));
        }
    }

    fn node(&mut self, node: &Node) {
        node.redirects.iter().for_each(|redirect| self.redirect(redirect));
        match &node.kind {
            Kind::Simple(simple) => {
                simple.assignments.iter().for_each(|assignment| self.assignment(assignment));
                simple.words.iter().for_each(|word| self.word(word));
                let words: Vec<_> = simple.words.iter().flat_map(texts).collect();
                match words.split_first() {
                    None => {}
                    Some((Some(name), rest)) => self.found.push(Found::Named(name.clone(), rest.to_vec())),
                    Some((None, _)) => self.found.push(Found::Dynamic),
                }
            }
            Kind::Group(list) | Kind::Subshell(list) => self.list(list),
            Kind::If { branches, otherwise } => {
                for (condition, body) in branches {
                    self.list(condition);
                    self.list(body);
                }
                otherwise.iter().for_each(|list| self.list(list));
            }
            Kind::While { condition, body } => {
                self.list(condition);
                self.list(body);
            }
            Kind::For { words, body, .. } => {
                words.iter().flatten().for_each(|word| self.word(word));
                self.list(body);
            }
            Kind::ForArithmetic { expression, body } => {
                self.parts(expression);
                self.list(body);
            }
            Kind::Case { subject, arms } => {
                self.word(subject);
                for (patterns, body) in arms {
                    patterns.iter().for_each(|word| self.word(word));
                    self.list(body);
                }
            }
            Kind::Function { body, .. } => self.node(body),
            Kind::Test(words) => words.iter().for_each(|word| self.word(word)),
            Kind::Arithmetic(parts) => self.parts(parts),
            Kind::Prefixed(nodes) => nodes.iter().for_each(|node| self.node(node)),
        }
    }

    fn redirect(&mut self, redirect: &Redirect) {
        self.word(&redirect.target);
        self.parts(redirect.body.as_deref().unwrap_or_default());
    }

    fn assignment(&mut self, assignment: &Assignment) {
        self.parts(assignment.index.as_deref().unwrap_or_default());
        match &assignment.value {
            Value::Scalar(word) => self.word(word),
            Value::Array(elements) => {
                for (index, word) in elements {
                    self.parts(index.as_deref().unwrap_or_default());
                    self.word(word);
                }
            }
        }
    }

    fn word(&mut self, word: &Word) {
        self.parts(&word.parts);
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Bare(_) | Part::Quoted(_) | Part::Range(_) => {}
                Part::Double(parts) | Part::Arithmetic(parts) => self.parts(parts),
                Part::Parameter(parameter) => self.parameter(parameter),
                Part::Command(list) | Part::Process(_, list) => self.list(list),
                Part::Braces(alternatives) => alternatives.iter().for_each(|parts| self.parts(parts)),
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.parts(parameter.index.as_deref().unwrap_or_default());
        match &parameter.operator {
            Operator::Plain => {}
            Operator::Default(word)
            | Operator::Assign(word)
            | Operator::Error(word)
            | Operator::Alternative(word) => self.word(word),
            Operator::Change(_, parts) => self.parts(parts),
        }
    }
}

/// The words that a word becomes; `None` for one that is not plain text.
fn texts(word: &Word) -> Vec<Option<String>> {
    let mut made = alternatives(word);
    // `{a,}` unquoted and empty makes no word at all.
    let nothing = !word.parts.is_empty() && word.parts.iter().all(|part| matches!(part, Part::Braces(_)));
    made.retain(|text| !(nothing && text.as_deref() == Some("")));
    made
}

fn alternatives(word: &Word) -> Vec<Option<String>> {
    let mut made = vec![Some(String::new())];
    for part in &word.parts {
        let choices: Vec<Option<String>> = match part {
            Part::Bare(text) if text.contains(['*', '?', '[', '~']) => vec![None],
            Part::Bare(text) | Part::Quoted(text) => vec![Some(text.clone())],
            Part::Double(parts) => vec![quoted(parts)],
            Part::Braces(alternatives) => alternatives
                .iter()
                .flat_map(|parts| self::alternatives(&Word { parts: parts.clone(), span: 0..0 }))
                .collect(),
            _ => vec![None],
        };
        made = made
            .iter()
            .flat_map(|before| {
                choices.iter().map(move |choice| Some(format!("{}{}", before.as_ref()?, choice.as_ref()?)))
            })
            .collect();
    }
    made
}

fn quoted(parts: &[Part]) -> Option<String> {
    parts
        .iter()
        .map(|part| match part {
            Part::Quoted(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

//! Which literal keys a rule is found by.
//!
//! `INVARIANT:` whenever a rule can match an action, certainly or possibly, the action asks for at least one of
//! the keys computed here (`decide::probe`); the test `index_finds_what_a_scan_finds` guards it.

use crate::ir::{Base, Condition, HostPattern, PathPattern, ResourceOp, Rule};
use crate::matching::glob::{self, Token, Tokens};

/// Kinds of resources as the index tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Path,
    Command,
    Web,
    Text,
}

impl Class {
    pub(crate) const ALL: [Self; 4] = [Self::Path, Self::Command, Self::Web, Self::Text];

    /// Its place among all of them.
    fn place(self) -> usize {
        match self {
            Self::Path => 0,
            Self::Command => 1,
            Self::Web => 2,
            Self::Text => 3,
        }
    }
}

/// Seeds that keep key spaces apart.
pub(crate) mod space {
    pub(crate) const ANY: [u64; 4] = [1, 2, 3, 4];
    pub(crate) const PROGRAM: u64 = 5;
    pub(crate) const DOES: u64 = 6;
    pub(crate) const ROOT: u64 = 7;
    pub(crate) const PROJECT: u64 = 8;
    pub(crate) const SEGMENT: u64 = 9;
    pub(crate) const EXTENSION: u64 = 10;
    pub(crate) const BEGINNING: u64 = 11;
    pub(crate) const HOST: u64 = 12;
    pub(crate) const KIND: u64 = 13;
    pub(crate) const EVERY: [u64; 4] = [14, 15, 16, 17];
}

const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Start of a literal in a key space.
pub(crate) fn start(space: u64) -> u64 {
    0xcbf2_9ce4_8422_2325 ^ space.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Adds text to a literal, case apart.
pub(crate) fn add(mut state: u64, text: &str) -> u64 {
    if text.is_ascii() {
        for byte in text.bytes() {
            state = (state ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
        }
        return state;
    }
    for c in text.chars().flat_map(char::to_lowercase) {
        state = (state ^ u64::from(u32::from(c))).wrapping_mul(PRIME);
    }
    state
}

/// A literal of a key space.
pub(crate) fn literal(space: u64, text: &str) -> u64 {
    add(start(space), text)
}

/// A key: action name and literal.
pub(crate) fn key(kind: u64, literal: u64) -> u64 {
    let mixed = (kind.rotate_left(25) ^ literal).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

/// An action name as part of a key; `*` for rules whose patterns have a wildcard.
pub(crate) fn kind(name: &str) -> u64 {
    literal(space::KIND, name)
}

/// The literal of rules of a class that have no other.
pub(crate) fn any(class: Class) -> u64 {
    start(space::ANY.get(class.place()).copied().unwrap_or(1))
}

/// The literal that every rule of a class has, for actions of which too little is known to ask for others.
pub(crate) fn every(class: Class) -> u64 {
    start(space::EVERY.get(class.place()).copied().unwrap_or(14))
}

/// Whether a rule can match anything of a class.
fn reaches(rule: &Rule, class: Class) -> bool {
    rule.conditions.iter().all(|condition| match condition {
        Condition::Command(_) => class == Class::Command,
        Condition::Path(_) => class == Class::Path,
        Condition::Host(_) => class == Class::Web,
        _ => true,
    })
}

/// Adds all keys of a rule.
pub(crate) fn of_rule(rule: &Rule, out: &mut Vec<u64>) {
    let mut literals = Vec::with_capacity(8);
    for class in Class::ALL.into_iter().filter(|class| reaches(rule, *class)) {
        let found = rule.conditions.iter().filter_map(|condition| self::literals(condition, class));
        literals.extend(found.min_by_key(Vec::len).unwrap_or_else(|| vec![any(class)]));
        literals.push(every(class));
    }
    let wild = rule.actions.iter().any(|pattern| pattern.contains('*'));
    let names = rule.actions.iter().map(String::as_str).filter(|_| !wild).chain(wild.then_some("*"));
    for kind in names.map(kind) {
        out.extend(literals.iter().map(|literal| key(kind, *literal)));
    }
}

/// Literals of which an action has at least one when the condition holds. `None`: there are none such.
fn literals(condition: &Condition, class: Class) -> Option<Vec<u64>> {
    match (class, condition) {
        (Class::Path, Condition::Path(cond)) => cond.matches.as_ref()?.iter().map(of_path).collect(),
        (Class::Path, Condition::Resource(cond)) if cond.op != ResourceOp::Regex => {
            cond.paths.iter().map(of_path).collect()
        }
        (Class::Web, Condition::Host(hosts)) => hosts.iter().map(of_host).collect(),
        (Class::Web, Condition::Resource(cond)) if cond.op != ResourceOp::Regex => {
            cond.urls.iter().map(|url| of_host(&url.host)).collect()
        }
        (Class::Command, Condition::Resource(cond)) => of_command_text(cond),
        (Class::Command, Condition::Command(cond)) => {
            if !cond.program.is_empty() {
                return cond.program.iter().map(|glob| of_program(glob)).collect();
            }
            (cond.does != 0).then(|| (0..32).filter(|bit| cond.does & (1 << bit) != 0).map(of_does).collect())
        }
        _ => None,
    }
}

/// Literal of something a command does, by its bit.
pub(crate) fn of_does(bit: u32) -> u64 {
    start(space::DOES) ^ u64::from(bit + 1).wrapping_mul(PRIME)
}

/// Last component of a path.
pub(crate) fn last_component(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

fn of_program(glob: &str) -> Option<u64> {
    let text = glob::literal(glob)?;
    Some(literal(space::PROGRAM, last_component(&text)))
}

fn of_command_text(cond: &crate::ir::ResourceCond) -> Option<Vec<u64>> {
    match cond.op {
        // `^git push( |$)`: the first word is known when a blank follows it.
        ResourceOp::Regex => {
            let of = |text: &String| {
                let begin = crate::matching::needs::needs(text).into_iter().find(|need| need.at_start)?;
                begin.any.iter().map(|text| of_word(text.split_once(' ')?.0)).collect::<Option<Vec<u64>>>()
            };
            cond.texts.iter().map(of).collect::<Option<Vec<_>>>().map(|each| each.concat())
        }
        ResourceOp::Contains => cond.words.iter().map(of_words).collect(),
        // Read as words it names a program only where it begins with one.
        ResourceOp::StartsWith => {
            let key = |(text, words): (&String, &crate::ir::Words)| {
                let named = words.kind == crate::ir::WordsKind::Command && !words.head.is_empty();
                text.split_once(' ').filter(|_| named).and_then(|(word, _)| of_word(word))
            };
            cond.texts.iter().zip(&cond.words).map(key).collect()
        }
        ResourceOp::Matches => cond
            .texts
            .iter()
            .map(|glob| {
                let first = glob.split_once(' ').map_or(glob.as_str(), |(word, _)| word);
                of_word(&glob::literal(first)?)
            })
            .collect(),
    }
}

/// A word as it stands at the start of a command's text; quoted ones are not taken apart here.
fn of_word(word: &str) -> Option<u64> {
    let plain = !word.is_empty() && !word.contains(['\'', '"', '\\', '$']) && !word.ends_with('/');
    plain.then(|| literal(space::PROGRAM, last_component(word)))
}

fn of_words(words: &crate::ir::Words) -> Option<u64> {
    let single_path =
        words.open && words.flags.is_empty() && words.plain.is_empty() && words.head.contains('/');
    (words.kind == crate::ir::WordsKind::Command && !words.head.is_empty() && !single_path)
        .then(|| of_word(&words.head))
        .flatten()
}

fn of_host(host: &HostPattern) -> Option<u64> {
    match host {
        HostPattern::Domain(name) | HostPattern::Exact(name) | HostPattern::Below(name) => {
            Some(literal(space::HOST, name))
        }
        HostPattern::Any | HostPattern::Glob(_) => None,
    }
}

fn of_path(pattern: &PathPattern) -> Option<u64> {
    let segments: Vec<&str> = pattern.glob.split('/').filter(|segment| !segment.is_empty()).collect();
    let leading: Vec<String> = segments.iter().map_while(|segment| glob::literal(segment)).collect();
    if !leading.is_empty() && pattern.base != Base::Home {
        let space = if pattern.base == Base::Root { space::ROOT } else { space::PROJECT };
        return Some(leading.iter().fold(start(space), |state, segment| add(add(state, "/"), segment)));
    }
    let literal_segment = segments.iter().rev().find_map(|segment| glob::literal(segment));
    if let Some(segment) = literal_segment {
        return Some(literal(space::SEGMENT, &segment));
    }
    segments
        .iter()
        .find_map(|segment| of_extension(segment))
        .or_else(|| segments.iter().find_map(|segment| of_beginning(segment)))
}

fn of_extension(segment: &str) -> Option<u64> {
    let tokens: Vec<Token<'_>> = Tokens::new(segment).collect();
    let mut suffix: Vec<char> = Vec::new();
    for token in tokens.iter().rev() {
        match token {
            Token::Char('.') => {
                let text: String = suffix.iter().rev().collect();
                return Some(literal(space::EXTENSION, &text));
            }
            Token::Char(c) => suffix.push(*c),
            _ => return None,
        }
    }
    None
}

fn of_beginning(segment: &str) -> Option<u64> {
    let mut tokens = Tokens::new(segment);
    match (tokens.next()?, tokens.next()?) {
        (Token::Char(first), Token::Char(second)) => {
            Some(literal(space::BEGINNING, &String::from_iter([first, second])))
        }
        _ => None,
    }
}

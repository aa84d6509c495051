//! Targets of a makefile: their recipes, those of what they need, and what runs while the file is read.

use std::rc::Rc;

use placet_model::path::absolute;

use super::super::Machine;
use super::super::follow::Piece;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::value::{Field, Value};
use super::makefile::Makefile;
use super::variables::Automatic;
use super::{Content, OPEN, UNREAD};

/// Names under which a makefile is found.
const NAMES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];
/// Files that are included, and targets that are followed.
const INCLUDED: usize = 16;
const TARGETS: usize = 64;

/// Variables that stand for a program in the rules make has itself, and for its options.
const PROGRAMS: [&str; 8] = ["CC", "CXX", "CPP", "AS", "AR", "LD", "FC", "RM"];
const OPTIONS: [&str; 8] =
    ["CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS", "LDLIBS", "ASFLAGS", "ARFLAGS", "FFLAGS"];

/// A makefile about to be used.
struct Making {
    file: Makefile,
    made: bool,
    dir: Rc<str>,
    /// `make`, as the person wrote it.
    label: String,
    seen: Vec<String>,
    /// Only what runs all the same: lines with a `+` or with `$(MAKE)`.
    dry: bool,
}

impl Machine<'_> {
    pub(super) fn make(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let values = |name: &str| -> Vec<&Field> {
            parsed
                .flags
                .iter()
                .filter(|used| used.name() == name)
                .filter_map(|used| used.value.as_ref())
                .collect()
        };
        let files = values("file");
        if scope.dirs.is_empty() && self.memory.wrote_named(&NAMES) {
            self.unknown_code("Makefile", scope, UNREAD);
        }
        for dir in scope.dirs.clone() {
            let found: Vec<Content> = if files.is_empty() {
                NAMES.iter().find_map(|name| self.content(&format!("{dir}/{name}"))).into_iter().collect()
            } else {
                let paths = files.iter().filter_map(|file| file.text());
                let paths: Vec<String> = paths.map(|path| absolute(path, &dir, self.context.home)).collect();
                paths.iter().filter_map(|path| self.content(path)).collect()
            };
            if !found.is_empty() {
                self.make_in(found, &dir, parsed, scope);
            }
        }
    }

    fn make_in(&mut self, found: Vec<Content>, dir: &Rc<str>, parsed: &Parsed, scope: &mut Scope) {
        let id = found.first().map(|content| content.path.clone()).unwrap_or_default();
        if self.memory.open.len() >= OPEN {
            return;
        }
        let mut making = Making {
            file: Makefile::default(),
            made: found.iter().any(|content| content.made),
            dir: Rc::clone(dir),
            label: scope.name.clone(),
            seen: Vec::new(),
            dry: false,
        };
        let mut targets = Vec::new();
        for operand in &parsed.operands {
            match (operand.text().and_then(|text| text.split_once('=')), operand.text()) {
                (Some((name, value)), _) => {
                    making.file.variables.give(name.trim_end_matches([':', '?', '+']), Some(value))
                }
                (None, Some(target)) => targets.push(target.to_owned()),
                (None, None) => match operand.start().split_once('=') {
                    Some((name, _)) => making.file.variables.give(name, None),
                    None => making.file.variables.vague = true,
                },
            }
        }
        self.built_in_rules(&making, parsed);
        if parsed.flags.iter().any(|used| used.name() == "environment-overrides") {
            let texts = found.iter().filter_map(|content| content.text.as_deref());
            for name in
                texts.flat_map(str::lines).filter_map(|line| line.split_once('=')).map(|(name, _)| name)
            {
                let name = name.trim_end_matches([':', '?', '+', ' ', '\t']).trim_start();
                if let Some(Value::Known(value)) = self.state.assigned(name) {
                    making.file.variables.give(name, Some(value));
                }
            }
        }
        let unread = found.iter().any(|content| content.made && content.text.is_none());
        for content in &found {
            making.file.read(content.text.as_deref().unwrap_or(""));
        }
        self.include(&mut making);
        if unread {
            self.unknown_code(&id, scope, UNREAD);
        }
        self.memory.open.push(id);
        self.make_targets(making, targets, parsed, scope);
        self.memory.open.pop();
    }

    /// Rules that make has itself run programs by variables: a value that holds more than a program and its
    /// options runs more than that.
    fn built_in_rules(&mut self, making: &Making, parsed: &Parsed) {
        let given = |name: &str| {
            let own = parsed.operands.iter().filter_map(Field::text).filter_map(|text| text.split_once('='));
            let mut own = own.filter(|(known, _)| known.trim_end_matches([':', '?', '+']) == name);
            match (own.next(), self.state.assigned(name)) {
                (Some((_, value)), _) => Some(value.to_owned()),
                (None, Some(Value::Known(value))) => Some(value.to_string()),
                _ => None,
            }
        };
        let several = |value: &str| value.contains([';', '|', '&', '`', '\n']) || value.contains("$(");
        let programs = PROGRAMS.iter().filter_map(|name| given(name));
        let options = OPTIONS.iter().filter_map(|name| Some(format!("cc {}", given(name)?)));
        let texts: Vec<String> = programs.chain(options).filter(|value| several(value)).collect();
        if texts.is_empty() {
            return;
        }
        let label = format!("{} (variables)", making.label);
        self.through(Piece { label, made: true, recipe: true }, |machine| {
            for text in &texts {
                machine.text(text, true, Some(Rc::from([])));
            }
        });
    }

    fn include(&mut self, making: &mut Making) {
        let mut read = 0;
        while let Some(name) = making.file.included.pop() {
            read += 1;
            if let Some(names) = self.fitting(&name, &making.dir) {
                making.file.included.extend(names);
                continue;
            }
            let plain = !name.contains(['$', '*', '?', '[']);
            if read > INCLUDED || !plain {
                making.file.variables.vague = true;
                if read > INCLUDED {
                    return;
                }
                continue;
            }
            if let Some(content) = self.content(&absolute(&name, &making.dir, None)) {
                making.made |= content.made;
                making.file.variables.vague |= content.text.is_none();
                making.file.read(content.text.as_deref().unwrap_or(""));
            }
        }
    }

    /// Files that a pattern in the last part of `name` stands for.
    fn fitting(&self, name: &str, dir: &str) -> Option<Vec<String>> {
        let (above, pattern) = name.rsplit_once('/').unwrap_or((".", name));
        if above.contains(['$', '*', '?', '['])
            || !pattern.contains(['*', '?'])
            || pattern.contains(['$', '['])
        {
            return None;
        }
        match self.context.facts.entries(&absolute(above, dir, None), false, INCLUDED * 4) {
            placet_model::Entries::All(names) => Some(
                names
                    .iter()
                    .filter(|entry| crate::glob::fits(pattern, entry))
                    .map(|entry| format!("{above}/{entry}"))
                    .collect(),
            ),
            _ => None,
        }
    }

    fn make_targets(&mut self, mut making: Making, targets: Vec<String>, parsed: &Parsed, scope: &mut Scope) {
        let has = |names: &[&str]| parsed.flags.iter().any(|used| names.contains(&used.name()));
        let targets =
            if targets.is_empty() { making.file.goal.clone().into_iter().collect() } else { targets };
        let early = std::mem::take(&mut making.file.variables.shell);
        let label = format!("{} $(shell)", making.label);
        self.make_lines(&making, label, &early, &[]);
        making.dry = has(&["just-print", "dry-run", "recon", "n", "question", "q", "touch", "t"]);
        for target in &targets {
            self.target(&mut making, target);
        }
        if making.made && (making.file.variables.vague || making.file.foreign) {
            self.unknown_code(
                &making.label,
                scope,
                "parts of the recipe that was only just written are not understood",
            );
        }
    }

    /// What a target needs, then its own recipe.
    fn target(&mut self, making: &mut Making, target: &str) {
        if making.seen.len() >= TARGETS || making.seen.iter().any(|seen| seen == target) {
            return;
        }
        making.seen.push(target.to_owned());
        let rules: Vec<(Vec<String>, Vec<String>)> = making
            .file
            .rules_for(target)
            .into_iter()
            .map(|(rule, stem)| {
                let stem = stem.unwrap_or_default();
                let needs = rule.needs.iter().map(|need| need.replacen('%', &stem, 1)).collect();
                (needs, rule.lines.clone())
            })
            .collect();
        let specific: Vec<_> = making
            .file
            .specific
            .iter()
            .filter(|(known, ..)| known == target)
            .take(TARGETS)
            .cloned()
            .collect();
        let mut kept = Vec::new();
        for (_, name, operator, text) in &specific {
            kept.push((name.clone(), making.file.variables.borrow(name, operator, text)));
        }
        for (needs, mut lines) in rules {
            for need in &needs {
                self.target(making, need);
            }
            if making.dry {
                lines.retain(|line| {
                    let marks = line.trim_start_matches(['@', '-', ' ', '\t']);
                    marks.starts_with('+') || line.contains("$(MAKE)") || line.contains("${MAKE}")
                });
            }
            let automatic = Automatic { target, needs: &needs };
            let mut texts: Vec<String> =
                lines.iter().map(|line| plain_line(&making.file.variables.expand(line, automatic))).collect();
            if making.file.one_shell {
                texts = vec![texts.join("\n")];
            }
            making.file.evaluate();
            let early = std::mem::take(&mut making.file.variables.shell);
            let label = format!("{} {target}", making.label);
            self.make_lines(making, label, &early, &texts);
        }
        for (name, before) in kept.into_iter().rev() {
            making.file.variables.give_back(&name, before);
        }
    }

    /// Runs commands that are run for their output, then the lines of a recipe, each in a shell of its own.
    fn make_lines(&mut self, making: &Making, label: String, early: &[String], lines: &[String]) {
        let handed: Vec<String>;
        let lines = if making.file.foreign {
            handed = lines.iter().filter_map(|line| making.file.by_shell(line)).collect();
            &handed
        } else {
            lines
        };
        if early.iter().chain(lines).all(|line| line.trim().is_empty()) {
            return;
        }
        self.through(Piece { label, made: making.made, recipe: true }, |machine| {
            machine.state.dirs = vec![Rc::clone(&making.dir)];
            for name in
                ["_unknown_"].into_iter().chain(making.file.variables.exported.iter().map(String::as_str))
            {
                machine.state.set(name, Value::Unknown);
                machine.state.export(name);
            }
            machine.state.path_changed |= making.file.variables.exported.iter().any(|name| name == "PATH");
            for line in early.iter().chain(lines) {
                machine.text(line, true, Some(Rc::from([])));
            }
        });
    }
}

/// A recipe line without the marks in front of it.
fn plain_line(line: &str) -> String {
    line.trim_start_matches(['@', '-', '+', ' ', '\t']).to_owned()
}

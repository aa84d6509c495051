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

/// A makefile about to be used.
struct Making {
    file: Makefile,
    made: bool,
    dir: Rc<str>,
    /// `make`, as the person wrote it.
    label: String,
    seen: Vec<String>,
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

    fn include(&mut self, making: &mut Making) {
        let mut read = 0;
        while let Some(name) = making.file.included.pop() {
            read += 1;
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

    fn make_targets(&mut self, mut making: Making, targets: Vec<String>, parsed: &Parsed, scope: &mut Scope) {
        let has = |names: &[&str]| parsed.flags.iter().any(|used| names.contains(&used.name()));
        let targets =
            if targets.is_empty() { making.file.goal.clone().into_iter().collect() } else { targets };
        let early = std::mem::take(&mut making.file.variables.shell);
        let label = format!("{} $(shell)", making.label);
        self.make_lines(&making, label, &early, &[]);
        if !has(&["just-print", "dry-run", "recon", "n", "question", "q", "touch", "t"]) {
            for target in targets {
                self.target(&mut making, &target);
            }
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
        for (needs, lines) in rules {
            for need in &needs {
                self.target(making, need);
            }
            let automatic = Automatic { target, needs: &needs };
            let mut texts: Vec<String> =
                lines.iter().map(|line| plain_line(&making.file.variables.expand(line, automatic))).collect();
            if making.file.one_shell {
                texts = vec![texts.join("\n")];
            }
            let early = std::mem::take(&mut making.file.variables.shell);
            let label = format!("{} {target}", making.label);
            self.make_lines(making, label, &early, &texts);
        }
    }

    /// Runs commands that are run for their output, then the lines of a recipe, each in a shell of its own.
    fn make_lines(&mut self, making: &Making, label: String, early: &[String], lines: &[String]) {
        let lines = if making.file.foreign { &[] } else { lines };
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

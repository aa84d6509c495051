//! Recipes of justfiles.

use std::rc::Rc;

use placet_model::path::absolute;

use super::super::Machine;
use super::super::follow::Piece;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::value::{Field, Value};
use super::{Content, UNREAD, folder};

const NAMES: [&str; 4] = ["justfile", "Justfile", ".justfile", "JUSTFILE"];
/// Lines that are read, and recipes that are followed.
const LINES: usize = 4_000;
const RECIPES: usize = 48;
/// Stands for a value that is not known.
const UNKNOWN: &str = "${_unknown_}";

#[derive(Default)]
struct Justfile {
    recipes: Vec<Recipe>,
    /// Name and text of assignments; `None` when the text is not plain.
    variables: Vec<(String, Option<String>)>,
    /// Commands that run while the file is read.
    early: Vec<String>,
    vague: bool,
    foreign: bool,
}

struct Recipe {
    name: String,
    parameters: Vec<String>,
    needs: Vec<String>,
    lines: Vec<String>,
}

impl Machine<'_> {
    pub(super) fn just(&mut self, parsed: &Parsed, scope: &mut Scope) {
        if parsed.flags.iter().any(|used| matches!(used.name(), "look" | "command")) {
            return;
        }
        let given =
            parsed.flags.iter().find(|used| used.name() == "justfile").and_then(|used| used.value.as_ref());
        if scope.dirs.is_empty() && self.memory.wrote_named(&NAMES) {
            self.unknown_code("justfile", scope, UNREAD);
        }
        for dir in scope.dirs.clone() {
            let found = match given.map(Field::text) {
                Some(path) => path.and_then(|path| self.content(&absolute(path, &dir, self.context.home))),
                None => self.content_above(&dir, &NAMES),
            };
            if let Some(content) = found {
                self.just_in(&content, &parsed.operands, scope);
            }
        }
    }

    fn just_in(&mut self, content: &Content, operands: &[Field], scope: &mut Scope) {
        let Some(text) = &content.text else {
            if content.made {
                self.unknown_code(&content.path, scope, UNREAD);
            }
            return;
        };
        let mut file = read(text);
        let mut seen = Vec::new();
        let early = std::mem::take(&mut file.early);
        self.just_lines(content, format!("{} (justfile)", scope.name), &early, &[]);
        // Variables may stand in front of the names of recipes.
        let mut rest = operands;
        while let Some(field) = rest.first().filter(|field| field.start().contains('=')) {
            if let Some((name, _)) = field.start().split_once('=') {
                file.variables.push((name.to_owned(), None));
            }
            rest = rest.get(1..).unwrap_or(&[]);
        }
        file.vague |= rest.first().is_some_and(|field| field.text().is_none());
        let first = file.recipes.first().map(|recipe| recipe.name.clone());
        let mut next = match rest.first() {
            Some(field) => field.text().map(str::to_owned),
            None => first,
        };
        rest = rest.get(1..).unwrap_or(&[]);
        while let Some(name) = next.take() {
            let Some(recipe) = file.recipes.iter().find(|recipe| recipe.name == name) else { break };
            let many = recipe.parameters.iter().any(|name| name.starts_with(['*', '+']));
            let take = if many { rest.len() } else { recipe.parameters.len().min(rest.len()) };
            let arguments = rest.get(..take).unwrap_or(&[]).to_vec();
            rest = rest.get(take..).unwrap_or(&[]);
            self.just_recipe(content, &mut file, &name, &arguments, &mut seen, &scope.name);
            next = rest.first().and_then(Field::text).map(str::to_owned);
            rest = rest.get(1..).unwrap_or(&[]);
        }
        if content.made && (file.vague || file.foreign) {
            self.unknown_code(
                &content.path,
                scope,
                "parts of the recipe that was only just written are not understood",
            );
        }
    }

    fn just_recipe(
        &mut self,
        content: &Content,
        file: &mut Justfile,
        name: &str,
        arguments: &[Field],
        seen: &mut Vec<String>,
        shown: &str,
    ) {
        if seen.len() >= RECIPES || seen.iter().any(|known| known == name) {
            return;
        }
        seen.push(name.to_owned());
        let Some(recipe) = file.recipes.iter().find(|recipe| recipe.name == name) else { return };
        let needs = recipe.needs.clone();
        let mut local = Vec::new();
        for (at, parameter) in recipe.parameters.iter().enumerate() {
            let name = parameter.trim_start_matches(['*', '+', '$']);
            let (name, default) =
                name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let given = arguments.get(at).map(|field| field.text().map(str::to_owned));
            let value = given.unwrap_or_else(|| default.and_then(plain));
            local.push((name.to_owned(), value.filter(|_| !parameter.starts_with(['*', '+']))));
        }
        let texts: Vec<String> = recipe.lines.clone();
        let texts: Vec<String> = texts.iter().map(|line| interpolate(line, &local, file)).collect();
        for need in &needs {
            self.just_recipe(content, file, need, &[], seen, shown);
        }
        let texts = match texts.first().filter(|first| first.starts_with("#!")) {
            Some(first) if super::super::scripts::is_shell(first) => vec![texts.join("\n")],
            Some(_) => {
                file.vague = true;
                return;
            }
            None => texts.iter().map(|line| line.trim_start_matches(['@', '-']).to_owned()).collect(),
        };
        if !file.foreign {
            self.just_lines(content, format!("{shown} {name}"), &texts, arguments);
        }
    }

    fn just_lines(&mut self, content: &Content, label: String, lines: &[String], arguments: &[Field]) {
        if lines.is_empty() {
            return;
        }
        let dir = folder(&content.path);
        self.through(Piece { label, made: content.made, recipe: true }, |machine| {
            machine.state.dirs = vec![Rc::from(dir)];
            machine.state.set("_unknown_", Value::Unknown);
            machine.state.export("_unknown_");
            for line in lines {
                machine.text(line, true, Some(Rc::from(arguments)));
            }
        });
    }
}

fn read(text: &str) -> Justfile {
    let mut file = Justfile::default();
    let mut open = false;
    for line in text.lines().take(LINES) {
        if line.starts_with([' ', '\t']) {
            if let Some(recipe) = file.recipes.last_mut().filter(|_| open) {
                let line = line.trim_start();
                match recipe.lines.last_mut().filter(|last| last.ends_with('\\')) {
                    Some(last) => {
                        last.push('\n');
                        last.push_str(line);
                    }
                    None => recipe.lines.push(line.to_owned()),
                }
            }
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') || line.starts_with('[') {
            continue;
        }
        open = false;
        head(line, &mut file, &mut open);
    }
    file.vague |= text.lines().nth(LINES).is_some();
    file
}

/// A line at the margin: setting, assignment, or the head of a recipe.
fn head(line: &str, file: &mut Justfile, open: &mut bool) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "set" => {
            if rest.starts_with("shell") || rest.starts_with("script-interpreter") {
                file.foreign |= !["\"sh\"", "\"bash\"", "\"zsh\"", "'sh'", "'bash'", "'zsh'"]
                    .iter()
                    .any(|shell| rest.contains(shell));
            }
        }
        "import" | "import?" | "mod" | "mod?" => file.vague = true,
        "alias" => {
            if let Some((name, target)) = rest.split_once(":=") {
                let needs = vec![target.trim().to_owned()];
                let name = name.trim().to_owned();
                file.recipes.push(Recipe { name, parameters: Vec::new(), needs, lines: Vec::new() });
            }
        }
        _ => {
            let line = line.strip_prefix("export ").unwrap_or(line);
            if let Some((name, value)) = line.split_once(":=") {
                let value = value.trim();
                let mut parts = value.split('`');
                parts.next();
                file.early.extend(parts.step_by(2).filter(|part| !part.is_empty()).map(str::to_owned));
                file.vague |= value.contains("shell(");
                file.variables.push((name.trim().to_owned(), plain(value)));
            } else if let Some((front, needs)) = line.split_once(':') {
                let mut words = front.trim_start_matches('@').split_ascii_whitespace().map(str::to_owned);
                let Some(name) = words.next() else { return };
                let needs = needs.split('#').next().unwrap_or("");
                file.vague |= needs.contains('(');
                let needs = needs
                    .split_ascii_whitespace()
                    .map(|need| need.trim_matches(['(', ')']).to_owned())
                    .filter(|need| need != "&&")
                    .collect();
                file.recipes.push(Recipe { name, parameters: words.collect(), needs, lines: Vec::new() });
                *open = true;
            } else {
                file.vague = true;
            }
        }
    }
}

/// A quoted text without anything in it that is evaluated.
fn plain(value: &str) -> Option<String> {
    let value = value.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
            && !inner.contains([quote, '\\'])
        {
            return Some(inner.to_owned());
        }
    }
    None
}

/// `line` with `{{…}}` replaced by what it stands for.
fn interpolate(line: &str, local: &[(String, Option<String>)], file: &mut Justfile) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((front, behind)) = rest.split_once("{{") {
        out.push_str(front);
        let Some((name, after)) = behind.split_once("}}") else {
            rest = behind;
            break;
        };
        let name = name.trim();
        let value = local
            .iter()
            .chain(&file.variables)
            .rev()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.clone())
            .or_else(|| plain(name));
        match value {
            Some(value) => out.push_str(&value),
            None => {
                file.vague = true;
                out.push_str(UNKNOWN);
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

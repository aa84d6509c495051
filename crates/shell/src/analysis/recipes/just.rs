//! Recipes of justfiles.

use std::rc::Rc;

use placet_model::path::absolute;

use super::super::Machine;
use super::super::follow::Piece;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::value::{Field, Value};
use super::justfile::{Justfile, below, by_interpreter, interpolate, plain, read};
use super::{Content, UNREAD, folder};

const NAMES: [&str; 4] = ["justfile", "Justfile", ".justfile", "JUSTFILE"];
/// Recipes that are followed.
const RECIPES: usize = 48;
/// Files that are imported.
const IMPORTS: usize = 8;

impl Machine<'_> {
    pub(super) fn just(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let evaluates = scope.words.iter().any(|word| word.text() == Some("--evaluate"));
        if parsed.flags.iter().any(|used| used.name() == "command" || used.name() == "look" && !evaluates) {
            return;
        }
        if scope.words.windows(2).any(|pair| matches!(pair, [flag, file] if
            matches!(flag.text(), Some("-f" | "--justfile")) && matches!(file.text(), Some("-" | "/dev/stdin"))))
        {
            return self.unknown_code("justfile", scope, "the recipes come from standard input");
        }
        let given =
            parsed.flags.iter().find(|used| used.name() == "justfile").and_then(|used| used.value.as_ref());
        if scope.dirs.is_empty() && self.memory.wrote_named(&NAMES) {
            self.unknown_code("justfile", scope, UNREAD);
        }
        for dir in scope.dirs.clone() {
            let found = match given.map(Field::text) {
                Some(path) => path.and_then(|path| self.content(&absolute(path, &dir, self.context.home))),
                // `just sub/name`: the justfile of that folder.
                None => match below(&parsed.operands) {
                    Some((folder, _)) => self.content_above(&absolute(folder, &dir, None), &NAMES),
                    None => self.content_above(&dir, &NAMES),
                },
            };
            let mut operands = parsed.operands.clone();
            if let (Some((_, name)), Some(first)) = (below(&parsed.operands), operands.first_mut()) {
                *first = Field::known(name);
            }
            // `--set name value` stands for `name=value`.
            for pair in scope.words.windows(3) {
                if let [flag, name, value] = pair
                    && flag.text() == Some("--set")
                    && let (Some(name), Some(value)) = (name.text(), value.text())
                {
                    operands
                        .retain(|word| !matches!(word.text(), Some(text) if text == name || text == value));
                    operands.insert(0, Field::known(format!("{name}={value}")));
                }
            }
            if let Some(content) = found {
                self.just_in(&content, &operands, evaluates, scope);
            }
        }
    }

    fn just_in(&mut self, content: &Content, operands: &[Field], evaluates: bool, scope: &mut Scope) {
        let Some(text) = &content.text else {
            if content.made {
                self.unknown_code(&content.path, scope, UNREAD);
            }
            return;
        };
        let mut file = read(text);
        self.just_imports(content, &mut file);
        file.folder = folder(&content.path).to_owned();
        let mut seen = Vec::new();
        let early = std::mem::take(&mut file.early);
        self.just_lines(content, format!("{} (justfile)", scope.name), &early, &[]);
        // Variables may stand in front of the names of recipes.
        let mut rest = operands;
        while let Some(field) = rest.first().filter(|field| field.start().contains('=')) {
            if let Some((name, _)) = field.start().split_once('=') {
                let value =
                    field.text().and_then(|text| text.split_once('=')).map(|(_, value)| value.to_owned());
                file.variables.push((name.to_owned(), value));
            }
            rest = rest.get(1..).unwrap_or(&[]);
        }
        if evaluates {
            return;
        }
        file.vague |= rest.first().is_some_and(|field| field.text().is_none());
        let first = file.recipes.first().map(|recipe| recipe.name.clone());
        let mut next = match rest.first() {
            Some(field) => field.text().map(str::to_owned),
            None => first,
        };
        rest = rest.get(1..).unwrap_or(&[]);
        while let Some(name) = next.take() {
            let inner = rest.first().and_then(Field::text).map(|inner| format!("{name}::{inner}"));
            let known = |name: &str| file.recipes.iter().any(|recipe| recipe.name == name);
            let name = match inner.filter(|inner| !known(&name) && known(inner)) {
                Some(inner) => {
                    rest = rest.get(1..).unwrap_or(&[]);
                    inner
                }
                None => name,
            };
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
            let given = if parameter.starts_with(['*', '+']) && at < arguments.len() {
                // All that are left, with blanks between them.
                let texts: Option<Vec<&str>> =
                    arguments.get(at..).unwrap_or(&[]).iter().map(Field::text).collect();
                Some(texts.map(|texts| texts.join(" ")))
            } else {
                arguments.get(at).map(|field| field.text().map(str::to_owned))
            };
            let value = given.unwrap_or_else(|| default.and_then(plain));
            if let Some(value) = value.as_ref().filter(|_| parameter.contains('$')) {
                file.exported.push((name.to_owned(), value.clone()));
            }
            local.push((name.to_owned(), value));
        }
        let texts: Vec<String> = recipe.lines.clone();
        let texts: Vec<String> = texts.iter().map(|line| interpolate(line, &local, file)).collect();
        for need in &needs {
            self.just_recipe(content, file, need, &[], seen, shown);
        }
        let texts = match texts.first().filter(|first| first.starts_with("#!")) {
            Some(first) if super::super::scripts::is_shell(first) => vec![texts.join("\n")],
            Some(first) => vec![by_interpreter(first.trim_start_matches("#!"), &texts.join("\n"))],
            None if !file.shell.is_empty() => texts
                .iter()
                .map(|line| by_interpreter(&file.shell, line.trim_start_matches(['@', '-'])))
                .collect(),
            None => texts.iter().map(|line| line.trim_start_matches(['@', '-']).to_owned()).collect(),
        };
        if !file.foreign {
            let exported = file.exported.clone();
            self.just_exporting(content, format!("{shown} {name}"), &texts, (arguments, &exported));
        }
    }

    fn just_lines(&mut self, content: &Content, label: String, lines: &[String], arguments: &[Field]) {
        self.just_exporting(content, label, lines, (arguments, &[]));
    }

    /// Adds what the file imports, and its modules under their names.
    fn just_imports(&mut self, content: &Content, file: &mut Justfile) {
        let mut imported = Vec::new();
        for (module, path) in std::mem::take(&mut file.imports).into_iter().take(IMPORTS) {
            let above = folder(&content.path);
            let found = match &path {
                Some(path) => self.content(&absolute(path, above, self.context.home)),
                None => {
                    [format!("{module}.just"), format!("{module}/mod.just"), format!("{module}/justfile")]
                        .iter()
                        .find_map(|name| self.content(&format!("{above}/{name}")))
                }
            };
            match found.and_then(|found| found.text) {
                Some(text) => imported.push((module, read(&text))),
                None => file.vague = true,
            }
        }
        for (module, inner) in imported {
            file.vague |= inner.vague || !inner.imports.is_empty();
            file.foreign |= inner.foreign;
            file.early.extend(inner.early);
            let own = file.variables.len();
            file.variables.extend(inner.variables);
            // Those of the file itself win.
            file.variables.rotate_left(own);
            file.recipes.extend(inner.recipes.into_iter().map(|mut recipe| {
                if !module.is_empty() {
                    recipe.name = format!("{module}::{}", recipe.name);
                    recipe.needs = recipe.needs.iter().map(|need| format!("{module}::{need}")).collect();
                }
                recipe
            }));
        }
    }

    fn just_exporting(
        &mut self,
        content: &Content,
        label: String,
        lines: &[String],
        (arguments, exported): (&[Field], &[(String, String)]),
    ) {
        if lines.is_empty() {
            return;
        }
        let dir = folder(&content.path);
        self.through(Piece { label, made: content.made, recipe: true }, |machine| {
            machine.state.dirs = vec![Rc::from(dir)];
            machine.state.set("_unknown_", Value::Unknown);
            machine.state.export("_unknown_");
            for (name, value) in exported {
                machine.state.set(name, Value::Known(Rc::from(value.as_str())));
                machine.state.export(name);
            }
            for line in lines {
                machine.text(line, true, Some(Rc::from(arguments)));
            }
        });
    }
}

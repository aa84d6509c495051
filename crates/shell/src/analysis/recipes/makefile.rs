//! A reader of makefiles: variables, rules and their recipes. What it does not understand makes it vague.

use super::variables::{Automatic, Variables};

/// Lines that are read, and rules that are kept.
const LINES: usize = 8_000;
const RULES: usize = 2_000;
/// Texts of `$(eval …)` that are read.
const EVALUATED: usize = 64;

/// A rule for one target.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) target: String,
    pub(super) needs: Vec<String>,
    /// Recipe lines, references not yet followed.
    pub(super) lines: Vec<String>,
}

/// What is known of a makefile and of those it includes.
#[derive(Debug, Default)]
pub(super) struct Makefile {
    pub(super) variables: Variables,
    pub(super) rules: Vec<Rule>,
    /// The target that is made when none is named.
    pub(super) goal: Option<String>,
    /// Files that are included and not read yet.
    pub(super) included: Vec<String>,
    /// All lines of a recipe go to one shell.
    pub(super) one_shell: bool,
    /// Recipes go to something else than a shell of the Bourne family.
    pub(super) foreign: bool,
    /// Rules at the end that recipe lines belong to.
    open: usize,
    /// Inside `define`: the name, and the lines so far.
    defining: Option<(String, Vec<String>)>,
    /// What stands in front of recipe lines when that is not a tab.
    prefix: Option<char>,
    /// Variables of single targets: target, name, operator, text.
    pub(super) specific: Vec<(String, String, &'static str, String)>,
    /// Another program than a shell that gets the lines, and its options.
    shell: Option<String>,
    shell_flags: Option<String>,
    /// Texts of `$(eval …)` that were read.
    evaluated: usize,
}

impl Makefile {
    /// Reads one file.
    pub(super) fn read(&mut self, text: &str) {
        self.open = 0;
        let mut lines = text.lines().take(LINES).peekable();
        while let Some(first) = lines.next() {
            let mut line = first.to_owned();
            let recipe = line.starts_with(self.prefix.unwrap_or('\t')) && self.open > 0;
            while line.ends_with('\\') && !line.ends_with("\\\\") {
                let Some(next) = lines.next() else { break };
                if recipe {
                    line.push('\n');
                    line.push_str(next.strip_prefix('\t').unwrap_or(next));
                } else {
                    line.pop();
                    line.truncate(line.trim_end().len());
                    line.push(' ');
                    line.push_str(next.trim_start());
                }
            }
            self.line(&line, recipe);
        }
        self.variables.vague |= text.lines().nth(LINES).is_some();
        self.open = 0;
    }

    fn line(&mut self, line: &str, recipe: bool) {
        if let Some((name, mut lines)) = self.defining.take() {
            if line.trim() == "endef" {
                self.variables.assign(&name, "=", &lines.join("\n"));
            } else {
                lines.push(line.to_owned());
                self.defining = Some((name, lines));
            }
            return;
        }
        if recipe {
            return self.recipe_line(line.get(1..).unwrap_or(""));
        }
        let line = without_comment(line);
        let line = line.trim();
        let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        match word {
            "" | "endif" | "else" | "vpath" | "unexport" | "undefine" => {
                // `else ifeq (…)` may run something.
                self.variables.expand(rest, Automatic::default());
            }
            "ifeq" | "ifneq" | "ifdef" | "ifndef" => {
                self.variables.expand(rest, Automatic::default());
            }
            "include" | "-include" | "sinclude" => {
                let names = self.variables.expand(rest, Automatic::default());
                self.included.extend(names.split_ascii_whitespace().map(str::to_owned));
            }
            "define" => {
                let name = rest.trim().trim_end_matches(['=', ':', '?', '+', '!']).trim();
                self.defining = Some((name.to_owned(), Vec::new()));
            }
            "load" | "-load" => self.variables.vague = true,
            _ => self.statement(line),
        }
    }

    fn recipe_line(&mut self, line: &str) {
        let from = self.rules.len().saturating_sub(self.open);
        for rule in self.rules.get_mut(from..).unwrap_or(&mut []) {
            rule.lines.push(line.to_owned());
        }
    }

    /// An assignment or the head of a rule.
    fn statement(&mut self, line: &str) {
        let Some((at, operator)) = operator(line) else {
            // A call of a function by itself: `$(eval …)`, `$(info …)`, or `export NAME`.
            if let Some(names) = line.strip_prefix("export") {
                self.variables.exported.extend(names.split_ascii_whitespace().map(str::to_owned));
            } else {
                self.variables.expand(line, Automatic::default());
                self.evaluate();
            }
            return;
        };
        let (front, behind) = (line.get(..at).unwrap_or(""), line.get(at + operator.len()..).unwrap_or(""));
        if operator == ":" || operator == "::" {
            return self.rule(front, behind);
        }
        let mut words: Vec<&str> = front.split_ascii_whitespace().collect();
        let name = words.pop().unwrap_or("");
        let name = self.variables.expand(name, Automatic::default());
        if words.contains(&"export") {
            self.variables.exported.push(name.clone());
        }
        let value = behind.trim_start();
        match name.as_str() {
            ".DEFAULT_GOAL" => self.goal = Some(self.variables.expand(value, Automatic::default())),
            ".RECIPEPREFIX" => self.prefix = value.trim().chars().next(),
            "SHELL" => {
                let shell = value.rsplit('/').next().unwrap_or(value).trim();
                let usual = matches!(shell, "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash");
                self.foreign = !usual;
                self.shell = (!usual).then(|| self.variables.expand(value, Automatic::default()));
            }
            ".SHELLFLAGS" => {
                self.foreign |= !value.trim().trim_start_matches('-').ends_with('c');
                self.shell_flags = Some(value.trim().to_owned());
            }
            _ => {}
        }
        self.variables.assign(&name, operator, value);
        self.open = 0;
    }

    fn rule(&mut self, targets: &str, behind: &str) {
        let (needs, recipe) = match behind.split_once(';') {
            Some((needs, recipe)) => (needs, Some(recipe)),
            None => (behind, None),
        };
        let targets = self.variables.expand(targets, Automatic::default());
        if let Some((at, sign)) = operator(needs).filter(|(_, sign)| sign.ends_with('=')) {
            // A variable of these targets alone.
            let name = needs.get(..at).unwrap_or("").split_ascii_whitespace().next_back().unwrap_or("");
            if sign == "!=" || sign.starts_with(':') {
                self.variables.expand(needs.get(at + sign.len()..).unwrap_or(""), Automatic::default());
            }
            let text = needs.get(at + sign.len()..).unwrap_or("").trim_start().to_owned();
            for target in targets.split_ascii_whitespace().take(RULES) {
                self.specific.push((target.to_owned(), name.to_owned(), sign, text.clone()));
            }
            self.open = 0;
            return;
        }
        // `targets: pattern: needs`
        let needs = needs.rsplit_once(':').map_or(needs, |(_, needs)| needs);
        let needs = self.variables.expand(needs, Automatic::default());
        let needs: Vec<String> =
            needs.split_ascii_whitespace().filter(|need| *need != "|").map(str::to_owned).collect();
        self.open = 0;
        for target in targets.split_ascii_whitespace() {
            if self.rules.len() >= RULES {
                self.variables.vague = true;
                return;
            }
            self.one_shell |= target == ".ONESHELL";
            if self.goal.is_none() && !target.starts_with('.') && !target.contains('%') {
                self.goal = Some(target.to_owned());
            }
            let lines = recipe.map(|line| line.trim().to_owned()).into_iter().collect();
            self.rules.push(Rule { target: target.to_owned(), needs: needs.clone(), lines });
            self.open += 1;
        }
    }

    /// Reads what `$(eval …)` gave, as lines of the file.
    pub(super) fn evaluate(&mut self) {
        for text in std::mem::take(&mut self.variables.evaluated) {
            self.evaluated += 1;
            if self.evaluated > EVALUATED {
                self.variables.vague = true;
                return;
            }
            for line in text.lines() {
                let recipe = line.starts_with('\t') && self.open > 0;
                self.line(line, recipe);
            }
        }
    }

    /// The shell line that gives a recipe line to the program that `SHELL` names.
    pub(super) fn by_shell(&self, line: &str) -> Option<String> {
        let program = self.shell.as_ref()?;
        let quoted = line.replace('\'', "'\\''");
        Some(format!("{program} {} '{quoted}'", self.shell_flags.as_deref().unwrap_or("-c")))
    }

    /// Rules for `target`, with what `%` stands for.
    pub(super) fn rules_for(&self, target: &str) -> Vec<(&Rule, Option<String>)> {
        let exact: Vec<_> =
            self.rules.iter().filter(|rule| rule.target == target).map(|rule| (rule, None)).collect();
        if exact.iter().any(|(rule, _)| !rule.lines.is_empty() || !rule.needs.is_empty()) {
            return exact;
        }
        let stem = |rule: &Rule| {
            let (front, end) = rule.target.split_once('%')?;
            let stem = target.strip_prefix(front)?.strip_suffix(end)?;
            (!stem.is_empty()).then(|| stem.to_owned())
        };
        let fitting: Vec<_> =
            self.rules.iter().filter_map(|rule| stem(rule).map(|stem| (rule, Some(stem)))).collect();
        if !fitting.is_empty() {
            return fitting;
        }
        self.rules.iter().filter(|rule| rule.target == ".DEFAULT").map(|rule| (rule, None)).collect()
    }
}

/// The line up to its comment.
fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find('#')).map(|at| at + from) {
        if !line.get(..at).unwrap_or("").ends_with('\\') {
            return line.get(..at).unwrap_or("");
        }
        from = at + 1;
    }
    line
}

/// Where an assignment or a rule is divided, and by what; references are passed over.
fn operator(line: &str) -> Option<(usize, &'static str)> {
    const OPERATORS: [&str; 9] = [":::=", "::=", ":=", "::", "?=", "+=", "!=", "=", ":"];
    let mut depth = 0_usize;
    for (at, c) in line.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let rest = line.get(at..)?;
                if let Some(found) = OPERATORS.into_iter().find(|operator| rest.starts_with(operator)) {
                    return Some((at, found));
                }
            }
        }
    }
    None
}

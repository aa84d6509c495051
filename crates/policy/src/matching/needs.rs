//! What a text must contain for a regular expression to match it, so that most expressions are never compiled.
//!
//! `INVARIANT:` a text that an expression matches meets all its needs; the test `needs_are_necessary` guards it.
//! What this reader does not understand yields fewer needs, never wrong ones.

/// Alternatives one need may have.
const ANY_MAX: usize = 64;
/// Groups inside groups that are read.
const DEPTH_MAX: usize = 8;

/// One of the texts must occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// At the very start.
    pub(crate) at_start: bool,
    pub(crate) any: Vec<String>,
}

impl Need {
    fn shortest(&self) -> usize {
        self.any.iter().map(String::len).min().unwrap_or(0)
    }
}

/// Whether the text meets a need.
pub(crate) fn meets(text: &[u8], at_start: bool, wanted: &[u8]) -> bool {
    if at_start { text.starts_with(wanted) } else { contains(text, wanted) }
}

/// Texts are short and rarely hold even the first byte: nothing is prepared.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return true };
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let Some(from) = rest.get(at..).filter(|from| from.len() >= wanted.len()) else { return false };
        if from.starts_with(wanted) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

/// Needs of an expression; every one of them must be met. None: any text may match.
pub(crate) fn needs(expression: &str) -> Vec<Need> {
    alternatives(expression, false, 0).unwrap_or_default()
}

/// `a|b|c`; `None` when something is not understood.
fn alternatives(text: &str, anchored: bool, depth: usize) -> Option<Vec<Need>> {
    let branches = split(text)?;
    let mut each = Vec::with_capacity(branches.len());
    for branch in branches {
        each.push(Branch::new(anchored, depth).read(branch)?);
    }
    if each.len() == 1 {
        return each.pop();
    }
    // Of every branch its strongest need; together they are one.
    let mut joined = Need { at_start: true, any: Vec::new() };
    for needs in each {
        let Some(best) = needs.into_iter().max_by_key(|need| (need.at_start, need.shortest())) else {
            return Some(Vec::new());
        };
        joined.at_start &= best.at_start;
        joined.any.extend(best.any);
    }
    Some(if joined.any.len() > ANY_MAX { Vec::new() } else { vec![joined] })
}

/// The parts between `|` that are in no group and no class.
fn split(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut rest = Rest { text, at: 0 };
    while let Some(c) = rest.peek() {
        let at = rest.at;
        rest.next();
        match c {
            '\\' => {
                rest.next()?;
            }
            '[' => rest.class()?,
            '(' => {
                rest.group()?;
            }
            '|' => {
                parts.push(text.get(from..at)?);
                from = rest.at;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..)?);
    Some(parts)
}

/// What of a text is left to read.
struct Rest<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Rest<'t> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Passes a class, behind its `[`. Classes in classes are not understood.
    fn class(&mut self) -> Option<()> {
        if self.peek() == Some('^') {
            self.next();
        }
        let mut first = true;
        loop {
            match self.next()? {
                ']' if !first => return Some(()),
                '\\' => {
                    self.next()?;
                }
                '[' => return None,
                _ => {}
            }
            first = false;
        }
    }

    /// Passes a group, behind its `(`; gives what is inside.
    fn group(&mut self) -> Option<&'t str> {
        let from = self.at;
        loop {
            let at = self.at;
            match self.next()? {
                ')' => return self.text.get(from..at),
                '\\' => {
                    self.next()?;
                }
                '[' => self.class()?,
                '(' => {
                    self.group()?;
                }
                _ => {}
            }
        }
    }

    /// Passes a quantifier: whether what stands before it may be absent (`Some(true)`) or only repeated.
    fn quantifier(&mut self) -> Option<bool> {
        let optional = match self.peek()? {
            '?' | '*' => true,
            '+' => false,
            '{' => {
                while self.next()? != '}' {}
                if self.peek() == Some('?') {
                    self.next();
                }
                return Some(true);
            }
            _ => return None,
        };
        self.next();
        if self.peek() == Some('?') {
            self.next();
        }
        Some(optional)
    }
}

/// One alternative while it is read.
struct Branch {
    depth: usize,
    needs: Vec<Need>,
    /// All texts that may stand here, without a gap since the run began.
    run: Vec<String>,
    /// The run begins where the text does.
    at_start: bool,
}

impl Branch {
    fn new(anchored: bool, depth: usize) -> Self {
        Self { depth, needs: Vec::new(), run: vec![String::new()], at_start: anchored }
    }

    fn read(mut self, text: &str) -> Option<Vec<Need>> {
        let mut rest = Rest { text, at: 0 };
        while let Some(c) = rest.next() {
            match c {
                '^' => {
                    let first = rest.at == 1 && self.depth == 0;
                    self.end_run();
                    self.at_start = first;
                }
                '$' => self.end_run(),
                '.' => self.gap(&mut rest),
                '[' => {
                    rest.class()?;
                    self.gap(&mut rest);
                }
                '(' => {
                    let inner = rest.group()?;
                    self.group(inner, &mut rest)?;
                }
                '\\' => {
                    let escaped = rest.next()?;
                    match escaped {
                        'd' | 'D' | 'w' | 'W' | 's' | 'S' => self.gap(&mut rest),
                        'b' | 'B' => self.end_run(),
                        _ if escaped.is_ascii_punctuation() => {
                            self.texts(vec![escaped.to_string()], &mut rest)
                        }
                        _ => return None,
                    }
                }
                '?' | '*' | '+' | '{' | ')' | '|' => return None,
                _ => self.texts(vec![c.to_string()], &mut rest),
            }
        }
        self.end_run();
        Some(self.needs)
    }

    /// Something unknown stands here.
    fn gap(&mut self, rest: &mut Rest<'_>) {
        rest.quantifier();
        self.end_run();
    }

    /// One of the texts stands here, unless a quantifier says otherwise.
    fn texts(&mut self, texts: Vec<String>, rest: &mut Rest<'_>) {
        let quantifier = rest.quantifier();
        if quantifier == Some(true) {
            return self.end_run();
        }
        if self.run.len() * texts.len() > ANY_MAX {
            self.end_run();
        }
        self.run = self
            .run
            .iter()
            .flat_map(|begin| texts.iter().map(move |text| format!("{begin}{text}")))
            .collect();
        if quantifier.is_some() {
            self.end_run();
        }
    }

    fn group(&mut self, inner: &str, rest: &mut Rest<'_>) -> Option<()> {
        let inner = match inner.strip_prefix('?') {
            None => Some(inner),
            Some(flags) if flags.starts_with(':') => flags.get(1..),
            // Flags for the rest of the expression change what everything means.
            Some(flags) if !flags.contains([':', '<']) => return None,
            Some(_) => None,
        };
        let Some(inner) = inner else {
            self.gap(rest);
            return Some(());
        };
        if let Some(texts) = plain(inner)? {
            self.texts(texts, rest);
            return Some(());
        }
        let anchored = self.at_start && self.run.iter().all(String::is_empty);
        self.end_run();
        let needs =
            if self.depth < DEPTH_MAX { alternatives(inner, anchored, self.depth + 1)? } else { Vec::new() };
        if rest.quantifier() != Some(true) {
            self.needs.extend(needs);
        }
        Some(())
    }

    fn end_run(&mut self) {
        let run = std::mem::replace(&mut self.run, vec![String::new()]);
        let at_start = std::mem::take(&mut self.at_start);
        if run.len() <= ANY_MAX && run.iter().all(|text| !text.is_empty()) {
            self.needs.push(Need { at_start, any: run });
        }
    }
}

/// The alternatives of a group, when all of them are plain texts.
#[expect(clippy::option_option, reason = "outside: not understood; inside: no plain texts")]
fn plain(inner: &str) -> Option<Option<Vec<String>>> {
    let mut texts = Vec::new();
    for part in split(inner)? {
        let mut text = String::new();
        let mut chars = part.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some(escaped) if escaped.is_ascii_punctuation() => text.push(escaped),
                    _ => return Some(None),
                },
                '^' | '$' | '.' | '[' | '(' | '?' | '*' | '+' | '{' => return Some(None),
                _ => text.push(c),
            }
        }
        texts.push(text);
    }
    Some((texts.len() <= ANY_MAX).then_some(texts))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(expression: &str) -> String {
        let each = needs(expression)
            .into_iter()
            .map(|need| format!("{}{}", if need.at_start { "^" } else { "" }, need.any.join("|")));
        each.collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn reads_the_usual() {
        for (expression, want) in [
            ("^gh auth (token|status)( |$)", "^gh auth token|gh auth status"),
            ("^git credential(-[a-z]+)? (fill|get)( |$)", "^git credential &  fill| get"),
            ("^(make|just) (.* )?(deploy|release)( |$)", "^make |just  & deploy|release"),
            (r"(^|/)\.env(\.(local|prod))*$", ".env"),
            (r"\.(pem|key)$", ".pem|.key"),
            (r"(^|/)\.claude(/x)?$|^/etc/claude(/|$)", ".claude|/etc/claude"),
            ("^(uv sync|pdm (install|sync)|bundle( install)?)$", "^uv sync|pdm install|pdm sync|bundle"),
            ("^socat .*(?i:exec|shell):", "^socat  & :"),
            ("(?i)abc", ""),
            ("a?b", "b"),
            ("ab+c", "ab & c"),
            ("a{0,2}b", "b"),
            ("x|", ""),
            (r"a\d*b", "a & b"),
            (r"\x41", ""),
            ("[[:alpha:]]b", ""),
        ] {
            assert_eq!(show(expression), want, "{expression}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn needs_are_necessary(expression in "(\\^)?([abc .]|\\(|\\)|\\||\\?|\\*|\\+|\\\\\\.|\\[a-c\\]|\\$|\\(a\\|b \\)|\\(\\?:|\\(\\?i:|\\{1\\}|\\{0,2\\}){0,10}", texts in prop::collection::vec("[abcAB .]{0,8}", 12)) {
            let Ok(regex) = super::super::regex::compile(&expression) else { return Ok(()) };
            for text in texts {
                if regex.is_match(&text) {
                    for need in needs(&expression) {
                        prop_assert!(need.any.iter().any(|wanted| meets(text.as_bytes(), need.at_start, wanted.as_bytes())), "{expression} {text} {need:?}");
                    }
                }
            }
        }
    }
}

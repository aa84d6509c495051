//! Arithmetic: constants are worked out; names are looked at, because Bash evaluates what a variable holds,
//! subscripts and the command substitutions in them included.

use placet_model::{Arg, Span};

use super::Machine;
use super::value::{Field, Value};
use crate::syntax::Part;

impl Machine<'_> {
    /// `(( … ))` and the like: notes assignments and anything that may run.
    pub(super) fn arithmetic(&mut self, parts: &[Part], span: &Span) {
        self.evaluate(parts, Some(span));
    }

    /// `$(( … ))`
    pub(super) fn arithmetic_value(&mut self, parts: &[Part]) -> Value {
        let field = self.evaluate(parts, None);
        match field.text().and_then(constant) {
            Some(number) => Value::known(&number.to_string()),
            None => Value::Number,
        }
    }

    /// Expands an expression and checks every name in it.
    pub(super) fn evaluate(&mut self, parts: &[Part], span: Option<&Span>) -> Field {
        let field = self.parts_one(parts, true);
        match &field.arg {
            Arg::Known(text) => self.names(&text.clone(), span),
            Arg::Glob(text) => self.names(&text.clone(), span),
            Arg::Partly { prefix, suffix } => {
                if !field.safe {
                    self.push_unknown(
                        "$((…))",
                        span.cloned(),
                        "arithmetic evaluates text that is not known, and may run commands in it",
                    );
                }
                let (prefix, suffix) = (prefix.clone(), suffix.clone());
                self.names(&prefix, span);
                self.names(&suffix, span);
            }
        }
        field
    }

    /// A word that Bash evaluates as arithmetic at run time (`[[ $x -eq 1 ]]`, `test -v`).
    pub(super) fn evaluated_text(&mut self, field: &Field) {
        match &field.arg {
            Arg::Known(text) | Arg::Glob(text) => {
                let text = text.clone();
                if text.contains("$(") || text.contains('`') {
                    self.runs_commands(&text, None);
                } else if text.contains('[') || !super::words::is_name(&text) {
                    self.names(&text, None);
                }
            }
            Arg::Partly { .. } => {
                if !field.safe {
                    self.push_unknown(
                        "$((…))",
                        None,
                        "arithmetic evaluates text that is not known, and may run commands in it",
                    );
                }
            }
        }
    }

    /// A text with command substitutions is expanded: they are followed as far as they can be read.
    fn runs_commands(&mut self, text: &str, span: Option<&Span>) {
        self.push_unknown(text, span.cloned(), "arithmetic evaluates a text that runs commands");
        let line = format!("_=\"{text}\"");
        if crate::read(&line).is_ok() {
            self.subshell(|machine| machine.text(&line, false, None));
        }
    }

    /// Looks up every name of an expression: its value is evaluated in turn.
    fn names(&mut self, text: &str, span: Option<&Span>) {
        if text.contains("$(") || text.contains('`') {
            return self.runs_commands(text, span);
        }
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let (before, tail) = rest.split_at_checked(start).unwrap_or(("", rest));
            let end = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
            let (name, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
            rest = after;
            // Digits in front: `0x1f`, `16#ff`.
            if before.ends_with(|c: char| c.is_ascii_digit() || c == '#') {
                continue;
            }
            self.named(name, before, after, span);
        }
    }

    fn named(&mut self, name: &str, before: &str, after: &str, span: Option<&Span>) {
        let next = after.trim_start();
        let assigned = next.starts_with('=') && !next.starts_with("==");
        let changed = ["++", "--", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="]
            .iter()
            .any(|operator| next.starts_with(operator))
            || before.trim_end().ends_with("++")
            || before.trim_end().ends_with("--");
        let value = self.variable(name);
        let dangerous = match &value {
            Value::Known(text) => {
                text.contains(['[', '$', '`']) || text.contains(|c: char| c.is_ascii_alphabetic())
            }
            Value::List(fields) => !fields.iter().all(|field| Value::of(field).is_plain_number()),
            other => !other.is_plain_number(),
        };
        if dangerous && !assigned {
            self.push_unknown(
                name,
                span.cloned(),
                "arithmetic evaluates what a variable holds, and may run commands in it",
            );
        }
        if assigned || changed {
            self.state.set(name, Value::Number);
        }
    }
}

/// Value of an expression of plain numbers, `+ - * / %` and brackets.
fn constant(text: &str) -> Option<i64> {
    if text.len() > 64 || !text.bytes().all(|byte| byte.is_ascii_digit() || b" +-*/%()".contains(&byte)) {
        return None;
    }
    let mut parser = Parser { rest: text, depth: 0 };
    let value = parser.sum()?;
    parser.rest.trim_start().is_empty().then_some(value)
}

struct Parser<'t> {
    rest: &'t str,
    depth: u8,
}

impl Parser<'_> {
    fn take(&mut self, choices: &[char]) -> Option<char> {
        self.rest = self.rest.trim_start();
        let next = self.rest.chars().next().filter(|c| choices.contains(c))?;
        self.rest = self.rest.get(1..)?;
        Some(next)
    }

    fn sum(&mut self) -> Option<i64> {
        let mut value = self.product()?;
        while let Some(operator) = self.take(&['+', '-']) {
            let other = self.product()?;
            value = if operator == '+' { value.checked_add(other)? } else { value.checked_sub(other)? };
        }
        Some(value)
    }

    fn product(&mut self) -> Option<i64> {
        let mut value = self.atom()?;
        while let Some(operator) = self.take(&['*', '/', '%']) {
            // `**` binds otherwise.
            if self.rest.starts_with('*') {
                return None;
            }
            let other = self.atom()?;
            value = match operator {
                '*' => value.checked_mul(other)?,
                '/' => value.checked_div(other)?,
                _ => value.checked_rem(other)?,
            };
        }
        Some(value)
    }

    fn atom(&mut self) -> Option<i64> {
        self.depth += 1;
        if self.depth > 32 {
            return None;
        }
        if self.take(&['-']).is_some() {
            return self.atom()?.checked_neg();
        }
        if self.take(&['+']).is_some() {
            return self.atom();
        }
        if self.take(&['(']).is_some() {
            let value = self.sum()?;
            return self.take(&[')']).map(|_| value);
        }
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        // A leading zero means octal.
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        self.rest = rest;
        digits.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::constant;

    #[test]
    fn constants() {
        let cases = [
            ("1+2*3", Some(7)),
            (" ( 1 + 2 ) * 3", Some(9)),
            ("-4/2", Some(-2)),
            ("1/0", None),
            ("010", None),
            ("2**3", None),
            ("", None),
            ("x", None),
        ];
        for (text, want) in cases {
            assert_eq!(constant(text), want, "{text}");
        }
    }
}

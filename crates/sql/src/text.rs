//! From text to statements: refusals first, then the parser.

use sqlparser::ast::Statement;
use sqlparser::dialect::{MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::effects::Dialect;

/// Longest text that is read, in bytes.
const BYTES: usize = 64 * 1024;
/// Words and operators at most. A chain of operators becomes a tree as deep as it is long, which is dropped and
/// visited by recursion, so this bounds the stack.
const LINKS: usize = 600;
/// Nesting of brackets, subqueries and statements.
const DEPTH: usize = 24;

/// The statements of a text, or why they are not known.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Vec<Statement>, String> {
    if text.len() > BYTES {
        return Err("the statement is too long to be read".to_owned());
    }
    refuse(text)?;
    let dialect: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::MySql => &MySqlDialect {},
        Dialect::Sqlite | Dialect::Mongo => &SQLiteDialect {},
    };
    let tokens = Tokenizer::new(dialect, text)
        .tokenize_with_location()
        .map_err(|error| format!("the statement could not be read: {error}"))?;
    let links = tokens
        .iter()
        .filter(|token| {
            !matches!(
                token.token,
                Token::Whitespace(_)
                    | Token::Comma
                    | Token::SemiColon
                    | Token::Number(..)
                    | Token::SingleQuotedString(_)
                    | Token::LParen
                    | Token::RParen
            )
        })
        .count();
    if links > LINKS {
        return Err("the statement is too long to be followed".to_owned());
    }
    Parser::new(dialect)
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| format!("the statement could not be read: {error}"))
}

/// Turns down what databases, their versions or their settings read in different ways.
fn refuse(text: &str) -> Result<(), String> {
    // An escape in some databases and settings, a letter in others; outside texts a command of the shell.
    if text.contains('\\') {
        return Err("a backslash in the statement may end a text or be a command".to_owned());
    }
    if text.contains('\0') {
        return Err("a zero byte in the statement".to_owned());
    }
    // Comments that MySQL runs, and comments in comments, which end at different places.
    for (at, _) in text.match_indices("/*") {
        let rest = text.get(at + 2..).unwrap_or("");
        let Some((inside, _)) = rest.split_once("*/") else {
            return Err("a comment does not end".to_owned());
        };
        if rest.starts_with(['!', 'M']) || inside.contains("/*") {
            return Err("a comment that may be run".to_owned());
        }
    }
    // `--x` is a comment in some databases and two signs in others; `#` is a comment or an operator.
    let doubtful = |(at, _): (usize, &str)| {
        text.get(at + 2..).and_then(|rest| rest.chars().next()).is_some_and(|c| !c.is_ascii_whitespace())
    };
    if text.match_indices("--").any(doubtful) {
        return Err("what stands behind `--` may be a comment or not".to_owned());
    }
    if text.contains('#') {
        return Err("what stands behind `#` may be a comment or not".to_owned());
    }
    if has_variable(text) {
        return Err("a variable of the shell stands in the statement".to_owned());
    }
    Ok(())
}

/// Whether `psql` might put the value of a variable or the output of a command in: `:name`, `:'name'`. Two colons
/// are a cast.
fn has_variable(text: &str) -> bool {
    let (mut inside, mut colons) = (false, 0_usize);
    for c in text.chars() {
        if c == '\'' {
            let starts = !inside && colons % 2 == 1;
            if starts {
                return true;
            }
            inside = !inside;
        }
        if c == ':' && !inside {
            colons += 1;
            continue;
        }
        if (colons == 1 || colons > 2) && (c.is_alphanumeric() || matches!(c, '_' | '"' | '{' | '`')) {
            return true;
        }
        colons = 0;
    }
    false
}

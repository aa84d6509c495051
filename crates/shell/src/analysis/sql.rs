//! Statements for database shells: whether they only look.

use placet_model::Does;

use super::Machine;
use super::program::Scope;
use super::value::Field;
use crate::programs::does_bit;

/// First words of statements that only look.
const LOOKING: &[&str] = &["select", "show", "describe", "desc", "values", "table", "with", "explain"];

/// Words that make a statement change or reach something.
const CHANGING: &[&str] = &[
    "into",
    "insert",
    "update",
    "delete",
    "drop",
    "alter",
    "truncate",
    "create",
    "grant",
    "revoke",
    "call",
    "do",
    "execute",
    "exec",
    "copy",
    "program",
    "merge",
    "replace",
    "attach",
    "set",
    "lock",
    "outfile",
    "dumpfile",
    "returning",
    "notify",
    "vacuum",
    "reindex",
    "pragma",
    "load",
    "analyze",
    "analyse",
    "refresh",
];

/// Functions that only compute or describe.
const FUNCTIONS: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "total",
    "coalesce",
    "ifnull",
    "nullif",
    "lower",
    "upper",
    "length",
    "char_length",
    "abs",
    "round",
    "floor",
    "ceil",
    "substr",
    "substring",
    "left",
    "right",
    "trim",
    "ltrim",
    "rtrim",
    "concat",
    "concat_ws",
    "group_concat",
    "string_agg",
    "array_agg",
    "json_agg",
    "jsonb_agg",
    "json_extract",
    "json_array_length",
    "row_to_json",
    "cast",
    "date",
    "time",
    "datetime",
    "strftime",
    "julianday",
    "now",
    "date_trunc",
    "date_part",
    "extract",
    "to_char",
    "to_timestamp",
    "age",
    "typeof",
    "pg_typeof",
    "version",
    "sqlite_version",
    "database",
    "current_database",
    "current_schema",
    "pg_size_pretty",
    "pg_database_size",
    "pg_total_relation_size",
    "pg_relation_size",
    "pg_table_size",
    "row_number",
    "rank",
    "dense_rank",
    "lag",
    "lead",
    "over",
    "in",
    "exists",
    "any",
    "all",
    "and",
    "or",
    "not",
    "as",
    "on",
    "when",
    "then",
    "else",
    "where",
    "from",
    "by",
    "select",
    "values",
    "distinct",
    "filter",
    "partition",
    "using",
    "join",
    "union",
    "is",
    "like",
    "between",
    "having",
    "limit",
    "varchar",
    "numeric",
    "decimal",
    "char",
];

/// Commands of the shells themselves that only describe.
const DESCRIBING: &[&str] = &[
    ".tables",
    ".schema",
    ".databases",
    ".indexes",
    ".indices",
    ".fullschema",
    ".dbinfo",
    ".show",
    ".stats",
    ".help",
    ".mode",
    ".headers",
    ".width",
    "\\d",
    "\\d+",
    "\\dt",
    "\\dt+",
    "\\di",
    "\\di+",
    "\\dn",
    "\\dn+",
    "\\du",
    "\\df",
    "\\dv",
    "\\ds",
    "\\dx",
    "\\dp",
    "\\l",
    "\\l+",
    "\\x",
    "\\conninfo",
    "\\dT",
    "\\sf",
    "\\sv",
    "\\timing",
    "\\z",
];

impl Machine<'_> {
    /// A statement of which it is not certain that it only looks is sent to the database as it is.
    pub(super) fn sql(field: &Field, scope: &mut Scope) {
        if !field.text().is_some_and(only_looks) {
            scope.bits |= does_bit(Does::Execute) | does_bit(Does::Send);
        }
    }
}

/// Whether every statement in the text only looks.
fn only_looks(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with(['.', '\\']) {
        let mut words = text.trim_end_matches(';').split_ascii_whitespace();
        return words.next().is_some_and(|word| DESCRIBING.contains(&word))
            // A bar hands the output to a shell, a second command may be anything.
            && words.all(|word| !word.contains(['|', '`', '\\', '\n', '>']))
            && !text.contains('\n');
    }
    let Some(bare) = without_texts(text) else { return false };
    !bare.contains('\\')
        && bare.split(';').map(str::trim).filter(|statement| !statement.is_empty()).all(looks)
}

/// One statement, in small letters, without its texts.
fn looks(statement: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let first = statement.split(|c| !word(c)).next().unwrap_or("");
    if !LOOKING.contains(&first) {
        return false;
    }
    let mut rest = statement;
    while let Some(at) = rest.find(word) {
        let behind = rest.get(at..).unwrap_or("");
        let end = behind.find(|c| !word(c)).unwrap_or(behind.len());
        let (name, after) = behind.split_at_checked(end).unwrap_or((behind, ""));
        let called = after.trim_start().starts_with('(');
        // `show create table` creates nothing.
        let shown = first == "show" && name == "create";
        if (CHANGING.contains(&name) && !shown) || (called && !FUNCTIONS.contains(&name)) {
            return false;
        }
        rest = after;
    }
    true
}

/// The text in small letters, with strings, quoted names and comments blanked out; `None` when one does not end.
fn without_texts(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' | '`' => {
                // Backslashes escape in some databases only: a text with one is not read.
                loop {
                    match chars.next()? {
                        '\\' => return None,
                        end if end == c => break,
                        _ => {}
                    }
                }
                // A quoted name may be a function's.
                let called = chars.clone().find(|next| !next.is_whitespace()) == Some('(');
                out.push_str(if c != '\'' && called { " quoted" } else { " " });
            }
            '-' if chars.peek() == Some(&'-') => return None,
            '/' if chars.peek() == Some(&'*') => return None,
            // Dollar quotes, and `#` comments.
            '$' | '#' => return None,
            other => out.extend(other.to_lowercase()),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::only_looks;

    #[test]
    fn statements() {
        for text in [
            "select 1",
            "SELECT count(*) FROM users WHERE name = 'drop table x';",
            "select a.b, max(c) from a join d on (a.id = d.id) where x in (1, 2)",
            "with x as (select 1) select * from x",
            "explain select 1",
            "show tables; describe users",
            ".tables",
            ".schema users",
            "\\dt",
            "\\d+ users",
        ] {
            assert!(only_looks(text), "{text}");
        }
        for text in [
            "drop table x",
            "select 1; delete from x",
            "with x as (delete from users returning *) select * from x",
            "select readfile('.env')",
            "select * into y from x",
            "select \"drop_all\" (1)",
            "select load_extension('x')",
            "explain analyze delete from x",
            "select 1 \\g |sh",
            "select 'a\\' ; drop table x --'",
            "select $$ $$",
            ".shell id",
            ".output x",
            ".tables |sh",
            "\\! id",
            "\\dt \\! id",
            "\\copy x to y",
            ".schema\n.shell id",
            "pragma writable_schema=1",
        ] {
            assert!(!only_looks(text), "{text}");
        }
    }
}

//! Statements for MongoDB's shell: calls on `db` whose arguments are plain documents.

use crate::effects::{Act, Effects};

/// Longest text that is read, in bytes.
const BYTES: usize = 16 * 1024;

/// Names that may stand in an argument besides keys.
const VALUES: &[&str] = &[
    "true",
    "false",
    "null",
    "undefined",
    "new",
    "Date",
    "ISODate",
    "ObjectId",
    "NumberInt",
    "NumberLong",
    "NumberDecimal",
    "UUID",
    "Infinity",
    "NaN",
];

/// Operators that run code or write elsewhere.
const REACHING: &[&str] = &["$where", "$function", "$accumulator", "$out", "$merge", "$eval"];

/// What the text does.
pub(crate) fn read(text: &str) -> Effects {
    let mut effects = Effects::default();
    if text.len() > BYTES || text.contains(['\\', '`', '\0']) || text.contains("//") && !text.contains("://")
    {
        effects.give_up("the statement could not be read");
        return effects;
    }
    let Some(statements) = split(text) else {
        effects.give_up("the statement could not be read");
        return effects;
    };
    for statement in statements {
        one(statement.trim(), &mut effects);
    }
    effects
}

/// The statements between semicolons and ends of lines outside brackets and texts.
fn split(text: &str) -> Option<Vec<&str>> {
    let (mut statements, mut from, mut depth, mut quote) = (Vec::new(), 0, 0_u32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), '\n') => return None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '{' | '[') => depth += 1,
            (None, ')' | '}' | ']') => depth = depth.checked_sub(1)?,
            (None, ';' | '\n') if depth == 0 => {
                statements.push(text.get(from..at)?);
                from = at + 1;
            }
            (None, _) => {}
        }
    }
    statements.push(text.get(from..)?);
    (depth == 0 && quote.is_none()).then_some(statements)
}

fn one(statement: &str, effects: &mut Effects) {
    let printed = ["JSON.stringify(", "EJSON.stringify(", "printjson(", "print("];
    if let Some(inner) = printed.iter().find_map(|name| statement.strip_prefix(name)?.strip_suffix(')')) {
        return one(inner.trim(), effects);
    }
    if statement.is_empty() {
        return;
    }
    if matches!(
        statement,
        "show dbs" | "show databases" | "show collections" | "show tables" | "show users" | "db"
    ) {
        return effects.add(Act::Look);
    }
    match calls(statement) {
        Some(calls) => follow(&calls, effects),
        None => effects.give_up("the statement could not be read"),
    }
}

/// `db.a.b(…).c(…)` as names with their arguments.
fn calls(statement: &str) -> Option<Vec<(&str, Option<&str>)>> {
    let mut rest = statement.strip_prefix("db")?;
    let mut calls = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('.')?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end)?;
        rest = behind;
        let arguments = match rest.strip_prefix('(') {
            Some(inner) => {
                let end = closing(inner)?;
                rest = inner.get(end + 1..)?.trim_start();
                Some(inner.get(..end)?.trim())
            }
            None => None,
        };
        if name.is_empty() {
            return None;
        }
        calls.push((name, arguments));
    }
    Some(calls)
}

/// Where the bracket closes that was open before `text`.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '{' | '[') => depth += 1,
            (None, ')') if depth == 0 => return Some(at),
            (None, ')' | '}' | ']') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
    }
    None
}

fn follow(calls: &[(&str, Option<&str>)], effects: &mut Effects) {
    for (name, arguments) in calls {
        let Some(arguments) = arguments else { continue };
        if !is_document(arguments) {
            return effects.give_up("an argument is not a plain document");
        }
        let every = arguments.is_empty() || arguments.starts_with("{}") || arguments.starts_with("{ }");
        match *name {
            "find"
            | "findOne"
            | "count"
            | "countDocuments"
            | "estimatedDocumentCount"
            | "distinct"
            | "aggregate"
            | "getIndexes"
            | "stats"
            | "dataSize"
            | "storageSize"
            | "totalSize"
            | "getCollectionNames"
            | "getCollectionInfos"
            | "getName"
            | "version"
            | "serverStatus"
            | "hostInfo"
            | "explain"
            | "limit"
            | "skip"
            | "sort"
            | "projection"
            | "toArray"
            | "pretty"
            | "size"
            | "hasNext"
            | "next"
            | "itcount"
            | "getCollection"
            | "getSiblingDB"
            | "hello"
            | "isMaster" => effects.add(Act::Look),
            "insertOne" | "insertMany" | "insert" | "replaceOne" | "findOneAndUpdate"
            | "findOneAndReplace" | "updateOne" => effects.add(Act::Change),
            "updateMany" if every => effects.add(Act::Destroy),
            "updateMany" => effects.add(Act::Change),
            "deleteOne" | "findOneAndDelete" => effects.add(Act::Remove),
            "deleteMany" | "remove" if every => effects.add(Act::Destroy),
            "deleteMany" | "remove" => effects.add(Act::Remove),
            "drop" | "dropDatabase" => effects.add(Act::Destroy),
            "createIndex" | "createIndexes" | "createCollection" | "createView" | "dropIndex"
            | "dropIndexes" | "renameCollection" => effects.add(Act::Schema),
            other => effects.give_up(format!("what `{other}` does is not known")),
        }
    }
}

/// Whether the text holds nothing but keys, texts, numbers and the names of plain values.
fn is_document(text: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if matches!(c, '\'' | '"') {
            let inner = rest.get(1..).unwrap_or("");
            let Some((word, behind)) = inner.split_once(c) else { return false };
            if REACHING.contains(&word) {
                return false;
            }
            rest = behind;
            continue;
        }
        let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '+');
        if name(c) {
            let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let key = behind.trim_start().starts_with(':');
            let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
            if REACHING.contains(&word) || !(key || number || VALUES.contains(&word)) {
                return false;
            }
            rest = behind;
            continue;
        }
        if !(c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | '(' | ')' | ',' | ':')) {
            return false;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    true
}

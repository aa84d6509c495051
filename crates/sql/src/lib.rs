//! Statements and commands for database shells to what they would do, without a database.
//!
//! **Owns** the reading of SQL (by the `sqlparser` library), of the backslash and dot commands of `psql`,
//! `mysql` and `sqlite3`, and of statements for MongoDB's shell: which only look, which change rows, which
//! change the schema, which lose data, which touch files or start programs. **Does not own** which option of
//! which program holds a statement (models of `placet-shell`), nor what may be done (policies).
//!
//! It is a list of what is known, not of what is forbidden: a statement, function, operator or command that is
//! not listed makes the text [`Effects::unknown`]; what was found besides is still told.
//!
//! `INVARIANT:` a text that is said only to look changes nothing in a real database (guarded by
//! `tests/it/oracle.rs`, which runs texts in SQLite).
//! `INVARIANT:` no input makes it panic, overflow the stack or take more than a bounded time (guarded by
//! `tests/it/hostile.rs`).
//!
//! Start reading at [`statements`].

mod classify;
mod client;
mod document;
mod effects;
mod functions;
mod pragma;
mod query;
mod text;

pub use effects::{Act, Dialect, Effects};

/// What a text would do that a database shell gets: SQL statements, or one command of the shell itself.
pub fn statements(text: &str, dialect: Dialect) -> Effects {
    if dialect == Dialect::Mongo {
        return document::read(text);
    }
    if let Some(effects) = client::command(text, dialect) {
        return effects;
    }
    if dialect == Dialect::Sqlite
        && let Some(effects) = pragma::alone(text)
    {
        return effects;
    }
    let mut effects = Effects::default();
    match text::parse(text, dialect) {
        Ok(parsed) => {
            for statement in &parsed {
                query::inspect(statement, dialect, &mut effects);
            }
        }
        Err(why) => effects.give_up(why),
    }
    effects
}

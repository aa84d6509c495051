//! Each kind of statement to what it does.

use sqlparser::ast::{
    AlterTableOperation, CopySource, CopyTarget, Delete, Expr, Insert, ObjectType, Set, SetExpr,
    SqliteOnConflict, Statement,
};

use crate::effects::{Act, Effects};
use crate::functions::describes;
use crate::query::{picks, text_of};

/// Notes what a statement does by itself; the statements and expressions in it are visited one by one.
pub(crate) fn alone(statement: &Statement, effects: &mut Effects) {
    match statement {
        Statement::Query(_)
        | Statement::ExplainTable { .. }
        | Statement::ShowCreate { .. }
        | Statement::ShowColumns { .. }
        | Statement::ShowDatabases { .. }
        | Statement::ShowSchemas { .. }
        | Statement::ShowTables { .. }
        | Statement::ShowViews { .. }
        | Statement::ShowVariable { .. }
        | Statement::ShowVariables { .. }
        | Statement::ShowStatus { .. }
        | Statement::ShowFunctions { .. }
        | Statement::ShowProcessList { .. }
        | Statement::ShowCharset(_)
        | Statement::ShowCollation { .. } => effects.add(Act::Look),
        // What is explained is visited too: `explain analyze` runs it, and without it nothing more is said.
        Statement::Explain { .. } => effects.add(Act::Look),
        Statement::Use(_)
        | Statement::StartTransaction { .. }
        | Statement::Commit { .. }
        | Statement::Rollback { .. }
        | Statement::Savepoint { .. }
        | Statement::ReleaseSavepoint { .. } => {}
        Statement::Insert(insert) => {
            effects.add(if overwrites(insert) { Act::Destroy } else { Act::Change });
        }
        // Its clauses may remove every row.
        Statement::Merge(_) => effects.add(Act::Destroy),
        Statement::Update(update) => {
            let some = update.selection.as_ref().is_some_and(picks);
            effects.add(if some { Act::Change } else { Act::Destroy });
        }
        Statement::Delete(delete) => removal(delete, effects),
        Statement::Truncate(_) => effects.add(Act::Destroy),
        Statement::Pragma { name, value, is_eq } => {
            let name = name.0.last().map(|part| part.to_string().to_ascii_lowercase()).unwrap_or_default();
            if describes(&name, value.is_some(), *is_eq) {
                effects.add(Act::Look);
            } else {
                effects.give_up(format!("what the pragma `{name}` does is not known"));
            }
        }
        Statement::AttachDatabase { database_file_name, .. } => attach(database_file_name, effects),
        Statement::Copy { source, to, target, .. } => copy(source, *to, target, effects),
        Statement::Vacuum(vacuum) if format!("{vacuum}").to_ascii_lowercase().contains("into") => {
            effects.give_up("the database is copied to a file");
        }
        Statement::Vacuum(_) | Statement::Analyze(_) | Statement::OptimizeTable { .. } => {
            effects.add(Act::Change);
        }
        Statement::Set(set) => setting(set, effects),
        Statement::Grant(_)
        | Statement::Revoke(_)
        | Statement::CreateRole(_)
        | Statement::AlterRole { .. } => {
            effects.add(Act::Grant);
        }
        other => schema(other, effects),
    }
}

/// Statements about tables, indexes and the like.
fn schema(statement: &Statement, effects: &mut Effects) {
    match statement {
        Statement::CreateTable(table) if table.or_replace => effects.add(Act::Destroy),
        Statement::CreateTable(table) if table.location.is_some() || table.external => {
            effects.give_up("the table lives in files elsewhere");
        }
        Statement::CreateTable(_)
        | Statement::CreateView(_)
        | Statement::CreateIndex(_)
        | Statement::CreateSchema { .. }
        | Statement::CreateSequence { .. }
        | Statement::CreateType { .. }
        | Statement::CreateDomain(_)
        | Statement::CreateDatabase { .. }
        | Statement::AlterIndex { .. }
        | Statement::AlterView { .. }
        | Statement::RenameTable(_)
        | Statement::Comment { .. } => effects.add(Act::Schema),
        Statement::AlterTable(table) => {
            for operation in &table.operations {
                effects.add(alteration(operation));
            }
        }
        Statement::Drop { object_type, .. } => effects.add(match object_type {
            ObjectType::Table | ObjectType::Database | ObjectType::Schema | ObjectType::MaterializedView => {
                Act::Destroy
            }
            ObjectType::Role | ObjectType::User => Act::Grant,
            _ => Act::Schema,
        }),
        other => {
            let text = other.to_string();
            let words: Vec<&str> = text.split_ascii_whitespace().take(2).collect();
            effects.give_up(format!("what `{}` does is not followed", words.join(" ").to_ascii_lowercase()));
        }
    }
}

fn alteration(operation: &AlterTableOperation) -> Act {
    use AlterTableOperation::{
        ChangeColumn, DetachPartition, DisableRowLevelSecurity, DisableTrigger, DropColumn, DropPartitions,
        DropProjection, ModifyColumn, NoForceRowLevelSecurity, OwnerTo,
    };
    match operation {
        // Another type may cut values short.
        DropColumn { .. } | DropPartitions { .. } | DetachPartition { .. } | DropProjection { .. } => {
            Act::Destroy
        }
        ChangeColumn { .. } | ModifyColumn { .. } => Act::Destroy,
        OwnerTo { .. } | DisableRowLevelSecurity | NoForceRowLevelSecurity | DisableTrigger { .. } => {
            Act::Grant
        }
        _ => Act::Schema,
    }
}

fn removal(delete: &Delete, effects: &mut Effects) {
    let some = delete.selection.as_ref().is_some_and(picks);
    effects.add(if some { Act::Remove } else { Act::Destroy });
}

/// Whether rows that are there may be overwritten at large: one row named in the text is not.
fn overwrites(insert: &Insert) -> bool {
    let replaces =
        insert.replace_into || matches!(insert.or, Some(SqliteOnConflict::Replace)) || insert.on.is_some();
    let listed = insert.source.as_ref().is_some_and(|source| matches!(*source.body, SetExpr::Values(_)));
    insert.overwrite || (replaces && !listed)
}

fn attach(file: &Expr, effects: &mut Effects) {
    let path = match file {
        Expr::Value(value) => text_of(&value.value),
        _ => None,
    };
    match path {
        Some(path) if path == ":memory:" || path.is_empty() => {}
        Some(path) if !path.starts_with("file:") => {
            effects.add(Act::ReadFile(path.clone()));
            effects.add(Act::WriteFile(path));
        }
        _ => effects.give_up("which file is attached is not known"),
    }
}

/// `COPY` of PostgreSQL: its files are those of the server.
fn copy(source: &CopySource, to: bool, target: &CopyTarget, effects: &mut Effects) {
    match target {
        CopyTarget::Stdin | CopyTarget::Stdout => {
            effects.add(if to { Act::Look } else { Act::Change });
            if let (CopySource::Query(_), false) = (source, to) {
                effects.give_up("rows are copied into a query");
            }
        }
        CopyTarget::File { .. } | CopyTarget::Program { .. } => {
            effects.give_up("the server reads or writes a file or starts a program");
        }
    }
}

/// Settings of the connection that change nothing but how answers look.
fn setting(set: &Set, effects: &mut Effects) {
    let name = match set {
        Set::SetNames { .. } | Set::SetNamesDefault {} | Set::SetTimeZone { .. } => return,
        Set::SingleAssignment { variable, .. } => variable.to_string().to_ascii_lowercase(),
        _ => return effects.give_up("a setting of the database is changed"),
    };
    let harmless =
        ["search_path", "statement_timeout", "lock_timeout", "client_encoding", "timezone", "datestyle"];
    if !harmless.contains(&name.as_str()) {
        effects.give_up(format!("what the setting `{name}` does is not known"));
    }
}

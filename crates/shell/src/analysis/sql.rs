//! Statements for database shells: what [`placet_sql`] says they do, as effects of the command.

use placet_model::{ActionKind, Does, PathCertainty, Reach};
use placet_sql::{Act, Dialect};

use super::children::Child;
use super::program::Scope;
use super::value::Field;
use super::{Machine, Stdin};
use crate::programs::{Role, does_bit};

/// Longest file of statements that is read.
const FILE_BYTES: usize = 64 * 1024;

impl Machine<'_> {
    /// A statement, or a command of the database shell itself.
    pub(super) fn sql(&mut self, field: &Field, scope: &mut Scope) {
        scope.stated = true;
        match field.text() {
            Some(text) => self.statements(text, scope),
            None => scope.bits |= does_bit(Does::Execute) | does_bit(Does::Send),
        }
    }

    /// A file of statements: read, and its text followed when it can be.
    pub(super) fn sql_file(&mut self, field: &Field, scope: &mut Scope) {
        scope.stated = true;
        if field.text() == Some("-") {
            return self.sql_stdin(scope);
        }
        self.path_effect(ActionKind::ReadFile, field, Reach::Entry, scope);
        let mut paths = self.paths(field, Reach::Entry, &scope.dirs).into_iter();
        let path = paths.next().filter(|path| path.certainty == PathCertainty::Exact);
        let text = match (path, paths.next()) {
            (Some(path), None) if !self.remote => match self.memory.written(&path.absolute) {
                Some(text) => text.as_deref().map(str::to_owned),
                None => self.context.facts.text(&path.absolute, FILE_BYTES),
            },
            _ => None,
        };
        self.sql(&text.map_or_else(|| Field::unknown(false), Field::known), scope);
    }

    /// What a database shell without a statement in its words gets from standard input.
    pub(super) fn sql_stdin(&mut self, scope: &mut Scope) {
        let text = match &self.stdin {
            Stdin::Known(text) => Field::known(text.clone()),
            _ => Field::unknown(true),
        };
        self.sql(&text, scope);
    }

    fn statements(&mut self, text: &str, scope: &mut Scope) {
        let (dialect, local) = match scope.name.as_str() {
            "mysql" | "mariadb" | "mycli" => (Dialect::MySql, false),
            "sqlite3" | "sqlite" | "litecli" => (Dialect::Sqlite, true),
            "mongosh" | "mongo" => (Dialect::Mongo, false),
            _ => (Dialect::Postgres, false),
        };
        let effects = placet_sql::statements(text, dialect);
        // A database that is a file is changed as one; others are sent something.
        let reaches = if local { Does::Edit } else { Does::Send };
        let databases: Vec<Field> = if local { scope.roots.clone() } else { Vec::new() };
        for act in effects.acts {
            let also: &[Does] = match act {
                Act::Look => continue,
                Act::Change | Act::Schema => &[],
                Act::Remove => &[Does::Delete],
                Act::Destroy => &[Does::Delete, Does::Irreversible],
                Act::Grant => &[Does::Permissions],
                Act::ReadFile(path) => {
                    self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope);
                    continue;
                }
                Act::WriteFile(path) => {
                    self.path_effect(ActionKind::WriteFile, &Field::known(path), Reach::Entry, scope);
                    continue;
                }
                Act::Shell(command) => {
                    let label = format!("{} !", scope.name);
                    scope.bits |= does_bit(Does::Execute);
                    scope.children.push(Child::Text {
                        role: Role::Shell,
                        text: Field::known(command),
                        label,
                    });
                    continue;
                }
            };
            scope.bits |= also.iter().fold(does_bit(reaches), |bits, does| bits | does_bit(*does));
            for database in &databases {
                self.path_effect(ActionKind::WriteFile, database, Reach::Entry, scope);
            }
        }
        if effects.unknown.is_some() {
            scope.bits |= does_bit(Does::Execute) | does_bit(Does::Send);
        }
    }
}

//! What expressions, functions and tables inside a statement do.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName, ObjectNamePart, Query,
    Select, SetExpr, Statement, TableFactor, Value, Visit, Visitor,
};

use crate::classify;
use crate::effects::{Act, Dialect, Effects};
use crate::functions::{FileFunction, computes, file_function};

/// Notes what everything below a statement does, the statements in it included.
pub(crate) fn inspect(statement: &Statement, dialect: Dialect, effects: &mut Effects) {
    let mut inspector = Inspector { dialect, effects };
    let _ = statement.visit(&mut inspector);
}

/// Whether an expression is about any column, so that it can pick some of the rows.
pub(crate) fn picks(expression: &Expr) -> bool {
    struct Columns(bool);
    impl Visitor for Columns {
        type Break = ();
        fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
            let known = |name: &str| matches!(name.to_ascii_lowercase().as_str(), "true" | "false" | "null");
            self.0 |= match expression {
                Expr::Identifier(ident) => !known(&ident.value),
                Expr::CompoundIdentifier(_) | Expr::MatchAgainst { .. } => true,
                _ => false,
            };
            if self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let mut columns = Columns(false);
    let _ = expression.visit(&mut columns);
    columns.0
}

struct Inspector<'e> {
    dialect: Dialect,
    effects: &'e mut Effects,
}

impl Visitor for Inspector<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        classify::alone(statement, self.effects);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if !query.locks.is_empty() || query.settings.is_some() || query.format_clause.is_some() {
            self.effects.give_up("the query does more than look");
        }
        if !query.pipe_operators.is_empty() {
            self.effects.give_up("the query is written in a way that is not followed");
        }
        if let SetExpr::Table(_) = *query.body {
            self.effects.add(Act::Look);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        if select.into.is_some() {
            self.effects.give_up("the query puts its result somewhere");
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table { name, args: Some(args), .. } => self.function(name, &args.args),
            TableFactor::Function { name, args, .. } => self.function(name, args),
            TableFactor::Table { .. }
            | TableFactor::Derived { .. }
            | TableFactor::UNNEST { .. }
            | TableFactor::NestedJoin { .. }
            | TableFactor::JsonTable { .. } => {}
            _ => self.effects.give_up("a kind of table that is not known"),
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Function(function) => {
                let arguments: &[FunctionArg] = match &function.args {
                    FunctionArguments::List(list) => &list.args,
                    FunctionArguments::None | FunctionArguments::Subquery(_) => &[],
                };
                self.function(&function.name, arguments);
            }
            Expr::BinaryOp {
                op: BinaryOperator::PGCustomBinaryOperator(_) | BinaryOperator::Custom(_),
                ..
            } => {
                self.effects.give_up("an operator that is not known");
            }
            Expr::BinaryOp { op: BinaryOperator::Assignment, .. } => {
                self.effects.give_up("a variable of the database is set");
            }
            Expr::Prefixed { .. } | Expr::Lambda(_) | Expr::OuterJoin(_) => {
                self.effects.give_up("an expression that is not known");
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Inspector<'_> {
    fn function(&mut self, name: &ObjectName, arguments: &[FunctionArg]) {
        let Some(plain) = plain_name(name) else {
            return self.effects.give_up(format!("what `{name}` does is not known"));
        };
        if computes(&plain) {
            return;
        }
        match (file_function(&plain, self.dialect), first_text(arguments)) {
            (Some(FileFunction::Reads), Some(path)) => self.effects.add(Act::ReadFile(path)),
            (Some(FileFunction::Writes), Some(path)) => self.effects.add(Act::WriteFile(path)),
            (Some(_), None) => self.effects.give_up(format!("which file `{plain}` is about is not known")),
            (None, _) => self.effects.give_up(format!("what the function `{plain}` does is not known")),
        }
    }
}

/// The name of a function of the database itself, in small letters.
fn plain_name(name: &ObjectName) -> Option<String> {
    let mut parts = name.0.iter().map(|part| match part {
        ObjectNamePart::Identifier(ident) => Some(ident),
        ObjectNamePart::Function(_) => None,
    });
    let first = parts.next()??;
    let last = match parts.next() {
        None => first,
        Some(second) if first.value.eq_ignore_ascii_case("pg_catalog") => second?,
        Some(_) => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    let lower = last.value.to_ascii_lowercase();
    (last.quote_style.is_none() || lower == last.value).then_some(lower)
}

fn first_text(arguments: &[FunctionArg]) -> Option<String> {
    match arguments.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => text_of(&value.value),
        _ => None,
    }
}

/// The text of a plain string.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::SingleQuotedString(text) => Some(text.clone()),
        _ => None,
    }
}

//! The parser's tree to ours.
//!
//! INVARIANT: what our tree cannot say is refused here, never left out, except what does nothing when the program
//! runs (types, directives); no part of our tree is deeper than [`DEPTH`] (guarded by `tests/it/hostile.rs`).

mod expressions;
mod functions;
mod modules;
mod statements;
mod targets;

use oxc_ast::ast::Program;
use oxc_span::Span;

use crate::tree::{At, DEPTH, Expr, Kind, Refusal, Text};

type Lowered<T> = Result<T, Refusal>;

struct Lower<'t> {
    text: &'t str,
    depth: u16,
}

/// Statements up to the first that is refused.
pub(super) fn text(program: &Program<'_>, text: &str) -> Text {
    let mut lower = Lower { text, depth: 0 };
    let mut body = Vec::new();
    for statement in &program.body {
        if let Err(refusal) = lower.statement(statement, &mut body) {
            return Text { body, refusal: Some(refusal) };
        }
    }
    Text { body, refusal: None }
}

fn at(span: Span) -> At {
    At { from: span.start, to: span.end }
}

fn expr(kind: Kind, span: Span) -> Expr {
    Expr { kind, at: at(span) }
}

impl Lower<'_> {
    fn refuse<T>(&self, why: &'static str, span: Span) -> Lowered<T> {
        Err(Refusal { why, at: at(span) })
    }

    /// Runs `work` one level deeper.
    fn within<T>(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        if self.depth >= DEPTH {
            return self.refuse("the text is nested too deeply", span);
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }
}

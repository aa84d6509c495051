//! Program texts to what they would do, without running them: Python, JavaScript and TypeScript; Perl and Ruby as far
//! as they only print, count and substitute.
//!
//! **Owns** the bounds in front of the parsers (`ruff_python_parser`, `oxc_parser`), what is taken over of their trees
//! and what is refused, the following of values and the tables of what functions do; the token check of Perl
//! and Ruby (`oneline/`). **Does not own** what becomes of an effect: paths are resolved, programs analysed and
//! actions made by `placet-shell`.
//!
//! `INVARIANT:` what a text would do is among its uses, or [`Effects::unknown`] says why not (guarded by
//! `tests/it/oracle.rs`, which runs Python under an audit hook, `tests/it/grammar.rs`, which asks Python's own parser,
//! `tests/it/node.rs`, which asks Node and runs it, and by the rows of `tests/it/tables.rs`).
//! `INVARIANT:` no input makes it panic, overflow the stack or take more than a bounded time (guarded by
//! `tests/it/hostile.rs` and the fuzz targets).
//!
//! It is a list of what is allowed, not of what is forbidden: a name, method, module or construct that is not in
//! the tables makes the text unknown. What was found before is still told, so that a rule can deny it.
//!
//! Start reading at [`python`], then `walk/mod.rs`.

mod effects;
mod javascript;
mod oneline;
mod python;
mod tables;
mod tree;
mod walk;

pub use effects::{Effects, Part, Use, What, Why, Word};

use walk::Language;

/// Which JavaScript is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Plain JavaScript, as `node` runs it.
    JavaScript,
    /// TypeScript; types do nothing when it runs.
    TypeScript,
}

/// What a Python text would do.
pub fn python(text: &str) -> Effects {
    within(text, walk::effects(&python::read(text), Language::Python))
}

/// What a JavaScript or TypeScript text would do.
pub fn javascript(text: &str, dialect: Dialect) -> Effects {
    let typed = dialect == Dialect::TypeScript;
    within(text, walk::effects(&javascript::read(text, typed), Language::JavaScript))
}

/// What a Perl text would do. Known only when it prints, counts, splits and substitutes.
pub fn perl(text: &str) -> Effects {
    within(text, oneline::effects(text, oneline::Which::Perl))
}

/// What a Ruby text would do. Known only when it prints, counts, splits and substitutes.
pub fn ruby(text: &str) -> Effects {
    within(text, oneline::effects(text, oneline::Which::Ruby))
}

/// Whether a Python file of that name, in the folder of a program that loads any known module, may be run for it.
pub fn is_standard(name: &str) -> bool {
    tables::is_loaded(name)
}

/// Every span lies in the text; a reader stops one behind its end at the most.
fn within(text: &str, mut effects: Effects) -> Effects {
    let spans = effects.uses.iter_mut().map(|done| &mut done.span);
    for span in spans.chain(effects.unknown.as_mut().map(|why| &mut why.span)) {
        span.end = span.end.min(text.len());
        span.start = span.start.min(span.end);
    }
    effects
}

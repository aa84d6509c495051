//! The refusing reader: Bash text to the tree of [`crate::syntax`].
//!
//! One pass of recursive descent over bytes, after Bash 5.2's own grammar and lexer. Where Bash's behaviour is
//! not certain (unusual quoting inside `${…}`, ambiguous `((`, here-documents that cross a `)`) it refuses.
//! Refusing costs a question to the operator; guessing wrong would hide a command.
//!
//! `INVARIANT:` a command that Bash would run from the text is in the tree, or the text is refused (guarded by
//! the differential tests in `tests/it/oracle`).
//! `INVARIANT:` work is bounded by [`STEPS_PER_BYTE`] and nesting by [`MAX_DEPTH`] (guarded by `tests/it/hostile`).
//!
//! | file | reads |
//! | --- | --- |
//! | `cursor` | bytes, line continuations, bounds |
//! | `lists` | lists and pipelines, reserved words |
//! | `simple`, `assignments`, `redirects` | simple commands |
//! | `compound`, `loops`, `functions`, `conditional` | compound commands |
//! | `words`, `quotes`, `ansi` | words and quoting |
//! | `dollar`, `parameter`, `arithmetic` | expansions |
//! | `braces`, `borders` | brace expansion, on finished words |
//! | `heredoc`, `bodies`, `swallowed` | here-documents |
//! | `zsh` | what zsh reads otherwise |

mod ansi;
mod arithmetic;
mod assignments;
mod bodies;
mod borders;
mod braces;
mod compound;
mod conditional;
mod cursor;
mod dollar;
mod functions;
mod heredoc;
mod lists;
mod loops;
mod parameter;
mod quotes;
mod redirects;
mod simple;
mod swallowed;
mod words;
mod zsh;

use crate::syntax::{List, Refusal};
use cursor::Reader;
use placet_model::Dialect;

/// Longest text read, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// Deepest nesting of constructs.
pub const MAX_DEPTH: u32 = 64;

/// Steps allowed for each byte of text. A step is one byte looked at; ambiguous constructs are looked at twice.
pub const STEPS_PER_BYTE: u64 = 40;

/// Reads a Bash text.
///
/// # Errors
///
/// A [`Refusal`] when the text is not Bash, holds a construct whose meaning is not certain, is longer than
/// [`MAX_TEXT`], nested deeper than [`MAX_DEPTH`] or needs more work than [`STEPS_PER_BYTE`] allows.
pub fn read(text: &str) -> Result<List, Refusal> {
    read_counting(text).0
}

/// [`read`] for a text that the shell `dialect` runs: for zsh, what it reads otherwise than Bash is refused too.
///
/// # Errors
///
/// As [`read`].
pub fn read_as(text: &str, dialect: Dialect) -> Result<List, Refusal> {
    whole(text, dialect).0
}

/// [`read`] together with the steps it took, so that tests can check that work stays linear without a clock.
pub fn read_counting(text: &str) -> (Result<List, Refusal>, u64) {
    whole(text, Dialect::Bash)
}

fn whole(text: &str, dialect: Dialect) -> (Result<List, Refusal>, u64) {
    if text.len() > MAX_TEXT {
        return (Err(Refusal { at: MAX_TEXT, why: "text longer than the limit" }), 0);
    }
    // Bash uses 0x01 and 0x7f as marks inside words; a NUL ends its strings.
    if let Some(at) = text.bytes().position(|byte| matches!(byte, 0 | 1 | 0x7f)) {
        return (Err(Refusal { at, why: "control character" }), 0);
    }
    let mut reader = Reader::new(text, dialect);
    let result = reader.whole();
    (result, reader.steps())
}

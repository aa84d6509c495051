//! Policies to one flat file.

mod bytes;
mod encode;
pub(crate) mod index;
pub(crate) mod keys;
mod rule;
mod shared;

use crate::source::load;
use crate::{CompileError, Diagnostic, Options, Source};

/// A compiled set of policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// What [`crate::PolicySet::open`] reads.
    pub bytes: Vec<u8>,
    /// Remarks that do not stop anything.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles sources. `extends` finds shipped policies and, by name, the other sources.
///
/// # Errors
/// When a source is no valid policy; every error found is in the answer.
pub fn compile(sources: &[Source]) -> Result<Compiled, CompileError> {
    compile_with(sources, &Options::default())
}

/// Compiles sources with what they may refer to.
///
/// # Errors
/// When a source is no valid policy; every error found is in the answer.
pub fn compile_with(sources: &[Source], options: &Options<'_>) -> Result<Compiled, CompileError> {
    compile_loaded(load::load(sources, options)?)
}

/// Compiles what was read.
pub(crate) fn compile_loaded(loaded: load::LoadedAll) -> Result<Compiled, CompileError> {
    let policies: Vec<_> = loaded.policies.into_iter().map(|loaded| loaded.policy).collect();
    match encode::encode(&policies) {
        Some(bytes) => Ok(Compiled { bytes, warnings: loaded.warnings }),
        None => Err(CompileError { errors: vec![too_large()], warnings: loaded.warnings }),
    }
}

fn too_large() -> Diagnostic {
    Diagnostic {
        file: "(all policies)".to_owned(),
        line: 1,
        column: 1,
        len: 1,
        message: "policies are too large to compile".to_owned(),
        help: "the compiled form may have 1 GiB".to_owned(),
    }
}

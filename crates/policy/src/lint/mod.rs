//! Remarks on policies that compile but may not mean what they say.

mod rules;

use crate::source::load;
use crate::{CompileError, Diagnostic, Options, Source};

/// Warnings of compilation and remarks on each rule, in order of files and lines.
///
/// # Errors
/// When a source does not compile.
pub fn lint(sources: &[Source], options: &Options<'_>) -> Result<Vec<Diagnostic>, CompileError> {
    let loaded = load::load(sources, options)?;
    let mut out = loaded.warnings;
    for policy in &loaded.policies {
        out.extend(rules::remarks(&policy.policy));
    }
    out.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok(out)
}

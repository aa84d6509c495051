//! Commands of npm that say more of what they do.

use placet_model::Command;

use super::with_option;

/// How much is said is told already.
const LEVELS: &[&str] = &["--loglevel", "--verbose", "--quiet", "--silent", "-d", "-dd", "-ddd", "-q", "-s"];

/// `--verbose` is added.
pub(super) fn verbose(command: &Command, argv: &[&str]) -> Option<Vec<String>> {
    // Behind `exec` and without a subcommand the words belong to somebody else.
    let own = command.subcommand.first().is_some_and(|word| !matches!(word.as_str(), "exec" | "x"));
    let told = argv.iter().any(|word| LEVELS.iter().any(|level| word.starts_with(level)));
    (command.program == "npm" && own && !told).then(|| with_option(argv, "--verbose"))
}

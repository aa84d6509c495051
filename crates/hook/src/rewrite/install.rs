//! Installations during which packages run nothing of their own.

use placet_model::Command;

use super::with_option;

/// Programs with the subcommands that install and know `--ignore-scripts`. Not `install-test` and the like: they
/// run the project's scripts in any case.
const INSTALLS: &[(&str, &[&str])] = &[
    (
        "npm",
        &[
            "install",
            "i",
            "in",
            "add",
            "isntall",
            "ci",
            "clean-install",
            "ic",
            "install-clean",
            "update",
            "up",
            "upgrade",
        ],
    ),
    ("pnpm", &["install", "i", "add"]),
    ("yarn", &["install", "add", "upgrade"]),
];

/// `--ignore-scripts` is added.
pub(super) fn without_scripts(command: &Command, argv: &[&str]) -> Option<Vec<String>> {
    let (program, installs) = INSTALLS.iter().find(|(program, _)| command.program == *program)?;
    let installing = match command.subcommand.as_slice() {
        [] => *program == "yarn" && argv.iter().skip(1).all(|word| word.starts_with("--")),
        [subcommand] => installs.contains(&subcommand.as_str()),
        _ => false,
    };
    let told = argv.iter().any(|word| word.contains("ignore-scripts"));
    (installing && !told).then(|| with_option(argv, "--ignore-scripts"))
}

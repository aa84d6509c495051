//! Names of the rewrites a rule may ask for, and what each is for. They are carried out, and held to what they
//! promise, where the call is understood (`placet-hook`).

use placet_model::{Action, Arg, Command, Does, Resource};
use serde_json::Value;

/// A rewrite that policies name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedRewrite {
    /// Name in policies.
    pub name: &'static str,
    /// The form it leads to, said where the rewrite cannot be made.
    pub advice: &'static str,
    /// Whether it makes the call safer. Then only the rewritten form is what an `allow` means.
    pub is_safer: bool,
}

/// The catalogue.
pub const REWRITES: &[NamedRewrite] = &[
    NamedRewrite {
        name: "force-with-lease",
        advice: "push with `--force-with-lease`, alone on a line, without `--force`, `-f` and `+`.",
        is_safer: true,
    },
    NamedRewrite {
        name: "npm-ignore-scripts",
        advice: "install with `--ignore-scripts`, so that packages run nothing of their own.",
        is_safer: true,
    },
    NamedRewrite {
        name: "trash-instead-of-rm",
        advice: "`placet trash -- PATHS` (with `-r` for folders), from where it can be brought back.",
        is_safer: true,
    },
    NamedRewrite { name: "verbose-npm", advice: "add `--verbose`.", is_safer: false },
];

/// The rewrite of a name.
pub fn named_rewrite(name: &str) -> Option<&'static NamedRewrite> {
    REWRITES.iter().find(|known| known.name == name)
}

/// The rewrite of the catalogue that the JSON of a rule's `rewrite:` names.
pub(crate) fn of_spec(spec: &str) -> Option<&'static NamedRewrite> {
    match serde_json::from_str(spec).ok()? {
        Value::String(name) => named_rewrite(&name),
        _ => None,
    }
}

impl NamedRewrite {
    /// Whether an action may be of the form that the rewrite leads away from.
    pub fn concerns(&self, action: &Action) -> bool {
        let Resource::Command(command) = &action.resource else { return true };
        match self.name {
            "force-with-lease" => may_force(command),
            "npm-ignore-scripts" => may_run_scripts(command),
            "trash-instead-of-rm" => command.program == "rm",
            _ => false,
        }
    }
}

fn may_force(command: &Command) -> bool {
    let marked = |operand: &Arg| operand.known().is_none_or(|text| text.starts_with('+'));
    command.program == "git"
        && (!command.understood
            || command.subcommand == ["push"]
                && (["force", "mirror"].iter().any(|name| command.flag(name).is_some())
                    || command.operands.iter().any(marked)))
}

fn may_run_scripts(command: &Command) -> bool {
    let told = command.argv.iter().any(|word| word.known() == Some("--ignore-scripts"));
    matches!(command.program.as_str(), "npm" | "pnpm" | "yarn")
        && (!command.understood || command.does(Does::Install) && !told)
}

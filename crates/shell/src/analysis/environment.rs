//! Variables of the environment that make programs run code.

use placet_model::{Arg, Does, Location, Resource};

use super::Machine;
use super::paths::shown;
use super::settings::{is_listed, is_plain_less};
use super::simple::Call;
use super::value::{Field, Value};
use crate::programs::{Role, does_bit, environment};
use crate::syntax::Assignment;

/// Where programs are installed by package managers, below the home directory.
const OWN: &[&str] = &[
    ".cargo/",
    ".local/bin",
    ".local/share/",
    "go/bin",
    ".bun/",
    ".deno/",
    ".nvm/",
    ".pyenv/",
    ".rbenv/",
    ".volta/",
    ".asdf/",
    ".yarn/",
    ".npm",
    ".rustup/",
    ".sdkman/",
    ".fnm",
    ".rye/",
    ".pixi/",
    ".krew/",
    ".dotnet",
    "bin",
];

impl Machine<'_> {
    /// Looks at the assignments in front of a command.
    pub(super) fn environment(&mut self, assignments: &[Assignment], call: &mut Call) {
        for assignment in assignments {
            if environment(&assignment.name).is_none() {
                continue;
            }
            let value = self.state.assigned(&assignment.name).cloned().unwrap_or(Value::Unknown);
            self.environment_value(&assignment.name, &as_field(&value), call);
        }
    }

    /// Sets a variable otherwise than by an assignment (`read`, `for`, `printf -v`). It may be exported already.
    pub(super) fn set_variable(&mut self, name: &str, value: Value) {
        self.heed_variable(name, &value);
        self.state.set(name, value);
    }

    /// What a value does to programs started later, if the variable has it.
    pub(super) fn heed_variable(&mut self, name: &str, value: &Value) {
        self.heed_tied(name);
        // Loop variables are often called `path` or `home`.
        if name.contains(|c: char| c.is_ascii_lowercase()) || environment(name).is_none() {
            return;
        }
        let mut call = Call::new(Vec::new(), None);
        self.environment_value(name, &as_field(value), &mut call);
        self.state.path_changed |= call.path_changed;
    }

    /// What one variable does to programs started with it.
    pub(super) fn environment_value(&mut self, name: &str, value: &Field, call: &mut Call) {
        let role = environment(name).unwrap_or(Role::Text);
        let small = name.contains(|c: char| c.is_ascii_lowercase()) && !name.starts_with("npm_config_");
        if small && matches!(role, Role::Settings | Role::OutputFile | Role::Options | Role::LessOptions) {
            return;
        }
        if role == Role::Text || value.text() == Some("") || is_listed(name, value) {
            return;
        }
        let why = match role {
            Role::Shell => return self.program_of_variable(name, value, call),
            Role::CodePath => return self.code_path(name, value, call),
            Role::OutputFile => return self.output_file(value, call.span.as_ref()),
            Role::Host if self.hosts_of_variable(value, call.span.as_ref()) => return,
            Role::Host => "the machine that the variable names is not known",
            Role::Settings if self.is_own_settings(name, value, &self.state.dirs) => return,
            Role::Settings => "the variable makes programs take their settings from elsewhere",
            Role::LessOptions if value.text().is_some_and(is_plain_less) => return,
            Role::CommandPath if self.is_ordinary_path(value) => return,
            Role::CommandPath => {
                call.path_changed = true;
                "commands by name may come from anywhere"
            }
            _ => "the variable makes programs load code",
        };
        let name = if role == Role::CommandPath { "PATH" } else { name };
        self.push_unknown(&format!("{name}={}", shown(&value.arg)), call.span.clone(), why);
    }

    /// A variable whose value a shell runs.
    fn program_of_variable(&mut self, name: &str, value: &Field, call: &Call) {
        let Some(text) = value.text().map(str::to_owned) else {
            let shown = format!("{name}={}", shown(&value.arg));
            return self.push_unknown(&shown, call.span.clone(), "a program is run whose name is not known");
        };
        let first = self.actions.len();
        self.chain.push(format!("{name}="));
        self.subshell(|machine| machine.text(&text, true, None));
        self.chain.pop();
        self.strangers(first, &text);
    }

    /// Folders from which programs load code.
    fn code_path(&mut self, name: &str, value: &Field, call: &mut Call) {
        call.does |= does_bit(Does::Build);
        let usual = |entry: &str| {
            matches!(
                entry.rsplit('/').next(),
                Some("." | "src" | "lib" | "tests" | "test" | "python" | "app")
            )
        };
        let odd = value
            .start()
            .split(':')
            .any(|entry| entry.starts_with("./") && !usual(entry.trim_end_matches('/')));
        if odd {
            self.push_unknown(
                &format!("{name}={}", shown(&value.arg)),
                call.span.clone(),
                "programs load code from a folder that comes first",
            );
        }
    }

    /// Another configuration for an agent is one without the gate; a shell that is asked to reads `$ENV`.
    pub(super) fn agent_environment(&mut self, name: &str, call: &mut Call) {
        let set = |variable: &str| {
            self.state.assigned(variable).is_some_and(|value| !matches!(value, Value::Unset))
        };
        if name == "claude" && (set("CLAUDE_CONFIG_DIR") || set("HOME")) {
            call.does |= does_bit(Does::Gate);
        }
        let reads = set("ENV")
            && call.words.iter().any(|word| word.start().starts_with('-') && word.start().contains('i'));
        if reads && matches!(name, "sh" | "dash" | "ash" | "ksh") {
            self.push_unknown("ENV=…", call.span.clone(), "the shell first runs the file that `ENV` names");
        }
    }

    /// A variable or setting that starts a program of which nothing is known: not what the command is for.
    pub(super) fn strangers(&mut self, first: usize, text: &str) {
        let strange = self.actions.get(first..).unwrap_or(&[]).iter().any(|action| match &action.resource {
            Resource::Command(command) => {
                // A shell that a setting starts has nothing to do with what the command is for.
                let shell = matches!(command.program.as_str(), "sh" | "bash" | "dash" | "zsh" | "ksh");
                let known = !command.program.is_empty()
                    && crate::programs::program(&command.program, self.context.added).is_some();
                shell
                    || command.location == Location::Elsewhere
                    || (!known && !command.program.is_empty() && !command.understood)
            }
            _ => false,
        });
        if strange {
            self.push_unknown(text, None, "a program that is not known is run on the side");
        }
    }

    /// Whether a search path only puts directories of installed programs in front of what it was.
    pub(super) fn is_ordinary_path(&self, value: &Field) -> bool {
        let start = value.start();
        let inherited = self.context.facts.variable("PATH").filter(|path| !path.is_empty());
        let front = match inherited.as_deref().and_then(|path| start.find(path)) {
            Some(at) => start.get(..at).unwrap_or(start),
            None if value.text().is_none() => start.rsplit_once(':').map_or(start, |(front, _)| front),
            None => start,
        };
        // Without a directory in front of an unknown rest it must be the old path that comes first.
        front.split(':').filter(|entry| !entry.is_empty()).all(|entry| self.is_ordinary_directory(entry))
    }

    fn is_ordinary_directory(&self, entry: &str) -> bool {
        let system = [
            "/usr/",
            "/bin",
            "/sbin",
            "/opt/",
            "/snap/",
            "/nix/",
            "/Library/",
            "/System/",
            "/home/linuxbrew/",
        ];
        if entry.contains("..") || placet_model::path::relative_to(entry, self.context.project).is_some() {
            return false;
        }
        let own = |home: &str| {
            entry
                .strip_prefix(home)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| OWN.iter().any(|dir| rest.starts_with(dir)))
        };
        system.iter().any(|dir| entry.starts_with(dir)) || self.context.home.is_some_and(own) || own("~")
    }
}

/// The value as a word of an assignment.
fn as_field(value: &Value) -> Field {
    match value {
        Value::Known(text) => Field::known(&**text),
        Value::Partly { prefix, suffix, safe } => Field {
            arg: Arg::Partly { prefix: prefix.to_string(), suffix: suffix.to_string() },
            safe: *safe,
            ..Field::unknown(false)
        },
        Value::Unset => Field::known(""),
        _ => Field::unknown(false),
    }
}

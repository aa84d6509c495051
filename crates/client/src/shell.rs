//! Which shell the agent on this machine runs its texts in.

use placet_model::Dialect;

/// Folders in which Claude Code looks for a shell when no variable names one that is there.
const FOLDERS: [&str; 4] = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/// The shell that Claude Code picks, as observed on the real program: the one that `CLAUDE_CODE_SHELL` or `SHELL` names
/// when it is a Bash or a zsh that is there; else the first zsh it finds, and Bash only without one.
pub(crate) fn dialect(variable: impl Fn(&str) -> Option<String>, is_file: impl Fn(&str) -> bool) -> Dialect {
    for name in ["CLAUDE_CODE_SHELL", "SHELL"] {
        let Some(path) = variable(name) else { continue };
        if let Some(dialect) = of_path(&path).filter(|_| is_file(&path)) {
            return dialect;
        }
    }
    let on_path = variable("PATH").unwrap_or_default();
    let mut folders = FOLDERS.into_iter().chain(on_path.split(':').filter(|folder| folder.starts_with('/')));
    if folders.any(|folder| is_file(&format!("{folder}/zsh"))) { Dialect::Zsh } else { Dialect::Bash }
}

/// The file name counts first, as there may be anything in the names of the folders.
fn of_path(path: &str) -> Option<Dialect> {
    let name = path.rsplit('/').next().unwrap_or(path);
    [name, path].into_iter().find_map(|text| match text {
        text if text.contains("zsh") => Some(Dialect::Zsh),
        text if text.contains("bash") => Some(Dialect::Bash),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Dialect, dialect};

    #[test]
    fn it_is_the_shell_that_the_agent_picks() {
        let both = ["/bin/bash", "/usr/bin/zsh", "/opt/zsh/bin/bash"];
        let none: [&str; 0] = [];
        for (agent, person, path, there, expected) in [
            (None, Some("/bin/bash"), "", both.as_slice(), Dialect::Bash),
            (None, Some("/usr/bin/zsh"), "", &both, Dialect::Zsh),
            (Some("/usr/bin/zsh"), Some("/bin/bash"), "", &both, Dialect::Zsh),
            (Some("/bin/bash"), Some("/usr/bin/zsh"), "", &both, Dialect::Bash),
            (Some("/gone/bash"), Some("/usr/bin/zsh"), "", &both, Dialect::Zsh),
            (None, Some("/opt/zsh/bin/bash"), "", &both, Dialect::Bash),
            // Any other shell, or none: zsh where there is one.
            (None, Some("/bin/sh"), "", &both, Dialect::Zsh),
            (None, Some("/usr/bin/fish"), "", &["/bin/bash"], Dialect::Bash),
            (None, None, "/x:/nix/bin", &["/nix/bin/zsh"], Dialect::Zsh),
            (None, None, "x", &["x/zsh"], Dialect::Bash),
            (None, Some("/gone/bash"), "", &["/usr/bin/zsh"], Dialect::Zsh),
            (None, None, "", &none, Dialect::Bash),
        ] {
            let variable = |name: &str| match name {
                "CLAUDE_CODE_SHELL" => agent.map(str::to_owned),
                "SHELL" => person.map(str::to_owned),
                _ => Some(path.to_owned()),
            };
            let found = dialect(variable, |file| there.contains(&file));
            assert_eq!(found, expected, "{agent:?} {person:?} {path}");
        }
    }
}

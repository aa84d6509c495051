//! Where zsh may be the shell: what it does otherwise than Bash with a text that both read alike.
//!
//! What differs is left unknown here, so that the answer holds for both.

use placet_model::Dialect;

use super::Machine;
use super::value::{Field, Value};

/// Builtins and reserved words that only zsh has, as far as they run or change something.
const COMMANDS: [&str; 34] = [
    "-",
    "add-zle-hook-widget",
    "add-zsh-hook",
    "always",
    "autoload",
    "bindkey",
    "compctl",
    "compdef",
    "disable",
    "emulate",
    "end",
    "foreach",
    "functions",
    "nocorrect",
    "noglob",
    "print",
    "private",
    "r",
    "repeat",
    "sched",
    "setopt",
    "sysopen",
    "syswrite",
    "unfunction",
    "unsetopt",
    "vared",
    "zcompile",
    "zle",
    "zmodload",
    "zpty",
    "zsocket",
    "zstyle",
    "zsystem",
    "ztcp",
];

/// Variables that are a list beside one in capitals, or that the shell looks at.
const TIED: [&str; 18] = [
    "path",
    "fpath",
    "cdpath",
    "module_path",
    "argv",
    "aliases",
    "galiases",
    "saliases",
    "functions",
    "commands",
    "builtins",
    "options",
    "nameddirs",
    "FPATH",
    "MODULE_PATH",
    "NULLCMD",
    "READNULLCMD",
    "ZDOTDIR",
];

/// Functions that it calls by itself.
const CALLED: [&str; 7] =
    ["chpwd", "command_not_found_handler", "periodic", "precmd", "preexec", "zshaddhistory", "zshexit"];

impl Machine<'_> {
    pub(super) fn may_be_zsh(&self) -> bool {
        self.dialect == Dialect::Zsh
    }

    /// Whether the command is one of zsh alone.
    pub(super) fn is_of_zsh(&self, name: &str) -> bool {
        self.may_be_zsh() && (COMMANDS.contains(&name) || name.starts_with("zf_"))
    }

    /// To set some variables changes what the shell does.
    pub(super) fn heed_tied(&mut self, name: &str) {
        if self.may_be_zsh() && (TIED.contains(&name) || name.ends_with("_functions")) {
            self.state.path_changed = true;
            self.push_unknown(name, None, "zsh looks at a variable of that name");
        }
    }

    /// The shell that runs a text in a new process: Bash or one that reads as it does, unless it is said to be zsh.
    pub(super) fn dialect_of_child(&self, text: &str) -> Dialect {
        let named = self.chain.last().is_some_and(|label| label.split(' ').next() == Some("zsh"));
        let begins = text.starts_with("#!") && text.lines().next().is_some_and(|line| line.contains("zsh"));
        if named || begins { Dialect::Zsh } else { Dialect::Bash }
    }

    /// Whether zsh calls a function of that name by itself.
    pub(super) fn is_called_by_zsh(&self, name: &str) -> bool {
        self.may_be_zsh() && (CALLED.contains(&name) || name.starts_with("TRAP"))
    }

    /// An unquoted expansion: zsh neither splits it nor takes it for a pattern, and an array stands for all its
    /// elements.
    pub(super) fn unsplit(&self, value: Value, quoted: bool) -> Value {
        let differs = match &value {
            Value::Known(text) => !quoted && text.contains([' ', '\t', '\n', '*', '?', '[']),
            _ => false,
        };
        if differs && self.may_be_zsh() { Value::Unknown } else { value }
    }

    /// `cd OLD NEW` replaces a part of the directory, and options differ.
    pub(super) fn is_other_cd(&self, words: &[Field]) -> bool {
        let operands = words.iter().filter(|word| !matches!(word.text(), Some("--" | "-L" | "-P"))).count();
        self.may_be_zsh() && operands > 1
    }
}

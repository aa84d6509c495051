//! Signals to processes that the same text looked for: `kill $(pgrep placet)` ends the gate.

use placet_model::{Arg, Does};

use super::Machine;
use super::options::Parsed;
use super::value::Field;
use crate::programs::does_bit;

impl Machine<'_> {
    /// What is to be added to a command's `does` because of the processes it finds or ends.
    pub(super) fn gate_process(&mut self, name: &str, words: &[Field], parsed: &Parsed) -> u32 {
        let named = || words.iter().skip(1).any(names_gate);
        match name {
            "pgrep" | "pidof" | "lsof" | "fuser" => self.memory.seeks_gate |= named(),
            "ps" => {
                self.memory.lists_processes = true;
                self.memory.seeks_gate |= named();
            }
            "grep" | "egrep" | "fgrep" | "rg" | "awk" | "gawk" | "mawk" | "sed" => {
                self.memory.seeks_gate |= self.memory.lists_processes && named();
            }
            "kill" | "skill" | "pkill" | "renice" | "prlimit" if self.memory.seeks_gate => {
                let probe = parsed.flags.iter().any(|used| matches!(used.name(), "probe" | "list"));
                let unknown = parsed.operands.iter().any(|operand| !matches!(operand.arg, Arg::Known(_)));
                if unknown && !probe {
                    return does_bit(Does::Gate);
                }
            }
            _ => {}
        }
        0
    }
}

/// `grep [p]lacet` finds all but itself.
fn names_gate(word: &Field) -> bool {
    let (Arg::Known(text) | Arg::Glob(text) | Arg::Partly { prefix: text, .. }) = &word.arg;
    text.replace(['[', ']'], "").to_ascii_lowercase().contains("placet")
}

//! Signals to processes that the same text looked for: `kill $(pgrep placet)` ends the gate.

use placet_model::{Arg, Does};

use super::Machine;
use super::options::Parsed;
use crate::programs::does_bit;

impl Machine<'_> {
    /// What is to be added to a command's `does` because of the processes it finds or ends.
    pub(super) fn gate_process(&mut self, name: &str, parsed: &Parsed) -> u32 {
        let names_gate = |field: &super::value::Field| {
            let (Arg::Known(text) | Arg::Glob(text)) = &field.arg else { return false };
            // `grep [p]lacet` finds all but itself.
            text.replace(['[', ']'], "").to_ascii_lowercase().contains("placet")
        };
        match name {
            "ps" => self.memory.lists_processes = true,
            "pgrep" | "pidof" => self.memory.seeks_gate |= parsed.operands.iter().any(names_gate),
            "grep" | "egrep" | "fgrep" | "rg" | "awk" | "gawk" | "mawk" | "sed" => {
                self.memory.seeks_gate |=
                    self.memory.lists_processes && parsed.operands.iter().any(names_gate);
            }
            "kill" | "skill" if self.memory.seeks_gate => {
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

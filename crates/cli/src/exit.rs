//! What the process's exit code means.

use placet_model::Verdict;

/// Exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; or the answer is allow.
    Ok = 0,
    /// It did not work; or a check found something.
    General = 1,
    /// The arguments make no sense.
    BadArguments = 2,
    /// Who one is was not shown, or not believed.
    Authentication = 3,
    /// The answer is deny.
    Denied = 4,
    /// No answer of a gateway could be had.
    Network = 5,
    /// The answer is ask.
    Ask = 10,
    /// The answer is abstain.
    Abstain = 11,
}

impl Exit {
    /// The code a verdict is told by.
    pub(crate) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::Ok,
            Verdict::Abstain => Self::Abstain,
            Verdict::Ask => Self::Ask,
            Verdict::Deny => Self::Denied,
        }
    }

    /// For the operating system.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

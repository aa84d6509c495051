//! `placet-hook`: the process an agent starts for each event. Nothing is here that does not decide.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(placet_client::hook_main(std::env::args_os().skip(1)))
}

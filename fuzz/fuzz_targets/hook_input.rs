//! Any bytes on the hook's stdin: a call with actions, a notice, or a refusal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_agents::claude_code::{Incoming, ProcessFacts, actions, parse};
use placet_model::NoFacts;

fuzz_target!(|bytes: &[u8]| {
    let process = ProcessFacts { cwd: "/p".into(), ..ProcessFacts::default() };
    if let Ok(Incoming::Call(call)) = parse(bytes, &process) {
        assert!(!actions(&call, &NoFacts).is_empty());
    }
});

//! Times matching one prepared action against 10,000 rules, and opening the compiled file; counts allocations.
//!
//! `cargo run --release -p placet-policy --example time_match`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::allow_attributes,
    reason = "a measuring program"
)]
#![allow(unsafe_code, reason = "counting allocator")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, Arg, Command, Location, NoFacts, PathCertainty, PathRef,
    PermissionMode, Reach, Resource, UrlRef,
};
use placet_policy::{Layer, PolicySet, Situation, Source, compile, decide, decide_action};
use serde_json::Value;

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

// SAFETY: forwards to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A third commands, a third paths, a third hosts and words; one in a hundred is a regular expression on its
/// own action.
fn policy(rules: usize) -> String {
    let mut out = String::from("name: big\nversion: 1\ndefaultEffect: deny\nrules:\n");
    for n in 0..rules {
        let rule = match n % 6 {
            0 => format!(
                "{{effect: allow, actions: ['execute:shell'], conditions: {{resource: {{startsWith: 'tool{n} '}}}}}}"
            ),
            1 => format!(
                "{{effect: deny, actions: ['execute:shell'], conditions: {{resource: {{contains: 'danger{n} -rf'}}}}}}"
            ),
            2 => format!(
                "{{effect: allow, actions: ['read:file', 'write:file'], conditions: {{resource: {{matches: './module{n}/**'}}}}}}"
            ),
            3 => format!(
                "{{effect: deny, actions: ['read:file', 'write:file'], conditions: {{resource: {{matches: '**/secret{n}/*.pem'}}}}}}"
            ),
            4 => format!(
                "{{effect: allow, actions: ['read:web_fetch'], conditions: {{resource: {{matches: '*host{n}.example.com*'}}}}}}"
            ),
            _ => format!(
                "{{effect: ask, actions: ['execute:shell'], conditions: {{command: {{program: prog{n}, flags: [force]}}}}}}"
            ),
        };
        writeln!(out, "  - {rule}").unwrap();
    }
    out.push_str("  - {effect: deny, actions: ['read:file', 'write:file'], conditions: {resource: {matches: ['**/.env*', '**/.ssh/**', '/etc/**']}}}\n");
    out.push_str("  - {effect: deny, actions: ['execute:shell'], conditions: {resource: {contains: ['rm -rf', 'sudo ', 'curl ', '> /dev/']}}}\n");
    out.push_str("  - {effect: allow, actions: ['read:file'], conditions: {resource: {matches: './**'}}}\n");
    out
}

fn command(line: &str) -> Action {
    let words: Vec<&str> = line.split(' ').collect();
    let command = Command {
        program: words[0].to_owned(),
        location: Location::Path,
        subcommand: Vec::new(),
        flags: Vec::new(),
        operands: words.iter().skip(1).map(|word| Arg::Known((*word).to_owned())).collect(),
        argv: words.iter().map(|word| Arg::Known((*word).to_owned())).collect(),
        streams: Vec::new(),
        does: Vec::new(),
        understood: true,
        text: line.to_owned(),
    };
    Action::direct(ActionKind::ExecuteShell, Resource::Command(Box::new(command)))
}

fn path(kind: ActionKind, raw: &str) -> Action {
    let base = Base { cwd: "/home/dev/proj", project: "/home/dev/proj", home: Some("/home/dev") };
    Action::direct(
        kind,
        Resource::Path(PathRef::new(raw, PathCertainty::Exact, Reach::Entry, base, &NoFacts)),
    )
}

fn main() {
    for rules in [10, 100, 1_000, 10_000] {
        let source =
            Source { name: "big.yaml".to_owned(), text: policy(rules), layer: Layer::User, trusted: true };
        let start = Instant::now();
        let compiled = compile(&[source]).unwrap();
        let compile_time = start.elapsed();
        let mut opens: Vec<u64> = (0..200)
            .map(|_| {
                let start = Instant::now();
                black_box(PolicySet::open(black_box(&compiled.bytes)).unwrap());
                u64::try_from(start.elapsed().as_nanos()).unwrap()
            })
            .collect();
        opens.sort_unstable();
        println!(
            "{rules} rules: {} bytes, compiled in {compile_time:?}, open p50 {} us",
            compiled.bytes.len(),
            opens[100] / 1_000
        );
        let set = PolicySet::open(&compiled.bytes).unwrap();
        measure(&set);
    }
}

fn measure(set: &PolicySet<'_>) {
    let agent = AgentIdentity::default();
    let situation = Situation {
        agent: &agent,
        mode: PermissionMode::Default,
        tool: "Bash",
        input: &Value::Null,
        cwd: "/home/dev/proj",
        project: "/home/dev/proj",
        home: Some("/home/dev"),
        autonomy: None,
        environment: None,
        unix_seconds: 1_795_000_000,
        context: &Value::Null,
        facts: &NoFacts,
    };
    let cases = [
        ("command, allowed", command("tool6 build x")),
        ("command, denied", command("curl http://x")),
        ("command, default", command("unknown-program --x y z")),
        ("path, allowed", path(ActionKind::ReadFile, "module2/src/lib.rs")),
        ("path, denied", path(ActionKind::WriteFile, "a/b/secret9/key.pem")),
        ("path, default", path(ActionKind::WriteFile, "crates/policy/src/lib.rs")),
        (
            "url, allowed",
            Action::direct(
                ActionKind::WebFetch,
                Resource::Url(UrlRef::parse("https://api.host4.example.com/x")),
            ),
        ),
    ];
    for (name, action) in &cases {
        let before = COUNT.load(Ordering::Relaxed);
        let answer = decide_action(set, &situation, action);
        let allocations = COUNT.load(Ordering::Relaxed) - before;
        let mut times = Vec::with_capacity(2_000);
        for _ in 0..2_000 {
            let start = Instant::now();
            for _ in 0..20 {
                black_box(decide_action(set, &situation, black_box(action)));
            }
            times.push(u64::try_from(start.elapsed().as_nanos()).unwrap() / 20);
        }
        times.sort_unstable();
        let before = COUNT.load(Ordering::Relaxed);
        let decision = decide(set, &situation, std::slice::from_ref(action));
        let whole = COUNT.load(Ordering::Relaxed) - before;
        println!(
            "  {name:<18} {:>6} ns p50 {:>6} ns p99, {allocations} allocations; decide(): {whole} allocations; {:?} {:?}",
            times[1_000],
            times[1_980],
            answer.map(|answer| answer.verdict),
            decision.verdict
        );
    }
}

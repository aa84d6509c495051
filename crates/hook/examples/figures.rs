//! Times inside one process what `cargo xtask bench` promises, one `figure NAME VALUE UNIT BOUND` a line.

#![expect(clippy::print_stdout, clippy::unwrap_used, unsafe_code, reason = "a measuring program")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, NoFacts, PathCertainty, PathRef, PermissionMode, Reach, Resource,
};
use placet_policy::{Layer, PolicySet, Situation, Source, compile, decide_action};
use placet_shell::{Context, analyse};
use serde_json::Value;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: forwards to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// 120 bytes as agents write them.
const LINE: &str = "cd crates/shell && cargo test --workspace -- --nocapture 2>&1 | grep -E 'FAILED|error' | head -400 && git status --short";

fn main() {
    assert_eq!(LINE.len(), 120);
    analysis();
    matching();
}

fn context() -> Context<'static> {
    Context {
        cwd: "/home/dev/project",
        project: "/home/dev/project",
        home: Some("/home/dev"),
        facts: &NoFacts,
        added: placet_model::LibraryId::NONE,
    }
}

/// Median of `rounds` runs in nanoseconds, each the mean of `inner` calls.
fn median_ns(rounds: usize, inner: u32, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..inner {
                work();
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(inner)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(rounds / 2).copied().unwrap_or_default()
}

fn analysis() {
    let context = context();
    let p50 = median_ns(4000, 1, || {
        black_box(analyse(black_box(LINE), &context));
    });
    println!("figure analyse-120-byte-line-p50 {:.2} us 15", p50 / 1000.0);
}

fn policy(rules: usize) -> String {
    let mut out = String::from("name: big\nversion: 1\ndefaultEffect: deny\nrules:\n");
    for n in 0..rules {
        let rule = match n % 4 {
            0 => format!(
                "{{effect: allow, actions: ['execute:shell'], conditions: {{resource: {{startsWith: 'tool{n} '}}}}}}"
            ),
            1 => format!(
                "{{effect: deny, actions: ['execute:shell'], conditions: {{resource: {{contains: 'danger{n} -rf'}}}}}}"
            ),
            2 => format!(
                "{{effect: allow, actions: ['read:file'], conditions: {{resource: {{matches: './module{n}/**'}}}}}}"
            ),
            _ => format!(
                "{{effect: deny, actions: ['read:file'], conditions: {{resource: {{matches: '**/secret{n}/*.pem'}}}}}}"
            ),
        };
        writeln!(out, "  - {rule}").unwrap();
    }
    out
}

fn matching() {
    let source = Source { name: "big.yaml".into(), text: policy(10_000), layer: Layer::User, trusted: true };
    let sources = [source];
    let p50 = median_ns(11, 1, || {
        black_box(compile(black_box(&sources)).unwrap());
    });
    println!("figure compile-10000-rules-p50 {:.1} ms 150", p50 / 1e6);
    let compiled = compile(&sources).unwrap();
    let p50 = median_ns(200, 20, || {
        black_box(PolicySet::open(black_box(&compiled.bytes)).unwrap());
    });
    println!("figure open-10000-rules-p50 {:.3} us 2", p50 / 1000.0);
    let set = PolicySet::open(&compiled.bytes).unwrap();
    let agent = AgentIdentity::default();
    let situation = Situation {
        agent: &agent,
        mode: PermissionMode::Default,
        tool: "Read",
        input: &Value::Null,
        cwd: "/home/dev/project",
        project: "/home/dev/project",
        home: Some("/home/dev"),
        autonomy: None,
        environment: None,
        unix_seconds: 1_800_000_000,
        context: &Value::Null,
        facts: &NoFacts,
    };
    let base = Base { cwd: "/home/dev/project", project: "/home/dev/project", home: Some("/home/dev") };
    let path = PathRef::new("module2/src/lib.rs", PathCertainty::Exact, Reach::Entry, base, &NoFacts);
    let file = Action::direct(ActionKind::ReadFile, Resource::Path(path));
    let commands = analyse("danger9 -rf x", &context()).actions;
    let command = commands.first().unwrap();
    for (name, action) in [("path", &file), ("command", command)] {
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        black_box(decide_action(&set, &situation, action));
        let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
        let p50 = median_ns(2000, 20, || {
            black_box(decide_action(&set, &situation, black_box(action)));
        });
        println!("figure match-{name}-10000-rules-p50 {:.3} us 1.5", p50 / 1000.0);
        println!("figure match-{name}-allocations {allocations} times 0");
    }
}

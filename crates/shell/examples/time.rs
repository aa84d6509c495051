//! Times the analysis of everyday lines: median and 99th percentile in microseconds.
#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "a tool for looking at results")]
use std::time::Instant;
fn main() {
    let lines = [
        "git status",
        "ls -la src && cat README.md",
        "cargo test --workspace 2>&1 | tail -20",
        "cd crates/shell && cargo nextest run -p placet-shell --no-fail-fast 2>&1 | grep -E 'error|warning' | head -50; echo $?",
        "git add -A && git commit -m \"$(cat <<'EOF'\nshell: derive actions\n\nbody text here\nEOF\n)\" && git push origin main",
        "for f in src/*.rs; do sed -i 's/foo/bar/g' \"$f\"; done; find . -name '*.bak' -exec rm {} +",
        "sudo env A=1 timeout 5 bash -c 'rm -rf /tmp/x; curl -sSL https://a.example/x | tar xz'",
    ];
    let context = placet_shell::Context {
        cwd: "/p",
        project: "/p",
        home: Some("/home/dev"),
        facts: &placet_model::NoFacts,
        added: placet_model::LibraryId::NONE,
    };
    for line in lines {
        let mut times: Vec<u128> = (0..20_000)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(placet_shell::analyse(std::hint::black_box(line), &context));
                start.elapsed().as_nanos()
            })
            .collect();
        times.sort_unstable();
        println!(
            "{:>4} bytes  p50 {:>6.1}  p99 {:>6.1}  {} actions  {}",
            line.len(),
            times[10_000] as f64 / 1000.0,
            times[19_800] as f64 / 1000.0,
            placet_shell::analyse(line, &context).actions.len(),
            line.lines().next().unwrap_or("")
        );
    }
}

//! Measures how long the reader takes for texts of everyday length.

use std::time::Instant;

const TEXTS: [(&str, &str); 3] = [
    (
        "120 bytes",
        "cd \"$HOME/src/app\" && git add -A && git commit -m 'fix: keep the order' | tee \"/tmp/log-$(date +%F).txt\" > /dev/null 2>&1",
    ),
    (
        "commit",
        "git commit -m \"$(cat <<'EOF'\nfix: keep the order of entries\n\nThey came out reversed.\nEOF\n)\"",
    ),
    (
        "loop",
        "for f in src/*.rs; do if grep -q \"TODO\" \"$f\"; then echo \"${f##*/}: $((n+1))\"; fi; done | sort -u",
    ),
];

#[expect(clippy::print_stdout, reason = "output is the purpose of this example")]
fn main() {
    for (name, text) in TEXTS {
        let start = Instant::now();
        let first = placet_shell::read(text).is_ok();
        let once = start.elapsed();
        let start = Instant::now();
        for _ in 0..10_000 {
            std::hint::black_box(placet_shell::read(std::hint::black_box(text)).is_ok());
        }
        let many = start.elapsed() / 10_000;
        println!("{name}: {} bytes, read: {first}, first {once:?}, then {many:?}", text.len());
    }
}

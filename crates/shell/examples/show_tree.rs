//! Prints the tree of each line of standard input, or why it is refused.

use std::io::BufRead as _;

fn main() {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let text = line.replace("\\x0a", "\n");
        match placet_shell::read(&text) {
            Ok(list) => show(&format!("{text}\n{list:#?}")),
            Err(refusal) => show(&format!("{text}\nrefused at {}: {}", refusal.at, refusal.why)),
        }
    }
}

#[expect(clippy::print_stdout, reason = "output is the purpose of this example")]
fn show(text: &str) {
    println!("{text}");
}

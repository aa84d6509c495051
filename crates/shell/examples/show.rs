//! Prints the actions of each argument.
#![allow(clippy::print_stdout, reason = "a tool for looking at results")]
fn main() {
    for line in std::env::args().skip(1) {
        let context = placet_shell::Context {
            cwd: "/p",
            project: "/p",
            home: Some("/home/dev"),
            facts: &placet_model::NoFacts,
            added: placet_model::LibraryId::NONE,
        };
        for action in placet_shell::analyse(&line, &context).actions {
            println!(
                "{} {:?} {} chain={:?} why={:?}",
                action.kind.name(),
                action.origin,
                action.resource.text(),
                action.chain,
                action.why
            );
        }
    }
}

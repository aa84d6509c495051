//! One line for what a text from standard input would do, as the tables of the tests have it.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::io::Read as _;

#[path = "../tests/it/line.rs"]
mod line;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let language = std::env::args().nth(1).unwrap_or_default();
    println!("{}", line::line(&line::effects(&language, &text)));
    Ok(())
}

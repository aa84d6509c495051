//! Prints what a text from standard input would do: `cargo run -p placet-code --example effects -- python`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::io::Read as _;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let effects = match std::env::args().nth(1).as_deref() {
        Some("javascript") => placet_code::javascript(&text, placet_code::Dialect::JavaScript),
        Some("typescript") => placet_code::javascript(&text, placet_code::Dialect::TypeScript),
        _ => placet_code::python(&text),
    };
    for done in &effects.uses {
        println!("{:?} {:?}", done.span, done.what);
    }
    println!("modules {:?}", effects.modules);
    match &effects.unknown {
        Some(why) => println!("unknown: {} at {:?}", why.text, why.span),
        None => println!("all of it is known"),
    }
    Ok(())
}

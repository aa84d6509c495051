#![expect(clippy::print_stdout, reason = "a build script talks to Cargo this way")]
//! Compiles `programs/*.toml` into static tables. The schema is explained in `programs/README.md`.

#[path = "../src/programs/layout.rs"]
mod layout;
mod render;
#[path = "../src/programs/role.rs"]
mod role;
#[expect(dead_code, reason = "the build script reads no examples")]
#[path = "../src/programs/schema.rs"]
mod schema;
#[expect(dead_code, reason = "the build script only makes rows")]
#[path = "../src/programs/table.rs"]
mod table;

use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = Path::new("programs");
    println!("cargo::rerun-if-changed=programs");
    println!("cargo::rerun-if-changed=build");
    for shared in ["layout", "role", "schema", "table"] {
        println!("cargo::rerun-if-changed=src/programs/{shared}.rs");
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut layout = layout::Layout::new(0);
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = std::fs::read_to_string(file)?;
        let program: schema::Program =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        layout.add(program).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("programs.rs"), render::source(&layout.finish()?)?)?;
    Ok(())
}

//! Lists `policies/*.yaml` of the repository, so that a policy is shipped by being there.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../policies").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        // The floor is no policy one chooses.
        if path.extension().is_some_and(|kind| kind == "yaml") && name != "floor" {
            names.push((name, path));
        }
    }
    names.sort();
    let mut out =
        String::from("/// Policies that come with the program: name and YAML text, sorted by name.\n");
    out.push_str("pub const SHIPPED: &[(&str, &str)] = &[\n");
    for (name, path) in names {
        writeln!(out, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
    }
    out.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("shipped.rs"), out)?;
    Ok(())
}

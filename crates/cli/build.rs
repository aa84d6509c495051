//! Gathers the program models of the shell analysis into one document that `placet programs` shows.

use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = Path::new("../shell/programs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    // Names with an underscore in front are shared tables, not programs.
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".toml") && !name.starts_with('_')
    });
    files.sort();
    let mut models = Vec::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = std::fs::read_to_string(file)?;
        let model: serde_json::Value =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        models.push(model);
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("programs.json"), serde_json::to_string(&models)?)?;
    Ok(())
}

//! The published MeshGuard client for Python against a running gateway (`xtask/e2e/meshguard/`): every method of it, and
//! the Python pieces of the example project.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::gate::Programs;
use crate::tools;

/// One suite with the published client.
pub(crate) struct Suite {
    /// What filters and reports call it.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) claim: &'static str,
    file: &'static str,
}

/// All of them.
pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "meshguard-client",
        claim: "the published Python client gets the answers it expects from every method",
        file: "client.py",
    },
    Suite {
        name: "meshguard-example",
        claim: "the Python pieces of the example block what the gateway does not allow, and report the rest",
        file: "example.py",
    },
];

/// The client, and the library it speaks HTTP with.
const PINNED: &[&str] = &["meshguard==0.1.2", "httpx==0.28.1"];

/// Tells whether the pinned client is there.
const ANSWERS: &str =
    "import importlib.metadata as m, httpx, sys; sys.exit(m.version('meshguard') != '0.1.2')";

/// Runs a suite in a folder of its own; gives what went wrong.
pub(crate) fn play(suite: &Suite, programs: &Programs, folder: &Path) -> Result<Vec<String>, String> {
    let python = install()?;
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("cannot make folder `{}`: {error}", folder.display()))?;
    let output = Command::new(&python)
        .arg(tools::root().join("xtask/e2e/meshguard").join(suite.file))
        .arg(&programs.placet)
        .arg(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{}` could not be started: {error}", python.display()))?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(vec![format!("the suite ended with {}:\n{said}", output.status)])
}

/// The Python of a virtual environment with the pinned client; made once.
fn install() -> Result<PathBuf, String> {
    let folder = tools::target_folder().join("e2e/meshguard");
    let python = folder.join("bin/python");
    if answers(&python) {
        return Ok(python);
    }
    let needs = "the suite with the published client needs python3 with venv and pip, and a package index";
    println!("e2e: fetching {}", PINNED.join(", "));
    tools::must_run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
        .map_err(|error| format!("{error}; {needs}"))?;
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    tools::must_run(Command::new(&python).args(pip).args(PINNED))
        .map_err(|error| format!("{error}; {needs}"))?;
    if answers(&python) {
        Ok(python)
    } else {
        Err(format!("`{}` has no client of {PINNED:?}", python.display()))
    }
}

fn answers(python: &Path) -> bool {
    python.is_file() && tools::present(&python.to_string_lossy(), &["-c", ANSWERS])
}

/// Why the suite cannot run here.
pub(crate) fn missing() -> Option<String> {
    (!tools::present("python3", &["-c", "import venv, ensurepip"]))
        .then(|| "python3 with venv is not installed".to_owned())
}

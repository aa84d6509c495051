//! A PostgreSQL of the bench's own, as it is when installed: every commit is synced.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::tools;

/// A running server; it is stopped and its folder removed at the end.
pub(super) struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
}

impl Postgres {
    /// Starts one; `None` when it is not installed.
    pub(super) fn start() -> Result<Option<Self>, String> {
        let Some(programs) = programs() else { return Ok(None) };
        // Below the folder for such things, which its user may enter.
        let folder = std::env::temp_dir().join(format!("placet-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
        let server = Self { folder, programs };
        if is_root() {
            tools::must_run(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.data();
        server.run("initdb", &["-D", &data, "-A", "trust", "-U", "placet", "-E", "UTF8"])?;
        let folder = server.folder.display().to_string();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{folder}'");
        let log = format!("{folder}/log");
        server.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"])?;
        Ok(Some(server))
    }

    /// Makes an empty database and gives its address.
    pub(super) fn database(&self, name: &str) -> Result<String, String> {
        let folder = self.folder.display().to_string();
        self.run("createdb", &["-h", &folder, "-U", "placet", name])?;
        Ok(format!("postgres://placet@localhost/{name}?host={folder}"))
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{program}` ended with {status}")),
            Err(error) => Err(format!("`{program}` could not be started: {error}")),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// The folder of the newest installed server.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.path()).max_by_key(|path| number(path))?.join("bin");
    newest.join("pg_ctl").exists().then_some(newest)
}

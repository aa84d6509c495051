//! A real PostgreSQL in a scratch folder, reached through a socket only.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running server; stopped when dropped.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
}

impl Cluster {
    /// Starts one. `None` when PostgreSQL is not installed; the task that runs the suites says so then.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("placet-pg").tempdir_in("/tmp").unwrap();
        let cluster = Self { folder, programs };
        if is_root() {
            let folder = cluster.folder.path();
            assert!(Command::new("chown").arg("postgres").arg(folder).status().unwrap().success());
        }
        let data = cluster.folder.path().join("data");
        let data = data.to_str().unwrap();
        cluster.run("initdb", &["-D", data, "-A", "trust", "-U", "placet", "-E", "UTF8", "--no-sync"]);
        cluster.begin();
        Some(cluster)
    }

    /// Starts the server.
    pub(crate) fn begin(&self) {
        let folder = self.folder.path().to_str().unwrap();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off");
        let (data, log) = (format!("{folder}/data"), format!("{folder}/log"));
        self.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"]);
    }

    /// Stops it at once, as a power switch would.
    pub(crate) fn cut(&self) {
        let data = self.folder.path().join("data");
        self.run("pg_ctl", &["-D", data.to_str().unwrap(), "-m", "immediate", "-w", "stop"]);
    }

    /// Makes an empty database and gives its address.
    pub(crate) fn database(&self, name: &str) -> String {
        let folder = self.folder.path().to_str().unwrap();
        self.run("createdb", &["-h", folder, "-U", "placet", name]);
        format!("postgres://placet@localhost/{name}?host={folder}")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let output = command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}: {}",
            program.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.cut();
        }
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// The folder of the newest installed server.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> =
        versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.sort_by_key(|folder| {
        let version =
            folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

//! What destroys beyond repair: whole trees of the system or of the home directory, block devices.

use placet_model::{ActionKind, PathCertainty, PathRef, Reach};

/// Directories whose loss takes the machine or somebody's home with it.
const SYSTEM: &[&str] = &[
    "/",
    "/Applications",
    "/Library",
    "/System",
    "/Users",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib32",
    "/lib64",
    "/mnt",
    "/opt",
    "/private",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/lib",
    "/Volumes",
    "/media",
];

const DEVICES: &[&str] = &[
    "sd", "nvme", "hd", "vd", "xvd", "mmcblk", "disk", "rdisk", "loop", "dm-", "md", "mapper/", "sr", "nbd",
    "zd", "mem", "kmem", "port", "mtd", "ram", "root", "vg",
];

/// Whether a path is a block device or the machine's memory.
pub(super) fn is_device(absolute: &str) -> bool {
    absolute.strip_prefix("/dev/").is_some_and(|name| DEVICES.iter().any(|device| name.starts_with(device)))
}

/// Whether doing `kind` to `path` destroys beyond repair. `whole` says that everything below the path is meant.
pub(super) fn destroys(kind: &ActionKind, path: &PathRef, home: Option<&str>) -> bool {
    if path.certainty == PathCertainty::Unknown {
        return false;
    }
    let forms = [Some(path.absolute.as_str()), path.resolved.as_deref()];
    let device = forms.into_iter().flatten().any(is_device);
    if device && matches!(kind, ActionKind::WriteFile | ActionKind::DeleteFile) {
        return true;
    }
    let whole = path.reach == Reach::Tree;
    forms.into_iter().flatten().any(|form| {
        let (dir, all) = match form
            .strip_suffix("/*")
            .or_else(|| form.strip_suffix("/.*"))
            .or_else(|| form.strip_suffix("/?*"))
        {
            Some(dir) if path.certainty == PathCertainty::Glob => {
                (if dir.is_empty() { "/" } else { dir }, true)
            }
            _ => (form, path.certainty == PathCertainty::Exact),
        };
        let vital = is_vital(dir, home);
        let one_of_system = path.certainty == PathCertainty::Glob && parent_is_root(form);
        whole && ((vital && all) || one_of_system)
    })
}

/// Whether everything below the path is a repository's data or, when `whole` asks for that too, the project.
pub(super) fn is_work(path: &PathRef, project: &str, whole: bool) -> bool {
    let repository = path.absolute.ends_with("/.git")
        && path.certainty != PathCertainty::Unknown
        && path.certainty != PathCertainty::Under;
    let whole = whole
        && (path.absolute == project
            || project.strip_prefix(path.absolute.as_str()).is_some_and(|rest| rest.starts_with('/')));
    path.reach == Reach::Tree && (repository || (whole && path.certainty == PathCertainty::Exact))
}

/// Whether the loss of a directory takes the machine or somebody's home with it.
pub(super) fn is_vital(dir: &str, home: Option<&str>) -> bool {
    SYSTEM.contains(&dir) || home.is_some_and(|home| home == dir) || dir == "/~" || is_home(dir)
}

/// `/home/name`, `/Users/name`, `/~name`.
fn is_home(dir: &str) -> bool {
    let below = dir.strip_prefix("/home/").or_else(|| dir.strip_prefix("/Users/"));
    below.is_some_and(|name| !name.is_empty() && !name.contains('/'))
        || (dir.starts_with("/~") && !dir.trim_start_matches('/').contains('/'))
}

fn parent_is_root(pattern: &str) -> bool {
    pattern.strip_prefix('/').is_some_and(|rest| !rest.contains('/') && rest.starts_with('*'))
}

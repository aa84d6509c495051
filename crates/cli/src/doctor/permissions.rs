//! Files others may write to.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Scope;

const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;
const OTHERS_WRITE: u32 = GROUP_WRITES | ALL_WRITE;
const STICKY: u32 = 0o1000;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &world.files {
        if others_may_write(&file.path) && file.scope != Scope::Project {
            findings.push(
                Finding::new(
                    "settings-writable",
                    Severity::Warning,
                    "other users of this machine may write to this file and take the gate out",
                    "take the right away: `chmod go-w`",
                )
                .at(&file.path, None)
                .fixed_by(Fix::Forbid(OTHERS_WRITE)),
            );
        }
    }
    findings.extend(hook_programs(world).into_iter().filter(|path| others_may_write(path)).map(|path| {
        Finding::new(
            "hook-binary-writable",
            Severity::Open,
            "other users of this machine may replace the program that decides",
            "take the right away: `chmod go-w`",
        )
        .at(&path, None)
        .fixed_by(Fix::Forbid(OTHERS_WRITE))
    }));
    findings.extend(own_folder(world));
    findings
}

/// The programs our own entries start, and the folders they lie in.
fn hook_programs(world: &Examined<'_>) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = world
        .handlers()
        .filter(|(_, handler)| handler.is_ours())
        .filter_map(|(_, handler)| handler.command_line())
        .filter_map(|line| line.words.into_iter().next())
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .flat_map(|path| {
            let parent = path.parent().map(Path::to_path_buf);
            [Some(path), parent].into_iter().flatten()
        })
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Placet's own settings, and every file and folder policies in force come from.
fn own_folder(world: &Examined<'_>) -> Vec<Finding> {
    let Ok(locations) = world.place.locations() else { return Vec::new() };
    let mut paths = vec![locations.config.clone(), locations.user_settings(), locations.machine_settings()];
    if let Ok(collected) = placet_client::collect(&locations, &world.place.project) {
        paths.extend(collected.files.into_iter().map(|file| file.path));
    }
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| others_may_write(path))
        .map(|path| {
            Finding::new(
                "policy-writable",
                Severity::Open,
                "other users of this machine may change what is allowed",
                "take the right away: `chmod go-w`",
            )
            .at(&path, None)
            .fixed_by(Fix::Forbid(OTHERS_WRITE))
        })
        .collect()
}

fn others_may_write(path: &Path) -> bool {
    let Ok(data) = std::fs::metadata(path) else { return false };
    let mode = data.mode();
    // Where every user has a group of their own, files are made group-writable and that means nothing.
    let by_group = mode & GROUP_WRITES != 0 && data.gid() != data.uid();
    // A sticky folder (`/tmp`) lets nobody replace what is not theirs.
    (by_group || mode & ALL_WRITE != 0) && mode & STICKY == 0
}

//! The cache of compiled policies: one file a project, valid as long as no source has changed.
//!
//! Layout: 8 bytes magic, 4 bytes little-endian header length, 8 bytes checksum of the header, header as JSON,
//! compiled policy. The policy checks itself, block by block as it is read: opening a cache of ten thousand rules
//! costs what opening one of ten costs. A file is never written in place, so a map stays what it was while another
//! process puts a new file there.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use placet_policy::checksum;
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::evidence::Evidence;
use crate::load::Loaded;
use crate::programs::Programs;
use crate::settings::Settings;
use crate::sources::{SourceFile, nanoseconds};

const MAGIC: &[u8; 8] = b"PLCCH03\n";
/// Bytes before the header.
const PREFIX_BYTES: usize = 20;
/// Below this size a file is read, above it is mapped: a read touches every page, a map only those used.
const READ_MAX_BYTES: u64 = 32 << 10;
const HEADER_MAX_BYTES: usize = 1 << 20;
/// A source changed this shortly before the cache was written could change again within one tick of the
/// file system's clock and look the same.
const RACY_NS: i128 = 20_000_000;

/// Bytes of a compiled policy.
#[derive(Debug)]
pub enum PolicyBytes {
    /// In memory, from an offset on.
    Read(Vec<u8>, usize),
    /// Mapped, from an offset on.
    Mapped(memmap2::Mmap, usize),
}

impl PolicyBytes {
    /// The compiled policy.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Read(bytes, from) => bytes.get(*from..),
            Self::Mapped(map, from) => map.get(*from..),
        }
        .unwrap_or_default()
    }
}

/// Why the cache could not be written. Reading never fails: a cache that cannot be used counts as absent.
#[derive(Debug)]
pub struct CacheError {
    /// The file.
    pub file: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policy cache `{}` cannot be written: {}", self.file.display(), self.source)
    }
}

impl std::error::Error for CacheError {}

#[derive(Serialize, Deserialize)]
struct Header {
    build: String,
    config: PathBuf,
    project: PathBuf,
    settings: Settings,
    evidence: Evidence,
    #[serde(default, skip_serializing_if = "Programs::is_empty")]
    programs: Programs,
    files: Vec<SourceFile>,
}

/// Name of the cache file of a project under a configuration folder.
pub(crate) fn file_name(config: &Path, project: &Path) -> String {
    let mut hash = Sha256::new();
    hash.update(config.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(project.as_os_str().as_encoded_bytes());
    let digest = hash.finalize();
    format!("{}.policy", crate::trust::hex(digest.get(..16).unwrap_or_default()))
}

/// Whether a stored set is used when its sources have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Staleness {
    /// Only an exact match will do.
    Refuse,
    /// The last set that compiled, whatever changed since.
    Accept,
}

/// Reads the cached set of `project`, if it is ours, whole and fits.
pub(crate) fn read(file: &Path, config: &Path, project: &Path, staleness: Staleness) -> Option<Loaded> {
    let opened = open_own(file)?;
    let data = opened.metadata().ok()?;
    let written_ns = nanoseconds(data.ctime(), data.ctime_nsec());
    let bytes = if data.size() <= READ_MAX_BYTES {
        let mut bytes = Vec::with_capacity(usize::try_from(data.size()).ok()? + 1);
        opened.take(READ_MAX_BYTES).read_to_end(&mut bytes).ok()?;
        PolicyBytes::Read(bytes, 0)
    } else {
        PolicyBytes::Mapped(map(&opened)?, 0)
    };
    let whole = bytes.bytes();
    let (magic, rest) = whole.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if magic != MAGIC || length > HEADER_MAX_BYTES {
        return None;
    }
    let header = rest.get(..length)?;
    if checksum(0, header) != u64::from_le_bytes(*sum) {
        return None;
    }
    let header: Header = serde_json::from_slice(header).ok()?;
    let fits = header.build == build() && header.config == config && header.project == project;
    let fresh = staleness == Staleness::Accept
        || header.files.iter().all(|file| {
            SourceFile::stat(&file.path).stamp == file.stamp
                && file.stamp.is_none_or(|stamp| stamp.changed_ns + RACY_NS < written_ns)
        });
    let from = PREFIX_BYTES + length;
    (fits && fresh).then(|| {
        let policy = match bytes {
            PolicyBytes::Read(bytes, _) => PolicyBytes::Read(bytes, from),
            PolicyBytes::Mapped(map, _) => PolicyBytes::Mapped(map, from),
        };
        let Header { settings, evidence, programs, .. } = header;
        Loaded { settings, policy, programs, evidence, stale: None }
    })
}

/// Takes the set of `project` away, so that the next call compiles it anew.
pub(crate) fn discard(cache: &Path, config: &Path, project: &Path) {
    // Where it cannot be removed every call is denied until a person does it.
    let _ = std::fs::remove_file(cache.join(file_name(config, project)));
}

/// Opens a cache file that belongs to us (or root), is no link and can be written by nobody else.
fn open_own(file: &Path) -> Option<File> {
    let opened = File::options()
        .read(true)
        .custom_flags(i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).ok()?)
        .open(file)
        .ok()?;
    let data = opened.metadata().ok()?;
    let owner = rustix::process::geteuid().as_raw();
    let ours = data.is_file() && (data.uid() == owner || data.uid() == 0) && data.mode() & 0o022 == 0;
    ours.then_some(opened)
}

#[expect(
    unsafe_code,
    reason = "mapping is sound while nobody truncates the file; it is only replaced by rename"
)]
fn map(file: &File) -> Option<memmap2::Mmap> {
    // SAFETY: the file belongs to us and is never written in place: `write` makes a new one and renames it.
    unsafe { memmap2::Mmap::map(file) }.ok()
}

/// Writes the set of `project`, replacing the file whole.
pub(crate) fn write(
    file: &Path,
    config: &Path,
    project: &Path,
    loaded: &Loaded,
    files: &[SourceFile],
) -> Result<(), CacheError> {
    let fail = |source: std::io::Error| CacheError { file: file.to_path_buf(), source };
    let header = Header {
        build: build().to_owned(),
        config: config.to_path_buf(),
        project: project.to_path_buf(),
        settings: loaded.settings.clone(),
        evidence: loaded.evidence.clone(),
        programs: loaded.programs.clone(),
        files: files.to_vec(),
    };
    let header = serde_json::to_vec(&header).map_err(|error| fail(error.into()))?;
    let length = u32::try_from(header.len()).map_err(|error| fail(std::io::Error::other(error)))?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    let mut out =
        File::options().write(true).create(true).truncate(true).mode(0o600).open(&fresh).map_err(fail)?;
    let written = out
        .write_all(MAGIC)
        .and_then(|()| out.write_all(&length.to_le_bytes()))
        .and_then(|()| out.write_all(&checksum(0, &header).to_le_bytes()))
        .and_then(|()| out.write_all(&header))
        .and_then(|()| out.write_all(loaded.policy.bytes()));
    let placed = written.and_then(|()| std::fs::rename(&fresh, file));
    if placed.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    placed.map_err(fail)
}

fn build() -> &'static str {
    concat!(env!("CARGO_PKG_VERSION"), "-", env!("PLACET_SHIPPED_DIGEST"))
}

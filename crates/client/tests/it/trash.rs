//! The trash holds all that goes into it, and gives it back as it was.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use placet_client::trash::{Putting, TrashError, folder, list, put, restore};

const ALL: Putting = Putting { recursive: true, force: false };

/// A state folder and a folder to work in.
struct Bench {
    _folders: Vec<tempfile::TempDir>,
    state: PathBuf,
    work: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().canonicalize().unwrap();
        fs::create_dir(path.join("work")).unwrap();
        Self { state: path.join("state"), work: path.join("work"), _folders: vec![root] }
    }

    /// With the two on different file systems; `None` where there is only one.
    fn across() -> Option<Self> {
        let shared = Path::new("/dev/shm");
        let other = tempfile::tempdir_in(shared).ok()?;
        let root = tempfile::tempdir().unwrap();
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        (device(other.path()) != device(root.path())).then_some(())?;
        let path = |folder: &tempfile::TempDir| folder.path().canonicalize().unwrap();
        let (state, work) = (path(&root).join("state"), path(&other).join("work"));
        fs::create_dir(&work).unwrap();
        Some(Self { state, work, _folders: vec![root, other] })
    }

    fn both() -> Vec<Self> {
        std::iter::once(Self::new()).chain(Self::across()).collect()
    }

    fn put(&self, paths: &[&str], how: Putting) -> placet_client::trash::Put {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        put(&self.state, &self.work, &paths, how, 1_790_000_000_000)
    }

    /// Everything in the folder, with all that is to be kept of it.
    fn look(&self) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        let mut inodes = Vec::new();
        walk(&self.work, &self.work, &mut out, &mut inodes);
        out
    }
}

fn walk(root: &Path, path: &Path, out: &mut BTreeMap<String, String>, inodes: &mut Vec<u64>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let data = fs::symlink_metadata(&path).unwrap();
        let content = if data.is_symlink() {
            format!("-> {}", fs::read_link(&path).unwrap().display())
        } else if data.is_file() {
            // Names of one file share a number.
            let number = inodes.iter().position(|inode| *inode == data.ino()).unwrap_or_else(|| {
                inodes.push(data.ino());
                inodes.len() - 1
            });
            format!("#{number} {:?}", fs::read(&path).unwrap())
        } else {
            "folder".to_owned()
        };
        let time = (data.mtime(), data.mtime_nsec());
        let line = format!("{content} {:o} {time:?} {}:{}", data.mode(), data.uid(), data.gid());
        out.insert(path.strip_prefix(root).unwrap().display().to_string(), line);
        if data.is_dir() {
            walk(root, &path, out, inodes);
        }
    }
}

/// A tree with every kind of thing in it.
fn plant(work: &Path) {
    let tree = work.join("tree");
    fs::create_dir_all(tree.join("inner/empty")).unwrap();
    fs::write(tree.join("plain"), "text").unwrap();
    fs::write(tree.join("inner/program"), vec![7; 300_000]).unwrap();
    fs::set_permissions(tree.join("inner/program"), fs::Permissions::from_mode(0o750)).unwrap();
    fs::write(tree.join("secret"), "x").unwrap();
    fs::set_permissions(tree.join("secret"), fs::Permissions::from_mode(0o400)).unwrap();
    fs::set_permissions(tree.join("inner/empty"), fs::Permissions::from_mode(0o1777)).unwrap();
    fs::hard_link(tree.join("plain"), tree.join("inner/same")).unwrap();
    symlink("plain", tree.join("link")).unwrap();
    symlink("/nowhere/at all", tree.join("inner/dangling")).unwrap();
    fs::write(tree.join("a\nname with \u{202e} in it"), "").unwrap();
    let old =
        fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH + std::time::Duration::new(1_000_000, 5));
    for path in ["plain", "inner/program", "inner/empty", "inner", "."] {
        fs::File::open(tree.join(path)).unwrap().set_times(old).unwrap();
    }
}

#[test]
fn there_and_back_again() {
    for bench in Bench::both() {
        plant(&bench.work);
        fs::write(bench.work.join("beside"), "stays").unwrap();
        fs::write(bench.work.join("-rf"), "odd name").unwrap();
        let before = bench.look();
        let done = bench.put(&["tree", "-rf"], ALL);
        assert!(done.refused.is_empty(), "{:?}", done.refused);
        assert_eq!(bench.look().into_keys().collect::<Vec<_>>(), ["beside"]);
        assert_eq!(list(&bench.state).len(), 1);
        let (id, back) = restore(&bench.state, None).unwrap();
        assert_eq!((Some(id), back.len()), (done.id, 2));
        assert_eq!(bench.look(), before);
        assert!(list(&bench.state).is_empty());
        assert!(matches!(restore(&bench.state, None), Err(TrashError::Empty)));
        assert_eq!(fs::read_dir(folder(&bench.state)).unwrap().count(), 0);
    }
}

#[test]
fn the_last_one_or_the_named_one() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        fs::write(bench.work.join(name), name).unwrap();
        assert!(bench.put(&[name], Putting::default()).refused.is_empty());
    }
    let ids: Vec<u64> = list(&bench.state).iter().map(|one| one.id).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(restore(&bench.state, Some(2)).unwrap().0, 2);
    assert_eq!(restore(&bench.state, None).unwrap().0, 3);
    assert!(matches!(restore(&bench.state, Some(2)), Err(TrashError::Unknown(2))));
    assert_eq!(restore(&bench.state, None).unwrap().0, 1);
    assert_eq!(bench.look().into_keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn nothing_is_overwritten() {
    for bench in Bench::both() {
        fs::write(bench.work.join("a"), "old").unwrap();
        fs::write(bench.work.join("b"), "old").unwrap();
        bench.put(&["a", "b"], Putting::default());
        for taken in ["file", "folder", "dangling link"] {
            match taken {
                "file" => fs::write(bench.work.join("b"), "new").unwrap(),
                "folder" => fs::create_dir(bench.work.join("b")).unwrap(),
                _ => symlink("nowhere", bench.work.join("b")).unwrap(),
            }
            let before = bench.look();
            assert!(matches!(restore(&bench.state, None), Err(TrashError::Taken(_))), "{taken}");
            assert_eq!(bench.look(), before, "{taken}");
            let path = bench.work.join("b");
            fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
        }
        // The folder has become a link to somewhere else.
        let moved = bench.work.with_file_name("moved");
        fs::rename(&bench.work, &moved).unwrap();
        symlink(&moved, &bench.work).unwrap();
        assert!(matches!(restore(&bench.state, None), Err(TrashError::Moved(_))));
        fs::remove_file(&bench.work).unwrap();
        // A folder that is gone is made again.
        assert_eq!(restore(&bench.state, None).unwrap().1.len(), 2);
        assert_eq!(fs::read_to_string(bench.work.join("b")).unwrap(), "old");
    }
}

#[test]
fn what_the_trash_cannot_take_stays() {
    // It cannot be made.
    let bench = Bench::new();
    plant(&bench.work);
    let before = bench.look();
    fs::create_dir_all(&bench.state).unwrap();
    fs::write(folder(&bench.state), "in the way").unwrap();
    let done = bench.put(&["tree", "tree/plain"], ALL);
    assert!(done.moved.is_empty() && done.id.is_none());
    assert!(matches!(done.refused[..], [TrashError::Trash(..)]), "{:?}", done.refused);
    assert_eq!(bench.look(), before);

    // Across file systems: something in the tree that is not copied.
    let Some(bench) = Bench::across() else { return };
    plant(&bench.work);
    let _socket = std::os::unix::net::UnixListener::bind(bench.work.join("tree/inner/socket")).unwrap();
    let names: Vec<String> = bench.look().into_keys().collect();
    let done = bench.put(&["tree"], ALL);
    assert!(done.moved.is_empty() && done.refused.len() == 1, "{done:?}");
    assert_eq!(bench.look().into_keys().collect::<Vec<_>>(), names);
    assert!(list(&bench.state).is_empty());
    assert_eq!(fs::read_dir(folder(&bench.state)).unwrap().count(), 0, "half a copy is none");
}

#[test]
fn what_is_never_moved() {
    let bench = Bench::new();
    plant(&bench.work);
    fs::create_dir_all(bench.state.join("ledger")).unwrap();
    symlink("tree", bench.work.join("to-tree")).unwrap();
    let before = bench.look();
    let state = bench.state.display().to_string();
    let around = bench.state.parent().unwrap().display().to_string();
    let inside = format!("{state}/ledger");
    for path in [
        "",
        ".",
        "..",
        "/",
        "//",
        "tree/.",
        "tree/..",
        "./",
        "to-tree/",
        "to-tree/.",
        &state,
        &around,
        &inside,
        "none",
    ] {
        let done = bench.put(&[path], ALL);
        assert!(done.moved.is_empty() && done.refused.len() == 1, "{path:?}: {done:?}");
    }
    assert!(!bench.put(&["tree"], Putting::default()).refused.is_empty(), "a folder without `-r`");
    assert!(bench.put(&["none", ""], Putting { force: true, ..ALL }).refused.is_empty());
    assert_eq!(bench.look(), before);
    // A link is moved itself, not what it leads to.
    assert_eq!(bench.put(&["to-tree"], Putting::default()).moved.len(), 1);
    assert!(bench.work.join("tree/plain").exists());
}

#[test]
fn one_that_is_refused_does_not_hold_the_others_up() {
    let bench = Bench::new();
    for name in ["a", "b"] {
        fs::write(bench.work.join(name), name).unwrap();
    }
    let done = bench.put(&["a", "none", "a", "b"], Putting::default());
    assert_eq!((done.moved.len(), done.refused.len()), (2, 2), "{done:?}");
    assert_eq!(restore(&bench.state, None).unwrap().1.len(), 2);
}

#[test]
fn many_at_once_take_a_number_each() {
    let bench = Bench::new();
    for n in 0..24 {
        fs::write(bench.work.join(n.to_string()), "x").unwrap();
    }
    std::thread::scope(|scope| {
        for n in 0..24 {
            let bench = &bench;
            scope.spawn(move || assert!(bench.put(&[&n.to_string()], Putting::default()).refused.is_empty()));
        }
    });
    assert_eq!(list(&bench.state).len(), 24);
    while restore(&bench.state, None).is_ok() {}
    assert_eq!(bench.look().len(), 24);
}

/// A list that somebody damaged brings nothing back and destroys nothing.
#[test]
fn damaged_lists() {
    let bench = Bench::new();
    fs::write(bench.work.join("a"), "x").unwrap();
    bench.put(&["a"], Putting::default());
    let manifest = folder(&bench.state).join("1/manifest.json");
    for text in
        ["", "[]", "{\"unix_ms\":1,\"entries\":[{\"path\":\"relative\"}]}", "{\"unix_ms\":1,\"entries\":[]}"]
    {
        fs::write(&manifest, text).unwrap();
        assert!(restore(&bench.state, Some(1)).is_err(), "{text}");
        assert!(folder(&bench.state).join("1/0").exists(), "{text}");
    }
}

//! A number that changes with the shipped policies and the version, so that a cache written by another build
//! is never used.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=../../policies");
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let mut files: Vec<_> = std::fs::read_dir(Path::new("../../policies"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    for file in files {
        mix(file.to_string_lossy().as_bytes());
        mix(&std::fs::read(&file).unwrap_or_default());
    }
    mix(std::env::var("CARGO_PKG_VERSION").unwrap_or_default().as_bytes());
    println!("cargo:rustc-env=PLACET_SHIPPED_DIGEST={hash:016x}");
}

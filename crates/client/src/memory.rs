//! What was denied in a session, so that the same attempt by another way is known as such.
//!
//! Kept as keyed digests: the list tells nobody what was tried. A change of the policies, of the permission mode, or of what
//! else people set, forgets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use placet_ledger::Redactor;

use crate::regular_file::{open, read_tail};
use crate::session::create;

/// Most bytes of the list that are read; newer lines count for more, so the end is kept.
const LIST_BYTES_MAX: u64 = 256 * 1024;
/// Size at which nothing is added any more, in bytes.
const LIST_BYTES_FULL: u64 = 4 * 1024 * 1024;

/// Denials of one session, under one state of the policies.
#[derive(Debug)]
pub(crate) struct Denials {
    file: PathBuf,
    policy: String,
}

impl Denials {
    /// The list of `session`; `policy` tells the policies in force, and what else people change, from others.
    pub(crate) fn of(state: &Path, session: &str, policy: &str) -> Self {
        Self { file: crate::session::file(state, session, "denied"), policy: policy.to_owned() }
    }

    /// The record of the first denial for each digest; empty when nothing was denied.
    ///
    /// # Errors
    /// When there is a list that cannot be read.
    pub(crate) fn earlier(&self) -> Result<BTreeMap<String, String>, String> {
        let bytes =
            read_tail(&self.file, LIST_BYTES_MAX).map_err(|error| error.to_string())?.unwrap_or_default();
        let mut found = BTreeMap::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            let Ok((policy, record, marks)) = serde_json::from_str::<(String, String, Vec<String>)>(line)
            else {
                continue;
            };
            if policy == self.policy {
                for mark in marks {
                    found.entry(mark).or_insert_with(|| record.clone());
                }
            }
        }
        Ok(found)
    }

    /// Adds a denial: one line, appended at once, so that hooks running side by side do not mix.
    pub(crate) fn add(&self, record: &str, marks: &[String], redactor: &Redactor) -> std::io::Result<()> {
        let digests: Vec<String> = marks.iter().map(|mark| digest(redactor, mark)).collect();
        let mut line = serde_json::to_string(&(&self.policy, record, digests))?;
        line.push('\n');
        let known = open(&self.file, File::options().append(true)).map_err(std::io::Error::other)?;
        let mut out = match known {
            Some((_, data)) if data.len() > LIST_BYTES_FULL => return Ok(()),
            Some((file, _)) => file,
            None => create(&self.file)?,
        };
        out.write_all(line.as_bytes())
    }
}

/// A mark as the list keeps it.
pub(crate) fn digest(redactor: &Redactor, mark: &str) -> String {
    redactor.digest(format!("placet.attempt.1\0{mark}").as_bytes())
}

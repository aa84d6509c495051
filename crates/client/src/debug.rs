//! A readable log of one call, to a file a person names, never to stdout.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use placet_model::visible::visible;

/// Where notes go; nowhere unless a file is given and can be opened.
#[derive(Debug)]
pub(crate) struct Debug {
    file: Option<File>,
}

impl Debug {
    pub(crate) fn open(file: Option<&Path>) -> Self {
        // Without waiting: opening a pipe would last until somebody reads it.
        let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
        let open = |path| File::options().append(true).create(true).custom_flags(flags).open(path).ok();
        let file = file.and_then(open);
        Self { file }
    }

    /// Writes one note. A log that cannot be written changes no answer.
    pub(crate) fn note(&mut self, what: &str, text: &str) {
        if let Some(file) = &mut self.file {
            let _ = writeln!(file, "[{}] {what}: {}", std::process::id(), visible(text.trim_end()));
        }
    }

    /// Whether notes go anywhere.
    pub(crate) fn is_on(&self) -> bool {
        self.file.is_some()
    }
}

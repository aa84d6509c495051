//! Compiling what was collected, the gate's own floor on top.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use placet_policy::{Compiled, FLOOR, Layer, Options, Source};

use crate::load::LoadError;
use crate::organisation::OrganisationTerms;
use crate::regular_file::read_text;
use crate::sources::{FILE_BYTES_MAX, SourceFile};
use crate::{Locations, Settings};

/// A compilation with the further files that `extends` brought in.
pub(crate) struct Result {
    pub(crate) compiled: Compiled,
    pub(crate) files: Vec<SourceFile>,
}

/// Compiles `sources` under the floor. `trusted` are the texts of extended files that trust was given to.
pub(crate) fn compile(
    locations: &Locations,
    settings: &Settings,
    sources: &[Source],
    trusted: &BTreeMap<String, String>,
) -> std::result::Result<Result, LoadError> {
    let mut all = Vec::with_capacity(sources.len() + 1);
    all.push(Source {
        name: "floor (built in)".to_owned(),
        text: FLOOR.to_owned(),
        layer: Layer::Floor,
        trusted: true,
    });
    all.extend_from_slice(sources);
    let variables = variables(locations, settings);
    let files = RefCell::new(Vec::new());
    let refused = RefCell::new(None);
    let read = |path: &str| {
        files.borrow_mut().push(SourceFile::stat(Path::new(path)));
        let text = read_text(Path::new(path), FILE_BYTES_MAX).map_err(LoadError::from);
        // What is compiled must be what trust was looked up for, even if somebody changes it in between.
        let text = match (text, trusted.get(path)) {
            (Ok(text), Some(known)) if text.as_ref() != Some(known) => {
                Err(LoadError::Unreadable(path.into(), "it changed while it was read".to_owned()))
            }
            (text, _) => text,
        };
        text.unwrap_or_else(|error| {
            refused.borrow_mut().get_or_insert(error);
            None
        })
    };
    let on_trial = settings.organisation.as_ref().and_then(OrganisationTerms::on_trial);
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial };
    let compiled = placet_policy::compile_with(&all, &options);
    // What the compiler says of a file it did not get is only that; the reader knows why.
    if let Some(error) = refused.into_inner() {
        return Err(error);
    }
    Ok(Result { compiled: compiled.map_err(LoadError::Compile)?, files: files.into_inner() })
}

/// Values of the `${…}` that policies may use in paths: what the gate must protect of itself.
pub fn variables(locations: &Locations, settings: &Settings) -> BTreeMap<String, Vec<String>> {
    let text = |path: &Path| path.to_str().map(str::to_owned);
    let mut claude: Vec<PathBuf> =
        std::env::var_os("CLAUDE_CONFIG_DIR").map(PathBuf::from).into_iter().collect();
    claude.extend(locations.home.as_ref().map(|home| home.join(".claude")));
    let binaries = std::env::current_exe().ok().map(|own| {
        let beside = |name: &str| own.with_file_name(name);
        vec![own.clone(), beside("placet"), beside("placet-hook")]
    });
    let list = |paths: Vec<PathBuf>| paths.iter().filter_map(|path| text(path)).collect::<Vec<_>>();
    BTreeMap::from([
        ("placet.config".to_owned(), list(vec![locations.config.clone(), locations.machine.clone()])),
        ("placet.state".to_owned(), list(vec![settings.state.clone()])),
        ("placet.cache".to_owned(), list(vec![locations.cache()])),
        ("placet.binary".to_owned(), list(binaries.unwrap_or_default())),
        ("claude.config".to_owned(), list(claude)),
    ])
}

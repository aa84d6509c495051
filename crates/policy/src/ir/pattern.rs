//! Patterns for paths, hosts and URLs.

/// Where a path pattern starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// At `/`.
    Root,
    /// At the project root (`./`).
    Project,
    /// At the home directory (`~/`).
    Home,
}

/// A path pattern: segments joined by `/`, without the base. Empty: the base itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathPattern {
    pub(crate) base: Base,
    pub(crate) glob: String,
}

/// A host pattern. Texts are lower-case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostPattern {
    /// Any host.
    Any,
    /// The domain and its subdomains.
    Domain(String),
    /// That host; for deny and ask its subdomains too.
    Exact(String),
    /// Its subdomains; for deny and ask the domain itself too.
    Below(String),
    /// A glob over the host.
    Glob(String),
}

/// A URL pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlPattern {
    /// Scheme, when the pattern names one.
    pub(crate) scheme: Option<String>,
    pub(crate) host: HostPattern,
    /// Glob over the URL's path, when the pattern names one.
    pub(crate) path: Option<String>,
}

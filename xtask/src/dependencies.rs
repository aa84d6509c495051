//! Licences and sources of the dependency graph, held to `deny.toml` without any extra tool.
//!
//! `cargo deny` says more (licence texts, duplicate versions) and is run too where it is installed, but
//! building it takes longer than all our tests; the two promises that matter must not depend on it.

use serde_json::Value;

use crate::tools;

/// Every crate whose licence or origin `deny.toml` does not allow.
pub(crate) fn check() -> Result<(), String> {
    let rules: toml::Table = tools::read(&tools::root().join("deny.toml"))?
        .parse()
        .map_err(|error| format!("deny.toml: {error}"))?;
    let licences = strings(&rules, "licenses", "allow");
    let registries = strings(&rules, "sources", "allow-registry");
    let metadata = tools::metadata(true)?;
    let empty = Vec::new();
    let packages = metadata.get("packages").and_then(Value::as_array).unwrap_or(&empty);
    let faults: Vec<String> =
        packages.iter().filter_map(|package| fault_of(package, &licences, &registries)).collect();
    if !faults.is_empty() {
        return Err(format!("dependencies break deny.toml:\n  {}", faults.join("\n  ")));
    }
    println!("dependencies: {} crates, licences and sources allowed", packages.len());
    if tools::present("cargo-deny", &["--version"]) {
        tools::must_run(tools::cargo().args([
            "deny",
            "--log-level",
            "error",
            "check",
            "licenses",
            "bans",
            "sources",
        ]))?;
    } else {
        println!("dependencies: cargo-deny is not installed; duplicate versions were not looked at");
    }
    Ok(())
}

fn strings(rules: &toml::Table, table: &str, key: &str) -> Vec<String> {
    rules
        .get(table)
        .and_then(|table| table.get(key))
        .and_then(toml::Value::as_array)
        .map(|values| values.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default()
}

fn fault_of(package: &Value, licences: &[String], registries: &[String]) -> Option<String> {
    let field = |name: &str| package.get(name).and_then(Value::as_str);
    let name = field("name").unwrap_or("?");
    if let Some(source) = field("source") {
        let origin = source.strip_prefix("registry+").or(source.strip_prefix("sparse+")).unwrap_or(source);
        if !registries.iter().any(|registry| registry == origin) {
            return Some(format!("`{name}` comes from `{source}`"));
        }
    }
    match field("license") {
        Some(expression) if allowed(expression, licences) => None,
        Some(expression) => Some(format!("`{name}` has the licence `{expression}`")),
        None => Some(format!("`{name}` names no licence")),
    }
}

/// Whether an SPDX expression can be met with allowed licences. `/` is the old way to write `OR`.
/// Every `AND` part must be met; of `OR` parts one is enough; brackets are met from the inside out.
fn allowed(expression: &str, licences: &[String]) -> bool {
    let mut text = expression.replace('/', " OR ");
    while let Some((head, rest)) = text.rsplit_once('(') {
        let Some((inner, tail)) = rest.split_once(')') else { return false };
        let verdict = if allowed(inner, licences) { "yes" } else { "no" };
        text = format!("{head}{verdict}{tail}");
    }
    text.split(" OR ").any(|choice| {
        choice
            .split(" AND ")
            .map(str::trim)
            .all(|one| one == "yes" || licences.iter().any(|known| known == one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        let licences =
            ["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
        let table = [
            ("MIT", true),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0/MIT", true),
            ("MIT AND GPL-3.0", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(GPL-3.0 OR LGPL-3.0) AND Unicode-3.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-3.0-only", false),
        ];
        for (expression, expected) in table {
            assert_eq!(allowed(expression, &licences), expected, "{expression}");
        }
    }

    #[test]
    fn a_git_dependency_is_a_fault() {
        let package =
            serde_json::json!({"name": "x", "license": "MIT", "source": "git+https://example.org/x"});
        let registries = ["https://github.com/rust-lang/crates.io-index".to_owned()];
        assert!(fault_of(&package, &["MIT".to_owned()], &registries).is_some());
    }
}

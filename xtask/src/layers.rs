//! Who may know whom: the one list of allowed edges between crates, and the check that holds them to it.
//!
//! INVARIANT: arrows point inward only (ring 2 -> ring 1 -> ring 0); `list_points_inward` guards the list,
//! `workspace_obeys_the_list` the manifests, [`crate::purity`] the sources of ring 0.

use serde_json::Value;

use crate::{generate, picture, purity, tools};

/// One crate of the workspace and its place.
pub(crate) struct Layer {
    /// Cargo package name.
    pub(crate) package: &'static str,
    /// 0 pure, 1 input and output, 2 surfaces.
    pub(crate) ring: u8,
    /// What it is for, in a few words.
    pub(crate) purpose: &'static str,
    /// Workspace crates it may depend on (normal and build dependencies).
    pub(crate) may_use: &'static [&'static str],
}

/// The program that starts the other surfaces: one binary for all.
const STARTER: &str = "placet";

/// The list. A new crate or a new edge is a change of design: it starts here.
pub(crate) const LAYERS: &[Layer] = &[
    Layer { package: "placet-model", ring: 0, purpose: "plain types and ids", may_use: &[] },
    Layer {
        package: "placet-code",
        ring: 0,
        purpose: "Python and JavaScript texts to what they would do",
        may_use: &[],
    },
    Layer {
        package: "placet-sql",
        ring: 0,
        purpose: "statements for databases to what they do",
        may_use: &[],
    },
    Layer {
        package: "placet-shell",
        ring: 0,
        purpose: "Bash text to actions",
        may_use: &["placet-model", "placet-code", "placet-sql"],
    },
    Layer { package: "placet-policy", ring: 0, purpose: "policy to decision", may_use: &["placet-model"] },
    Layer {
        package: "placet-agents",
        ring: 0,
        purpose: "wire formats of agents",
        may_use: &["placet-model", "placet-shell"],
    },
    Layer {
        package: "placet-ledger",
        ring: 0,
        purpose: "records and their links",
        may_use: &["placet-model"],
    },
    Layer { package: "placet-bundle", ring: 0, purpose: "signed bundles of policies", may_use: &[] },
    Layer {
        package: "placet-hook",
        ring: 0,
        purpose: "the deciding path",
        may_use: &["placet-model", "placet-shell", "placet-policy", "placet-agents", "placet-ledger"],
    },
    Layer {
        package: "placet-client",
        ring: 1,
        purpose: "settings, cache, spool of a machine",
        may_use: &[
            "placet-model",
            "placet-shell",
            "placet-policy",
            "placet-agents",
            "placet-ledger",
            "placet-bundle",
            "placet-hook",
        ],
    },
    Layer {
        package: "placet-store",
        ring: 1,
        purpose: "agents, policies and records of a gateway",
        may_use: &["placet-model"],
    },
    Layer {
        package: "placet-gateway",
        ring: 2,
        purpose: "the HTTP gateway",
        may_use: &[
            "placet-model",
            "placet-policy",
            "placet-agents",
            "placet-hook",
            "placet-ledger",
            "placet-bundle",
            "placet-store",
        ],
    },
    Layer {
        package: "placet-hook-bin",
        ring: 2,
        purpose: "the placet-hook process",
        may_use: &["placet-model", "placet-hook", "placet-client"],
    },
    Layer {
        package: "placet",
        ring: 2,
        purpose: "the placet command",
        may_use: &[
            "placet-model",
            "placet-shell",
            "placet-policy",
            "placet-agents",
            "placet-ledger",
            "placet-bundle",
            "placet-hook",
            "placet-client",
            "placet-gateway",
        ],
    },
];

/// `cargo xtask layers [--check]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    tools::only(arguments, &["--check"])?;
    let mut faults = list_faults();
    faults.extend(edge_faults(&tools::metadata(false)?));
    faults.extend(purity::faults()?);
    if !faults.is_empty() {
        return Err(format!("layers are broken:\n  {}", faults.join("\n  ")));
    }
    let keep = if arguments.is_empty() { generate::Mode::Write } else { generate::Mode::Check };
    picture::refresh(keep)?;
    println!("layers: {} crates, every edge allowed, ring 0 pure", LAYERS.len());
    Ok(())
}

fn layer(package: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.package == package)
}

/// Faults of the list itself: an edge that points outward, sideways into ring 2, or nowhere.
fn list_faults() -> Vec<String> {
    let mut faults = Vec::new();
    for from in LAYERS {
        for name in from.may_use {
            match layer(name) {
                None => faults.push(format!("`{}` may use `{name}`, which is not listed", from.package)),
                Some(to) if to.ring > from.ring => {
                    faults.push(format!("`{}` -> `{name}` points outward", from.package));
                }
                Some(to) if to.ring == 2 && from.package != STARTER => {
                    faults.push(format!(
                        "`{}` -> `{name}`: nothing but `{STARTER}` depends on a surface",
                        from.package
                    ));
                }
                Some(_) => {}
            }
        }
    }
    faults
}

/// Edges in the manifests that the list does not allow. Dev-dependencies count: tests obey the rings too.
fn edge_faults(metadata: &Value) -> Vec<String> {
    let empty = Vec::new();
    let packages = metadata.get("packages").and_then(Value::as_array).unwrap_or(&empty);
    let name_of = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let members: Vec<String> = packages.iter().map(name_of).collect();
    let mut faults = Vec::new();
    for package in packages {
        let name = name_of(package);
        if name == "xtask" {
            continue;
        }
        let Some(layer) = layer(&name) else {
            faults.push(format!("crate `{name}` has no place in the list (xtask/src/layers.rs)"));
            continue;
        };
        let dependencies = package.get("dependencies").and_then(Value::as_array).unwrap_or(&empty);
        for dependency in dependencies.iter().map(name_of) {
            if members.contains(&dependency) && !layer.may_use.contains(&dependency.as_str()) {
                faults.push(format!("`{name}` -> `{dependency}` is not allowed"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_points_inward() {
        assert_eq!(list_faults(), Vec::<String>::new());
    }

    #[test]
    fn workspace_obeys_the_list() {
        assert_eq!(edge_faults(&tools::metadata(false).unwrap()), Vec::<String>::new());
    }

    #[test]
    fn an_edge_outward_is_found() {
        let metadata = serde_json::json!({"packages": [
            {"name": "placet-model", "dependencies": [{"name": "placet-client"}, {"name": "serde"}]},
            {"name": "placet-client", "dependencies": [{"name": "placet-model"}]},
            {"name": "placet-novel", "dependencies": []},
        ]});
        let faults = edge_faults(&metadata);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("`placet-model` -> `placet-client`")));
        assert!(faults.iter().any(|fault| fault.contains("placet-novel")));
    }
}

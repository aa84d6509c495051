//! The drawing of the layers in ARCHITECTURE.md, made from the list in [`crate::layers`].

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::generate::{self, Artefact, Mode, Place};
use crate::layers::{LAYERS, Layer};

/// Where the drawing stands.
pub(crate) const ARTEFACT: Artefact = Artefact {
    path: "ARCHITECTURE.md",
    place: Place::Between("<!-- layers:begin -->", "<!-- layers:end -->"),
    make: || Ok(draw()),
};

/// Writes the drawing, or says that it is out of date.
pub(crate) fn refresh(mode: Mode) -> Result<(), String> {
    generate::settle(&ARTEFACT, mode)
}

/// A Mermaid flow chart: rings as boxes, and only the arrows that no longer path implies.
fn draw() -> String {
    let mut text = String::from("\n```mermaid\nflowchart TD\n");
    for (ring, title) in [(2, "ring 2: surfaces"), (1, "ring 1: input and output"), (0, "ring 0: pure")] {
        let _ = writeln!(text, "  subgraph ring{ring}[\"{title}\"]");
        for layer in LAYERS.iter().filter(|layer| layer.ring == ring) {
            let _ = writeln!(text, "    {}[\"{}<br/>{}\"]", layer.package, layer.package, layer.purpose);
        }
        text.push_str("  end\n");
    }
    for layer in LAYERS {
        for name in layer.may_use.iter().filter(|name| !implied(layer, name)) {
            let _ = writeln!(text, "  {} --> {name}", layer.package);
        }
    }
    text.push_str("```\n");
    text
}

/// Whether another allowed edge of `from` already leads to `to`.
fn implied(from: &Layer, to: &str) -> bool {
    from.may_use.iter().filter(|name| **name != to).any(|name| reached(name).contains(to))
}

fn reached(package: &str) -> BTreeSet<&'static str> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = vec![package];
    while let Some(name) = waiting.pop() {
        let uses = LAYERS.iter().find(|layer| layer.package == name).map_or(&[][..], |layer| layer.may_use);
        for next in uses {
            if seen.insert(*next) {
                waiting.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_hide_short_cuts() {
        let drawing = draw();
        assert!(drawing.contains("placet-hook-bin --> placet-client"));
        assert!(!drawing.contains("placet-hook-bin --> placet-model"), "implied by the way over the client");
    }
}

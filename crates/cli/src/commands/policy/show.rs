//! `placet policy show`

use placet_policy::FLOOR;
use serde_json::json;

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::locations_and_sources;
use crate::outline::Outline;

/// Prints the text of the policy in force with that name, else of the shipped one.
pub(super) fn run(session: &Session<'_>, name: &str) -> Outcome {
    let named = |text: &str| Outline::read(text).is_some_and(|outline| outline.name() == name);
    // What is in force may be broken, which is no reason to hide a shipped policy.
    let in_force = locations_and_sources(session).map(|(_, collected)| collected.sources).unwrap_or_default();
    let found = in_force
        .into_iter()
        .find(|source| named(&source.text) || source.name == name)
        .map(|source| (source.name, source.text))
        .or_else(|| placet_policy::shipped(name).map(|text| (format!("{name} (shipped)"), text.to_owned())))
        .or_else(|| named(FLOOR).then(|| ("floor (built in)".to_owned(), FLOOR.to_owned())));
    let Some((file, text)) = found else {
        let shipped: Vec<&str> = placet_policy::SHIPPED.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(format!("no policy named `{name}` is in force or shipped"))
            .hint(format!("shipped are {}", shipped.join(", "))));
    };
    if session.printer.is_json() {
        session.printer.document(&json!({ "file": file, "text": text }));
    } else {
        session.printer.text(&text);
    }
    Ok(Exit::Ok)
}

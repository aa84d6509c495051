//! JSON Schema of a policy file, for editors. Built from types that mirror the dialect; that both agree is
//! tested against the shipped policies and the lists of keys.

mod types;

/// The schema as JSON.
pub fn schema() -> serde_json::Value {
    let schema = schemars::schema_for!(types::Policy);
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::source::{COMMAND_KEYS, CONDITION_KEYS, RULE_KEYS, TOP_KEYS};

    fn keys(schema: &Value, of: &str) -> BTreeSet<String> {
        let place = if of.is_empty() { schema } else { &schema["$defs"][of] };
        place["properties"].as_object().unwrap().keys().cloned().collect()
    }

    /// Keys the reader knows only to refuse them well.
    const REFUSED: [&str; 3] = ["priority", "rate", "rateLimit"];

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let schema = super::schema();
        for (of, known) in [
            ("", &TOP_KEYS[..]),
            ("Rule", &RULE_KEYS[..]),
            ("Conditions", &CONDITION_KEYS[..]),
            ("Command", &COMMAND_KEYS[..]),
        ] {
            let known: BTreeSet<String> =
                known.iter().filter(|key| !REFUSED.contains(key)).map(|key| (*key).to_owned()).collect();
            assert_eq!(keys(&schema, of), known, "{of}");
        }
    }
}

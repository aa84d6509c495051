//! JSON Schema of a policy file, for editors. Built from types that mirror the dialect; that both agree is
//! tested against the shipped policies and the lists of keys.

mod types;

/// The schema as JSON.
pub fn schema() -> serde_json::Value {
    let schema = schemars::schema_for!(types::Policy);
    schema.to_value()
}

//! One value, one spelling.

use placet_ledger::canonical::{read, to_bytes};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn reading_back_gives_the_same_bytes(value in any_json()) {
        let once = to_bytes(&value);
        let again = to_bytes(&read(&once).unwrap());
        prop_assert_eq!(String::from_utf8(once).unwrap(), String::from_utf8(again).unwrap());
    }
}

#[test]
fn spelling() {
    // U+FB33 sorts behind the surrogates of U+1F600 in UTF-16, in front of it in UTF-8.
    let value = json!({"b": [1, -2, 2.5, true, null], "a": "\u{8}\u{c}\n\r\t\"\\/\u{1}é", "\u{fb33}": 1, "\u{1f600}": 2, "": {}});
    let text = String::from_utf8(to_bytes(&value)).unwrap();
    assert_eq!(
        text,
        "{\"\":{},\"a\":\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0001é\",\"b\":[1,-2,2.5,true,null],\"\u{1f600}\":2,\"\u{fb33}\":1}"
    );
    assert_eq!(to_bytes(&json!(-0.0)), to_bytes(&json!(0.0)));
}

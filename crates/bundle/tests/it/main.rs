//! What is opened and what is refused.

use placet_bundle::{
    Bundle, BundledAgent, BundledMode, BundledPolicy, Issue, PublicKey, Refused, SigningKey,
};
use proptest::prelude::*;

fn bundle(key: &SigningKey) -> Bundle {
    Bundle {
        agent: BundledAgent {
            id: "agt_1".to_owned(),
            name: "builder".to_owned(),
            tags: vec!["ci".to_owned()],
            tier: "verified".to_owned(),
        },
        expires_ms: 2_000,
        gateway: key.public().fingerprint(),
        issued_ms: 1_000,
        mode: BundledMode::Enforce,
        organisation: "org_1".to_owned(),
        policies: vec![BundledPolicy { name: "p".to_owned(), version: 1, yaml: "name: p\n".to_owned() }],
        version: 7,
    }
}

#[test]
fn what_is_sealed_is_opened() {
    let key = SigningKey::new(&[7; 32]);
    let sealed = key.seal(&bundle(&key)).unwrap();
    assert_eq!(key.public().open(&sealed), Ok(bundle(&key)));
    let text = key.public().to_string();
    assert_eq!(PublicKey::parse(&text), Some(key.public()));
    assert_eq!(key.public().fingerprint().len(), "SHA256:".len() + 43);
    for text in ["", "AAAA", &"A".repeat(43), &format!("{text}=")] {
        assert_eq!(PublicKey::parse(text), None, "{text}");
    }
}

#[test]
fn another_key_and_other_fields_are_refused() {
    let (key, other) = (SigningKey::new(&[7; 32]), SigningKey::new(&[8; 32]));
    let sealed = other.seal(&bundle(&other)).unwrap();
    assert_eq!(key.public().open(&sealed), Err(Refused::Signature));
    // Signed by the right key, and naming another gateway.
    let sealed = key.seal(&bundle(&other)).unwrap();
    assert!(matches!(key.public().open(&sealed), Err(Refused::Unknown(_))));
}

#[test]
fn every_shorter_form_is_refused() {
    let key = SigningKey::new(&[7; 32]);
    let sealed = key.seal(&bundle(&key)).unwrap();
    for length in 0..sealed.len() {
        assert_eq!(key.public().open(&sealed[..length]), Err(Refused::CutOff), "{length}");
    }
    let longer = [sealed.as_slice(), b" "].concat();
    assert_eq!(key.public().open(&longer), Err(Refused::NoBundle));
    assert_eq!(key.public().open(b"{\"version\": 1}"), Err(Refused::NoBundle));
    let huge = vec![b'x'; placet_bundle::LIMIT_BYTES + 1];
    assert_eq!(key.public().open(&huge), Err(Refused::TooLarge));
}

#[test]
fn only_what_is_newer_follows() {
    let key = SigningKey::new(&[7; 32]);
    let bundle = bundle(&key);
    for (version, issued_ms, follows) in
        [(6, 9_000, true), (7, 999, true), (7, 1_000, true), (7, 1_001, false), (8, 0, false)]
    {
        let accepted = Issue { version, issued_ms };
        assert_eq!(bundle.follows(accepted).is_ok(), follows, "{accepted:?}");
    }
    assert!(bundle.is_for("agt_1", "org_1").is_ok());
    assert!(bundle.is_for("agt_2", "org_1").is_err());
    assert!(bundle.is_for("agt_1", "org_2").is_err());
}

proptest! {
    /// No change of a byte passes.
    #[test]
    fn no_byte_may_change(at in 0usize..600, to in any::<u8>()) {
        let key = SigningKey::new(&[7; 32]);
        let mut sealed = key.seal(&bundle(&key)).unwrap();
        let at = at % sealed.len();
        prop_assume!(sealed[at] != to);
        sealed[at] = to;
        prop_assert!(key.public().open(&sealed).is_err());
    }
}

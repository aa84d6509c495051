use placet_model::{AgentId, OrganisationId};
use placet_store::Agent;
use serde_json::{Value, json};

use super::jws::{decode, encode, sign, signature, verify};
use super::{Claims, Keys, LONGEST_LIFE_S, Worthless, make, read};

const SECRET: &str = "a-secret-of-at-least-thirty-two-characters";
const NOW_MS: i64 = 1_800_000_000_000;

fn agent() -> Agent {
    Agent {
        id: AgentId::new(1, [1; 10]),
        organisation: OrganisationId::new(1, [2; 10]),
        name: "builder".to_owned(),
        trust_tier: "verified".to_owned(),
        tags: vec!["dev".to_owned()],
        capabilities: Vec::new(),
        metadata: Value::Null,
        created_ms: 0,
        updated_ms: 0,
        revoked_ms: None,
    }
}

fn with(header: &Value, payload: &Value, signature: &[u8]) -> String {
    format!(
        "{}.{}.{}",
        encode(header.to_string().as_bytes()),
        encode(payload.to_string().as_bytes()),
        encode(signature)
    )
}

/// RFC 8037, appendix A.
#[test]
fn ed25519_as_the_rfc_has_it() {
    let own: [u8; 32] = decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap().try_into().unwrap();
    let keys = Keys::new(&own, None);
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(signature(&keys, signed), expected);
    let payload = json!({"a": 1});
    assert_eq!(verify(&keys, &sign(&keys, &payload)), Some(payload));
}

/// RFC 7515, appendix A.1.
#[test]
fn hs256_as_the_rfc_has_it() {
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let mut keys = Keys::new(&[7; 32], Some(""));
    keys.replace_shared(decode(secret).unwrap());
    assert_eq!(verify(&keys, token).unwrap()["iss"], "joe");
}

#[test]
fn a_token_says_who_and_from_which_key() {
    for keys in [Keys::new(&[7; 32], None), Keys::new(&[7; 32], Some(SECRET))] {
        let made = make(&keys, &agent(), &[9; 32], NOW_MS, 3600);
        assert_eq!(made.ends_ms, NOW_MS + 3_600_000);
        let claims = Claims { agent: agent().id.as_str().to_owned(), key: [9; 32] };
        assert_eq!(read(&keys, &made.token, NOW_MS + 3_599_000), Ok(claims));
        assert_eq!(read(&keys, &made.token, NOW_MS + 3_600_000), Err(Worthless::Expired));
        assert_eq!(read(&keys, &made.token, NOW_MS - 60_000), Err(Worthless::Expired));
    }
}

#[test]
fn nothing_forged_is_taken() {
    let (own, shared) = (Keys::new(&[7; 32], None), Keys::new(&[7; 32], Some(SECRET)));
    let token = make(&own, &agent(), &[9; 32], NOW_MS, 3600).token;
    let parts: Vec<&str> = token.split('.').collect();
    let payload: Value = serde_json::from_slice(&decode(parts.get(1).unwrap()).unwrap()).unwrap();
    let signature = decode(parts.get(2).unwrap()).unwrap();
    // The public key as an HMAC secret, the oldest trick.
    let public = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    let mut confused = Keys::new(&[1; 32], Some(""));
    confused.replace_shared(public.to_vec());
    let mut other = payload.clone();
    other["sub"] = "somebody".into();
    let long = format!("{token}{}", "A".repeat(9000));
    let forged = [
        with(&json!({"alg": "none"}), &payload, b""),
        with(&json!({"alg": "None"}), &payload, b""),
        with(&json!({"alg": "EdDSA"}), &payload, b""),
        with(&json!({"alg": "EdDSA", "crit": ["x"]}), &payload, &signature),
        with(&json!({"alg": "HS256"}), &payload, &signature),
        with(&json!({"alg": ["EdDSA"]}), &payload, &signature),
        with(&json!({"alg": "EdDSA", "typ": "JWT"}), &other, &signature),
        sign(&confused, &payload),
        sign(&Keys::new(&[8; 32], None), &payload),
        sign(&Keys::new(&[7; 32], Some("another-secret-of-thirty-two-characters")), &payload),
        format!("{token}="),
        format!("{token}.x"),
        format!("x.{token}"),
        token.replacen('.', "", 1),
        long,
        "eyJ.eyJ.eyJ".to_owned(),
        "eyJ..".to_owned(),
        String::new(),
    ];
    for token in forged {
        assert_eq!(read(&own, &token, NOW_MS), Err(Worthless::Forged), "{token}");
        assert_eq!(read(&shared, &token, NOW_MS), Err(Worthless::Forged), "{token}");
    }
    // A secret that is not set reads nothing signed with one.
    let shared_token = make(&shared, &agent(), &[9; 32], NOW_MS, 3600).token;
    assert_eq!(read(&own, &shared_token, NOW_MS), Err(Worthless::Forged));
}

#[test]
fn claims_that_do_not_fit_are_worth_nothing() {
    let keys = Keys::new(&[7; 32], None);
    let now_s = NOW_MS / 1000;
    let good = json!({"sub": "a", "iat": now_s, "exp": now_s + 60, "key": encode(&[9; 32])});
    assert!(read(&keys, &sign(&keys, &good), NOW_MS).is_ok());
    for (name, value, why) in [
        ("exp", Value::Null, Worthless::Forged),
        ("exp", json!("9999999999"), Worthless::Forged),
        ("exp", json!(now_s + LONGEST_LIFE_S + 1), Worthless::Expired),
        ("exp", json!(i64::MAX), Worthless::Expired),
        ("iat", Value::Null, Worthless::Forged),
        ("iat", json!(i64::MIN), Worthless::Expired),
        ("sub", Value::Null, Worthless::Forged),
        ("key", json!("AAAA"), Worthless::Forged),
        ("key", Value::Null, Worthless::Forged),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        assert_eq!(read(&keys, &sign(&keys, &claims), NOW_MS), Err(why), "{claims}");
    }
}

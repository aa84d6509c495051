//! Which secrets leave a text, and what stays.

use std::fmt::Write as _;
use std::time::Instant;

use proptest::prelude::*;

use crate::support::redactor;

// Taken apart so that scanners of this repository do not take them for real.
fn cases() -> Vec<(String, Vec<String>)> {
    let hidden = |text: &str, secrets: &[&str]| {
        (text.to_owned(), secrets.iter().map(|secret| (*secret).to_owned()).collect::<Vec<_>>())
    };
    let shaped = |prefix: &str, body: &str| {
        let token = format!("{prefix}{body}");
        (format!("echo {token} done"), vec![token])
    };
    let body = "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0";
    let jwt = format!("eyJ{}.eyJ{}.{}", &body[..20], &body[..30], &body[..25]);
    let pem = |label: &str| format!("-----BEGIN {label}-----\nMIIabc/+\nxyz==\n-----END {label}-----");
    vec![
        shaped("AKIA", "IOSFODNN7EXAMPLE"),
        shaped("ghp_", body),
        shaped("gho_", body),
        shaped("github_pat_", body),
        shaped("glpat-", &body[..20]),
        shaped("xoxb-", "123456789012-abcdef"),
        shaped("sk_live_", &body[..24]),
        shaped("rk_test_", &body[..24]),
        shaped("sk-ant-", "api03-abcdefghijklmnop"),
        shaped("sk-proj-", body),
        shaped("sk-", &body[..32]),
        shaped("AIza", &body[..35]),
        shaped("npm_", &body[..36]),
        shaped("hf_", &body[..34]),
        shaped("whsec_", &body[..32]),
        shaped("123456789:AA", &body[..33]),
        hidden(
            &format!("curl https://api.telegram.org/bot123456789:AA{}/getMe", &body[..33]),
            &[&body[..33]],
        ),
        shaped("hvs.", &body[..24]),
        shaped("ATATT3", &format!("{body}={body}")),
        shaped("glsa_", &body[..32]),
        shaped("r8_", &body[..37]),
        hidden(&format!("curl -d {jwt}"), &[&jwt]),
        hidden(&format!("KEY_{}", format_args!("ghp_{body}")), &[&format!("ghp_{body}")]),
        hidden(&format!("printf '{}' > k", pem("RSA PRIVATE KEY")), &["MIIabc", "xyz=="]),
        hidden(&format!("cat <<E\n{}\nE", pem("OPENSSH PRIVATE KEY")), &["MIIabc"]),
        hidden("-----BEGIN EC PRIVATE KEY-----\ncut off", &["cut off"]),
        hidden("export DB_PASSWORD=hunter2 && run", &["hunter2"]),
        hidden("AWS_SECRET_ACCESS_KEY=\"abc def/+\" aws s3 ls", &["abc def"]),
        hidden("STRIPE_KEY='k 1' x", &["k 1"]),
        hidden("tool --password hunter2 --user bob", &["hunter2"]),
        hidden("tool --password=hunter2", &["hunter2"]),
        hidden("tool --api-key \"hunter2 x\" y", &["hunter2"]),
        hidden("mysql -uroot -phunter2 db", &["hunter2"]),
        hidden("/usr/bin/mysqldump -p'hunter 2' db", &["hunter 2"]),
        hidden("sshpass -p hunter2 ssh h", &["hunter2"]),
        hidden("docker login -u bob -p hunter2 r.io", &["hunter2"]),
        hidden("redis-cli -a hunter2 get x", &["hunter2"]),
        hidden("curl -u bob:hunter2 https://x", &["hunter2"]),
        hidden("curl --user bob:hunter2 https://x", &["hunter2"]),
        hidden("git clone https://bob:hunter2@github.com/x/y", &["hunter2"]),
        hidden("git clone https://0123456789abcdef0123@github.com/x/y", &["0123456789abcdef0123"]),
        hidden("psql postgres://u:p%40ss@db/x", &["p%40ss"]),
        hidden("curl -H 'Authorization: Bearer abc.def' x", &["abc.def"]),
        hidden("curl -H \"authorization: Basic dXNlcjpwdw==\"", &["dXNlcjpwdw=="]),
        hidden("curl -H 'X-Api-Key: hunter2'", &["hunter2"]),
        hidden("Cookie: a=1; session=zzz\nnext", &["session=zzz"]),
        hidden("use Bearer abcdefghijkl now", &["abcdefghijkl"]),
        hidden("{\"password\": \"hun\\\"ter2\", \"a\": 1}", &["hun", "ter2"]),
        hidden("password: hunter2", &["hunter2"]),
        hidden("https://x.y/?access_token=hunter2&b=1", &["hunter2"]),
        hidden("password=[redacted:value:0123456789ab]hunter2", &["hunter2"]),
    ]
}

#[test]
fn secrets_are_hidden() {
    let mut out = String::new();
    for (text, secrets) in cases() {
        let redacted = redactor().text(&text);
        for secret in secrets {
            assert!(text.contains(&secret) && !redacted.contains(&secret), "{text}\n{redacted}");
        }
        assert_eq!(redactor().text(&redacted), redacted, "twice is once");
        let _ = writeln!(out, "{redacted}");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn ordinary_text_stays() {
    for text in [
        "git commit -m 'rotate the token'",
        "rm -rf build",
        "npm run lint -- --max-warnings 0",
        "ls -la ~/.ssh",
        "cargo test -p ledger",
        "grep -rn 'password' src/",
        "docker run -p 8080:80 nginx",
        "https://github.com/a/b@v1",
        "git clone git@github.com:a/b.git",
        "ssh bob@host",
        "max_tokens: 4096",
        "echo $API_TOKEN",
        "TOKEN=$TOKEN run",
        "TOKEN=${TOKEN} run",
        "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
        "sk-learn",
        "task-force-of-one",
        "primary_key = id",
        "curl -u bob https://x",
        "é日本語 ✓",
        "a://b",
        "",
        "--password",
        "tool --token --next",
        "if [ \"$password\" == x ]",
        "mysql -h db -p",
        "eyJ.not.long",
        "AKIA-not",
    ] {
        assert_eq!(redactor().text(text), text);
    }
}

#[test]
fn the_same_secret_has_the_same_mark_on_one_machine() {
    let text = "password=hunter2";
    assert_eq!(redactor().text(text), redactor().text(text));
    assert_ne!(redactor().text(text), placet_ledger::Redactor::new([9; 32]).text(text));
    assert_ne!(redactor().text(text), redactor().text("password=hunter3"));
}

#[test]
fn long_inputs_are_cut_without_showing_half_a_secret() {
    for filler in [0, 1000, 4000, 4060, 4080, 4090, 4096, 6000, 8100, 8170, 8192] {
        let text = format!("{} password=hunter2hunter2hunter2 {}", "x".repeat(filler), "y".repeat(20_000));
        let value = redactor().value(&serde_json::json!({"a": text}));
        let kept = value["a"].as_str().unwrap();
        assert!(kept.len() < 4200, "{}", kept.len());
        assert!(!kept.contains("hunter"), "{filler} {kept}");
    }
    let value = redactor().value(&serde_json::json!(vec!["z".repeat(2000); 5000]));
    assert!(value.to_string().len() < 64 * 1024, "{}", value.to_string().len());
}

#[test]
fn time_is_linear() {
    let hostile = [
        "eyJ-",
        "a_",
        "://",
        "://a@",
        "-----BEGIN ",
        "[redacted:",
        "password=",
        "\"",
        "token",
        "sk-",
        "-p ",
        "mysql -",
        "xoxb-",
        "ghp_a-",
        "=:",
        "authorization",
        "\u{e9}",
        "eyJa.",
        "mysql ",
        "mysql -p",
        "$(",
        "x $()",
        "x $(a) TOKEN=",
        "(",
        ")",
        "'a ",
        "\"'a b' ",
        "\\\" ",
        "<<E\n",
        "<<<",
        "curl -u a:",
        "echo a|sudo -S;",
        "echo a|",
        "TOKEN=$(",
        "TOKEN=$(echo ",
        "`",
        "keytool keytool ",
        "login a password ",
        "password '",
        "\",\"",
        "token\",",
        "/services/T",
        "1:AA",
        "-----BEGIN PRIVATE KEY-----=",
        "password=-----BEGIN ",
        "\n",
    ];
    for piece in hostile {
        let text = piece.repeat(30_000 / piece.len());
        let start = Instant::now();
        let _ = redactor().text(&text);
        let taken = start.elapsed();
        assert!(taken.as_millis() < 1500, "{piece} {taken:?}");
    }
}

proptest! {
    #[test]
    fn any_text_twice_is_once(text in "[a-z:=@/\\-_.\"' $\\[\\]é\n]{0,60}|(password|token|Bearer|://|-----BEGIN PRIVATE KEY-----|mysql|-p|[=: \"'a-z@]){0,12}") {
        let once = redactor().text(&text);
        prop_assert_eq!(redactor().text(&once), once);
    }

    #[test]
    fn a_value_behind_a_secret_name_never_survives(name in "(password|API_TOKEN|client_secret|x-api-key)", separator in "(=|: |=\"|: '|:= )", secret in "[a-zA-Z0-9/+]{8,40}") {
        let text = format!("run {name}{separator}{secret} more");
        prop_assert!(!redactor().text(&text).contains(&secret));
    }

    #[test]
    fn any_bytes_do_not_break_it(text in any::<String>(), limit in 0_usize..64) {
        let _ = redactor().text(&text);
        let _ = redactor().short_text(&text, limit);
    }
}

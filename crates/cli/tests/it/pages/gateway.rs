//! `docs/src/gateway.md`, as far as it shows what to type.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::typist::{Codes, Typist};

/// The policy behind the table of what an agent may do.
const TEAM: &str = "name: team\nversion: \"1\"\ndefaultEffect: ask\nrules:\n  - name: looks\n    effect: allow\n    \
    actions: [\"read:file\"]\n  - name: no-keys\n    effect: deny\n    actions: [\"read:file\"]\n    conditions: {resource: {matches: \"~/.ssh/*\"}}\n  \
    - name: git\n    effect: allow\n    actions: [\"execute:shell\"]\n    conditions: {resource: {startsWith: \"git \"}}\n";

/// A service behind the proxy: what it is sent comes back in the answer.
fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = String::new();
            let _ = BufReader::new(&stream).read_line(&mut head);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{head}",
                head.len()
            );
        }
    });
    format!("http://{address}")
}

#[test]
fn the_gateway_as_its_page_shows_it() {
    let mut typist = Typist::new();
    typist.means("https://crm.example", &service());
    let local = typist.address();
    typist.means("https://gate.example", &format!("http://{local}"));
    let starter = typist.run("placet policy show starter");
    typist.world.write("home/project/policies/starter.yaml", &starter.stdout);
    let codes: Codes<'_> = &[];
    let mut serving = 0;
    let typed = typist.types("docs/src/gateway.md", codes, |typist, line, ran| match ran {
        None if line.starts_with("placet serve") => {
            if serving > 0 {
                typist.ends_everything();
            }
            serving += 1;
        }
        None if line.starts_with("placet policy allowed") => {
            typist.world.write("home/project/team.yaml", TEAM);
            let ran = typist.run("placet policy delete starter --yes && placet policy apply team.yaml");
            assert_eq!(ran.code, 0, "{}", ran.whole());
        }
        Some(_) if line.starts_with("placet policy allowed") => {
            let ran =
                typist.run("placet policy delete team --yes && placet policy apply policies/starter.yaml");
            assert_eq!(ran.code, 0, "{}", ran.whole());
        }
        None if line.contains("/proxy/contacts/7") => {
            let policy =
                "name: crm\nversion: \"1\"\nrules: [{effect: allow, actions: [\"read:contacts/*\"]}]\n";
            typist.world.write("home/project/crm.yaml", policy);
            let ran = typist.run("placet policy apply crm.yaml");
            assert_eq!(ran.code, 0, "{}", ran.whole());
        }
        Some(ran) if line.contains("/proxy/contacts/7") => {
            assert!(ran.stdout.starts_with("GET /api/contacts/7 "), "{}", ran.whole());
            let ran = typist.run("placet policy delete crm --yes");
            assert_eq!(ran.code, 0, "{}", ran.whole());
        }
        Some(ran) if line.contains("git push --force") => {
            assert_eq!(ran.json()["decision"], "ask", "{}", ran.whole());
        }
        _ => {}
    });
    assert!(typed >= 24, "only {typed} lines were typed");
}

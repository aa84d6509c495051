//! Commands that judge.

use crate::world::World;

#[test]
fn choosing_policies() {
    let world = World::new();
    world.write("home/project/mine.yaml", "name: mine\nrules:\n  - effect: deny\n    actions: [\"read:file\"]\n");
    let ran = world.run(&["policy", "add", "mine.yaml"]);
    insta::assert_snapshot!("policy-add", ran.whole());
    insta::assert_snapshot!("policy-add-settings", world.filter(&world.read("home/.config/placet/placet.yaml")));
    insta::assert_snapshot!("policy-list", world.run(&["policy", "list"]).whole());
    assert_eq!(world.run(&["policy", "use", "strict"]).code, 0);
    assert_eq!(world.read("home/.config/placet/placet.yaml"), "policies:\n  - strict\n");
    assert_eq!(world.run(&["policy", "use", "nowhere"]).code, 1);
}

#[test]
fn trust_is_pinned_to_the_text() {
    let world = World::new();
    let policy = "name: p\nversion: \"1\"\nrules:\n  - effect: allow\n    actions: [\"execute:shell\"]\ndefaultEffect: abstain\n";
    world.write("home/project/.placet/p.yaml", policy);
    let trusted = |world: &World| {
        let list = world.run(&["policy", "list", "--json"]).json();
        let policies = list["policies"].as_array().unwrap().clone();
        policies.iter().find(|policy| policy["name"] == "p").unwrap()["trusted"].as_bool().unwrap()
    };
    assert!(!trusted(&world));
    assert_eq!(world.run(&["trust"]).code, 2, "nobody said yes");
    assert!(!trusted(&world));
    let ran = world.run(&["trust", "--yes"]);
    insta::assert_snapshot!("trust", ran.whole());
    assert!(trusted(&world));
    world.write("home/project/.placet/p.yaml", &format!("{policy}# more\n"));
    assert!(!trusted(&world), "another text is not what was trusted");
    world.run(&["trust", "--yes"]);
    assert!(trusted(&world));
    assert_eq!(world.run(&["trust", "--revoke"]).code, 0);
    assert!(!trusted(&world));
}

#[test]
fn formatting() {
    let world = World::new();
    world.write("home/project/p.yaml", "name: p  \n\n\n\nrules: []\n");
    assert_eq!(world.run(&["policy", "fmt", "--check", "p.yaml"]).code, 1);
    assert_eq!(world.run(&["policy", "fmt", "p.yaml"]).code, 0);
    assert_eq!(world.read("home/project/p.yaml"), "name: p\n\nrules: []\n");
    assert_eq!(world.run(&["policy", "fmt", "--check", "p.yaml"]).code, 0);
}

#[test]
fn a_section_for_the_agent() {
    let world = World::new();
    world.write("home/project/CLAUDE.md", "# Project\n\nMine.\n");
    assert_eq!(world.run(&["claude-md", "--write", "CLAUDE.md"]).code, 0);
    let once = world.read("home/project/CLAUDE.md");
    assert!(once.starts_with("# Project\n\nMine.\n\n<!-- placet:begin"));
    assert_eq!(world.run(&["claude-md", "--write", "CLAUDE.md"]).code, 0);
    assert_eq!(world.read("home/project/CLAUDE.md"), once);
}

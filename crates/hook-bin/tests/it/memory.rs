//! What the hook remembers of a session, and what it read, as the ledger shows it.

use crate::world::World;

#[test]
fn the_record_names_what_was_read() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\n");
    let verdict = |script: &str| {
        let file = world.write("project/Makefile", &format!("clean:\n\trm -rf {script}\n"));
        let verdict = world.run(&world.bash("make clean")).verdict();
        let record = world.records().pop().unwrap();
        let inputs = record["inputs"].as_array().unwrap().clone();
        assert_eq!(inputs[0]["path"], file.to_str().unwrap());
        (verdict, inputs[0]["sha256"].clone())
    };
    let (mild, first) = verdict("build");
    let (grave, second) = verdict("~");
    assert_eq!((mild.as_str(), grave.as_str()), ("allow", "deny"));
    assert_eq!(
        first, "df590d3927ad6182b41ca600ec94a0b4b2513a339d7892fc31617775808c58f9",
        "of the content, as `sha256sum` prints it"
    );
    assert_ne!(first, second);
}

//! Many hooks at once.

use std::collections::BTreeSet;

use crate::world::World;

#[test]
fn thirty_two_hooks_at_once_all_answer_and_all_leave_a_record() {
    let world = World::new();
    std::thread::scope(|scope| {
        for hook in 0..32 {
            let world = &world;
            scope.spawn(move || {
                for round in 0..4 {
                    let mut input = world.bash("ls");
                    input["tool_use_id"] = format!("toolu_{hook}_{round}").into();
                    assert_eq!(world.run(&input).verdict(), "allow");
                }
            });
        }
    });
    let seen: BTreeSet<String> =
        world.records().iter().filter_map(|record| record["tool_use"].as_str().map(str::to_owned)).collect();
    assert_eq!(seen.len(), 128);
}

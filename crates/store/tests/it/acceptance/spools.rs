use placet_store::{Follows, Kept, RecordQuery, RecordRow, SpoolLink, SpoolPart, SpoolPlace, Store};

use crate::made;

/// Lines from one number to another of a segment, with the hash `h` and the number.
fn part(organisation: &placet_model::OrganisationId, segment: &str, from: i64, to: i64) -> SpoolPart {
    let hash = |number: i64| (number, format!("h{number}"));
    SpoolPart {
        organisation: organisation.clone(),
        agent: "agt_1".to_owned(),
        spool: "m1".to_owned(),
        segment: segment.to_owned(),
        before: (from > 0).then(|| hash(from - 1)),
        lines: (from..=to).map(hash).collect(),
        follows: if from == 0 { Follows::Nothing } else { Follows::Unsaid },
    }
}

async fn link(store: &dyn Store, part: SpoolPart) -> SpoolLink {
    store.ingest(part, Vec::new(), Box::new(|_| None)).await.unwrap().1
}

pub(super) async fn are_compared_with_what_was_sent(store: &dyn Store) {
    let id = made::organisation(store, "o").await.id;
    let other = made::organisation(store, "p").await.id;
    assert_eq!(link(store, part(&id, "1", 0, 5)).await, SpoolLink::Sound);
    assert_eq!(link(store, part(&id, "1", 0, 5)).await, SpoolLink::Sound, "again");
    assert_eq!(link(store, part(&id, "1", 3, 8)).await, SpoolLink::Sound, "some again");
    assert_eq!(link(store, part(&id, "1", 1, 2)).await, SpoolLink::Sound, "older");
    assert_eq!(link(store, part(&id, "1", 10, 11)).await, SpoolLink::Gap);
    assert_eq!(link(store, part(&id, "1", 12, 12)).await, SpoolLink::Sound, "behind the gap it goes on");
    let mut forged = part(&id, "1", 10, 13);
    forged.lines[2].1 = "other".to_owned();
    assert_eq!(link(store, forged).await, SpoolLink::Fork);
    let of = |seq: i64, hash: &str| {
        let place = SpoolPlace { segment: "1".to_owned(), seq, hash: hash.to_owned() };
        SpoolPart { follows: Follows::Place(place), ..part(&id, "2", 0, 1) }
    };
    // Nothing of it is stored where it is not sound: each is asked on a segment of its own.
    let named = |part: SpoolPart, segment: &str| SpoolPart { segment: segment.to_owned(), ..part };
    assert_eq!(link(store, named(of(13, "h13"), "a")).await, SpoolLink::Sound);
    assert_eq!(link(store, named(of(13, "other"), "b")).await, SpoolLink::Fork);
    assert_eq!(link(store, named(of(14, "h14"), "c")).await, SpoolLink::Gap);
    assert_eq!(link(store, named(of(9, "h9"), "d")).await, SpoolLink::Fork);
    assert_eq!(link(store, part(&id, "e", 0, 1)).await, SpoolLink::Fork, "a second beginning");
    assert_eq!(link(store, part(&other, "1", 0, 1)).await, SpoolLink::Sound, "of another organisation");
    let another = SpoolPart { agent: "agt_2".to_owned(), ..part(&id, "1", 0, 1) };
    assert_eq!(link(store, another).await, SpoolLink::Sound, "of another agent");
}

pub(super) async fn keep_the_first_of_an_id(store: &dyn Store) {
    let id = made::organisation(store, "o").await.id;
    let (one, two) = (made::record(&id), made::record(&id));
    let changed = RecordRow { payload: "{\"other\":1}".to_owned(), ..two.clone() };
    let told = made::record(&id);
    let sent = vec![one.clone(), two.clone(), two.clone(), changed.clone()];
    let also = told.clone();
    let kept = store.ingest(part(&id, "1", 0, 4), sent, Box::new(|_| Some(also))).await.unwrap().0;
    assert_eq!(kept, [Kept::Stored, Kept::Stored, Kept::Known, Kept::Conflict]);
    let kept =
        store.ingest(part(&id, "1", 0, 4), vec![one.clone(), changed], Box::new(|_| None)).await.unwrap().0;
    assert_eq!(kept, [Kept::Known, Kept::Conflict]);
    let other = RecordRow { agent: "agt_2".to_owned(), ..one.clone() };
    let kept = store.ingest(part(&id, "1", 0, 4), vec![other], Box::new(|_| None)).await.unwrap().0;
    assert_eq!(kept, [Kept::Conflict], "of another agent");
    let all = RecordQuery { limit: 10, ..RecordQuery::default() };
    let found = store.records(&id, &all).await.unwrap().records;
    assert_eq!(found, [told, two, one]);
}

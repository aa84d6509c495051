use placet_store::{LedgerHead, Place, SealedLine, Store, StoreError};

use crate::made;

fn head(seq: i64) -> LedgerHead {
    LedgerHead {
        segment: "s".to_owned(),
        opened_ms: made::NOW,
        seq,
        hash: format!("h{seq}"),
        place: Place { transaction: 7, number: seq },
    }
}

fn line(record: &str) -> SealedLine {
    SealedLine { record: record.to_owned(), salt: "5a".to_owned(), leaf: format!("leaf of {record}") }
}

fn stale(done: &Result<(), StoreError>) -> bool {
    matches!(done, Err(StoreError::Stale(_)))
}

pub(super) async fn moves_on_from_the_head_that_was_seen(store: &dyn Store) {
    let id = made::organisation(store, "o").await.id;
    let other = made::organisation(store, "p").await.id;
    assert_eq!(store.ledger_head(&id).await.unwrap(), None);
    let before = store.seal(&id, Some(head(0)), head(1), vec![line("r")]).await;
    assert!(stale(&before), "there is no head yet");
    store.seal(&id, None, head(0), Vec::new()).await.unwrap();
    assert!(stale(&store.seal(&id, None, head(0), Vec::new()).await), "begun once");
    store.seal(&id, Some(head(0)), head(2), vec![line("a"), line("b \"\n")]).await.unwrap();
    for (seen, why) in [
        (head(0), "moved"),
        (head(1), "never was"),
        (LedgerHead { hash: "x".to_owned(), ..head(2) }, "another"),
    ] {
        assert!(stale(&store.seal(&id, Some(seen), head(3), vec![line("c")]).await), "{why}");
    }
    assert_eq!(store.ledger_head(&id).await.unwrap(), Some(head(2)));
    assert_eq!(store.ledger_head(&other).await.unwrap(), None);
    let batch = store.sealed_after(&id, 0).await.unwrap().unwrap();
    assert_eq!((batch.first, batch.before.as_str()), (1, "h0"));
    assert_eq!(batch.lines, [(line("a"), None), (line("b \"\n"), None)]);
    assert_eq!(store.sealed_after(&id, 1).await.unwrap(), Some(batch), "it holds the line behind 1");
    assert_eq!(store.sealed_after(&id, 2).await.unwrap(), None);
    assert_eq!(store.sealed_after(&other, 0).await.unwrap(), None);
}

pub(super) async fn shows_records_as_they_are(store: &dyn Store) {
    let id = made::organisation(store, "o").await.id;
    let other = made::organisation(store, "p").await.id;
    let (record, foreign) = (made::record(&id), made::record(&other));
    store.append(vec![record.clone(), foreign.clone()]).await.unwrap();
    store.seal(&id, None, head(0), Vec::new()).await.unwrap();
    let lines = vec![line(&record.id), line(&foreign.id), line("gone")];
    store.seal(&id, Some(head(0)), head(3), lines).await.unwrap();
    let batch = store.sealed_after(&id, 2).await.unwrap().unwrap();
    let rows: Vec<_> = batch.lines.into_iter().map(|(_, row)| row).collect();
    assert_eq!(rows, [Some(record), None, None]);
}

/// Of many who have seen the same head one moves it on.
pub(super) async fn is_moved_on_by_one_of_many(store: &dyn Store) {
    let id = made::organisation(store, "o").await.id;
    store.seal(&id, None, head(0), Vec::new()).await.unwrap();
    let moves = (0..20).map(|number| {
        let after = LedgerHead { hash: format!("of {number}"), ..head(1) };
        store.seal(&id, Some(head(0)), after, vec![line(&number.to_string())])
    });
    let done = futures_util::future::join_all(moves).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    let kept = store.ledger_head(&id).await.unwrap().unwrap();
    let batch = store.sealed_after(&id, 0).await.unwrap().unwrap();
    assert_eq!(kept.hash, format!("of {}", batch.lines[0].0.record));
}

use placet_store::{EXPIRED_AT_ONCE, Place, RecordQuery, RecordRow, Store};

use crate::made::{self, NOW};

const ALL: i64 = 1000;

fn any() -> RecordQuery {
    RecordQuery { limit: ALL, ..RecordQuery::default() }
}

pub(super) async fn are_stored_once(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let record = made::record(&organisation);
    store.append(vec![record.clone(), record.clone()]).await.unwrap();
    let changed = RecordRow { decision: "deny".to_owned(), ..record.clone() };
    store.append(vec![changed]).await.unwrap();
    assert_eq!(store.records(&organisation, &any()).await.unwrap().records, [record], "the first stays");
    store.append(Vec::new()).await.unwrap();
}

pub(super) async fn are_found_by_each_field(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let plain = made::record(&organisation);
    let other = RecordRow {
        agent: "agt_2".to_owned(),
        decision: "deny".to_owned(),
        action: "read:file".to_owned(),
        trace: Some("t2".to_owned()),
        session: Some("s2".to_owned()),
        unix_ms: NOW - 10,
        enforced: false,
        ..made::record(&organisation)
    };
    store.append(vec![plain.clone(), other.clone()]).await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    let queries = [
        RecordQuery { agent: text("agt_2"), ..any() },
        RecordQuery { decision: text("deny"), ..any() },
        RecordQuery { action: text("read:file"), ..any() },
        RecordQuery { trace: text("t2"), ..any() },
        RecordQuery { session: text("s2"), ..any() },
        RecordQuery { to_ms: Some(NOW - 9), ..any() },
        RecordQuery { agent: text("agt_2"), decision: text("deny"), from_ms: Some(NOW - 10), ..any() },
    ];
    for query in queries {
        let found = store.records(&organisation, &query).await.unwrap().records;
        assert_eq!(found, std::slice::from_ref(&other), "{query:?}");
    }
    let none = RecordQuery { agent: text("agt_2"), decision: text("allow"), ..any() };
    assert!(store.records(&organisation, &none).await.unwrap().records.is_empty());
    let from = RecordQuery { from_ms: Some(NOW), ..any() };
    assert_eq!(store.records(&organisation, &from).await.unwrap().records, [plain]);
}

pub(super) async fn come_in_pages(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    // Several of one moment: the id decides between them.
    let records: Vec<RecordRow> = (0..25)
        .map(|number| RecordRow { unix_ms: NOW + number / 4, ..made::record(&organisation) })
        .collect();
    store.append(records.clone()).await.unwrap();
    let mut expected: Vec<(i64, String)> =
        records.into_iter().map(|record| (record.unix_ms, record.id)).collect();
    expected.sort();
    expected.reverse();
    let mut found = Vec::new();
    let mut query = RecordQuery { limit: 10, ..any() };
    let mut pages = 0;
    loop {
        let page = store.records(&organisation, &query).await.unwrap();
        pages += 1;
        found.extend(page.records.into_iter().map(|record| (record.unix_ms, record.id)));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!((pages, found), (3, expected));
}

pub(super) async fn are_counted(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let denied = |action: &str| RecordRow {
        decision: "deny".to_owned(),
        action: action.to_owned(),
        ..made::record(&organisation)
    };
    let mut records = vec![denied("a:x"), denied("b:x"), denied("b:x")];
    records.extend((0..5).map(|_| made::record(&organisation)));
    store.append(records).await.unwrap();
    let counts = store.counts(&organisation, &any()).await.unwrap();
    let pair = |name: &str, number| (name.to_owned(), number);
    assert_eq!(counts.by_decision, [pair("allow", 5), pair("deny", 3)]);
    assert_eq!(counts.denied_actions, [pair("b:x", 2), pair("a:x", 1)]);
    let future = RecordQuery { from_ms: Some(NOW * 2), ..any() };
    assert!(store.counts(&organisation, &future).await.unwrap().by_decision.is_empty());
}

pub(super) async fn expire(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let old = RecordRow { unix_ms: NOW - 100, ..made::record(&organisation) };
    let new = made::record(&organisation);
    store.append(vec![old, new.clone()]).await.unwrap();
    let told = made::record(&organisation);
    let expire = async |before_ms, expected: u64| {
        let told = told.clone();
        let made = Box::new(move |gone| {
            assert_eq!(gone, expected);
            told
        });
        assert_eq!(store.expire_records(&organisation, before_ms, made).await.unwrap(), expected);
    };
    expire(NOW - 50, 1).await;
    assert_eq!(store.records(&organisation, &any()).await.unwrap().records, [told.clone(), new]);
    expire(NOW - 50, 0).await;
    assert_eq!(store.records(&organisation, &any()).await.unwrap().records.len(), 2, "nothing to tell of");
    let many = 2 * EXPIRED_AT_ONCE;
    let rows = (0..many).map(|at| RecordRow { unix_ms: at as i64, ..made::record(&organisation) });
    store.append(rows.collect()).await.unwrap();
    let told = Box::new({
        let organisation = organisation.clone();
        move |_| made::record(&organisation)
    });
    assert_eq!(store.expire_records(&organisation, many as i64, told).await.unwrap(), EXPIRED_AT_ONCE);
    let left = RecordQuery { to_ms: Some(many as i64), limit: 1000, ..any() };
    let left = store.records(&organisation, &left).await.unwrap().records;
    assert!(left.iter().all(|record| record.unix_ms >= EXPIRED_AT_ONCE as i64), "the oldest went first");
}

pub(super) async fn hold_any_text(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let long = "x".repeat(300_000);
    for text in ["a\0b", "'; DROP TABLE records; --", "line\nline\r\u{202e}", "\u{1F600}", "", &long] {
        let record = RecordRow {
            resource: text.to_owned(),
            trace: Some(text.to_owned()),
            payload: serde_json::json!({ "text": text }).to_string(),
            ..made::record(&organisation)
        };
        store.append(vec![record.clone()]).await.unwrap();
        let query = RecordQuery { trace: Some(text.to_owned()), ..any() };
        let found = store.records(&organisation, &query).await.unwrap().records;
        assert_eq!(found.len(), 1, "{text:.20?}");
        assert_eq!(found[0].resource, text.replace('\0', "\u{fffd}"));
    }
}

pub(super) async fn come_from_many_at_a_time(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let appends =
        (0..400).map(|_| store.append(vec![made::record(&organisation), made::record(&organisation)]));
    for result in futures_util::future::join_all(appends).await {
        result.unwrap();
    }
    let counts = store.counts(&organisation, &any()).await.unwrap();
    assert_eq!(counts.by_decision, [("allow".to_owned(), 800)]);
}

pub(super) async fn are_followed_in_the_order_in_which_they_were_stored(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let mut stored = store.stored();
    let beginning = store.place().await.unwrap();
    // The later one tells of an earlier time.
    let (first, second) = (made::record(&organisation), made::record(&organisation));
    let second = RecordRow { unix_ms: NOW - 60_000, decision: "deny".to_owned(), ..second };
    store.append(vec![first.clone()]).await.unwrap();
    let between = store.place().await.unwrap();
    store.append(vec![second.clone(), first.clone()]).await.unwrap();
    assert!(stored.has_changed().unwrap());
    stored.mark_unchanged();
    let behind =
        async |place, query: RecordQuery| store.stored_after(&organisation, &query, place).await.unwrap();
    let rows = |found: &[(Place, RecordRow)]| found.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>();
    let all = behind(beginning, any()).await;
    assert_eq!(rows(&all), [first.clone(), second.clone()]);
    assert_eq!(rows(&behind(between, any()).await), std::slice::from_ref(&second));
    assert_eq!(
        rows(&behind(all[0].0, any()).await),
        std::slice::from_ref(&second),
        "a place is that of its record"
    );
    assert_eq!(behind(all[1].0, any()).await, []);
    assert_eq!(behind(store.place().await.unwrap(), any()).await, []);
    let denied = RecordQuery { decision: Some("deny".to_owned()), ..any() };
    assert_eq!(rows(&behind(beginning, denied).await), [second]);
    assert_eq!(rows(&behind(beginning, RecordQuery { limit: 1, ..any() }).await), [first]);
    let other = made::organisation(store, "other").await.id;
    assert_eq!(store.stored_after(&other, &any(), beginning).await.unwrap(), []);
    for place in [beginning, all[0].0] {
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
    }
    // What expires goes from the order too, and no number comes again.
    let told = made::record(&organisation);
    let also = told.clone();
    assert_eq!(
        store.expire_records(&organisation, NOW + 1_000_000_000, Box::new(move |_| also)).await.unwrap(),
        2
    );
    assert_eq!(rows(&behind(all[1].0, any()).await), [told]);
}

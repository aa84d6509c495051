use placet_model::OrganisationId;
use placet_store::{NewSession, Operator, OperatorChange, RecordQuery, Store, StoreError};

use crate::made::{self, NOW};

const PASSWORD: &str = "a hash";

async fn made(store: &dyn Store, organisation: &OrganisationId, name: &str, role: &str) -> Operator {
    let operator = made::operator(organisation, name, role);
    store.create_operator(operator.clone(), PASSWORD.to_owned(), made::record(organisation)).await.unwrap();
    operator
}

fn from(role: &str) -> OperatorChange {
    OperatorChange { has_role: role.to_owned(), ..OperatorChange::default() }
}

fn session(operator: &Operator, hash: u8) -> NewSession {
    NewSession {
        hash: [hash; 32],
        operator: operator.id.clone(),
        password: PASSWORD.to_owned(),
        created_ms: NOW,
        ends_ms: NOW + 1000,
    }
}

async fn records(store: &dyn Store, organisation: &OrganisationId) -> usize {
    let all = RecordQuery { limit: 1000, ..RecordQuery::default() };
    store.records(organisation, &all).await.unwrap().records.len()
}

pub(super) async fn are_found_until_they_are_disabled(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let ann = made(store, &organisation, "ann", "owner").await;
    let bea = made(store, &organisation, "bea", "viewer").await;
    assert_eq!(store.operator(&organisation, "bea").await.unwrap().as_ref(), Some(&bea));
    assert_eq!(store.operator(&organisation, bea.id.as_str()).await.unwrap().as_ref(), Some(&bea));
    assert_eq!(store.operator_password(&bea.id).await.unwrap().as_deref(), Some(PASSWORD));
    assert_eq!(store.operators(&organisation).await.unwrap(), [ann, bea.clone()]);
    let again = made::operator(&organisation, "bea", "viewer");
    let taken = store.create_operator(again.clone(), PASSWORD.to_owned(), made::record(&organisation)).await;
    assert!(matches!(&taken, Err(StoreError::NameTaken(name)) if name == "bea"), "{taken:?}");
    assert_eq!(records(store, &organisation).await, 2, "what failed left no record");

    let disable = OperatorChange { disable: true, ..from("viewer") };
    let id = bea.id.as_str();
    let gone =
        store.change_operator(&organisation, id, disable.clone(), NOW + 5, made::record(&organisation));
    assert_eq!(gone.await.unwrap().disabled_ms, Some(NOW + 5));
    assert_eq!(store.operator(&organisation, "bea").await.unwrap(), None);
    assert!(store.operator(&organisation, id).await.unwrap().is_some(), "records still name it");
    let gone = store.change_operator(&organisation, id, disable, NOW + 6, made::record(&organisation)).await;
    assert!(matches!(gone, Err(StoreError::Missing(_))), "{gone:?}");
    store.create_operator(again, PASSWORD.to_owned(), made::record(&organisation)).await.unwrap();
}

pub(super) async fn change_from_the_role_that_was_seen(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let bea = made(store, &organisation, "bea", "viewer").await;
    let change = |change| {
        store.change_operator(&organisation, bea.id.as_str(), change, NOW + 1, made::record(&organisation))
    };
    let promote = OperatorChange { role: Some("editor".to_owned()), ..from("viewer") };
    let changed = change(promote.clone()).await.unwrap();
    assert_eq!((changed.role.as_str(), changed.updated_ms), ("editor", NOW + 1));
    let stale = change(promote).await;
    assert!(matches!(stale, Err(StoreError::Stale(_))), "{stale:?}");
    let password = OperatorChange { password: Some("other".to_owned()), ..from("editor") };
    assert_eq!(change(password).await.unwrap().role, "editor");
    assert_eq!(store.operator_password(&bea.id).await.unwrap().as_deref(), Some("other"));
    assert_eq!(records(store, &organisation).await, 3);
}

pub(super) async fn keep_one_owner(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let other = made::organisation(store, "other").await.id;
    made(store, &other, "zoe", "owner").await;
    let ann = made(store, &organisation, "ann", "owner").await;
    made(store, &organisation, "adam", "admin").await;
    let ends = [
        OperatorChange { disable: true, ..from("owner") },
        OperatorChange { role: Some("admin".to_owned()), ..from("owner") },
    ];
    for change in ends.clone() {
        let told = made::record(&organisation);
        let refused = store.change_operator(&organisation, ann.id.as_str(), change, NOW, told).await;
        assert!(matches!(refused, Err(StoreError::LastOwner)), "{refused:?}");
    }
    let stays = OperatorChange { role: Some("owner".to_owned()), ..from("owner") };
    let told = made::record(&organisation);
    store.change_operator(&organisation, ann.id.as_str(), stays, NOW, told).await.unwrap();
    made(store, &organisation, "bea", "owner").await;
    let [_, demote] = ends;
    let told = made::record(&organisation);
    store.change_operator(&organisation, ann.id.as_str(), demote, NOW, told).await.unwrap();
}

pub(super) async fn keep_one_owner_of_two_at_a_time(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let owners =
        [made(store, &organisation, "ann", "owner").await, made(store, &organisation, "bea", "owner").await];
    let disable = owners.iter().map(|owner| {
        let change = OperatorChange { disable: true, ..from("owner") };
        store.change_operator(&organisation, owner.id.as_str(), change, NOW, made::record(&organisation))
    });
    let results = futures_util::future::join_all(disable).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
}

pub(super) async fn open_sessions_with_the_password_that_holds(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let ann = made(store, &organisation, "ann", "owner").await;
    store.open_session(session(&ann, 1), made::record(&organisation)).await.unwrap();
    let (found, whose) = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(whose, ann);
    assert_eq!((found.password_ms, found.used_ms, found.ends_ms), (NOW, NOW, NOW + 1000));
    let wrong = NewSession { password: "an older hash".to_owned(), ..session(&ann, 2) };
    let refused = store.open_session(wrong, made::record(&organisation)).await;
    assert!(matches!(refused, Err(StoreError::Stale(_))), "{refused:?}");
    assert!(store.session(&[2; 32]).await.unwrap().is_none());

    store.use_session(&[1; 32], NOW + 5).await.unwrap();
    store.use_session(&[1; 32], NOW + 4).await.unwrap();
    assert_eq!(store.session(&[1; 32]).await.unwrap().unwrap().0.used_ms, NOW + 5, "never backwards");
    store.renew_session(&[1; 32], PASSWORD, NOW + 9, made::record(&organisation)).await.unwrap();
    assert_eq!(store.session(&[1; 32]).await.unwrap().unwrap().0.password_ms, NOW + 9);
    for (hash, password) in [([1; 32], "an older hash"), ([7; 32], PASSWORD)] {
        let refused = store.renew_session(&hash, password, NOW + 10, made::record(&organisation)).await;
        assert!(matches!(refused, Err(StoreError::Stale(_))), "{refused:?}");
    }
    // A later one takes away those that are over.
    let later = NewSession { created_ms: NOW + 1000, ends_ms: NOW + 2000, ..session(&ann, 3) };
    store.open_session(later, made::record(&organisation)).await.unwrap();
    assert!(store.session(&[1; 32]).await.unwrap().is_none());
    assert!(store.session(&[3; 32]).await.unwrap().is_some());
}

pub(super) async fn lose_their_sessions(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let ann = made(store, &organisation, "ann", "owner").await;
    let bea = made(store, &organisation, "bea", "viewer").await;
    let open = async |operator: &Operator, hash| {
        let opened = store.open_session(session(operator, hash), made::record(&organisation)).await;
        assert!(opened.is_ok(), "{opened:?}");
    };
    let there = async |hash| store.session(&[hash; 32]).await.unwrap().is_some();
    open(&ann, 1).await;
    open(&bea, 2).await;
    store.end_session(&[1; 32], made::record(&organisation)).await.unwrap();
    let again = store.end_session(&[1; 32], made::record(&organisation)).await;
    assert!(matches!(again, Err(StoreError::Missing(_))), "{again:?}");
    assert!(!there(1).await && there(2).await);
    open(&ann, 3).await;
    let change = OperatorChange { password: Some("other".to_owned()), ..from("viewer") };
    let told = made::record(&organisation);
    store.change_operator(&organisation, bea.id.as_str(), change, NOW, told).await.unwrap();
    assert!(!there(2).await, "the password is another");
    let refused = store.open_session(session(&bea, 4), made::record(&organisation)).await;
    assert!(refused.is_err(), "with the old password");
    let mut fresh = session(&bea, 5);
    fresh.password = "other".to_owned();
    store.open_session(fresh.clone(), made::record(&organisation)).await.unwrap();
    let change = OperatorChange { disable: true, ..from("viewer") };
    let told = made::record(&organisation);
    store.change_operator(&organisation, bea.id.as_str(), change, NOW, told).await.unwrap();
    assert!(!there(5).await && there(3).await, "disabled");
    let refused =
        store.open_session(NewSession { hash: [6; 32], ..fresh }, made::record(&organisation)).await;
    assert!(matches!(refused, Err(StoreError::Stale(_))), "{refused:?}");
}

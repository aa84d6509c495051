use placet_store::{RecordQuery, Store, StoreError};

use crate::made;

fn names_and_versions(policies: &[placet_store::PolicyVersion]) -> Vec<(&str, i64)> {
    policies.iter().map(|policy| (policy.name.as_str(), policy.version)).collect()
}

pub(super) async fn count_their_versions(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let apply = |name, yaml| {
        store.change_policy(made::policy(&organisation, name, Some(yaml)), made::record(&organisation))
    };
    assert_eq!(apply("b", "one").await.unwrap(), 1);
    assert_eq!(apply("b", "two").await.unwrap(), 2);
    assert_eq!(apply("a", "one").await.unwrap(), 1);
    assert_eq!(apply("b", "two").await.unwrap(), 2, "the text in force makes no version");
    assert_eq!(apply("b", "one").await.unwrap(), 3, "an older text does");
    assert_eq!(names_and_versions(&store.policies(&organisation).await.unwrap()), [("a", 1), ("b", 3)]);
    let versions = store.policy_versions(&organisation, "b").await.unwrap();
    assert_eq!(names_and_versions(&versions), [("b", 3), ("b", 2), ("b", 1)]);
    assert_eq!(versions[1].yaml.as_deref(), Some("two"));
    assert_eq!(versions[1].created_by, "tester");
}

pub(super) async fn are_deleted_and_come_back(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let change =
        |yaml| store.change_policy(made::policy(&organisation, "p", yaml), made::record(&organisation));
    change(Some("one")).await.unwrap();
    assert_eq!(change(None).await.unwrap(), 2);
    assert!(store.policies(&organisation).await.unwrap().is_empty());
    assert!(matches!(change(None).await, Err(StoreError::Missing(_))));
    assert_eq!(change(Some("one")).await.unwrap(), 3);
    assert_eq!(names_and_versions(&store.policies(&organisation).await.unwrap()), [("p", 3)]);
    assert_eq!(store.policy_versions(&organisation, "p").await.unwrap().len(), 3);
}

pub(super) async fn get_different_numbers_at_the_same_time(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let texts: Vec<String> = (0..20).map(|number| format!("text {number}")).collect();
    let changes = texts.iter().map(|text| {
        store.change_policy(made::policy(&organisation, "p", Some(text)), made::record(&organisation))
    });
    let mut numbers: Vec<i64> =
        futures_util::future::join_all(changes).await.into_iter().map(Result::unwrap).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

pub(super) async fn leave_nothing_behind_when_they_fail(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await;
    let told = made::record(&organisation.id);
    let deleted = store.change_policy(made::policy(&organisation.id, "p", None), told).await;
    assert!(matches!(deleted, Err(StoreError::Missing(_))), "{deleted:?}");
    let all = RecordQuery { limit: 10, ..RecordQuery::default() };
    assert!(store.records(&organisation.id, &all).await.unwrap().records.is_empty());
    assert_eq!(store.organisations().await.unwrap()[0].revision, organisation.revision);
}

pub(super) async fn change_from_the_version_that_was_seen(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let change = |yaml, expected| {
        let change = placet_store::PolicyChange { expected, ..made::policy(&organisation, "p", yaml) };
        store.change_policy(change, made::record(&organisation))
    };
    assert!(matches!(change(Some("one"), Some(1)).await, Err(StoreError::Stale(_))));
    assert_eq!(change(Some("one"), Some(0)).await.unwrap(), 1);
    assert!(matches!(change(Some("two"), Some(0)).await, Err(StoreError::Stale(_))));
    // Also where nothing would change: who saw another version does not know what is in force.
    assert!(matches!(change(Some("one"), Some(0)).await, Err(StoreError::Stale(_))));
    assert!(matches!(change(None, Some(2)).await, Err(StoreError::Stale(_))));
    assert_eq!(change(None, Some(1)).await.unwrap(), 2);
    assert_eq!(change(Some("one"), Some(2)).await.unwrap(), 3);
    // Of many who saw the same, one comes through.
    let texts: Vec<String> = (0..10).map(|number| format!("text {number}")).collect();
    let changes = texts.iter().map(|text| change(Some(text), Some(3)));
    let all = futures_util::future::join_all(changes).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(store.policy_versions(&organisation, "p").await.unwrap().len(), 4);
}

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

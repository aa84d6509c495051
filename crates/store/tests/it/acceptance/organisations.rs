use placet_store::{AgentChange, OperatorChange, RecordQuery, Store, StoreError};

use crate::made::{self, NOW};

pub(super) async fn are_made_once(store: &dyn Store) {
    let first = made::organisation(store, "acme").await;
    let again = made::organisation(store, "acme").await;
    assert_eq!(first, again);
    let other = made::organisation(store, "beta").await;
    assert_ne!(first.id, other.id);
    assert_eq!(store.organisations().await.unwrap(), [first, other]);
}

pub(super) async fn do_not_see_each_other(store: &dyn Store) {
    let (a, b) = (made::organisation(store, "a").await.id, made::organisation(store, "b").await.id);
    let new = made::agent(&a, "one");
    let id = new.agent.id.as_str().to_owned();
    store.create_agent(new, made::record(&a)).await.unwrap();
    store.change_policy(made::policy(&a, "p", Some("x")), made::record(&a)).await.unwrap();

    assert_eq!(store.agent(&b, &id).await.unwrap(), None);
    assert_eq!(store.agent(&b, "one").await.unwrap(), None);
    assert!(store.agents(&b).await.unwrap().is_empty());
    assert!(store.policies(&b).await.unwrap().is_empty());
    assert!(store.policy_versions(&b, "p").await.unwrap().is_empty());
    let all = RecordQuery { limit: 100, ..RecordQuery::default() };
    assert!(store.records(&b, &all).await.unwrap().records.is_empty());

    let change = AgentChange { name: Some("mine".to_owned()), ..AgentChange::default() };
    let changed = store.change_agent(&b, &id, change, NOW, made::record(&b)).await;
    assert!(matches!(changed, Err(StoreError::Missing(_))), "{changed:?}");
    let revoked = store.revoke_agent(&b, &id, NOW, made::record(&b)).await;
    assert!(matches!(revoked, Err(StoreError::Missing(_))), "{revoked:?}");
    let rotated = store.rotate_key(&b, &id, ([9; 32], "x".to_owned()), NOW, made::record(&b)).await;
    assert!(matches!(rotated, Err(StoreError::Missing(_))), "{rotated:?}");
    let deleted = store.change_policy(made::policy(&b, "p", None), made::record(&b)).await;
    assert!(matches!(deleted, Err(StoreError::Missing(_))), "{deleted:?}");
    let operator = made::operator(&a, "ann", "owner");
    store.create_operator(operator.clone(), "hash".to_owned(), made::record(&a)).await.unwrap();
    let (token, hash) = made::token(&a, "ci");
    store.create_admin_token(token.clone(), hash, made::record(&a)).await.unwrap();
    assert_eq!(store.operator(&b, operator.id.as_str()).await.unwrap(), None);
    assert!(store.operators(&b).await.unwrap().is_empty());
    assert!(store.admin_tokens(&b).await.unwrap().is_empty());
    let change = OperatorChange { has_role: "owner".to_owned(), disable: true, ..OperatorChange::default() };
    let changed = store.change_operator(&b, operator.id.as_str(), change, NOW, made::record(&b)).await;
    assert!(matches!(changed, Err(StoreError::Missing(_))), "{changed:?}");
    let revoked = store.revoke_admin_token(&b, token.id.as_str(), NOW, made::record(&b)).await;
    assert!(matches!(revoked, Err(StoreError::Missing(_))), "{revoked:?}");
    assert_eq!(
        store.expire_records(&b, NOW * 2, Box::new(|gone| panic!("{gone} are gone"))).await.unwrap(),
        0
    );
    assert_eq!(store.records(&a, &all).await.unwrap().records.len(), 4);
    // The same names in both.
    store.create_agent(made::agent(&b, "one"), made::record(&b)).await.unwrap();
    assert_eq!(store.change_policy(made::policy(&b, "p", Some("y")), made::record(&b)).await.unwrap(), 1);
}

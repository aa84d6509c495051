use placet_store::{AgentChange, AgentStatus, RecordQuery, Store, StoreError};
use serde_json::json;

use crate::made::{self, NOW};

pub(super) async fn are_given_back_as_they_were_made(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await;
    let new = made::agent(&organisation.id, "one");
    let told = made::record(&organisation.id);
    store.create_agent(new.clone(), told.clone()).await.unwrap();
    assert_eq!(store.agents(&organisation.id).await.unwrap(), [new.agent]);
    // The record that tells of it is stored with it, and the change is counted.
    let all = RecordQuery { limit: 10, ..RecordQuery::default() };
    assert_eq!(store.records(&organisation.id, &all).await.unwrap().records, [told]);
    assert_eq!(store.organisations().await.unwrap()[0].revision, organisation.revision + 1);
}

pub(super) async fn are_found_by_id_name_and_key(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let new = made::agent(&organisation, "one");
    store.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    let agent = Some(new.agent.clone());
    assert_eq!(store.agent(&organisation, "one").await.unwrap(), agent);
    assert_eq!(store.agent(&organisation, new.agent.id.as_str()).await.unwrap(), agent);
    assert_eq!(store.agent_of_key(&new.key_hash).await.unwrap(), agent);
    assert_eq!(store.agent(&organisation, "two").await.unwrap(), None);
    assert_eq!(store.agent_of_key(&[7; 32]).await.unwrap(), None);
}

pub(super) async fn keep_their_names_apart(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let first = made::agent(&organisation, "one");
    let id = first.agent.id.clone();
    store.create_agent(first, made::record(&organisation)).await.unwrap();
    let again = store.create_agent(made::agent(&organisation, "one"), made::record(&organisation)).await;
    assert!(matches!(&again, Err(StoreError::NameTaken(name)) if name == "one"), "{again:?}");
    store.create_agent(made::agent(&organisation, "two"), made::record(&organisation)).await.unwrap();
    let change = AgentChange { name: Some("two".to_owned()), ..AgentChange::default() };
    let changed =
        store.change_agent(&organisation, id.as_str(), change, NOW, made::record(&organisation)).await;
    assert!(matches!(&changed, Err(StoreError::NameTaken(name)) if name == "two"), "{changed:?}");
    // A name is free again once its agent is revoked; the id still finds the old one.
    store.revoke_agent(&organisation, id.as_str(), NOW, made::record(&organisation)).await.unwrap();
    let heir = made::agent(&organisation, "one");
    store.create_agent(heir.clone(), made::record(&organisation)).await.unwrap();
    assert_eq!(store.agent(&organisation, "one").await.unwrap().unwrap().id, heir.agent.id);
    assert_eq!(
        store.agent(&organisation, id.as_str()).await.unwrap().unwrap().status(),
        AgentStatus::Revoked
    );
}

pub(super) async fn change_what_is_given(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let new = made::agent(&organisation, "one");
    let id = new.agent.id.as_str();
    store.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    let change = AgentChange { tags: Some(Vec::new()), ..AgentChange::default() };
    let changed =
        store.change_agent(&organisation, id, change, NOW + 5, made::record(&organisation)).await.unwrap();
    let mut expected = new.agent.clone();
    expected.tags = Vec::new();
    expected.updated_ms = NOW + 5;
    assert_eq!(changed, expected);
    let change = AgentChange {
        name: Some("uno".to_owned()),
        trust_tier: Some("trusted".to_owned()),
        tags: Some(vec!["x".to_owned()]),
        capabilities: Some(vec!["c".to_owned()]),
        metadata: Some(json!({})),
    };
    let changed =
        store.change_agent(&organisation, id, change, NOW + 6, made::record(&organisation)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.trust_tier.as_str()), ("uno", "trusted"));
    assert_eq!(
        (changed.tags.as_slice(), changed.capabilities.as_slice()),
        (&["x".to_owned()][..], &["c".to_owned()][..])
    );
    assert_eq!(store.agent(&organisation, id).await.unwrap(), Some(changed));
}

pub(super) async fn lose_no_change_of_two_at_a_time(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let new = made::agent(&organisation, "one");
    let id = new.agent.id.as_str();
    store.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    let tier = AgentChange { trust_tier: Some("trusted".to_owned()), ..AgentChange::default() };
    let tags = AgentChange { tags: Some(vec!["x".to_owned()]), ..AgentChange::default() };
    let (a, b) = tokio::join!(
        store.change_agent(&organisation, id, tier, NOW, made::record(&organisation)),
        store.change_agent(&organisation, id, tags, NOW, made::record(&organisation)),
    );
    a.unwrap();
    b.unwrap();
    let agent = store.agent(&organisation, id).await.unwrap().unwrap();
    assert_eq!((agent.trust_tier.as_str(), agent.tags.as_slice()), ("trusted", &["x".to_owned()][..]));
}

pub(super) async fn are_revoked_for_ever(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let new = made::agent(&organisation, "one");
    let id = new.agent.id.as_str();
    store.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    store.revoke_agent(&organisation, id, NOW + 1, made::record(&organisation)).await.unwrap();
    assert_eq!(store.agent_of_key(&new.key_hash).await.unwrap(), None, "its key opens nothing");
    let agent = store.agent(&organisation, id).await.unwrap().unwrap();
    assert_eq!((agent.status(), agent.revoked_ms), (AgentStatus::Revoked, Some(NOW + 1)));
    let again = store.revoke_agent(&organisation, id, NOW + 2, made::record(&organisation)).await;
    assert!(matches!(again, Err(StoreError::Missing(_))), "{again:?}");
    let key = ([8; 32], "plc_live_cd".to_owned());
    let rotated = store.rotate_key(&organisation, id, key, NOW + 3, made::record(&organisation)).await;
    assert!(matches!(rotated, Err(StoreError::Missing(_))), "{rotated:?}");
    let changed =
        store.change_agent(&organisation, id, AgentChange::default(), NOW, made::record(&organisation)).await;
    assert!(matches!(changed, Err(StoreError::Missing(_))), "{changed:?}");
}

pub(super) async fn get_new_keys(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let new = made::agent(&organisation, "one");
    let id = new.agent.id.as_str();
    store.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    let key = ([8; 32], "plc_live_cd".to_owned());
    store.rotate_key(&organisation, id, key, NOW + 1, made::record(&organisation)).await.unwrap();
    assert_eq!(store.agent_of_key(&new.key_hash).await.unwrap(), None);
    assert_eq!(store.agent_of_key(&[8; 32]).await.unwrap().unwrap().id, new.agent.id);
}

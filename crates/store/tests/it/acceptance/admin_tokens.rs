use placet_store::{AdminToken, OperatorChange, Store, StoreError};

use crate::made::{self, NOW};

pub(super) async fn are_given_back_as_they_were_made(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let (token, hash) = made::token(&organisation, "ci");
    store.create_admin_token(token.clone(), hash, made::record(&organisation)).await.unwrap();
    assert_eq!(store.admin_token(&hash).await.unwrap(), Some((token.clone(), None)));
    assert_eq!(store.admin_token(&[9; 32]).await.unwrap(), None);
    assert_eq!(store.admin_tokens(&organisation).await.unwrap(), std::slice::from_ref(&token));
    let (again, other) = made::token(&organisation, "ci");
    let taken = store.create_admin_token(again.clone(), other, made::record(&organisation)).await;
    assert!(matches!(&taken, Err(StoreError::NameTaken(name)) if name == "ci"), "{taken:?}");
    let revoke = |at| {
        store.revoke_admin_token(&organisation, token.id.as_str(), NOW + at, made::record(&organisation))
    };
    assert_eq!(revoke(3).await.unwrap(), 1);
    let (found, _) = store.admin_token(&hash).await.unwrap().unwrap();
    assert_eq!(found.revoked_ms, Some(NOW + 3), "still told apart from one that never was");
    let twice = revoke(4).await;
    assert!(matches!(twice, Err(StoreError::Missing(_))), "{twice:?}");
    store.create_admin_token(again, other, made::record(&organisation)).await.unwrap();
}

pub(super) async fn end_with_what_they_were_made_with(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let (first, first_hash) = made::token(&organisation, "first");
    let (second, second_hash) = made::token(&organisation, "second");
    let (third, third_hash) = made::token(&organisation, "third");
    let (apart, apart_hash) = made::token(&organisation, "apart");
    let second = AdminToken { parent: Some(first.id.clone()), ..second };
    let third = AdminToken { parent: Some(second.id.clone()), ..third };
    for (token, hash) in
        [(&first, first_hash), (&second, second_hash), (&third, third_hash), (&apart, apart_hash)]
    {
        store.create_admin_token(token.clone(), hash, made::record(&organisation)).await.unwrap();
    }
    let revoked =
        store.revoke_admin_token(&organisation, first.id.as_str(), NOW, made::record(&organisation)).await;
    assert_eq!(revoked.unwrap(), 3);
    for (hash, ended) in [(second_hash, true), (third_hash, true), (apart_hash, false)] {
        let (token, _) = store.admin_token(&hash).await.unwrap().unwrap();
        assert_eq!(token.revoked_ms.is_some(), ended, "{}", token.name);
    }
    let (late, hash) = made::token(&organisation, "late");
    let late = AdminToken { parent: Some(first.id.clone()), ..late };
    let refused = store.create_admin_token(late, hash, made::record(&organisation)).await;
    assert!(matches!(refused, Err(StoreError::Stale(_))), "{refused:?}");
}

pub(super) async fn end_with_their_operator(store: &dyn Store) {
    let organisation = made::organisation(store, "o").await.id;
    let bea = made::operator(&organisation, "bea", "admin");
    store.create_operator(bea.clone(), "hash".to_owned(), made::record(&organisation)).await.unwrap();
    let (token, hash) = made::token(&organisation, "ci");
    let token = AdminToken { operator: Some(bea.id.clone()), ..token };
    store.create_admin_token(token.clone(), hash, made::record(&organisation)).await.unwrap();
    assert_eq!(store.admin_token(&hash).await.unwrap(), Some((token.clone(), Some(bea.clone()))));
    let change = OperatorChange { has_role: "admin".to_owned(), disable: true, ..OperatorChange::default() };
    let told = made::record(&organisation);
    store.change_operator(&organisation, bea.id.as_str(), change, NOW + 1, told).await.unwrap();
    let (found, whose) = store.admin_token(&hash).await.unwrap().unwrap();
    assert_eq!((found.revoked_ms, whose.unwrap().disabled_ms), (Some(NOW + 1), Some(NOW + 1)));
    let (late, hash) = made::token(&organisation, "late");
    let late = AdminToken { operator: Some(bea.id), ..late };
    let refused = store.create_admin_token(late, hash, made::record(&organisation)).await;
    assert!(matches!(refused, Err(StoreError::Stale(_))), "{refused:?}");
}

//! Opening databases that are not there or not ours.

use placet_store::{StoreError, open};

#[tokio::test]
async fn an_address_of_no_engine_is_refused() {
    for address in ["", "mysql://x/y", "/tmp/x.db"] {
        match open(address).await {
            Err(StoreError::Address(told)) => assert_eq!(told, address),
            Err(other) => panic!("{address}: {other}"),
            Ok(_) => panic!("{address} was opened"),
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    let text = "these are notes and not a database, and longer than one header of it. ".repeat(20);
    std::fs::write(&file, &text).unwrap();
    let address = format!("sqlite:{}", file.display());
    assert!(matches!(open(&address).await, Err(StoreError::Open(_))));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_database_is_opened_again_with_what_was_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}/placet.db", folder.path().display());
    let first = open(&address).await.unwrap();
    let organisation = crate::made::organisation(first.as_ref(), "acme").await;
    drop(first);
    let second = open(&address).await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.unwrap().metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "for this user alone");
    }
    assert_eq!(second.organisations().await.unwrap(), [organisation]);
}

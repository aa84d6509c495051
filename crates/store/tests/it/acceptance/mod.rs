//! What every engine does alike.

mod admin_tokens;
mod agents;
mod ledger;
mod operators;
mod organisations;
mod policies;
mod records;
mod spools;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use placet_store::{Store, open};

use crate::postgres::Cluster;

/// A case: its name, and what it does with an empty store.
type Case = (&'static str, fn(Arc<dyn Store>) -> Pin<Box<dyn Future<Output = ()>>>);

macro_rules! cases {
    ($($module:ident :: $name:ident,)*) => {
        const CASES: &[Case] = &[$((
            concat!(stringify!($module), "_", stringify!($name)),
            |store| Box::pin(async move { $module::$name(store.as_ref()).await }),
        ),)*];
    };
}

cases! {
    organisations::are_made_once,
    organisations::do_not_see_each_other,
    agents::are_given_back_as_they_were_made,
    agents::are_found_by_id_name_and_key,
    agents::keep_their_names_apart,
    agents::change_what_is_given,
    agents::lose_no_change_of_two_at_a_time,
    agents::are_revoked_for_ever,
    agents::get_new_keys,
    policies::count_their_versions,
    policies::are_deleted_and_come_back,
    policies::get_different_numbers_at_the_same_time,
    policies::leave_nothing_behind_when_they_fail,
    policies::change_from_the_version_that_was_seen,
    operators::are_found_until_they_are_disabled,
    operators::change_from_the_role_that_was_seen,
    operators::keep_one_owner,
    operators::keep_one_owner_of_two_at_a_time,
    operators::open_sessions_with_the_password_that_holds,
    operators::lose_their_sessions,
    admin_tokens::are_given_back_as_they_were_made,
    admin_tokens::end_with_what_they_were_made_with,
    admin_tokens::end_with_their_operator,
    records::are_stored_once,
    records::are_found_by_each_field,
    records::come_in_pages,
    records::are_counted,
    records::expire,
    records::are_followed_in_the_order_in_which_they_were_stored,
    records::hold_any_text,
    records::come_from_many_at_a_time,
    ledger::moves_on_from_the_head_that_was_seen,
    ledger::shows_records_as_they_are,
    ledger::is_moved_on_by_one_of_many,
    spools::are_compared_with_what_was_sent,
    spools::keep_the_first_of_an_id,
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    for (name, case) in CASES {
        println!("{name}");
        let folder = tempfile::tempdir().unwrap();
        case(open(&format!("sqlite:{}/{name}.db", folder.path().display())).await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let Some(cluster) = Cluster::start() else { return };
    for (name, case) in CASES {
        println!("{name}");
        case(open(&cluster.database(name)).await.unwrap()).await;
    }
}

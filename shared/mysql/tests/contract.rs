//! The contract of the database port, on a real server.

mod server;

use mysql::{Limits, MySql};
use server::root;
use std::time::Duration;
use testkit::contracts::database as contract;

macro_rules! holds {
    ($($part:ident::$promise:ident;)+) => {$(
        #[tokio::test]
        async fn $promise() {
            contract::$part::$promise(&MySql::default(), &root()).await;
        }
    )+};
}

holds! {
    locking::a_held_lock_excludes_others;
    locking::a_lock_ends_with_its_session;
    locking::a_statement_left_behind_keeps_the_lock;
    locking::a_cut_connection_is_lost;
    locking::a_cancelled_statement_is_refused;
    locking::a_wrong_login_and_a_missing_schema_are_told;
    locking::a_closed_port_is_a_fault_for_now;
    locking::a_lock_is_waited_for;
    locking::a_holder_is_watched_and_ended;
    recording::the_journal_keeps_intents_and_outcomes;
    recording::a_new_intent_replaces_the_old;
    recording::a_stale_owner_sends_nothing;
    recording::what_is_gone_is_forgotten;
    recording::an_outcome_is_settled_with_its_reason;
    recording::an_outcome_without_intent_is_a_fault;
    outcomes::rows_and_their_outcome_are_one;
    outcomes::any_text_is_one_with_its_outcome;
    outcomes::rows_and_their_outcome_outlive_the_client;
    outcomes::rows_that_stay_have_their_intent_before_them;
    outcomes::a_change_is_remembered_with_its_last_statement;
    outcomes::a_definition_is_never_run_with_its_outcome;
    running::a_refusal_is_told_in_the_servers_words;
    running::two_statements_in_one_text_are_refused;
    running::every_kind_of_statement_is_run;
    running::the_meaning_of_sql_is_the_servers;
    looking::a_part_is_seen_as_in_the_whole;
    looking::an_emptied_or_rebuilt_table_is_seen;
    schemas::a_table_is_what_the_server_shows;
    schemas::a_snapshot_makes_the_schema_anew;
    schemas::a_snapshot_knows_no_schema_name;
    schemas::a_circle_of_tables_is_made_anew;
    rehearsing::a_rehearsal_foretells_every_statement;
    rehearsing::the_cheapest_algorithm_is_found;
    rehearsing::a_rehearsal_starts_from_what_was_there;
    rehearsing::a_rehearsal_that_fails_leaves_nothing;
    rehearsing::a_rehearsal_never_reaches_the_target;
    rehearsing::leftovers_are_swept;
}

#[tokio::test]
async fn without_an_intent_nothing_is_sent() {
    let limits = Limits {
        row_lock: Duration::from_secs(1),
        ..Limits::default()
    };
    contract::outcomes::without_an_intent_nothing_is_sent(&MySql::new(limits), &root()).await;
}

#[tokio::test]
async fn an_outcome_that_fails_is_not_its_statement() {
    let limits = Limits {
        row_lock: Duration::from_secs(1),
        metadata_lock: Duration::from_mins(1),
        ..Limits::default()
    };
    contract::outcomes::an_outcome_that_fails_is_not_its_statement(&MySql::new(limits), &root()).await;
}

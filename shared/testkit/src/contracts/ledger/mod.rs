//! Properties of a ledger. Each expects an empty one.

mod audit;
mod commits;
mod entities;
mod events;
mod leases;
mod open_issues;
mod outbox;
mod plans;
mod pull_requests;
mod settings;
mod targets;
mod texts;
mod write_backs;

pub use audit::*;
pub use commits::*;
pub use entities::*;
pub use events::*;
pub use leases::*;
pub use open_issues::*;
pub use outbox::*;
pub use plans::*;
pub use pull_requests::*;
pub use settings::*;
pub use targets::*;
pub use texts::*;
pub use write_backs::*;

use model::TaskKey;
use workflow::ports::ledger::{
    AuditLedger, ClickLedger, Commit, Committed, DeliveryLedger, EventLedger, HookLedger, IssueLedger,
    LeaseLedger, OpenIssueLedger, OutboxLedger, PlanLedger, PullRequestLedger, RehearsalLedger,
    SettingsLedger, TargetLedger, TextLedger, Write, WriteBackLedger,
};

/// Every port of the ledger.
pub trait Ledger:
    Commit
    + SettingsLedger
    + DeliveryLedger
    + PlanLedger
    + IssueLedger
    + OpenIssueLedger
    + TargetLedger
    + TextLedger
    + LeaseLedger
    + OutboxLedger
    + ClickLedger
    + PullRequestLedger
    + RehearsalLedger
    + HookLedger
    + WriteBackLedger
    + AuditLedger
    + EventLedger
{
}

impl<L> Ledger for L where
    L: Commit
        + SettingsLedger
        + DeliveryLedger
        + PlanLedger
        + IssueLedger
        + OpenIssueLedger
        + TargetLedger
        + TextLedger
        + LeaseLedger
        + OutboxLedger
        + ClickLedger
        + PullRequestLedger
        + RehearsalLedger
        + HookLedger
        + WriteBackLedger
        + AuditLedger
        + EventLedger
{
}

/// Hands the names of all properties to a macro, which makes each a test.
#[macro_export]
macro_rules! ledger_properties {
    ($each:ident) => {
        $each! {
            nothing_to_write_is_no_conflict
            issue_numbers_count_without_gaps
            a_first_edition_must_be_new
            a_later_edition_must_find_the_one_before
            a_conflict_writes_nothing
            one_of_many_writers_wins
            an_edition_can_be_asked_for_without_writing
            editions_count_from_one
            two_writes_of_one_thing_are_a_bug
            a_hundred_writes_fit_and_no_more
            what_is_written_is_read_back
            every_state_of_a_task_is_read_back
            issues_and_tasks_come_in_the_order_asked
            more_tasks_than_fit_a_batch
            a_push_of_thousands_of_files_is_kept
            every_decision_of_a_principal_is_kept
            decisions_come_oldest_first
            a_head_moves_only_from_what_was_read
            a_head_is_planned_by_its_baselines
            baselines_follow_each_other
            names_with_separators_stay_apart
            heads_come_in_the_order_asked
            what_the_sweeper_saw_is_kept
            deliveries_are_noted_once
            who_moved_a_ref_is_kept
            settings_follow_each_other
            freezes_follow_each_other
            open_tasks_come_in_version_order
            a_settled_task_is_not_open
            the_first_open_task_of_each_target_comes_alone
            open_issues_come_newest_first
            an_open_issue_is_listed_with_what_opens_it
            an_open_issue_that_was_listed_anew_is_not_forgotten
            a_revision_is_recorded_once
            revisions_come_from_the_highest_down
            a_revision_of_thousands_of_statements_is_kept
            texts_of_any_size_are_kept
            an_unknown_text_is_none
            a_lease_is_for_one_owner_until_its_time
            a_lease_given_back_is_free_and_its_fence_grows
            who_lost_the_lease_can_not_give_it_back
            the_outbox_is_read_oldest_first
            a_postponed_item_stays_and_a_settled_one_is_gone
            the_check_run_of_a_push_is_kept
            what_a_button_is_for_is_kept_once
            the_last_refused_click_is_kept
            the_review_of_a_pull_request_is_kept_by_editions
            what_github_shows_of_a_pull_request_is_kept
            every_outcome_of_a_rehearsal_is_read_back
            only_unanswered_rehearsals_are_pending
            every_state_of_a_write_back_is_read_back
            the_write_back_of_a_branch_has_one_writer
            what_others_were_told_has_one_writer
            the_audit_is_read_back_in_parts
            entries_of_one_commit_are_chained
            twenty_commits_at_once_make_one_chain
            a_refused_commit_leaves_nothing_in_the_audit
            settings_are_applied_with_their_place_in_the_audit
            a_chain_seals_those_before_it
            the_end_of_a_chain_is_a_write_too
        }
    };
}

/// Commits what must not conflict.
async fn write<L: Ledger>(ledger: &L, writes: Vec<Write>) {
    assert_eq!(commit(ledger, writes).await, Committed::Yes);
}

async fn commit<L: Ledger>(ledger: &L, writes: Vec<Write>) -> Committed {
    super::ok(ledger.commit(writes).await)
}

fn revision_key(revision: &model::Revision) -> TaskKey {
    TaskKey {
        target: revision.target.clone(),
        version: revision.change.version.key().clone(),
    }
}

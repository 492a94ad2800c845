//! Each write of a commit as an action of a transaction, with the condition under which it may happen.

use crate::entity::{EDITION, Entity, Item, at, number, text};
use crate::keys::{Key, PK};
use crate::{DynamoLedger, unbuildable};
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem};
use model::{Fault, IssueNumber};
use workflow::ports::ledger::{PlannedHead, Write};

/// The attribute of a counter.
pub(crate) const NUMBER: &str = "number";
/// The attribute of a branch's head.
pub(crate) const COMMIT: &str = "commit";
/// The attribute of the baselines that a head was planned by.
pub(crate) const BASELINES: &str = "baselines";
/// The attribute of both, which conditions look at.
const PLAN: &str = "plan";

/// What must be in the item's place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// Nothing.
    Nothing,
    /// An item with this in this attribute.
    Holds(&'static str, AttributeValue),
    /// Whatever there is.
    Whatever,
}

impl Expected {
    /// The edition before this one.
    pub(crate) fn before(edition: u64, key: &Key) -> Result<Self, Fault> {
        match edition {
            0 => Err(Fault::Bug(format!(
                "edition 0 of {key} can't be written; editions count from 1"
            ))),
            1 => Ok(Self::Nothing),
            later => Ok(Self::Holds(EDITION, number(later - 1))),
        }
    }

    /// The number before this one.
    fn number_before(new: IssueNumber) -> Result<Self, Fault> {
        match new.0 {
            0 => Err(Fault::Bug(
                "issue number 0 can't be taken; numbers count from 1".to_owned(),
            )),
            1 => Ok(Self::Nothing),
            later => Ok(Self::Holds(NUMBER, number(later - 1))),
        }
    }
}

/// One action of a transaction, and the item that it is about.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// The item.
    pub(crate) key: Key,
    /// The action.
    pub(crate) item: TransactWriteItem,
}

/// What a branch was planned by, in one word.
fn plan_of(head: &PlannedHead) -> String {
    format!("{} {}", head.commit, head.baselines)
}

impl DynamoLedger {
    /// A write as an action.
    pub(crate) async fn action(&self, write: &Write) -> Result<Action, Fault> {
        match write {
            Write::IssueNumber(new) => {
                let item = Item::from([(NUMBER.to_owned(), number(new.0))]);
                let key = Key::issue_counter();
                let item = at(&key, "counter", item);
                self.put(key, item, Expected::number_before(*new)?)
            }
            Write::Issue(issue) => {
                self.put_edition(Key::issue(issue.number), issue, issue.edition)
                    .await
            }
            Write::Task(task) => self.put_edition(Key::task(&task.key()), task, task.edition).await,
            Write::Push(push) => {
                let key = Key::push(&push.project, &push.commit);
                self.put_edition(key, push, push.edition).await
            }
            Write::PullRequest(pull) => {
                let key = Key::pull_request(&pull.project, pull.number);
                self.put_edition(key, pull, pull.edition).await
            }
            Write::Rehearsal(rehearsal) => {
                let key = Key::rehearsal(&rehearsal.key());
                self.put_edition(key, rehearsal, rehearsal.edition).await
            }
            Write::Head {
                project,
                branch,
                head,
                replaces,
            } => self.move_head(Key::head(project, branch), head, replaces.as_ref()),
            Write::Baselines(baselines) => {
                let key = Key::baselines(&baselines.project);
                self.put_edition(key, baselines, baselines.edition).await
            }
            Write::Revision(revision) => {
                let key = Key::revision(&model::TaskKey {
                    target: revision.target.clone(),
                    version: revision.change.version.key().clone(),
                });
                self.put_entity(key, revision, Expected::Nothing).await
            }
            Write::Decision(decision) => {
                self.put_entity(Key::decision(decision), decision, Expected::Nothing)
                    .await
            }
            Write::Outbox(item) => {
                self.put_entity(Key::outbox(&item.id), item, Expected::Whatever)
                    .await
            }
            Write::Announced(announced) => {
                let key = Key::announced(announced.issue);
                self.put_edition(key, announced, announced.edition).await
            }
            Write::WriteBack(write_back) => {
                let key = Key::write_back(&write_back.key);
                self.put_entity(key, write_back, Expected::Whatever).await
            }
            Write::WriteBackBranch(branch) => {
                let key = Key::write_back_branch(&branch.project, &branch.branch);
                self.put_edition(key, branch, branch.edition).await
            }
            Write::OpenIssue(entry) => {
                self.put_entity(Key::open_issue(entry.number), entry, Expected::Whatever)
                    .await
            }
            Write::Audit(entry) => Err(Fault::Bug(format!(
                "an entry of the audit of {} needs its place first",
                entry.chain
            ))),
            Write::IssueIs { number, edition } => self.check(Key::issue(*number), *edition),
            Write::TaskIs { key, edition } => self.check(Key::task(key), *edition),
        }
    }

    /// Moves the planned head of a branch.
    fn move_head(
        &self,
        key: Key,
        head: &PlannedHead,
        replaces: Option<&PlannedHead>,
    ) -> Result<Action, Fault> {
        let item = Item::from([
            (COMMIT.to_owned(), text(head.commit.as_str())),
            (BASELINES.to_owned(), number(head.baselines)),
            (PLAN.to_owned(), text(&plan_of(head))),
        ]);
        let item = at(&key, "head", item);
        let expected = replaces.map_or(Expected::Nothing, |read| {
            Expected::Holds(PLAN, text(&plan_of(read)))
        });
        self.put(key, item, expected)
    }

    /// Puts an entity where the edition before is.
    async fn put_edition<T: Entity>(&self, key: Key, entity: &T, edition: u64) -> Result<Action, Fault> {
        let expected = Expected::before(edition, &key)?;
        self.put_entity(key, entity, expected).await
    }

    /// Puts an entity where this is.
    pub(crate) async fn put_entity<T: Entity>(
        &self,
        key: Key,
        entity: &T,
        expected: Expected,
    ) -> Result<Action, Fault> {
        let item = self.to_item(&key, entity).await?;
        self.put(key, item, expected)
    }

    /// Puts an item where this is.
    pub(crate) fn put(&self, key: Key, item: Item, expected: Expected) -> Result<Action, Fault> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = match expected {
            Expected::Whatever => put,
            Expected::Nothing => put
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", PK),
            Expected::Holds(name, value) => put
                .condition_expression("#name = :value")
                .expression_attribute_names("#name", name)
                .expression_attribute_values(":value", value),
        };
        let put = put.build().map_err(unbuildable)?;
        let item = TransactWriteItem::builder().put(put).build();
        Ok(Action { key, item })
    }

    /// Checks an item's edition.
    fn check(&self, key: Key, edition: u64) -> Result<Action, Fault> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .condition_expression("#edition = :edition")
            .expression_attribute_names("#edition", EDITION)
            .expression_attribute_values(":edition", number(edition))
            .build()
            .map_err(unbuildable)?;
        let item = TransactWriteItem::builder().condition_check(check).build();
        Ok(Action { key, item })
    }
}

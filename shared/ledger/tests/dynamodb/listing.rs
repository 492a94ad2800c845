//! The list of issues: how many requests a page takes, over a short history and over a long one.

use crate::bed::{Bed, on_a_table};
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use futures::stream::{self, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use ledger::DynamoLedger;
use model::{EnvironmentId, Issue, IssueFilter, IssueNumber, IssueState, Target, Task, TaskRun};
use settings::Settings;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::fixtures;
use workflow::ports::ledger::{OpenIssue, Write};
use workflow::show::{IssuePage, Shower};

/// How many databases the issues are about, in turn.
const DATABASES: u64 = 10;
/// A page.
const PAGE: u32 = 10;
/// How many of the newest issues have a task.
const WITH_TASKS: u64 = 2_000;

/// Counts the requests that leave the process.
#[derive(Debug, Clone, Default)]
struct Count(Arc<AtomicU32>);

impl Intercept for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// An issue a minute, each with a task that is done; but the oldest, which is Ada's, failed in `test` and waits for
/// approval in `prod`.
struct History<'a> {
    bed: &'a Bed,
    settings: Settings,
    issues: u64,
}

/// When an issue was planned.
fn planned(number: u64) -> Timestamp {
    let minutes = i64::try_from(number).unwrap();
    fixtures::time(0) + SignedDuration::from_mins(minutes)
}

/// An issue and its tasks. Most of a long history has none, which is as good as done and is loaded in half the time.
fn made(number: u64, of: u64) -> (Issue, Vec<Task>) {
    let target = fixtures::target(&format!("db_{}", number % DATABASES));
    let mut task = fixtures::task(number, &target, &number.to_string());
    task.run = TaskRun::Done;
    let mut issue = fixtures::issue(number);
    issue.tasks = vec![task.key()];
    issue.created_at = planned(number);
    if number == 1 {
        task.run = TaskRun::Ambiguous {
            at: 1,
            evidence: "nobody knows".to_owned(),
        };
        issue.pusher.login = "ada".to_owned();
        let prod = EnvironmentId::new("prod");
        let mut waiting = fixtures::task(number, &Target::new("demo-prod", "db_1"), "1");
        (waiting.position, waiting.environment) = (2, prod.clone());
        issue.environments.push(prod);
        issue.tasks.push(waiting.key());
        return (issue, vec![task, waiting]);
    }
    if number + WITH_TASKS < of {
        issue.tasks.clear();
        return (issue, Vec::new());
    }
    (issue, vec![task])
}

impl<'a> History<'a> {
    async fn of(bed: &'a Bed, issues: u64) -> Self {
        let numbers: Vec<u64> = (1..=issues).collect();
        let steps = numbers.chunks(1_000).map(async |step| {
            let made = step.iter().map(|number| made(*number, issues));
            let writes = made.flat_map(|(issue, tasks)| {
                std::iter::once(Write::Issue(issue)).chain(tasks.into_iter().map(Write::Task))
            });
            let writes: Vec<Write> = writes.collect();
            ledger::admin::fill(&bed.ledger, &writes).await.unwrap();
        });
        stream::iter(steps).for_each_concurrent(8, |step| step).await;
        let open = OpenIssue {
            number: IssueNumber(1),
            since: planned(1),
        };
        let rest = [Write::OpenIssue(open), Write::IssueNumber(IssueNumber(issues))];
        ledger::admin::fill(&bed.ledger, &rest).await.unwrap();
        Self {
            bed,
            settings: Settings::read(fixtures::SETTINGS).unwrap(),
            issues,
        }
    }

    /// A page and how many requests it took.
    async fn page(&self, filter: &IssueFilter, before: Option<IssueNumber>) -> (IssuePage, u32) {
        let count = Count::default();
        let config = aws_sdk_dynamodb::config::Builder::from(&self.bed.config)
            .interceptor(count.clone())
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        let ledger = DynamoLedger::new(client, &self.bed.table);
        let shower = Shower {
            ledger: &ledger,
            settings: &self.settings,
            now: planned(self.issues),
        };
        let page = shower.issues(filter, before, PAGE).await.unwrap();
        (page, count.0.load(Ordering::Relaxed))
    }

    /// The first page of each kind of list: what it shows, and what it took.
    async fn first_pages(&self) -> Vec<(&'static str, Vec<u64>, u32)> {
        let mut pages = Vec::new();
        for (name, filter) in filters(self.issues) {
            let (page, requests) = self.page(&filter, None).await;
            pages.push((name, numbers(&page), requests));
        }
        pages
    }
}

fn filters(issues: u64) -> [(&'static str, IssueFilter); 7] {
    let all = IssueFilter::default;
    let state = |state| IssueFilter {
        state: Some(state),
        ..all()
    };
    [
        ("all", all()),
        ("open", state(IssueState::Open)),
        ("failed", state(IssueState::Failed)),
        ("waiting", state(IssueState::Waiting)),
        ("done", state(IssueState::Done)),
        (
            "open, of an author",
            IssueFilter {
                author: Some("ada".to_owned()),
                ..state(IssueState::Open)
            },
        ),
        (
            "newer",
            IssueFilter {
                since: Some(planned(issues) - SignedDuration::from_mins(3)),
                ..all()
            },
        ),
    ]
}

fn numbers(page: &IssuePage) -> Vec<u64> {
    page.issues.iter().map(|view| view.issue.number.0).collect()
}

/// Each history with what is shown of it: the same places from its newest end, or its oldest issue.
fn expected(issues: u64) -> Vec<Vec<u64>> {
    let newest =
        |most: u64| -> Vec<u64> { (1..=issues).rev().take(usize::try_from(most).unwrap()).collect() };
    let done = (2..=issues).rev().take(10).collect();
    vec![newest(10), vec![1], vec![1], vec![1], done, vec![1], newest(4)]
}

#[tokio::test]
async fn the_first_page_over_a_hundred_thousand_issues_takes_as_many_requests_as_over_eleven() {
    let mut taken: Vec<Vec<(&'static str, u32)>> = Vec::new();
    for issues in [11, 100_000] {
        on_a_table(async |bed| {
            let pages = History::of(bed, issues).await.first_pages().await;
            let shown: Vec<_> = pages.iter().map(|(_, shown, _)| shown.clone()).collect();
            assert_eq!(shown, expected(issues));
            taken.push(
                pages
                    .iter()
                    .map(|(name, _, requests)| (*name, *requests))
                    .collect(),
            );
        })
        .await;
    }
    println!("{:?}", taken[0]);
    assert_eq!(taken[0], taken[1]);
    assert!(taken[0].iter().all(|(_, requests)| *requests <= 6), "{taken:?}");
}

#[tokio::test]
async fn what_is_rare_is_looked_for_in_bounded_steps_that_say_how_far_they_came() {
    on_a_table(async |bed| {
        let history = History::of(bed, 1_700).await;
        let rare = IssueFilter {
            author: Some("Ada".to_owned()),
            ..IssueFilter::default()
        };
        let (mut before, mut came, mut most) = (None, Vec::new(), 0);
        let found = loop {
            let (page, requests) = history.page(&rare, before).await;
            most = most.max(requests);
            match page.next {
                Some(next) => came.push(next.0),
                None => break numbers(&page),
            }
            before = page.next;
        };
        assert_eq!(found, [1]);
        assert_eq!(came, [1191, 681, 171]);
        assert!(most <= 9, "{most} requests for one step");
    })
    .await;
}

#[tokio::test]
async fn old_issues_are_found_without_reading_the_new_ones() {
    on_a_table(async |bed| {
        let history = History::of(bed, 1_700).await;
        for (minutes, newest) in [(1_690, 10), (1_500, 200), (3, 1_697), (0, 1_700)] {
            let old = IssueFilter {
                until: Some(planned(1_700) - SignedDuration::from_mins(minutes)),
                ..IssueFilter::default()
            };
            let (page, requests) = history.page(&old, None).await;
            let expected: Vec<u64> = (1..=newest).rev().take(10).collect();
            assert_eq!(numbers(&page), expected, "{minutes} minutes");
            assert!(requests <= 9, "{requests} requests for {minutes} minutes");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_reads_what_its_issues_need_for_all_of_them_together() {
    on_a_table(async |bed| {
        let history = History::of(bed, 30).await;
        let (page, requests) = history.page(&IssueFilter::default(), Some(IssueNumber(25))).await;
        assert_eq!(numbers(&page), (15..25).rev().collect::<Vec<_>>());
        assert_eq!(page.next, Some(IssueNumber(15)));
        // The counter, the issues, their tasks, how far their schemas are written back.
        assert_eq!(requests, 4);
    })
    .await;
}

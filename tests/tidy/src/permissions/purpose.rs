//! What each statement is for: the story that breaks without it, and how that is shown.

/// How it is shown that a statement is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The end-to-end stories record the calls that functions make; the function's own code makes this one.
    Calls,
    /// The ledger's own tests on a table: an entity too large for an item is stored and read as a text, and an issue
    /// older than the list of open ones is listed.
    Ledger,
    /// The queue's own tests on a queue: what could not be planned for now comes back later.
    Queue,
    /// The platform acts with the function's role (its poller, its log delivery, its network), which the local
    /// emulator does by itself; AWS's documentation asks for exactly these actions.
    Platform,
    /// The signing adapter's own tests on a key: the local stack's App has its key in its secret.
    Kms,
    /// It guards the created network, which the local stack does not create.
    Network,
}

impl Proof {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calls => "recorded calls",
            Self::Ledger => "ledger's tests",
            Self::Queue => "queue's tests",
            Self::Platform => "AWS's contract",
            Self::Kms => "kms's tests",
            Self::Network => "created network",
        }
    }
}

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// The statement.
    pub sid: &'static str,
    /// How it is shown to be needed.
    pub proof: Proof,
    /// The story that breaks without it.
    pub story: &'static str,
}

/// The purpose of a statement.
pub fn purpose(sid: &str) -> Option<&'static Purpose> {
    PURPOSES.iter().find(|purpose| purpose.sid == sid)
}

const fn calls(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Calls,
        story,
    }
}

const fn ledger(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Ledger,
        story,
    }
}

const fn queue(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Queue,
        story,
    }
}

const fn platform(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Platform,
        story,
    }
}

const fn kms(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Kms,
        story,
    }
}

const fn network(sid: &'static str, story: &'static str) -> Purpose {
    Purpose {
        sid,
        proof: Proof::Network,
        story,
    }
}

/// The purpose of every statement, in the order of the template.
pub const PURPOSES: &[Purpose] = &[
    platform(
        "ApiGatewayWritesAccessLogs",
        "who called the API is in its access log",
    ),
    platform(
        "WebhookWritesLogs",
        "a webhook that was refused is in the log with its reason",
    ),
    calls(
        "WebhookReadsItsSecret",
        "a push arrives: its signature is checked",
    ),
    calls("WebhookReadsSettings", "a push of another repository is ignored"),
    calls(
        "WebhookNotesDeliveries",
        "the same delivery again: nothing happens twice",
    ),
    calls(
        "WebhookEnqueuesDeliveries",
        "a push arrives: its pointer is queued",
    ),
    platform(
        "PlannerWritesLogs",
        "a delivery that could not be planned is in the log with its reason",
    ),
    platform(
        "PlannerReceivesDeliveries",
        "a push becomes an issue: the pointer is received",
    ),
    queue(
        "PlannerPutsDeliveriesOff",
        "GitHub is away for an hour: a delivery comes back when another try is worth it",
    ),
    calls(
        "PlannerReadsGitHubApp",
        "a push becomes an issue: GitHub is read as the App",
    ),
    kms(
        "PlannerSignsAsGitHubApp",
        "a push becomes an issue, with the App's key in KMS",
    ),
    calls(
        "PlannerReadsLedger",
        "a push becomes an issue: settings, heads, the counter and earlier versions are read",
    ),
    calls(
        "PlannerReadsRevisions",
        "a version comes after a higher one was applied: the order of its environment says what becomes of it",
    ),
    ledger(
        "PlannerReadsLargeEntities",
        "a push of thousands of files: an issue too large for one item",
    ),
    calls("PlannerStoresTexts", "a push becomes an issue: the SQL is kept"),
    calls(
        "PlannerWritesPlans",
        "a push becomes an issue: issue, tasks, head and outbox in one transaction",
    ),
    calls(
        "PlannerKeepsAudit",
        "a push becomes an issue: who pushed it is in the audit, in the same transaction",
    ),
    calls(
        "PlannerReadsDecisions",
        "a click on GitHub approves a stage: what was decided before is read",
    ),
    calls(
        "PlannerChecksWhatIsDecided",
        "a click on GitHub approves a stage: the issue is still as it was looked at",
    ),
    calls("PlannerNudgesTargets", "a change without approval runs at once"),
    platform(
        "WorkerWritesLogs",
        "a failed task is in the log and raises the alarm",
    ),
    platform(
        "WorkerReceivesChanges",
        "a change is applied: the nudge is received",
    ),
    calls(
        "WorkerNudgesTargets",
        "fifty files over ten databases: a target goes on after its deadline",
    ),
    calls(
        "WorkerReadsNamedDatabaseSecrets",
        "a change is applied: the login of its instance is read",
    ),
    network(
        "WorkerReadsCreatedDatabaseSecret",
        "a change is applied on the created cluster",
    ),
    calls(
        "WorkerReadsLedger",
        "a change is applied: settings, issue and tasks are read",
    ),
    calls(
        "WorkerReadsPartitions",
        "a change is applied: its SQL, the decisions and the revision before it are read",
    ),
    calls(
        "WorkerListsOpenTasks",
        "fifty files over ten databases: each database in order",
    ),
    calls(
        "WorkerChecksWhatWasApproved",
        "a change is applied: at its first statement the issue is as the gates saw it",
    ),
    calls(
        "WorkerTakesLeases",
        "a killed worker: two never act on one target",
    ),
    calls(
        "WorkerStoresTexts",
        "the schema diff: snapshots before and after are kept",
    ),
    calls(
        "WorkerWritesOutcomes",
        "a change is applied: task, revision, write-back and outbox in one transaction",
    ),
    calls(
        "WorkerKeepsAudit",
        "a change is applied: that it began and what came of it is in the audit, in the same transaction",
    ),
    platform(
        "WorkerJoinsNetwork",
        "a change is applied: the function is in the database's network",
    ),
    platform(
        "WorkerCodeLeavesNetworkAlone",
        "a broken-into worker cannot change the network that holds it",
    ),
    platform(
        "ReporterWritesLogs",
        "an answer that GitHub refused is in the log with its reason",
    ),
    platform(
        "ReporterReadsStream",
        "the check run shows the outcome: the outbox item is received",
    ),
    platform(
        "ReporterListsStreams",
        "the check run shows the outcome: the stream is attached",
    ),
    platform(
        "ReporterParksRefusedBatches",
        "GitHub is away for an hour: what could not be told raises the alarm",
    ),
    calls(
        "ReporterReadsGitHubApp",
        "the check run shows the outcome: GitHub is written as the App",
    ),
    kms(
        "ReporterSignsAsGitHubApp",
        "the check run shows the outcome, with the App's key in KMS",
    ),
    calls(
        "ReporterReadsLedger",
        "the check run shows the outcome of every file",
    ),
    calls(
        "ReporterReadsPartitions",
        "the latest schema is committed: outbox and snapshot are read; what happened to an issue is told from its audit",
    ),
    calls(
        "ReporterListsOpenTasks",
        "the check run says what a waiting task waits for",
    ),
    calls(
        "ReporterNotesAnswers",
        "one check run per commit, one commit per version: what GitHub and others were told is kept; GitHub is away: tried later",
    ),
    calls(
        "ReporterEmptiesOutbox",
        "the check run shows the outcome: told once",
    ),
    calls(
        "ReporterTellsEvents",
        "a rule hears that an issue waits for an approval, failed, or is done",
    ),
    platform("ApprovalsWritesLogs", "who decided what is in the log"),
    calls(
        "ApprovalsReadsLedger",
        "a person reads issues, versions and settings",
    ),
    calls(
        "ApprovalsReadsPartitions",
        "a person reads the SQL, the decisions and the schema diff",
    ),
    calls(
        "ApprovalsListsOpenTasks",
        "a person reads why a task waits: what is before it",
    ),
    calls(
        "ApprovalsWritesDecisions",
        "the developer's approval is refused, the dba's is taken; what was skipped waits again, and is listed",
    ),
    calls(
        "ApprovalsChecksWhatIsDecided",
        "approved is what was read: nothing changed in between",
    ),
    calls(
        "ApprovalsWritesBaselines",
        "a repository with history is connected: what was applied before is said once",
    ),
    calls("ApprovalsWritesSettings", "settings are applied"),
    calls(
        "ApprovalsKeepsAudit",
        "the dba's approval is in the audit, in the same transaction",
    ),
    calls(
        "ApprovalsReadsAudit",
        "`sluice audit verify` looks whether anybody altered the audit by hand",
    ),
    calls("ApprovalsNudgesTargets", "an approved change runs at once"),
    platform(
        "RunbookWritesLogs",
        "an execution that was refused is in the log with its code",
    ),
    calls(
        "RunbookReadsExecutions",
        "somebody approves in Systems Manager: the execution says who and what",
    ),
    calls(
        "RunbookReadsLedger",
        "somebody approves in Systems Manager: settings, issue and tasks are read",
    ),
    calls(
        "RunbookReadsDecisions",
        "somebody approves in Systems Manager: who decided before",
    ),
    ledger(
        "RunbookReadsLargeEntities",
        "a push of thousands of files: an issue too large for one item",
    ),
    calls(
        "RunbookWritesDecisions",
        "somebody approves in Systems Manager: the decision, and what GitHub is told of it",
    ),
    calls(
        "RunbookChecksWhatIsDecided",
        "approved is what was read: nothing changed in between",
    ),
    calls(
        "RunbookKeepsAudit",
        "who approved in Systems Manager is in the audit, in the same transaction",
    ),
    calls("RunbookNudgesTargets", "what was approved runs at once"),
    platform(
        "ApproveRunbookTellsSluice",
        "the runbook names its execution to the one function that reads it",
    ),
    platform("SweeperWritesLogs", "what the sweeper brought back is in the log"),
    calls(
        "SweeperReadsGitHubApp",
        "a push whose webhook never came: the branch's head is read, and the delivery asked for again",
    ),
    kms(
        "SweeperSignsAsGitHubApp",
        "a push whose webhook never came, with the App's key in KMS",
    ),
    calls(
        "SweeperReadsLedger",
        "a lost nudge and a missed push: tasks, heads and what was seen of deliveries are read",
    ),
    calls(
        "SweeperReadsPartitions",
        "a killed reporter: undelivered outbox items are found; decisions of due tasks",
    ),
    ledger(
        "SweeperReadsLargeEntities",
        "a push of thousands of files: an issue too large for one item",
    ),
    calls(
        "SweeperListsOpenTasks",
        "a killed worker: targets with open tasks are found",
    ),
    calls(
        "SweeperRenewsOutbox",
        "a killed reporter: the outbox item wakes it again",
    ),
    calls(
        "SweeperRemembersDeliveries",
        "a webhook that failed: which deliveries were seen and asked for again",
    ),
    calls(
        "SweeperForgetsSettledIssues",
        "`sluice issue list --state open` costs nothing for what is done",
    ),
    ledger(
        "SweeperListsOpenIssues",
        "a stack is brought up to date: issues that were open before there was a list of them are on it",
    ),
    calls(
        "SweeperNudgesTargets",
        "a killed worker: its target is nudged again",
    ),
    calls(
        "SweeperEnqueuesMissedDeliveries",
        "a push whose webhook never came: its pointer is queued",
    ),
    network(
        "EndpointPassesLedgerOfWorker",
        "a change is applied on the created cluster",
    ),
    network(
        "EndpointPassesNudgesOfWorker",
        "a target goes on after its deadline, on the created cluster",
    ),
    network(
        "EndpointPassesCreatedSecretOfWorker",
        "a change is applied on the created cluster",
    ),
    network(
        "EndpointPassesNamedSecretsOfWorker",
        "a change is applied by another user than the cluster's first",
    ),
    platform(
        "RulePublishesNotifications",
        "a person who subscribed is told that an issue waits: EventBridge publishes what the rule lets through",
    ),
];

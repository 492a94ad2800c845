//! GitHub on first use: the App's key comes from the secrets, once for a process. Who never speaks to GitHub never
//! needs the key: a broken secret keeps the sweeper from nothing else.

use crate::{Access, GitHub, Identity};
use model::{BlobSha, CommitSha, Fault, PullRequestNumber, RepositoryRef};
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;
use workflow::pace::Pace;
use workflow::ports::clock::Clock;
use workflow::ports::commits::{
    Commits, Content, Landed, NewCommit, Opened, Proposals, Proposed, PullRequest,
};
use workflow::ports::github::{
    Annotation, Annotations, AppDeliveries, CheckRun, CheckRuns, Comments, CommitInfo, HookPage, OwnAccount,
    Paced, PullRequestInfo, PullRequests, Redelivered, Repositories, TreeEntry,
};
use workflow::ports::secrets::{Freshness, Secrets};
use workflow::ports::signatures::Signatures;
use workflow::stored_secret::github_app_key;

/// A client of GitHub that is made when it is first asked for.
pub struct Connection<S> {
    secrets: S,
    secret_arn: String,
    base_url: String,
    access: Access,
    clock: Arc<dyn Clock>,
    signatures: Option<Arc<dyn Signatures>>,
    pace: Arc<Pace>,
    github: OnceCell<GitHub>,
}

impl<S: Secrets> Connection<S> {
    /// GitHub at `base_url`, as the App whose secret has this ARN. Nothing is read or sent yet.
    pub fn new(
        secrets: S,
        secret_arn: String,
        base_url: String,
        access: Access,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            secrets,
            secret_arn,
            base_url,
            access,
            clock,
            signatures: None,
            pace: Arc::default(),
            github: OnceCell::new(),
        }
    }

    /// The same, also for an App whose secret names a key instead of holding one.
    #[must_use]
    pub fn signing_with(self, signatures: Arc<dyn Signatures>) -> Self {
        Self {
            signatures: Some(signatures),
            ..self
        }
    }

    /// The same, writing at this pace.
    #[must_use]
    pub fn at_pace(self, pace: Pace) -> Self {
        Self {
            pace: Arc::new(pace),
            ..self
        }
    }

    async fn get(&self) -> Result<&GitHub, Fault> {
        self.github
            .get_or_try_init(|| async {
                let secret = self.secrets.secret(&self.secret_arn, Freshness::Cached).await?;
                let key = github_app_key(&self.secret_arn, &secret)?;
                let identity = Identity::new(key, self.signatures.clone())?;
                let github =
                    GitHub::speaking_as(&self.base_url, identity, self.access, Arc::clone(&self.clock))?;
                Ok(github.at_pace(Arc::clone(&self.pace)))
            })
            .await
    }
}

impl<S: Secrets> Repositories for Connection<S> {
    async fn head(&self, repository: &RepositoryRef, branch: &str) -> Result<Option<CommitSha>, Fault> {
        self.get().await?.head(repository, branch).await
    }

    async fn branches(
        &self,
        repository: &RepositoryRef,
        prefix: &str,
    ) -> Result<Vec<(String, CommitSha)>, Fault> {
        self.get().await?.branches(repository, prefix).await
    }

    async fn tree(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        directory: &str,
    ) -> Result<Vec<TreeEntry>, Fault> {
        self.get().await?.tree(repository, commit, directory).await
    }

    async fn blob(&self, repository: &RepositoryRef, blob: &BlobSha) -> Result<Vec<u8>, Fault> {
        self.get().await?.blob(repository, blob).await
    }

    async fn commit(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
    ) -> Result<Option<CommitInfo>, Fault> {
        self.get().await?.commit(repository, commit).await
    }
}

impl<S: Secrets> CheckRuns for Connection<S> {
    async fn find_check_run(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        external_id: &str,
    ) -> Result<Option<u64>, Fault> {
        self.get()
            .await?
            .find_check_run(repository, commit, external_id)
            .await
    }

    async fn create_check_run(&self, repository: &RepositoryRef, check_run: &CheckRun) -> Result<u64, Fault> {
        self.get().await?.create_check_run(repository, check_run).await
    }

    async fn update_check_run(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
    ) -> Result<(), Fault> {
        self.get()
            .await?
            .update_check_run(repository, id, check_run)
            .await
    }
}

impl<S: Secrets> PullRequests for Connection<S> {
    async fn pull_request(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
    ) -> Result<Option<PullRequestInfo>, Fault> {
        self.get().await?.pull_request(repository, number).await
    }

    async fn merge_base(
        &self,
        repository: &RepositoryRef,
        base: &CommitSha,
        head: &CommitSha,
    ) -> Result<Option<CommitSha>, Fault> {
        self.get().await?.merge_base(repository, base, head).await
    }
}

impl<S: Secrets> Annotations for Connection<S> {
    async fn annotate(
        &self,
        repository: &RepositoryRef,
        id: u64,
        check_run: &CheckRun,
        annotations: &[Annotation],
    ) -> Result<(), Fault> {
        let github = self.get().await?;
        github.annotate(repository, id, check_run, annotations).await
    }
}

impl<S: Secrets> Comments for Connection<S> {
    async fn find_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        marker: &str,
    ) -> Result<Option<u64>, Fault> {
        self.get().await?.find_comment(repository, number, marker).await
    }

    async fn create_comment(
        &self,
        repository: &RepositoryRef,
        number: PullRequestNumber,
        body: &str,
    ) -> Result<u64, Fault> {
        self.get().await?.create_comment(repository, number, body).await
    }

    async fn update_comment(&self, repository: &RepositoryRef, id: u64, body: &str) -> Result<bool, Fault> {
        self.get().await?.update_comment(repository, id, body).await
    }
}

impl<S: Secrets> Commits for Connection<S> {
    async fn content(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        path: &str,
    ) -> Result<Content, Fault> {
        self.get().await?.content(repository, commit, path).await
    }

    async fn make_commit(&self, repository: &RepositoryRef, commit: &NewCommit) -> Result<CommitSha, Fault> {
        self.get().await?.make_commit(repository, commit).await
    }

    async fn land(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        seen: Option<&CommitSha>,
        commit: &CommitSha,
    ) -> Result<Landed, Fault> {
        self.get().await?.land(repository, branch, seen, commit).await
    }

    async fn leads_to(
        &self,
        repository: &RepositoryRef,
        commit: &CommitSha,
        head: &CommitSha,
    ) -> Result<bool, Fault> {
        self.get().await?.leads_to(repository, commit, head).await
    }
}

impl<S: Secrets> Proposals for Connection<S> {
    async fn find_proposal(
        &self,
        repository: &RepositoryRef,
        from: &str,
        into: &str,
    ) -> Result<Option<PullRequest>, Fault> {
        self.get().await?.find_proposal(repository, from, into).await
    }

    async fn propose(&self, repository: &RepositoryRef, proposed: &Proposed) -> Result<Opened, Fault> {
        self.get().await?.propose(repository, proposed).await
    }

    async fn reword(
        &self,
        repository: &RepositoryRef,
        number: u64,
        proposed: &Proposed,
    ) -> Result<(), Fault> {
        self.get().await?.reword(repository, number, proposed).await
    }
}

impl<S: Secrets> OwnAccount for Connection<S> {
    async fn own_login(&self) -> Result<String, Fault> {
        self.get().await?.own_login().await
    }
}

impl<S: Secrets> AppDeliveries for Connection<S> {
    async fn deliveries(&self, older: Option<&str>) -> Result<Option<HookPage>, Fault> {
        self.get().await?.deliveries(older).await
    }

    async fn redeliver(&self, id: u64) -> Result<Redelivered, Fault> {
        self.get().await?.redeliver(id).await
    }
}

impl<S: Secrets> Paced for Connection<S> {
    fn pace(&self) -> &Pace {
        &self.pace
    }
}

impl<S> fmt::Debug for Connection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

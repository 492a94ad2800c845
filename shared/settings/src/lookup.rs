//! Finding things in settings.

use crate::branch;
use crate::schema::{Approvers, Database, Environment, Instance, Member, Project, Settings};
use model::{Decider, EnvironmentId, InstanceId, Principal, ProjectId, RepositoryId, Target, Whom};

impl Settings {
    /// The projects that a push to this ref of this repository concerns, each with the branch's name.
    pub fn projects_of<'s, 'r>(
        &'s self,
        repository: RepositoryId,
        git_ref: &'r str,
    ) -> impl Iterator<Item = (&'s Project, &'r str)> {
        self.projects
            .iter()
            .filter(move |project| project.repository.id == repository)
            .filter_map(move |project| Some((project, branch::branch_of(&project.branch, git_ref)?)))
    }

    /// Whether any project reads this repository.
    pub fn knows_repository(&self, repository: RepositoryId) -> bool {
        self.projects
            .iter()
            .any(|project| project.repository.id == repository)
    }

    /// A project by name.
    pub fn project(&self, name: &ProjectId) -> Option<&Project> {
        self.projects.iter().find(|project| &project.name == name)
    }

    /// An environment by name.
    pub fn environment(&self, name: &EnvironmentId) -> Option<&Environment> {
        self.environments
            .iter()
            .find(|environment| &environment.name == name)
    }

    /// An instance by name.
    pub fn instance(&self, name: &InstanceId) -> Option<&Instance> {
        self.instances.iter().find(|instance| &instance.name == name)
    }

    /// Every target of every project, each once.
    pub fn targets(&self) -> Vec<Target> {
        let mut targets: Vec<Target> = self
            .projects
            .iter()
            .flat_map(|project| project.databases.iter().map(Database::target))
            .collect();
        targets.sort();
        targets.dedup();
        targets
    }

    /// The database whose changes are applied to a target.
    pub fn database(&self, target: &Target) -> Option<&Database> {
        self.projects
            .iter()
            .flat_map(|project| &project.databases)
            .find(|database| &database.target() == target)
    }

    /// The member that a commit's author address belongs to: for display only.
    pub fn member_by_email(&self, email: &str) -> Option<&Member> {
        self.members.iter().find(|member| {
            member
                .email
                .as_deref()
                .is_some_and(|known| known.eq_ignore_ascii_case(email))
        })
    }

    /// The member that AWS authenticated as the caller: the one that settings name with this session, or else the one
    /// that they name with the user or role alone.
    pub fn member_by_principal(&self, principal: &Principal) -> Option<&Member> {
        let named = |with_session: bool| {
            self.members.iter().find(|member| {
                let mut known = member.principals.iter().map(|known| Whom::read(known));
                known.any(|known| known.session().is_some() == with_session && known.means(principal))
            })
        };
        named(true).or_else(|| named(false))
    }

    /// The member that GitHub knows by this id.
    pub fn member_by_github_id(&self, id: u64) -> Option<&Member> {
        self.members.iter().find(|member| member.github_id == Some(id))
    }

    /// The member that somebody who decides is, whoever vouches for it.
    pub fn member_of(&self, by: &Decider) -> Option<&Member> {
        match by {
            Decider::Principal(by) => self.member_by_principal(by),
            Decider::Github(by) => self.member_by_github_id(by.github_id),
        }
    }
}

impl Approvers {
    /// Whether it names nobody.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.principals.is_empty() && self.github_ids.is_empty()
    }

    /// Whether they name this member, by role or GitHub id.
    pub fn name(&self, member: &Member) -> bool {
        self.roles.iter().any(|role| member.has_role(role))
            || member.github_id.is_some_and(|id| self.github_ids.contains(&id))
    }
}

impl Member {
    /// Whether the member is able to approve where these may: by role, GitHub id or principal, signing as somebody known
    /// or clicking on GitHub where that counts, and told from whoever pushed.
    pub fn may_approve(&self, approvers: &Approvers, on_github: bool) -> bool {
        let signs_as = |arn: &String| {
            let asked = Whom::read(arn);
            let own = self.principals.iter().map(|own| Whom::read(own));
            own.into_iter().any(|own| asked.shares(&own))
        };
        let signs = !self.principals.is_empty() || on_github;
        let named = approvers.name(self) && signs || approvers.principals.iter().any(signs_as);
        named && self.github_id.is_some()
    }

    /// Whether the member has a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|known| known == role)
    }
}

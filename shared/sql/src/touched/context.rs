//! Where between two parentheses the scan stands.

use super::How;

/// What the statement or query is, as far as it matters to what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Verb {
    /// Nothing that the others are.
    #[default]
    Other,
    /// A query.
    Select,
    /// `DELETE`.
    Delete,
    /// `INSERT` and `REPLACE`.
    Insert,
    /// `LOAD DATA` and `LOAD XML`.
    Load,
    /// `SHOW`.
    Show,
    /// `GRANT` and `REVOKE`.
    Grant,
    /// `CREATE`.
    Create,
    /// `ALTER`.
    Alter,
    /// `DROP`.
    Drop,
    /// `RENAME`.
    Rename,
}

impl Verb {
    /// Whether it is one of those that name what they define.
    pub(super) fn defines(self) -> bool {
        matches!(self, Self::Create | Self::Alter | Self::Drop)
    }
}

/// What is known between two parentheses.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent answer about what may follow"
)]
pub(super) struct Context {
    /// What it is.
    pub(super) verb: Verb,
    /// A name of a table is next.
    pub(super) wants: Option<How>,
    /// After a comma, and after `JOIN`, another is.
    pub(super) list: Option<How>,
    /// `ON` names a table: of an index, of a trigger.
    pub(super) on: bool,
    /// What is defined has been said.
    pub(super) object: bool,
    /// What is altered is a table: what it may hold of `ALTER`, `DROP` and `RENAME` are parts of it.
    pub(super) alters_table: bool,
    /// A `USING` was read or belongs to a join.
    pub(super) joined: bool,
    /// Among the queries of a `WITH`.
    pub(super) with: bool,
    /// `SHOW COLUMNS` and its like: `FROM` names a table first, and then a schema.
    pub(super) shows_table: bool,
}

impl Context {
    /// A name comes next, and no other after a comma.
    pub(super) fn one(&mut self, how: How) {
        self.wants = Some(how);
        self.list = None;
    }

    /// Names with commas between them come next.
    pub(super) fn several(&mut self, how: How) {
        self.wants = Some(how);
        self.list = Some(how);
    }

    /// Another verb starts here.
    pub(super) fn start(&mut self, verb: Verb) {
        *self = Self {
            verb,
            ..Self::default()
        };
    }
}

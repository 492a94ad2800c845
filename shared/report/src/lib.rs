//! What people read on GitHub, rendered: check runs, schema diffs, the commits of the latest schema.
//!
//! Everything that somebody else wrote (file names, SQL, messages of servers) goes through [`text`], so that it can
//! neither break out of its place nor pass for what it is not.

mod answer;
mod check_run;
mod diff;
mod fitted;
mod page;
mod pull_request;
mod row;
pub mod text;
mod title;
mod write_back;

pub use answer::{ignored_in_words, refused_in_words};
pub use check_run::{CheckRunText, CheckWord, Clicks, check_run};
pub use diff::schema_diff;
pub use fitted::MOST;
pub use page::page;
pub use pull_request::{PullRequestNote, PullRequestText, pull_request};
pub use write_back::{ProposalText, is_write_back, write_back_message, write_back_proposal};

#[cfg(test)]
mod gallery;

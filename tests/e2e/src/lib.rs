//! Stories on the deployed template: the whole of Sluice, driven from outside, on the stack of `cargo xtask test`.
//!
//! The stories share one stack. Each takes the [`Ground`], which no two have at a time, and makes databases of its own
//! there, so their order does not matter.

mod ground;
mod place;
mod project;
mod sql;
mod views;

pub use ground::{Ground, Names};
pub use place::Place;
pub use project::{Files, Project, changes_of};
pub use sql::Sql;
pub use views::{only_task, tasks};

use driver::Patience;

/// How long a story waits for what should happen by itself.
pub const SOON: Patience = Patience::seconds(60);

/// How long a story waits for what the sweeper must bring back: it leaves what may be under way alone for half a
/// minute, and comes once a minute.
pub const SWEPT: Patience = Patience::seconds(150);

//! Projects, environments, policies and path templates: parsed once, complete, or refused with the reason.

pub mod branch;
mod check;
#[cfg(test)]
mod json_schema;
pub mod lookup;
mod node;
mod overlap;
pub mod path;
mod problem;
pub mod read;
mod rollout;
pub mod schema;
mod shape;
mod suggest;
pub mod template;

pub use path::{LATEST_SCHEMA, PathReading, Placement};
pub use problem::Problem;
pub use schema::{
    Approvers, Database, Day, Drift, Environment, FINDINGS, Instance, MAX_ROWS, Member, Project, ReviewLevel,
    RiskRule, Rollout, Settings, Step, Tls, VersionOrder, WriteBack,
};
pub use template::PathTemplate;

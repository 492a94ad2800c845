//! Projects, environments, policies and path templates: parsed once, complete, or refused with the reason.

pub mod branch;
pub mod lookup;
pub mod path;
pub mod read;
pub mod schema;
mod suggest;
pub mod template;

pub use path::{PathReading, Placement};
pub use read::Problem;
pub use schema::{
    Approvers, Database, Environment, Instance, MAX_ROWS, Member, Project, Settings, Tls, VersionOrder,
    WriteBack,
};
pub use template::PathTemplate;

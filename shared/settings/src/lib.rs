//! Projects, environments, policies and path templates: parsed once, complete, or refused with the reason.

pub mod schema;

pub use schema::{Approvers, Database, Environment, Instance, Member, Project, Settings, Tls, WriteBack};

//! What holds of the repository as a whole: arrows, dependencies, the template, its permissions.
//!
//! The library reads; the tests beside it say what must hold. [`permissions`] is also for the end-to-end stories,
//! which compare the calls that functions really made with the statements of `template.yaml`.

pub mod fault;
pub mod licences;
pub mod permissions;
pub mod sources;
pub mod template;
pub mod workspace;

//! A MySQL server for one task, ended with it.

use crate::context::Context;
use crate::fault::{At, Fault};
use crate::services::mysql::{Durability, Mysql};
use crate::tools::Server;
use crate::up::Wishes;

/// Runs a task with the URL of a server: the named one, or one that starts empty and ends with the task.
pub(crate) fn with_mysql(
    context: &Context,
    wishes: &Wishes,
    task: impl FnOnce(&str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    with_mysql_of(context, wishes, Durability::Quick, task)
}

/// The same; a server of ours keeps what is committed as firmly as is asked.
pub(crate) fn with_mysql_of(
    context: &Context,
    wishes: &Wishes,
    durability: Durability,
    task: impl FnOnce(&str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let home = context.home();
    std::fs::create_dir_all(&home).at("create", &home)?;
    let server = Server::find(context, wishes.mysql_url.as_ref())?;
    let (url, group) = Mysql::alone(context, &server, "mysql-alone", durability)?;
    let done = task(&url);
    if let Some(group) = group {
        group.end();
        context.guard.remove(&group)?;
    }
    done
}

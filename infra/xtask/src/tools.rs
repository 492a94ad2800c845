//! What the local stack and the tests need beyond Rust: installed once into the cache folder, pinned, and marked
//! complete only at the end, so that an interrupted or a doubled run does no harm.

mod kept;
mod mysql;
mod node;
mod python;
mod sqlx;

use crate::context::Context;
use crate::fault::Fault;

pub(crate) use kept::lock;
pub(crate) use mysql::{Clients, Server};
pub(crate) use node::{Node, dbmate, github_description};
pub(crate) use python::Venv;
pub(crate) use sqlx::sqlx;

/// What a running stack needs.
pub(crate) struct StackTools {
    /// The MySQL server, or somebody's address of one.
    pub(crate) mysql: Server,
    /// Python with the AWS emulator and the AWS CLI.
    pub(crate) emulator: Venv,
    /// Node with the GitHub emulator.
    pub(crate) node: Node,
}

impl StackTools {
    /// Installs what is missing, side by side.
    pub(crate) fn install(context: &Context, mysql_url: Option<&url::Url>) -> Result<Self, Fault> {
        std::thread::scope(|scope| {
            let mysql = scope.spawn(|| Server::find(context, mysql_url));
            let node = scope.spawn(|| Node::install(context));
            let emulator = Venv::install(context, "emulator");
            Ok(Self {
                mysql: joined(mysql)?,
                emulator: emulator?,
                node: joined(node)?,
            })
        })
    }
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, Result<T, Fault>>) -> Result<T, Fault> {
    thread
        .join()
        .map_err(|_panic| Fault::told("an installing step panicked"))?
}

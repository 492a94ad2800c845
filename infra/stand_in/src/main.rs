//! The stand-in as a program: `stand-in FILE`, and it serves until it is ended.

use stand_in::{Config, Trouble, serve};
use std::path::PathBuf;

fn main() -> Result<(), Trouble> {
    let file = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or_else(|| Trouble("name the file with its configuration: stand-in FILE".to_owned()))?;
    let config = Config::read(&file)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Trouble(format!("no runtime: {error}")))?;
    runtime.block_on(serve(config))
}

//! Development tasks: local stack, demo, tests.

mod alone;
mod aws;
mod bench;
mod context;
mod demo;
mod deploy;
mod fault;
mod fuzz;
mod gate;
mod guard;
mod logs;
mod openapi;
mod processes;
mod progress;
mod services;
mod settings;
mod show;
mod stack;
mod suite;
mod tools;
mod up;

use clap::{Parser, Subcommand};
use context::Context;
use fault::{At, Fault};
use guard::Guard;
use progress::Progress;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use up::Wishes;

/// Development tasks of Sluice.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
    /// Folder for installed tools
    #[arg(long, global = true, env = "SLUICE_CACHE")]
    cache: Option<PathBuf>,
    /// MySQL server to use instead of a private one: mysql://USER:PASSWORD@HOST:PORT, with the right to make users
    #[arg(long, global = true, env = "SLUICE_MYSQL_URL", hide_env_values = true)]
    mysql_url: Option<url::Url>,
    #[arg(long, hide = true, global = true, env = "XDG_CACHE_HOME")]
    xdg_cache_home: Option<PathBuf>,
    #[arg(long, hide = true, global = true, env = "HOME")]
    home: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Task {
    /// Start the local stack, or bring a running one up to date
    Up {
        /// Print what a program needs to drive the stack, as one JSON object
        #[arg(long)]
        json: bool,
        /// Deploy what was built before
        #[arg(long)]
        no_build: bool,
    },
    /// End the local stack
    Down,
    /// Tell the story of the tutorial on a fresh local stack
    Demo {
        /// Leave the stack running afterwards
        #[arg(long)]
        keep: bool,
    },
    /// Check everything
    Test,
    /// Compare our reading of made-up SQL with that of a real MySQL server; inputs that disagree are kept
    Fuzz(fuzz::Arguments),
    /// Kill, stop and cut off a worker and its server at every step of applying, with every kind of statement
    Gate(gate::Cells),
    /// Apply random changes while the worker and its server are killed at random
    Chaos(gate::Chaos),
    /// Measure against peers, side by side on this machine
    Bench(bench::Arguments),
    /// Take the operations that we send out of GitHub's own description of its API
    Openapi,
    /// Install what checking and building template.yaml takes, and print where it is
    Tools,
    /// End what another process started, once that process is gone
    #[command(name = guard::SUBCOMMAND, hide = true)]
    Guard,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.task, Task::Guard) {
        guard::watch(std::io::stdin().lock());
        return ExitCode::SUCCESS;
    }
    let progress = Progress::new();
    match run(&arguments, &progress) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            progress.say(&format!("error: {fault}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, progress: &Progress) -> Result<(), Fault> {
    let context = Context {
        root: root()?,
        cache: cache(arguments)?,
        progress: progress.clone(),
        guard: Guard::start()?,
    };
    let done = perform(arguments, &context);
    // Only a task that ended well lets its processes live; `test` has none left.
    let cleaned = if done.is_ok() {
        context.guard.release()
    } else {
        context.guard.close()
    };
    done.and(cleaned)
}

fn perform(arguments: &Arguments, context: &Context) -> Result<(), Fault> {
    let _lock = lock(context)?;
    let wishes = |no_build| Wishes {
        no_build,
        profile: deploy::Profile::Quick,
        mysql_url: arguments.mysql_url.clone(),
    };
    match &arguments.task {
        Task::Up { json, no_build } => {
            let stack = up::up(context, &wishes(*no_build))?;
            print(&if *json {
                up::json(&stack)? + "\n"
            } else {
                show::table(&stack)
            })?;
        }
        Task::Down => up::down(context)?,
        Task::Demo { keep } => demo::demo(context, &wishes(false), *keep)?,
        Task::Test => suite::test(context, &wishes(false))?,
        Task::Fuzz(arguments) => fuzz::fuzz(context, &wishes(false), arguments)?,
        Task::Gate(arguments) => gate::gate(context, arguments)?,
        Task::Chaos(arguments) => gate::chaos(context, arguments)?,
        Task::Bench(arguments) => bench::bench(context, &wishes(false), arguments)?,
        Task::Openapi => openapi::openapi(context)?,
        Task::Tools => print(&installed(context)?)?,
        Task::Guard => {}
    }
    Ok(())
}

fn installed(context: &Context) -> Result<String, Fault> {
    let lists = ["emulator", "checks", "build"];
    let folders = lists
        .map(|list| tools::Venv::install(context, list).map(|venv| venv.programs().display().to_string()));
    let folders = folders.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(format!("export PATH={}:$PATH\n", folders.join(":")))
}

fn root() -> Result<PathBuf, Fault> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().at("find", &root)
}

fn cache(arguments: &Arguments) -> Result<PathBuf, Fault> {
    let under = |folder: &PathBuf, name: &str| folder.join(name);
    arguments
        .cache
        .clone()
        .or_else(|| {
            arguments
                .xdg_cache_home
                .as_ref()
                .map(|folder| under(folder, "sluice"))
        })
        .or_else(|| {
            arguments
                .home
                .as_ref()
                .map(|folder| under(folder, ".cache/sluice"))
        })
        .ok_or_else(|| Fault::told("there is no folder for installed tools: set SLUICE_CACHE"))
}

/// One task at a time per checkout.
fn lock(context: &Context) -> Result<File, Fault> {
    let home = context.home();
    std::fs::create_dir_all(&home).at("create", &home)?;
    tools::lock(context, &home.join("lock"))
}

fn print(text: &str) -> Result<(), Fault> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|source| Fault::Io {
            what: "cannot print".to_owned(),
            source,
        })
}

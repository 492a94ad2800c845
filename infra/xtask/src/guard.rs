//! A second process that ends what we started when we are gone: by Ctrl-C, by a signal, by a panic, by SIGKILL.
//! It reads our orders from a pipe; the end of the pipe without "release" means that we died.

use crate::fault::Fault;
use crate::processes::{Group, end_all};
use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;

/// The hidden subcommand that the second process runs.
pub(crate) const SUBCOMMAND: &str = "guard";

/// Our end of the pipe.
pub(crate) struct Guard {
    child: Child,
    pipe: Mutex<ChildStdin>,
}

impl Guard {
    /// Starts the second process.
    pub(crate) fn start() -> Result<Self, Fault> {
        let fault = |source| Fault::Io {
            what: "cannot start the process that cleans up".to_owned(),
            source,
        };
        let program = std::env::current_exe().map_err(fault)?;
        let mut child = Command::new(program)
            .arg(SUBCOMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Not in our group: Ctrl-C must reach us and not it.
            .process_group(0)
            .spawn()
            .map_err(fault)?;
        let pipe = child
            .stdin
            .take()
            .ok_or_else(|| Fault::told("the process that cleans up has no input"))?;
        Ok(Self {
            child,
            pipe: Mutex::new(pipe),
        })
    }

    /// Ends this group if we die.
    pub(crate) fn add(&self, group: &Group) -> Result<(), Fault> {
        self.order(&format!("add {} {}", group.pid, group.started))
    }

    /// This group has ended.
    pub(crate) fn remove(&self, group: &Group) -> Result<(), Fault> {
        self.order(&format!("remove {} {}", group.pid, group.started))
    }

    /// From here on, what runs may outlive us.
    pub(crate) fn release(self) -> Result<(), Fault> {
        self.order("release")?;
        self.close()
    }

    /// Ends everything that was added, now.
    pub(crate) fn close(self) -> Result<(), Fault> {
        let Self { mut child, pipe } = self;
        drop(pipe);
        child.wait().map(|_status| ()).map_err(|source| Fault::Io {
            what: "cannot wait for the process that cleans up".to_owned(),
            source,
        })
    }

    fn order(&self, order: &str) -> Result<(), Fault> {
        let fault = |source| Fault::Io {
            what: "the process that cleans up is gone".to_owned(),
            source,
        };
        let mut pipe = self
            .pipe
            .lock()
            .map_err(|_poisoned| Fault::told("a step panicked"))?;
        writeln!(pipe, "{order}").map_err(fault)
    }
}

/// The second process: obeys until "release", or ends everything.
pub(crate) fn watch(orders: impl BufRead) {
    let mut groups: Vec<Group> = Vec::new();
    for order in orders.lines() {
        let Ok(order) = order else { break };
        let mut words = order.split(' ');
        let verb = words.next();
        let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
        match (verb, number(), number()) {
            (Some("release"), _, _) => return,
            (Some(verb), Some(pid), Some(started)) => {
                let Ok(pid) = u32::try_from(pid) else { continue };
                groups.retain(|group| group.pid != pid);
                if verb == "add" {
                    groups.push(Group {
                        name: String::new(),
                        pid,
                        started,
                    });
                }
            }
            _ => {}
        }
    }
    end_all(&groups);
}

#[cfg(test)]
mod tests {
    use super::watch;
    use crate::processes::Group;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    fn after(orders: &[&str]) -> bool {
        let mut child = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let group = Group::led_by("sleeper", child.id());
        let text: String = orders
            .iter()
            .map(|verb| format!("{verb} {} {}", group.pid, group.started))
            .collect::<Vec<_>>()
            .join("\n");
        watch(text.as_bytes());
        let runs = group.runs();
        child.kill().unwrap();
        child.wait().unwrap();
        runs
    }

    #[test]
    fn ends_what_was_added_when_the_pipe_closes() {
        assert!(!after(&["add"]));
    }

    #[test]
    fn leaves_what_was_removed_or_released() {
        assert!(after(&["add", "remove"]));
        assert!(after(&["add", "release"]));
    }
}

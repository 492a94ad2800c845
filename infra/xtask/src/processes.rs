//! Processes by group: everything started here is the leader of a process group of its own, so that ending it also
//! ends what it started. A process is known by its id and its start time, because ids are reused.

use serde::{Deserialize, Serialize};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a group may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(8);

/// A process group that we started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// What it is, for people.
    pub(crate) name: String,
    /// Id of the leader, and so of the group.
    pub(crate) pid: u32,
    /// When the leader started, in clock ticks since the machine did.
    pub(crate) started: u64,
}

impl Group {
    /// The group led by a process that was just started.
    pub(crate) fn led_by(name: &str, pid: u32) -> Self {
        let started = stat(pid).map_or(0, |stat| stat.started);
        Self {
            name: name.to_owned(),
            pid,
            started,
        }
    }

    /// Whether the leader still runs.
    pub(crate) fn runs(&self) -> bool {
        stat(self.pid).is_some_and(|stat| stat.started == self.started && stat.state != 'Z')
    }

    /// Asks the group to end, and makes it end when it does not.
    pub(crate) fn end(&self) {
        // Another process may have the id by now; its group is not ours.
        if stat(self.pid).is_some_and(|stat| stat.started != self.started) {
            return;
        }
        self.signal("TERM");
        if !self.ended_within(PATIENCE) {
            self.signal("KILL");
            self.ended_within(PATIENCE);
        }
    }

    fn signal(&self, signal: &str) {
        // A group that is already gone is what we want.
        let _gone = Command::new("sh")
            .args(["-c", &format!("kill -s {signal} -- -{}", self.pid)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }

    fn ended_within(&self, patience: Duration) -> bool {
        let began = Instant::now();
        loop {
            if !self.has_members() {
                return true;
            }
            if began.elapsed() > patience {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has_members(&self) -> bool {
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return false;
        };
        entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(stat)
            .any(|stat| stat.group == self.pid && stat.state != 'Z')
    }
}

/// Ends groups, the last started first.
pub(crate) fn end_all(groups: &[Group]) {
    for group in groups.iter().rev() {
        group.end();
    }
}

struct Stat {
    state: char,
    group: u32,
    started: u64,
}

/// Fields of /proc/PID/stat; the name in parentheses may itself hold spaces and parentheses.
fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Stat {
        state: fields.first()?.chars().next()?,
        group: fields.get(2)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::Group;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    #[test]
    fn ends_the_leader_and_what_it_started() {
        let mut leader = Command::new("sh")
            .args(["-c", "sleep 60 & sleep 60"])
            .process_group(0)
            .spawn()
            .unwrap();
        let group = Group::led_by("sleepers", leader.id());
        assert!(group.runs());
        group.end();
        leader.wait().unwrap();
        assert!(!group.runs());
        assert!(!group.has_members());
    }

    #[test]
    fn leaves_a_reused_id_alone() {
        let mut other = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let mut group = Group::led_by("other", other.id());
        group.started += 1;
        group.end();
        assert!(
            other.try_wait().unwrap().is_none(),
            "ended a process that was not ours"
        );
        other.kill().unwrap();
        other.wait().unwrap();
    }
}

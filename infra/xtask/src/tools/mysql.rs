//! MySQL: a server somebody names, the one on PATH, or Debian's package unpacked under the cache folder. No root, no
//! Docker. (Aurora MySQL 3 is 8.0-compatible; MariaDB is not, and is never taken.) Its client programs, for what is
//! measured against them, are always Debian's.

use super::kept::kept;
use crate::context::{Context, output};
use crate::fault::{At, Fault};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which package, from which archive.
const PACKAGE: &str = "mysql-server-core=9.7.4-2";
/// The package of the client programs: the same version.
const CLIENTS: &str = "mysql-client-core=9.7.4-2";
/// Where the package is looked for, in this order: the mirror only has the newest, the snapshot has every one.
/// (A snapshot's list is as old as the snapshot, so its age cannot be checked; its signature is.)
const ARCHIVES: [(&str, &str); 2] = [
    ("", "http://deb.debian.org/debian"),
    (
        "check-valid-until=no ",
        "http://snapshot.debian.org/archive/debian/20261123T000000Z",
    ),
];
const KEYRING: &str = "usr/share/keyrings/debian-archive-keyring.gpg";

/// Where the MySQL server comes from.
pub(crate) enum Server {
    /// A server that runs already; its user may create schemas and users.
    Named(url::Url),
    /// A program that we run ourselves, on an initialised data folder to start from.
    Ours {
        /// The program.
        mysqld: Mysqld,
        /// An initialised data folder, to be copied.
        template: PathBuf,
    },
}

/// A `mysqld`.
pub(crate) enum Mysqld {
    /// Installed on this machine.
    Path(PathBuf),
    /// Unpacked here, with libraries and loader of its own.
    Unpacked(PathBuf),
}

impl Server {
    /// The first that can be had.
    pub(crate) fn find(context: &Context, named: Option<&url::Url>) -> Result<Self, Fault> {
        if let Some(url) = named {
            return Ok(Self::Named(url.clone()));
        }
        if let Some(mysqld) = Mysqld::on_path() {
            match initialised(context, &mysqld) {
                Ok(template) => return Ok(Self::Ours { mysqld, template }),
                Err(fault) => context.progress.say(&format!(
                    "The installed mysqld cannot use a data folder of its own, so another one is unpacked: {fault}"
                )),
            }
        }
        let mysqld = Mysqld::Unpacked(kept(context, "mysql", PACKAGE, |folder| {
            unpack(context, PACKAGE, folder)
        })?);
        let template = initialised(context, &mysqld)?;
        Ok(Self::Ours { mysqld, template })
    }
}

impl Mysqld {
    /// The command, with the options that every start needs.
    pub(crate) fn command(&self, data: &Path) -> Result<Command, Fault> {
        let mut command = match self {
            Self::Path(program) => {
                let mut command = Command::new(program);
                command.arg("--no-defaults");
                command
            }
            Self::Unpacked(root) => {
                let library = library(&root.join("root"))?;
                let root = root.join("root/usr");
                let mut command = Command::new(loader(&library)?);
                command
                    .arg("--library-path")
                    .arg(&library)
                    .arg(root.join("sbin/mysqld"))
                    .arg("--no-defaults");
                command.arg(format!("--basedir={}", root.display()));
                command.arg(format!(
                    "--lc-messages-dir={}",
                    root.join("share/mysql").display()
                ));
                command
            }
        };
        command.arg(format!("--datadir={}", data.display()));
        command.args(["--secure-file-priv=", "--mysqlx=OFF", "--skip-log-bin"]);
        // 64 MB of redo log instead of 100: what is copied for each start stays small.
        command.arg("--innodb-redo-log-capacity=64M");
        if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            command.arg("--user=root");
        }
        Ok(command)
    }

    /// What tells one server from another.
    fn pins(&self) -> String {
        match self {
            Self::Path(program) => {
                let modified = std::fs::metadata(program).map_or(0, |file| file.mtime());
                format!("{} {modified}", program.display())
            }
            Self::Unpacked(_) => PACKAGE.to_owned(),
        }
    }

    fn on_path() -> Option<Self> {
        let found = output(
            "Looking for mysqld",
            Command::new("sh").args(["-c", "command -v mysqld"]),
        )
        .ok()?;
        let program = PathBuf::from(found.trim());
        let version = output("Asking mysqld", Command::new(&program).arg("--version")).ok()?;
        (version.contains("MySQL") && !version.contains("MariaDB")).then_some(Self::Path(program))
    }
}

/// An initialised data folder: initialising takes seconds, copying doesn't.
fn initialised(context: &Context, mysqld: &Mysqld) -> Result<PathBuf, Fault> {
    let folder = kept(context, "mysql-data", &mysqld.pins(), |folder| {
        let step = context.progress.step("Initialising a MySQL data folder");
        let mut command = mysqld.command(&folder.join("data"))?;
        context.run(
            "Initialising MySQL",
            "install-mysql",
            command.arg("--initialize-insecure"),
        )?;
        step.done();
        Ok(())
    })?;
    Ok(folder.join("data"))
}

/// The client programs of MySQL, unpacked here with libraries and loader of their own.
pub(crate) struct Clients(PathBuf);

impl Clients {
    /// Unpacks them where they are missing.
    pub(crate) fn install(context: &Context) -> Result<Self, Fault> {
        let folder = kept(context, "mysql-clients", CLIENTS, |folder| {
            unpack(context, CLIENTS, folder)
        })?;
        Ok(Self(folder.join("root")))
    }

    /// The words that run a program, such as `mysqldump`.
    pub(crate) fn words(&self, program: &str) -> Result<Vec<String>, Fault> {
        let library = library(&self.0)?;
        Ok(vec![
            loader(&library)?.display().to_string(),
            "--library-path".to_owned(),
            library.display().to_string(),
            self.0.join("usr/bin").join(program).display().to_string(),
        ])
    }
}

fn unpack(context: &Context, package: &str, folder: &Path) -> Result<(), Fault> {
    let step = context.progress.step(format!(
        "Installing MySQL ({package}, up to 60 MB) into {}",
        context.cache.display()
    ));
    let apt = folder.join("apt");
    for part in ["lists/partial", "archives/partial"] {
        let path = apt.join(part);
        std::fs::create_dir_all(&path).at("create", &path)?;
    }
    // An empty list of installed packages: every library is fetched, none of this machine's is used.
    std::fs::write(apt.join("status"), "").at("write", &apt)?;
    step.detail("finding Debian's archive keys");
    let keyring = keyring(context, &apt)?;
    step.detail("downloading");
    download(context, package, &apt, &keyring)?;
    step.detail("unpacking");
    let root = folder.join("root");
    let archives = apt.join("archives");
    for package in std::fs::read_dir(&archives).at("read", &archives)?.flatten() {
        if package
            .path()
            .extension()
            .is_some_and(|extension| extension == "deb")
        {
            let mut dpkg = Command::new("dpkg-deb");
            context.run(
                "Unpacking MySQL",
                "install-mysql",
                dpkg.arg("-x").arg(package.path()).arg(&root),
            )?;
        }
    }
    std::fs::remove_dir_all(&apt).at("remove", &apt)?;
    step.done();
    Ok(())
}

/// Debian's archive keys: on Debian they are there; elsewhere they come from the distribution's own signed package.
fn keyring(context: &Context, apt: &Path) -> Result<PathBuf, Fault> {
    let installed = Path::new("/").join(KEYRING);
    if installed.exists() {
        return Ok(installed);
    }
    let fault = |fault: Fault| {
        Fault::told(format!(
            "{fault}\nDebian's archive keys are needed to check MySQL's packages: `apt-get install debian-archive-keyring`, \
             or name a server with --mysql-url"
        ))
    };
    let mut get = Command::new("apt-get");
    get.args(["download", "debian-archive-keyring"]).current_dir(apt);
    context
        .run("Fetching Debian's archive keys", "install-mysql", &mut get)
        .map_err(fault)?;
    let script = "dpkg-deb -x debian-archive-keyring_*.deb keys";
    context.run(
        "Unpacking Debian's archive keys",
        "install-mysql",
        Command::new("sh").args(["-c", script]).current_dir(apt),
    )?;
    Ok(apt.join("keys").join(KEYRING))
}

fn download(context: &Context, package: &str, apt: &Path, keyring: &Path) -> Result<(), Fault> {
    let mut last = Fault::told("no archive is known");
    for (age, archive) in ARCHIVES {
        let sources = apt.join("sources.list");
        let options = format!("{age}signed-by={}", keyring.display());
        std::fs::write(&sources, format!("deb [{options}] {archive} sid main\n")).at("write", &sources)?;
        let fetched = context
            .run(
                "Reading Debian's package list",
                "install-mysql",
                apt_get(apt).arg("update"),
            )
            .and_then(|()| {
                context.run(
                    "Downloading MySQL",
                    "install-mysql",
                    apt_get(apt).args(["--yes", "--download-only", "install", package]),
                )
            });
        match fetched {
            Ok(()) => return Ok(()),
            Err(fault) => last = fault,
        }
    }
    Err(Fault::told(format!(
        "{last}\nMySQL comes from Debian's archive; without it name a server with --mysql-url"
    )))
}

fn apt_get(apt: &Path) -> Command {
    let mut command = Command::new("apt-get");
    let path = |part: &str| apt.join(part).display().to_string();
    for option in [
        format!("Dir::Etc::sourcelist={}", path("sources.list")),
        "Dir::Etc::sourceparts=/dev/null".to_owned(),
        format!("Dir::State::lists={}", path("lists")),
        format!("Dir::State::status={}", path("status")),
        format!("Dir::Cache::archives={}", path("archives")),
        "Dir::Cache::pkgcache=".to_owned(),
        "Dir::Cache::srcpkgcache=".to_owned(),
        "Debug::NoLocking=1".to_owned(),
        "APT::Install-Recommends=false".to_owned(),
        // Downloads are done by us, not by a user who may not enter the cache folder.
        "APT::Sandbox::User=".to_owned(),
    ] {
        command.arg("-o").arg(option);
    }
    command
}

/// The folder of the unpacked libraries: usr/lib/x86_64-linux-gnu or its like.
fn library(root: &Path) -> Result<PathBuf, Fault> {
    let folder = root
        .join("usr/lib")
        .join(format!("{}-linux-gnu", std::env::consts::ARCH));
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Fault::told(format!(
        "the unpacked MySQL has no {}; remove the folder to install it again",
        folder.display()
    )))
}

fn loader(library: &Path) -> Result<PathBuf, Fault> {
    let names = std::fs::read_dir(library).at("read", library)?;
    names
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("ld-linux"))
        })
        .ok_or_else(|| {
            Fault::told(format!(
                "the unpacked MySQL has no loader in {}",
                library.display()
            ))
        })
}

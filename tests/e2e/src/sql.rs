//! MySQL itself: what the stories compare the API's word with.

use driver::Trouble;
use mysql::admin::Admin;
use secrecy::SecretString;
use tokio::runtime::Runtime;
use url::Url;
use workflow::ports::database::Login;

/// Rows, as text.
type Rows = Vec<Vec<Option<String>>>;

/// The server, as the user who may do everything.
#[derive(Debug)]
pub struct Sql {
    runtime: Runtime,
    login: Login,
}

/// An open session, with whatever it locks.
#[derive(Debug)]
pub struct Session<'a> {
    sql: &'a Sql,
    admin: Admin,
}

impl Sql {
    /// The server at `mysql://user:password@host:port`.
    pub(crate) fn at(url: &str) -> Result<Self, Trouble> {
        let broken = |what: &str| Trouble(format!("the stack's mysql_url has {what}"));
        let url = Url::parse(url).map_err(|_| broken("no form of a URL"))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Trouble(format!("no runtime: {error}")))?;
        let login = Login {
            host: url.host_str().ok_or_else(|| broken("no host"))?.to_owned(),
            port: url.port().unwrap_or(3306),
            user: url.username().to_owned(),
            password: SecretString::from(url.password().unwrap_or_default()),
            tls: settings::Tls::Disabled,
            rehearsal: None,
        };
        Ok(Self { runtime, login })
    }

    /// Opens a session.
    pub fn session(&self) -> Result<Session<'_>, Trouble> {
        let admin = self
            .runtime
            .block_on(Admin::connect(&self.login))
            .map_err(|error| Trouble(format!("MySQL can't be reached: {error}")))?;
        Ok(Session { sql: self, admin })
    }

    /// Runs statements in a session of their own.
    pub fn run(&self, text: &str) -> Result<Rows, Trouble> {
        let mut session = self.session()?;
        let rows = session.run(text)?;
        session.close();
        Ok(rows)
    }

    /// The first column of the rows.
    pub fn column(&self, text: &str) -> Result<Vec<String>, Trouble> {
        let rows = self.run(text)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| row.into_iter().next().flatten())
            .collect())
    }

    /// The names of a table's columns, in order.
    pub fn columns(&self, schema: &str, table: &str) -> Result<Vec<String>, Trouble> {
        self.column(&format!(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{schema}' \
             AND TABLE_NAME = '{table}' ORDER BY ORDINAL_POSITION"
        ))
    }
}

impl Session<'_> {
    /// Runs statements.
    pub fn run(&mut self, text: &str) -> Result<Rows, Trouble> {
        self.sql
            .runtime
            .block_on(self.admin.run(text))
            .map_err(|fault| Trouble(format!("MySQL refused `{text}`: {}", fault.chain())))
    }

    /// Ends the session, and its locks with it.
    pub fn close(self) {
        self.sql.runtime.block_on(self.admin.close());
    }
}

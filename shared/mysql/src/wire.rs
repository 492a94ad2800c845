//! One connection and its packets: the only place that hands text to SQLx.

use crate::errors::{Class, Failure};
use crate::grants;
use crate::ident::{quoted, text};
use futures::TryStreamExt as _;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Connection as _, Either, Row as _};
use std::time::{Duration, Instant};
use workflow::ports::database::Executed;

/// One row as the text protocol sends it.
pub(crate) type Row = Vec<Option<String>>;

/// One result of a packet.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Its rows; empty for a statement that answers none.
    pub(crate) rows: Vec<Row>,
    /// Rows affected (found rows: SQLx always asks for these).
    pub(crate) affected: u64,
}

/// One connection, held only between two packets.
///
/// While a packet is under way the connection is taken out of here. It comes back when the server has answered, well
/// or with an error. So a connection that broke, and one whose future was dropped half way, is never used again: what
/// is under way on it may still happen, and the next answer on it could be that one's.
#[derive(Debug)]
pub(crate) struct Wire {
    connection: Option<MySqlConnection>,
}

/// How long a graceful close may take; after it, the socket is just dropped.
const CLOSE: Duration = Duration::from_secs(2);

impl Wire {
    pub(crate) fn new(connection: MySqlConnection) -> Self {
        Self {
            connection: Some(connection),
        }
    }

    /// Sends our own text, perhaps of several statements, and reads all it answers.
    pub(crate) async fn ask(&mut self, text: String) -> Result<Vec<Answer>, Failure> {
        let mut connection = self.take()?;
        let answered = read(&mut connection, text).await.map_err(Failure::from);
        self.give_back(connection, answered).await
    }

    /// Sends a text with a user's statement as it is (`COM_QUERY`) and reads past the rows without keeping them. The
    /// results so far are in `results` even where a later statement of the text failed.
    pub(crate) async fn run(&mut self, text: &str, results: &mut Vec<Executed>) -> Result<(), Failure> {
        let mut connection = self.take()?;
        let answered = drain(&mut connection, text, results).await.map_err(Failure::from);
        self.give_back(connection, answered).await
    }

    /// Has the server parse one statement without executing it. Two statements in one text are an error here.
    ///
    /// By SQL: SQLx closes what it prepared with a packet that nobody answers, and TCP then keeps the next one back until
    /// the server's kernel gets round to acknowledging that (40 ms).
    pub(crate) async fn prepare(&mut self, statement: &str) -> Result<(), Failure> {
        let text = match quoted(statement) {
            Some(literal) => format!("PREPARE _sluice_proof FROM {literal}"),
            None => format!(
                "SET @_sluice_text = {}; PREPARE _sluice_proof FROM @_sluice_text",
                text(statement)
            ),
        };
        self.ask(format!("{text}; DEALLOCATE PREPARE _sluice_proof"))
            .await
            .map(|_answers| ())
    }

    /// Gives up the connection: nothing is sent on it any more.
    pub(crate) fn abandon(&mut self) {
        self.connection = None;
    }

    /// Says good-bye to the server.
    pub(crate) async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            // The server ends the session by itself where this fails; there is nobody to tell.
            let _ = tokio::time::timeout(CLOSE, connection.close()).await;
        }
    }

    fn take(&mut self) -> Result<MySqlConnection, Failure> {
        self.connection.take().ok_or_else(Failure::abandoned)
    }

    /// Keeps the connection, unless it broke. Where something was denied, it is asked which rights are missing.
    async fn give_back<T>(
        &mut self,
        connection: MySqlConnection,
        answered: Result<T, Failure>,
    ) -> Result<T, Failure> {
        match answered {
            Err(gone @ Failure::Gone(_)) => Err(gone),
            Err(Failure::Server(mut error)) if error.class() == Class::RightsMissing => {
                self.connection = Some(connection);
                error.missing = self.missing(None).await;
                Err(Failure::Server(error))
            }
            Ok(_) | Err(Failure::Server(_)) => {
                self.connection = Some(connection);
                answered
            }
        }
    }

    /// Which rights the user lacks to work on a schema, or on that where the session stands; nothing where it can't be
    /// told.
    pub(crate) async fn missing(&mut self, schema: Option<&str>) -> Option<String> {
        let mut connection = self.connection.take()?;
        let answers = read(&mut connection, grants::QUESTION.to_owned()).await;
        match answers.map_err(Failure::from) {
            Ok(answers) => {
                self.connection = Some(connection);
                grants::missing(&answers, schema)
            }
            Err(Failure::Server(_)) => {
                self.connection = Some(connection);
                None
            }
            Err(Failure::Gone(_)) => None,
        }
    }
}

async fn read(connection: &mut MySqlConnection, text: String) -> sqlx::Result<Vec<Answer>> {
    let mut answers = Vec::new();
    let mut rows = Vec::new();
    let mut stream = sqlx::raw_sql(AssertSqlSafe(text)).fetch_many(connection);
    while let Some(item) = stream.try_next().await? {
        match item {
            Either::Left(done) => answers.push(Answer {
                rows: std::mem::take(&mut rows),
                affected: done.rows_affected(),
            }),
            Either::Right(row) => rows.push(texts(&row)?),
        }
    }
    Ok(answers)
}

async fn drain(
    connection: &mut MySqlConnection,
    text: &str,
    results: &mut Vec<Executed>,
) -> sqlx::Result<()> {
    let mut start = Instant::now();
    let mut stream = sqlx::raw_sql(AssertSqlSafe(text)).fetch_many(connection);
    while let Some(item) = stream.try_next().await? {
        match item {
            Either::Left(done) => {
                let end = Instant::now();
                results.push(Executed {
                    duration: end.duration_since(start),
                    rows: done.rows_affected(),
                });
                start = end;
            }
            Either::Right(_row) => {}
        }
    }
    Ok(())
}

/// The columns as text. Unchecked, because the server calls many of its own columns binary.
fn texts(row: &MySqlRow) -> sqlx::Result<Row> {
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column))
        .collect()
}

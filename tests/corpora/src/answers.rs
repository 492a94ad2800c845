//! What the server answers to a text that is to be one statement.
//!
//! `PREPARE` has the server read a text without running it, bodies of stored programs included, and refuses a second
//! statement behind the first. Many texts go in one packet: a procedure notes the answer to each.

use crate::error::CorporaError;
use crate::server::Server;
use mysql::admin::Admin;
use std::collections::HashMap;
use std::fmt::Write as _;
use testkit::scratch::Administrator as _;

/// The server's answer to one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The error code, 0 for none.
    pub code: u16,
    /// The error's text.
    pub message: String,
}

impl Answer {
    /// `ER_PARSE_ERROR` and `ER_EMPTY_QUERY`: no statement of the server's grammar.
    const NO_STATEMENT: [u16; 2] = [1064, 1065];

    /// Whether the server found its grammar's end before it found an error, or found none.
    pub fn is_statement(&self) -> bool {
        !Self::NO_STATEMENT.contains(&self.code)
    }
}

/// A session that judges.
#[derive(Debug)]
pub struct Judge {
    admin: Admin,
    known: HashMap<String, Answer>,
}

/// How much text goes in one packet, and how many texts.
const PACKET: (usize, usize) = (1 << 20, 500);

const PROCEDURE: &str = "CREATE PROCEDURE `_judge`.judge(text LONGTEXT CHARACTER SET utf8mb4) BEGIN \
     DECLARE CONTINUE HANDLER FOR SQLEXCEPTION \
       GET DIAGNOSTICS CONDITION 1 @code = MYSQL_ERRNO, @message = MESSAGE_TEXT; \
     SET @code = 0, @message = '', @text = text; \
     PREPARE judged FROM @text; \
     SET @answers = CONCAT(@answers, @code, ' ', COALESCE(HEX(@message), ''), '\\n'); \
     END";

impl Judge {
    /// A session in `schema`, which is empty and the judge's own.
    pub async fn open(server: &Server, schema: &str) -> Result<Self, CorporaError> {
        let mut admin = Admin::connect(&server.login()).await?;
        admin.run(&format!("USE `{schema}`")).await?;
        admin.run(&PROCEDURE.replace("_judge", schema)).await?;
        Ok(Self {
            admin,
            known: HashMap::new(),
        })
    }

    /// The answers to texts, in their order.
    pub async fn answers(&mut self, texts: &[&str]) -> Result<Vec<Answer>, CorporaError> {
        let mut packet: Vec<&str> = Vec::new();
        let mut bytes = 0;
        let mut asked: std::collections::HashSet<&str> = std::collections::HashSet::new();
        for text in texts {
            if self.known.contains_key(*text) || !asked.insert(text) {
                continue;
            }
            bytes += text.len();
            packet.push(text);
            if bytes > PACKET.0 || packet.len() >= PACKET.1 {
                self.ask(&packet).await?;
                packet.clear();
                bytes = 0;
            }
        }
        self.ask(&packet).await?;
        texts
            .iter()
            .map(|text| {
                let missing = || CorporaError::Answer(format!("there is none to {text}"));
                self.known.get(*text).cloned().ok_or_else(missing)
            })
            .collect()
    }

    async fn ask(&mut self, texts: &[&str]) -> Result<(), CorporaError> {
        if texts.is_empty() {
            return Ok(());
        }
        let mut packet = String::from("SET @answers = ''");
        for text in texts {
            // Hexadecimal, so that nothing of the text is read before the server prepares it.
            let _ = write!(packet, "; CALL judge(_utf8mb4 X'{}')", hex::encode(text));
        }
        packet.push_str("; SELECT @answers");
        let rows = self.admin.run(&packet).await?;
        let answers = rows.into_iter().flatten().flatten().next().unwrap_or_default();
        let mut lines = answers.lines();
        for text in texts {
            let line = lines.next().unwrap_or_default();
            let unreadable = || CorporaError::Answer(format!("{line:?} to {text}"));
            let (code, message) = line.split_once(' ').ok_or_else(unreadable)?;
            let answer = Answer {
                code: code.parse().map_err(|_| unreadable())?,
                message: words(message).ok_or_else(unreadable)?,
            };
            self.known.insert((*text).to_owned(), answer);
        }
        Ok(())
    }

    /// Ends the session.
    pub async fn close(self) {
        self.admin.close().await;
    }
}

/// A message in hexadecimal, for it may hold line ends, or bytes of a text that are none of its character set.
fn words(hexadecimal: &str) -> Option<String> {
    let bytes = hex::decode(hexadecimal).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

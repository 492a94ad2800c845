//! Names of objects.

use serde::Serialize;
use std::fmt;

/// The name of a table, view, routine…, without quotes, with its schema where one is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ObjectName {
    /// The schema, where it is written.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

impl ObjectName {
    /// A name without a schema.
    pub fn bare(name: impl Into<String>) -> Self {
        Self {
            schema: None,
            name: name.into(),
        }
    }
}

/// In backticks, with its schema where there is one.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "`{}`.", schema.replace('`', "``"))?;
        }
        write!(f, "`{}`", self.name.replace('`', "``"))
    }
}

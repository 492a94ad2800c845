//! A target database, over sqlx: lock, journal, snapshot, statements.

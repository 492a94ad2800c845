//! Tells GitHub: check runs and the write-back of the latest schema.

fn main() {}

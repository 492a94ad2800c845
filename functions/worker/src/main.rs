//! Applies the changes of one target, inside the database's network.

fn main() {}

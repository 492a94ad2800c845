//! Every minute: whatever was lost, stuck or is due.

fn main() {}

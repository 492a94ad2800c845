//! Development tasks: local stack, demo, tests.

fn main() {}

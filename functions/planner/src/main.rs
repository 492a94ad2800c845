//! Turns what a push changed into an issue with tasks.

fn main() {}

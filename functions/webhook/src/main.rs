//! Receives GitHub's webhooks: verify, note, enqueue a pointer, answer.

fn main() {}

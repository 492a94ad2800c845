//! The API for people: read, approve, reject, retry, cancel, settings.

fn main() {}

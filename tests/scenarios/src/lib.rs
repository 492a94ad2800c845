//! Scenarios: use cases end to end in one process, on a real MySQL.

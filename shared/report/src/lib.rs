//! What people read, rendered: check runs, diffs, terminal text.

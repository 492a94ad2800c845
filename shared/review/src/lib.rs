//! Rules over the facts of a change.

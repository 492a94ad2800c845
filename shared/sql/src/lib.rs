//! MySQL text read exactly: statements with positions, and facts about each.

//! The words of Sluice as types: ids, facts, state machines and the statuses derived from them.

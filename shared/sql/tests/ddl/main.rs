//! Definitions read into types.

mod accounts;
mod alter;
mod columns;
mod compact;
mod data_types;
mod dropped;
mod keys;
mod lexical;
mod objects;
mod opaque;
mod partitions;
mod programs;
mod properties;
mod tables;
mod views;

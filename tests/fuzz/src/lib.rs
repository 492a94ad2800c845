//! Made-up texts, read by us and by a MySQL server: both must see the same statements.
//!
//! A number gives an input ([`Input::of`]); the server's own parser judges it by `PREPARE` ([`Judge`]); the rules
//! of [`compare`] say where the two disagree; what ever failed is kept and comes first ([`kept`]).
//!
//! Plain seeds on stable Rust instead of `cargo fuzz`: coverage guidance needs a nightly compiler, and an input that
//! is mostly valid SQL reaches the server's grammar, which random bytes never do.

mod campaign;
pub mod compare;
mod filler;
mod grammar;
mod input;
mod judge;
pub mod kept;
mod lexical;
mod mutate;
mod random;
mod reading;
mod rules;
mod seeds;
mod soup;

pub use campaign::{Campaign, Report};
pub use input::{Input, Shape};
pub use judge::{Judge, Verdict};
pub use random::Random;
pub use reading::read_alone;

//! Write-back alone, without a database server: reporters at once, dead at any call, refused, late, and overruled.

#![expect(clippy::unwrap_used, reason = "tests alone use it, helpers of tests too")]

mod chance;
mod desk;
mod dying;
mod orders;
mod outage;
mod proposing;
mod together;

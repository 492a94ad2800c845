//! The ledger against the emulator's DynamoDB, each test on a table of its own.

#[cfg(test)]
mod altered;
#[cfg(test)]
mod bed;
mod contract;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod proxy;
mod stored;

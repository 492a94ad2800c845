//! Deciding in Systems Manager, on fakes.

#[cfg(test)]
mod bed;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod heard;

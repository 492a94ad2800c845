//! Planning, on fakes.

#[cfg(test)]
mod bed;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod review;

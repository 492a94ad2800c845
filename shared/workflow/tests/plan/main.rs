//! Planning, on fakes.

#[cfg(test)]
mod answered;
#[cfg(test)]
mod bed;
#[cfg(test)]
mod gallery;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod review;

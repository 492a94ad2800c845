//! The command as people run it: its output, its words on stderr and its exit codes.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod interruption;
#[cfg(test)]
mod issues;
#[cfg(test)]
mod run;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod server;
#[cfg(test)]
mod split;

//! Every policy in every situation, with the sentence that people see: `decisions.txt`.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod table;
#[cfg(test)]
mod undecided;

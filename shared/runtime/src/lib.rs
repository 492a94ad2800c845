//! What every function needs from Lambda: configuration, tracing, clients, batches, a deadline.

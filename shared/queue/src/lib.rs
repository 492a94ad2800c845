//! The queues, over SQS.

//! Secrets, over AWS Secrets Manager.

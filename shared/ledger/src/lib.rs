//! The ledger, over DynamoDB.

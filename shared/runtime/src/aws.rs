//! The configuration that all AWS clients share.

use aws_config::{BehaviorVersion, SdkConfig};

/// Credentials, region and endpoint, from the platform's environment.
pub async fn configuration() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

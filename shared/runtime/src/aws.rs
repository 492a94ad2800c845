//! The configuration that all AWS clients share.

use aws_config::{AppName, BehaviorVersion, SdkConfig};

/// Credentials, region and endpoint, from the platform's environment. Calls name the function in their user agent
/// (`app/sluice-worker`), so that CloudTrail tells whose they were.
pub async fn configuration(function: &str) -> SdkConfig {
    let defaults = aws_config::defaults(BehaviorVersion::latest());
    match AppName::new(format!("sluice-{function}")) {
        Ok(name) => defaults.app_name(name).load().await,
        Err(_) => defaults.load().await,
    }
}

//! Who signs: the ordinary AWS credential chain, and the region of the API.

use crate::args::Global;
use crate::exit::{Stop, causes};
use crate::signing::{SERVICE, Signer};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use url::Url;

/// Finds credentials as every AWS tool does: environment, profile, SSO, web identity, container, instance.
pub(crate) async fn signer(global: &Global, api_url: &Url) -> Result<Signer, Stop> {
    let (config, region) = found(global, Some(api_url)).await?;
    let credentials = credentials(global, &config, &region).await?;
    Ok(Signer {
        credentials,
        region,
        service: SERVICE,
    })
}

/// The same for AWS's own services, in the region of the API.
pub(crate) async fn configuration(global: &Global, api_url: Option<&Url>) -> Result<SdkConfig, Stop> {
    let (config, region) = found(global, api_url).await?;
    // Without any, the first call would fail after minutes of looking.
    credentials(global, &config, &region).await?;
    Ok(match &global.profile {
        None => config,
        Some(profile) => config
            .into_builder()
            .credentials_provider(SharedCredentialsProvider::new(of_profile(profile, &region)))
            .build(),
    })
}

async fn found(global: &Global, api_url: Option<&Url>) -> Result<(SdkConfig, String), Stop> {
    let region = global.region.clone().or_else(|| api_url.and_then(region_of));
    let config = load(global, region.as_deref()).await;
    let region = region
        .or_else(|| config.region().map(ToString::to_string))
        .ok_or_else(|| {
            let api = api_url.map_or("the command line".to_owned(), ToString::to_string);
            Stop::Usage(format!(
                "No region to sign for: {api} does not name one, and neither does the AWS configuration. \
                 Pass --region, or set AWS_REGION."
            ))
        })?;
    Ok((config, region))
}

async fn credentials(global: &Global, config: &SdkConfig, region: &str) -> Result<Credentials, Stop> {
    let credentials = match (&global.profile, config.credentials_provider()) {
        (Some(profile), _) => of_profile(profile, region).provide_credentials().await,
        (None, Some(chain)) => chain.provide_credentials().await,
        (None, None) => Err(CredentialsError::not_loaded("none are configured")),
    };
    credentials.map_err(|error| no_credentials(global, &error))
}

async fn load(global: &Global, region: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(profile) = &global.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    loader.load().await
}

/// A profile that is named on the command line is the only place to look, as in the AWS CLI: nobody may approve as
/// somebody else because the environment happened to hold keys, too.
fn of_profile(profile: &str, region: &str) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::new(region.to_owned())))
        .with_behavior_version(Some(BehaviorVersion::latest()));
    ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_name(profile)
        .build()
}

/// The region in `{api}.execute-api.{region}.amazonaws.com`.
fn region_of(api_url: &Url) -> Option<String> {
    let mut labels = api_url
        .host_str()?
        .split('.')
        .skip_while(|label| *label != SERVICE);
    labels.next()?;
    let region = labels.next()?;
    (labels.next() == Some("amazonaws")).then(|| region.to_owned())
}

fn no_credentials(global: &Global, error: &CredentialsError) -> Stop {
    let place = match &global.profile {
        Some(profile) => format!("in the profile `{profile}`"),
        None => "in the environment, the shared AWS configuration, or this machine's role".to_owned(),
    };
    Stop::Fault(format!(
        "No AWS credentials were found {place}. \
         Check with `aws sts get-caller-identity`; for SSO, run `aws sso login` first.\n{}",
        causes(error)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_s_host_names_its_region() {
        for (url, expected) in [
            (
                "https://abc.execute-api.eu-west-1.amazonaws.com/v1",
                Some("eu-west-1"),
            ),
            (
                "https://abc-vpce-1.execute-api.cn-north-1.amazonaws.com.cn/v1",
                Some("cn-north-1"),
            ),
            ("http://127.0.0.1:4566/_aws/execute-api/abc/v1", None),
            ("https://sluice.example.com/v1", None),
            ("https://execute-api.example.com/v1", None),
        ] {
            assert_eq!(region_of(&Url::parse(url).unwrap()).as_deref(), expected, "{url}");
        }
    }
}

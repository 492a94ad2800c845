//! Applies infra/local/settings.toml through the API, signed as the admin, as an operator would.

use crate::aws::Client;
use crate::context::Context;
use crate::deploy::{Values, fill, missing_value};
use crate::fault::{At, Fault};
use crate::services::emulate::{APP_ID, BRANCH, INSTALLATION_ID, OTHER_REPOSITORY, OWNER, REPOSITORY};
use crate::services::parsed;
use crate::stack::Made;
use sha2::{Digest, Sha256};

/// Fills in infra/local/settings.toml and puts it, unless this text was the last one applied.
pub(crate) fn apply(context: &Context, made: &mut Made) -> Result<(), Fault> {
    let path = context.local("settings.toml");
    let text = std::fs::read_to_string(&path).at("read", &path)?;
    let text = fill(&text, &values(made)).map_err(|missing| missing_value(&path, &missing))?;
    let digest = hex::encode(Sha256::digest(&text));
    if made.settings.as_ref() == Some(&digest) {
        return Ok(());
    }
    let step = context.progress.step("Applying settings");
    put(made, &text)
        .map_err(|fault| Fault::told(format!("infra/local/settings.toml was not applied: {fault}")))?;
    baseline(made).map_err(|fault| Fault::told(format!("the baseline was not set: {fault}")))?;
    made.settings = Some(digest);
    step.done();
    Ok(())
}

/// Says that nothing was applied before, as an operator does for databases that are new: until then, files wait.
fn baseline(made: &Made) -> Result<(), Fault> {
    let admin = made.stack.principals.admin.keys.clone();
    let client = Client::new(&made.stack.aws_endpoint_url, &made.stack.region, admin)?;
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    for database in &made.stack.databases {
        let target = format!("{}/{}", database.instance, database.schema);
        let body = serde_json::json!({ "up_to": "none", "target": target }).to_string();
        let url = parsed(&format!(
            "{}/projects/{}/baseline",
            made.stack.api_url, made.stack.project
        ))?;
        client
            .call("execute-api", "PUT", url, &headers, body.into_bytes())?
            .ok("PUT baseline")?;
    }
    Ok(())
}

/// PUT /settings with this TOML, as the admin.
pub(crate) fn put(made: &Made, text: &str) -> Result<(), Fault> {
    let admin = made.stack.principals.admin.keys.clone();
    let client = Client::new(&made.stack.aws_endpoint_url, &made.stack.region, admin)?;
    let url = parsed(&format!("{}/settings", made.stack.api_url))?;
    let headers = [("content-type".to_owned(), "application/toml".to_owned())];
    client
        .call("execute-api", "PUT", url, &headers, text.as_bytes().to_vec())?
        .ok("PUT /settings")
        .map(|_body| ())
}

/// What the settings may name.
fn values(made: &Made) -> Values {
    let arns = &made.stack.principals;
    let database_secret = made
        .surroundings
        .get("DatabaseSecretArns")
        .cloned()
        .unwrap_or_default();
    [
        ("ADMIN_ARN", arns.admin.arn.clone()),
        ("APP_ID", APP_ID.to_string()),
        ("BRANCH", BRANCH.to_owned()),
        ("DATABASE_SECRET_ARN", database_secret),
        ("DBA_ARN", arns.dba.arn.clone()),
        ("DEVELOPER_ARN", arns.developer.arn.clone()),
        ("GITHUB_API_URL", made.stack.github_api_url.clone()),
        ("INSTALLATION_ID", INSTALLATION_ID.to_string()),
        ("MYSQL_HOST", made.mysql.host.clone()),
        ("MYSQL_PORT", made.mysql.port.to_string()),
        ("OTHER_REPOSITORY_ID", OTHER_REPOSITORY.1.to_string()),
        ("OWNER", OWNER.to_owned()),
        ("REPOSITORY", made.stack.repository.clone()),
        ("REPOSITORY_ID", REPOSITORY.1.to_string()),
        ("REPOSITORY_NAME", REPOSITORY.0.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

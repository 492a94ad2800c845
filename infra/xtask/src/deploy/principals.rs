//! Access keys of the three people. CloudFormation makes the users; their keys come from IAM.

use super::{Values, cloudformation::text_of};
use crate::aws::{Client, Keys};
use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// A person who signs requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Principal {
    /// How to sign.
    #[serde(flatten)]
    pub(crate) keys: Keys,
    /// Who that is.
    pub(crate) arn: String,
}

/// The people of the local stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Principals {
    /// May change settings.
    pub(crate) admin: Principal,
    /// Approves.
    pub(crate) dba: Principal,
    /// Pushes.
    pub(crate) developer: Principal,
}

impl Principals {
    /// Makes a key for each; `surroundings` has their ARNs.
    pub(crate) fn make(client: &Client, surroundings: &Values) -> Result<Self, Fault> {
        let make = |user: &str, output: &str| {
            let arn = surroundings.get(output).ok_or_else(|| {
                Fault::told(format!("infra/local/surroundings.yaml has no output {output}"))
            })?;
            Ok::<_, Fault>(Principal {
                keys: key(client, user)?,
                arn: arn.clone(),
            })
        };
        Ok(Self {
            admin: make("admin", "AdminArn")?,
            dba: make("dba", "DbaArn")?,
            developer: make("developer", "DeveloperArn")?,
        })
    }
}

fn key(client: &Client, user: &str) -> Result<Keys, Fault> {
    let operation = format!("IAM CreateAccessKey of {user}");
    let request = [("UserName".to_owned(), user.to_owned())];
    let body = client
        .query("iam", "2010-05-08", "CreateAccessKey", &request)?
        .ok(&operation)?;
    let part = |element: &str| {
        text_of(&body, element).ok_or_else(|| Fault::told(format!("{operation} answered without {element}")))
    };
    Ok(Keys {
        access_key_id: part("AccessKeyId")?,
        secret_access_key: part("SecretAccessKey")?,
    })
}

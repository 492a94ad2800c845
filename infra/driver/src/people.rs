//! People beside the three of the stack, and calls of the API past the `sluice` command.

use crate::signing::Signer;
use crate::{Answer, Driver, Keys, Trouble, xml};

impl Driver {
    /// Makes an IAM user who may call the API, with an access key.
    pub fn new_user(&self, name: &str) -> Result<Keys, Trouble> {
        let made = self.iam("CreateUser", &[("UserName", name)])?;
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:{}:*"}}]}}"#,
            self.stack.region
        );
        let grant = [
            ("UserName", name),
            ("PolicyName", "calls-sluice"),
            ("PolicyDocument", policy.as_str()),
        ];
        self.iam("PutUserPolicy", &grant)?;
        let key = self.iam("CreateAccessKey", &[("UserName", name)])?;
        let part = |answer: &str, element: &str| {
            xml::text(answer, element)
                .ok_or_else(|| Trouble(format!("IAM answered without {element}: {answer}")))
        };
        Ok(Keys {
            access_key_id: part(&key, "AccessKeyId")?,
            secret_access_key: part(&key, "SecretAccessKey")?,
            arn: part(&made, "Arn")?,
        })
    }

    /// Calls the API with a body, signed by these keys or not at all; `headers` are sent beside the signature.
    pub fn call(
        &self,
        keys: Option<&Keys>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Trouble> {
        let url = format!("{}{path}", self.stack.api_url);
        let mut all: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        if let Some(keys) = keys {
            let signer = Signer {
                access_key_id: &keys.access_key_id,
                secret_access_key: &keys.secret_access_key,
                region: &self.stack.region,
            };
            all.extend(signer.headers("execute-api", method, &url, &all, body.as_bytes())?);
        }
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.http.send(method, &url, &all, body.as_bytes().to_vec())
    }
}

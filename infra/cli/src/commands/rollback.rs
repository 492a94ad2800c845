//! `sluice version rollback`.

use crate::bench::{self, Bench};
use crate::comparison;
use crate::exit::Stop;
use crate::output::Output;
use crate::render::rollback::{file, losses};
use crate::server::ServerUrl;
use model::RevisionView;
use serde_json::json;

/// Prints the SQL that leads back, tried on a scratch schema where a server for it is named.
pub(super) async fn propose(
    view: &RevisionView,
    scratch: Option<&ServerUrl>,
    output: &Output,
) -> Result<(), Stop> {
    let sql = proposed(view)?;
    if let Some(url) = scratch {
        verify(view, sql, url).await?;
    }
    let answer = json!({
        "target": view.revision.target,
        "version": view.revision.change.version,
        "rollback": sql,
        "loses": losses(sql),
        "verified": scratch.is_some(),
    });
    if output.is_json() {
        return output.answer(&answer, |_| Ok(String::new()));
    }
    output.file(&file(sql))?;
    output.note(&match scratch {
        Some(url) => {
            format!("verified on {url}: it leads from the schema after the version to the schema before it")
        }
        None => "not verified: name a server with --scratch URL, and it is run there first".to_owned(),
    })
}

fn proposed(view: &RevisionView) -> Result<&str, Stop> {
    if let Some(sql) = &view.rollback {
        return Ok(sql);
    }
    let (target, version) = (&view.revision.target, view.revision.change.version.as_str());
    Err(if view.diff.trim().is_empty() {
        Stop::refused(
            "nothing-to-roll-back",
            format!(
                "Version {version} of {target} did not change the schema. Rows that it changed can't be brought back by \
                 Sluice: use a backup or a change of your own."
            ),
        )
    } else {
        Stop::refused(
            "no-rollback",
            format!(
                "Sluice proposes no rollback of version {version} of {target}, for it could not read the schema as \
                 definitions. `sluice version show {target} {version}` shows what changed: write the change by hand."
            ),
        )
    })
}

async fn verify(view: &RevisionView, sql: &str, url: &ServerUrl) -> Result<(), Stop> {
    bench::on(url, async |bench| tried(view, sql, bench).await).await
}

async fn tried(view: &RevisionView, sql: &str, bench: &mut Bench) -> Result<(), Stop> {
    let wanted = bench
        .normal("the schema before the version", &view.before)
        .await?;
    bench.normal("the schema after the version", &view.schema).await?;
    comparison::lead(bench, sql, &wanted.text).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::recorded;
    use crate::render::samples;
    use secrecy::ExposeSecret as _;

    async fn proposed_for(
        view: &RevisionView,
        scratch: bool,
        json: bool,
    ) -> (Result<(), Stop>, String, String) {
        let (output, out, err) = recorded(json);
        let url = scratch.then(|| {
            let login = testkit::scratch::login().unwrap_or_else(|missing| panic!("{missing}"));
            let password = login.password.expose_secret();
            let url = format!("mysql://{}:{password}@{}:{}", login.user, login.host, login.port);
            crate::server::parse_scratch(&url).unwrap()
        });
        let result = propose(view, url.as_ref(), &output).await;
        (result, out.text(), err.text())
    }

    #[tokio::test]
    async fn the_proposal_is_a_file_and_whether_it_was_tried_a_remark() {
        let view = samples::revision();
        let (result, out, err) = proposed_for(&view, false, false).await;
        assert_eq!(result, Ok(()));
        assert!(out.ends_with("DROP TABLE `t2`;\n"), "{out}");
        assert!(err.starts_with("not verified: "), "{err}");
        let (_, out, err) = proposed_for(&view, false, true).await;
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["loses"], json!(["the rows of table `t2`"]));
        assert_eq!((&answer["verified"], err.as_str()), (&json!(false), ""));
    }

    #[tokio::test]
    async fn what_leads_back_is_verified_and_what_does_not_is_refused() {
        let mut view = samples::revision();
        let (result, _, err) = proposed_for(&view, true, false).await;
        assert_eq!(result, Ok(()));
        assert!(err.starts_with("verified on mysql://"), "{err}");
        view.rollback = Some("ALTER TABLE `t2` DROP COLUMN `id`, ADD COLUMN `x` int;\n".to_owned());
        let (result, out, _) = proposed_for(&view, true, false).await;
        let stop = result.unwrap_err();
        assert_eq!((stop.code(), out.as_str()), ("not-verified", ""));
        assert!(stop.to_string().contains("+CREATE TABLE `t2`"), "{stop}");
        view.rollback = Some("DROP TABLE `t3`;\n".to_owned());
        let stop = proposed_for(&view, true, false).await.0.unwrap_err();
        assert_eq!(stop.code(), "mysql-1051");
    }

    #[tokio::test]
    async fn where_nothing_is_proposed_it_is_told_why() {
        let mut view = samples::revision();
        view.rollback = None;
        let unread = proposed_for(&view, false, false).await.0.unwrap_err();
        assert_eq!(unread.code(), "no-rollback");
        assert!(
            unread
                .to_string()
                .contains("`sluice version show prod/db_demo 202303100000`"),
            "{unread}"
        );
        view.diff.clear();
        let nothing = proposed_for(&view, false, false).await.0.unwrap_err();
        assert_eq!(nothing.code(), "nothing-to-roll-back");
    }
}

//! What review refuses where, as the environments say.

use crate::bed::Bed;
use model::Answer;
use testkit::fake_github::FakeFile;
use testkit::fixtures;

#[tokio::test]
async fn warnings_refuse_a_change_where_an_environment_wants_that() {
    let strict = fixtures::SETTINGS.replace("name = \"prod\"\n", "name = \"prod\"\nreview = \"warning\"\n");
    assert_ne!(strict, fixtures::SETTINGS);
    let everywhere = strict.replace(
        "branch = \"main\"",
        "branch = \"main\"\nfile_path_template = \"{{DB_NAME}}##{{VERSION}}##{{TYPE}}.sql\"",
    );
    for (settings, path, refused) in [
        (fixtures::SETTINGS, "bytebase/prod/db_demo##1##dml##a.sql", false),
        (&strict, "bytebase/test/db_demo##1##dml##a.sql", false),
        (&strict, "bytebase/prod/db_demo##1##dml##a.sql", true),
        (&everywhere, "bytebase/db_demo##1##dml.sql", true),
    ] {
        let mut bed = Bed::with(settings).await;
        let answers = bed
            .push(&[(path, Some(FakeFile::text("UPDATE t SET a = 1;\n")))])
            .await;
        let [answer] = answers.as_slice() else {
            panic!("{answers:?}");
        };
        let Answer::Refused { code, reason } = &answer.answer else {
            assert!(!refused, "{path}: {answer:?}");
            continue;
        };
        assert!(refused, "{path}: {reason}");
        assert_eq!(code, "dml-without-where");
        assert!(
            reason.ends_with("; `prod` takes no change with warnings"),
            "{reason}"
        );
    }
}

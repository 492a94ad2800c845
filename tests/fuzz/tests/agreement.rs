//! Our reading of made-up texts beside that of a real server.

use fuzz::{Campaign, Input, Report, kept};
use rustix::time::{ClockId, clock_gettime};
use sql::SqlMode;

/// How many inputs; `cargo xtask fuzz` runs as many as one likes.
const INPUTS: u64 = 10_000;

fn agreed(report: &Report) {
    let first = report.disagreements.first();
    assert!(
        first.is_none(),
        "{} disagreements, the first: {first:#?}",
        report.disagreements.len()
    );
}

#[tokio::test]
async fn the_server_and_the_splitter_never_disagree() {
    let mut campaign = Campaign::open().await.unwrap();
    campaign.take(&kept::all().unwrap()).await.unwrap();
    campaign.run(0..INPUTS, |_| {}).await.unwrap();
    let report = campaign.close().await;
    // Without these the inputs would say nothing.
    assert!(
        report.statements * 3 > report.inputs,
        "too few of the inputs are statements: {report:#?}"
    );
    assert!(
        report.refused * 5 > report.inputs,
        "too few of the inputs are not: {report:#?}"
    );
    assert!(
        report.refused_on_purpose * 50 < report.inputs,
        "too much is refused on purpose: {report:#?}"
    );
    agreed(&report);
}

#[test]
fn nothing_panics_and_pieces_join_on_any_text() {
    for seed in 0..100_000 {
        let input = Input::of(seed);
        for text in input.texts() {
            if let Some(wrong) = fuzz::read_alone(text, input.mode) {
                panic!("input {seed}: {wrong}\n{text:?}");
            }
        }
    }
}

/// Texts that invite a reader to look at the same bytes again and again.
const TRAPS: &[(&str, &str, &str)] = &[
    ("", "SELECT 1;\n", ""),
    ("", "SELECT 'it''s \\' ; '; ", ""),
    ("SELECT '", "''", "'"),
    ("SELECT `", "``", "`"),
    ("", "/* x */ ", "SELECT 1"),
    ("", "/*!80000 */ ", "SELECT 1"),
    ("", "/*!99999 x */ ", "SELECT 1"),
    ("", "/*!50003 SELECT 1 */;\n", ""),
    ("", "-- x\n", "SELECT 1"),
    ("SELECT 1", " ", ";"),
    ("SELECT ", "(", "1"),
    ("SELECT 1 + ", "$", "1"),
    ("SELECT ", "$$ ", "1"),
    ("SELECT ", "$a", "1"),
    ("DELIMITER $$\n", "SELECT $ 1", "$$\n"),
    ("", "DELIMITER //\nSELECT 1//\nDELIMITER ;\n", ""),
    ("CREATE PROCEDURE p() BEGIN ", "SELECT 1; ", "END"),
    ("CREATE PROCEDURE p() ", "BEGIN IF 1 THEN ", ""),
    ("CREATE PROCEDURE p() BEGIN SET @x = ", "CASE WHEN 1 THEN ", ""),
    ("CREATE DEFINER = ", "a@", "b PROCEDURE p() SELECT 1"),
    ("", "/*", ""),
    ("", "'", ""),
    ("SELECT 1 ", "/*!80000 ", ""),
    ("SELECT ", "\u{1F600}", ""),
    ("INSERT INTO t VALUES ", "(1,'x;y',0x41),", "(2)"),
    ("CREATE TABLE t (", "a INT COMMENT 'x',", "b INT)"),
    ("ALTER TABLE t ", "ADD COLUMN a INT,", "FORCE"),
    ("SELECT ", "@", "1"),
    ("", ";", ""),
    ("", "\0", ""),
    ("", "\r", ""),
];

/// The shortest of some runs.
fn seconds(text: &str, times: usize) -> f64 {
    let measured = (0..times).map(|_| {
        let began = spent();
        let _ = fuzz::read_alone(text, SqlMode::default());
        spent() - began
    });
    measured.fold(f64::INFINITY, f64::min)
}

/// What this thread had of a processor so far, in seconds: what runs beside it does not count.
#[expect(clippy::cast_precision_loss, reason = "seconds and nanoseconds of a test")]
fn spent() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// A hundred times the text may take a hundred times the time. What is quadratic takes ten thousand times as much, so
/// that a bound between the two holds on any machine: the shortest of some runs, and eight times what linear is.
#[test]
fn time_is_linear_in_the_text() {
    for (before, again, after) in TRAPS {
        let of = |size: usize| format!("{before}{}{after}", again.repeat(size / again.len()));
        let small = seconds(&of(4_000), 9).max(1e-5);
        let large = seconds(&of(400_000), 2);
        assert!(
            large < small * 800.0,
            "{again:?}: {small:.6} s for 4 kB, {large:.3} s for 400 kB"
        );
    }
}

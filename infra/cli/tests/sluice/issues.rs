//! `sluice issue list`: what it is asked for is understood before anybody is asked.

use crate::run::run;

#[test]
fn a_filter_that_can_not_be_read_says_what_is_accepted() {
    for (option, value, accepted) in [
        (
            "--state",
            "opne",
            &["`open`", "`waiting`", "`failed`", "`canceled`"][..],
        ),
        (
            "--older-than",
            "1y",
            &["`30m`", "`7d`", "`1d 12h`", "months and years"],
        ),
        ("--newer-than", "yesterday", &["`30m`", "`7d`", "`1d 12h`"]),
    ] {
        let ran = run(&["issue", "list", option, value]);
        assert_eq!(ran.code, 64, "{}", ran.err);
        assert_eq!(ran.out, "");
        for word in accepted {
            assert!(ran.err.contains(word), "{option} {value}: {}", ran.err);
        }
    }
}

#[test]
fn help_names_every_filter() {
    let ran = run(&["issue", "list", "--help"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for option in [
        "--state",
        "--environment",
        "--database",
        "--author",
        "--older-than",
        "--newer-than",
        "--limit",
        "--before",
    ] {
        assert!(ran.out.contains(option), "{option}: {}", ran.out);
    }
}

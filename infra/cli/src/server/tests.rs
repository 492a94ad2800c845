use super::*;
use secrecy::ExposeSecret as _;

fn read(text: &str) -> ServerUrl {
    text.parse().unwrap()
}

#[test]
fn a_server_is_read_with_what_was_encoded() {
    let url = read("mysql://dba:p%40ss%2Fword@db.example.com/shop%2F2?ssl-mode=VERIFY_IDENTITY");
    let login = url.login().unwrap();
    assert_eq!(
        (login.user.as_str(), login.host.as_str(), login.port),
        ("dba", "db.example.com", 3306)
    );
    assert_eq!(login.password.expose_secret(), "p@ss/word");
    assert_eq!(login.tls, Tls::VerifyIdentity);
    assert_eq!(url.schema.as_deref(), Some("shop/2"));
    assert_eq!(read("mysql://root:x@[::1]:3310/").schema, None);
    assert_eq!(read("mysql://root:x@[::1]:3310/").login().unwrap().host, "::1");
}

#[test]
fn security_is_on_unless_the_server_is_on_this_machine() {
    for (text, expected) in [
        ("mysql://u:p@db.example.com/s", Security::Identity { ca: None }),
        ("mysql://u:p@127.0.0.1/s", Security::Disabled),
        ("mysql://u:p@localhost/s", Security::Disabled),
        ("mysql://u:p@[::1]/s", Security::Disabled),
        (
            "mysql://u:p@127.0.0.1/s?ssl-mode=VERIFY_IDENTITY",
            Security::Identity { ca: None },
        ),
        (
            "mysql://u:p@h/s?ssl-ca=a.pem",
            Security::Identity {
                ca: Some("a.pem".into()),
            },
        ),
        (
            "mysql://u:p@h/s?ssl-mode=verify_ca&ssl-ca=a.pem",
            Security::Authority { ca: "a.pem".into() },
        ),
        ("mysql://u:p@h/s?ssl-mode=DISABLED", Security::Disabled),
    ] {
        assert_eq!(read(text).tls, expected, "{text}");
    }
}

#[test]
fn what_is_no_server_is_told_without_the_password() {
    for (text, expected) in [
        ("shop.sql", "this is no URL of a MySQL server"),
        ("postgres://u:sesame@h/s", "begins with `postgres:`"),
        ("mysql://h/s", "the user is missing"),
        (
            "mysql://u:sesame@/s",
            "write mysql://user:password@host:port/schema",
        ),
        ("mysql://u:sesame@h:port/s", "invalid port number"),
        ("mysql://u:sesame@h/a/b", "`a/b` is no schema"),
        ("mysql://u:ses%FFame@h/s", "the password is no text"),
        ("mysql://u:ses#ame@h/s", "invalid port number"),
        ("mysql://u:sesame@h/s#x", "write a # in a name or password as %23"),
        ("mysql://u:sesame@h/s?sslmode=x", "`sslmode` is no parameter"),
        ("mysql://u:sesame@h/s?ssl-mode=off", "and not `OFF`"),
        ("mysql://u:sesame@h/s?ssl-mode=VERIFY_CA", "add &ssl-ca=FILE"),
        (
            "mysql://u:sesame@h/s?ssl-mode=DISABLED&ssl-ca=x",
            "leave out ssl-ca",
        ),
    ] {
        let error = text.parse::<ServerUrl>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert!(!error.contains("sesame"), "{error}");
    }
}

#[test]
fn a_server_is_shown_without_its_password() {
    let url = read("mysql://root:sesame@127.0.0.1:3310/shop");
    assert_eq!(url.to_string(), "mysql://root@127.0.0.1:3310/shop");
    assert!(!format!("{url:?}").contains("sesame"));
}

#[test]
fn an_authority_that_can_not_be_read_is_named() {
    let stop = read("mysql://u:p@h/s?ssl-ca=/nowhere/ca.pem")
        .login()
        .unwrap_err();
    assert_eq!(stop.exit_code(), 64);
    assert!(
        stop.to_string().starts_with("/nowhere/ca.pem can't be read"),
        "{stop}"
    );
}

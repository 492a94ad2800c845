//! How a connection is secured, and whom it trusts.
//!
//! - `verify_identity`: the host's certificate must name the host and be signed by Amazon RDS (for a host below
//!   `rds.amazonaws.com`, by the roots of its region) or by a public authority.
//! - `verify_identity_with { ca }`, `verify_ca { ca }`: an authority of the operator's own. It is also how a root that
//!   Amazon adds later is trusted without a new build: paste `global-bundle.pem` as `ca`.
//! - `disabled`: accepted for loopback addresses only. There the connection is encrypted only where the server wants it,
//!   without looking at its certificate: one that sees a password for the first time since its start takes it over an
//!   encrypted connection only.
//!
//! SQLx always trusts the public web authorities too. With a verified host name that is no way in.

use model::Fault;
use settings::Tls;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use std::net::IpAddr;
use workflow::ports::database::Login;

/// The roots of Amazon RDS; each is headed by a line with its name. See `roots/README.md`.
const RDS: &str = include_str!("../roots/rds.pem");

/// Puts the security into the options.
pub(crate) fn secure(
    options: MySqlConnectOptions,
    tls: &Tls,
    host: &str,
) -> Result<MySqlConnectOptions, Fault> {
    match tls {
        Tls::VerifyIdentity => Ok(verified(options, MySqlSslMode::VerifyIdentity, &rds_roots(host))),
        Tls::VerifyIdentityWith { ca } => Ok(verified(options, MySqlSslMode::VerifyIdentity, ca)),
        Tls::VerifyCa { ca } => Ok(verified(options, MySqlSslMode::VerifyCa, ca)),
        Tls::Disabled if is_loopback(host) => Ok(options.ssl_mode(MySqlSslMode::Preferred)),
        Tls::Disabled => Err(Fault::operator(
            format!("connect to {host}"),
            "set the instance's tls to verify_identity or verify_identity_with in settings",
            "tls is disabled in settings, and that is accepted for loopback addresses only",
        )),
    }
}

/// Whether a connection need not be encrypted: it stays on this machine.
pub(crate) fn may_be_plain(login: &Login) -> bool {
    login.tls == Tls::Disabled && is_loopback(&login.host)
}

fn verified(options: MySqlConnectOptions, mode: MySqlSslMode, ca: &str) -> MySqlConnectOptions {
    options.ssl_mode(mode).ssl_ca_from_pem(ca.as_bytes().to_vec())
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The roots of the host's region where it is an RDS host of a region we know, else all.
fn rds_roots(host: &str) -> String {
    region(host)
        .map(|region| section(&format!("# Amazon RDS {region} Root CA ")))
        .filter(|section| !section.is_empty())
        .unwrap_or_else(|| RDS.to_owned())
}

/// `cluster.hash.eu-west-1.rds.amazonaws.com` is in `eu-west-1`.
fn region(host: &str) -> Option<&str> {
    host.strip_suffix(".rds.amazonaws.com")?.rsplit('.').next()
}

fn section(heading: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in RDS.lines() {
        if line.starts_with('#') {
            inside = line.starts_with(heading);
        } else if inside {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificates(pem: &str) -> usize {
        pem.matches("BEGIN CERTIFICATE").count()
    }

    #[test]
    fn an_rds_host_is_trusted_by_the_roots_of_its_region() {
        let host = "shop.cluster-c0ffee.eu-west-1.rds.amazonaws.com";
        assert_eq!(region(host), Some("eu-west-1"));
        assert_eq!(certificates(&rds_roots(host)), 3);
    }

    #[test]
    fn an_unknown_region_and_any_other_host_get_all_roots() {
        let all = certificates(RDS);
        assert!(all > 80, "{all}");
        assert_eq!(certificates(&rds_roots("x.y.mars-1.rds.amazonaws.com")), all);
        assert_eq!(certificates(&rds_roots("db.example.com")), all);
        assert_eq!(
            certificates(&rds_roots("eu-west-1.rds.amazonaws.com.example.com")),
            all
        );
    }

    #[test]
    fn no_security_is_for_loopback_only() {
        for host in ["127.0.0.1", "localhost", "::1"] {
            assert!(
                secure(MySqlConnectOptions::new(), &Tls::Disabled, host).is_ok(),
                "{host}"
            );
        }
        let refused = secure(MySqlConnectOptions::new(), &Tls::Disabled, "db.example.com").unwrap_err();
        assert_eq!(refused.class(), "fault.operator");
        assert!(refused.chain().contains("loopback"), "{}", refused.chain());
    }
}

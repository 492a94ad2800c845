//! Bans, licences and sources, as `deny.toml` says, without a network; and how crates name their dependencies.

use serde::Deserialize;
use std::collections::BTreeSet;
use tidy::fault::TidyError;
use tidy::licences::satisfied;
use tidy::sources;
use tidy::workspace::{Built, SHIPPED, Workspace, built_for};

#[derive(Deserialize)]
struct Deny {
    graph: Graph,
    licenses: Licences,
    bans: Bans,
    sources: Registries,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Registries {
    allow_registry: Vec<String>,
}

fn deny() -> Result<Deny, TidyError> {
    Ok(toml::from_str(&sources::text("deny.toml")?)?)
}

fn built() -> Result<BTreeSet<Built>, TidyError> {
    let mut all = BTreeSet::new();
    for target in SHIPPED {
        all.extend(built_for(target)?);
    }
    Ok(all)
}

#[test]
fn no_banned_crate_is_built() -> Result<(), TidyError> {
    let deny = deny()?;
    assert_eq!(
        deny.graph.targets, SHIPPED,
        "deny.toml and this test judge the same targets"
    );
    let built = built()?;
    assert!(
        built.iter().any(|built| built.name == "aws-lc-rs"),
        "the test reads the wrong graph"
    );
    let names: BTreeSet<&str> = deny.bans.deny.iter().map(|ban| ban.name.as_str()).collect();
    for expected in ["openssl", "native-tls", "rsa", "ring"] {
        assert!(names.contains(expected), "deny.toml no longer bans {expected}");
    }
    for ban in &deny.bans.deny {
        let found: Vec<&Built> = built.iter().filter(|built| built.name == ban.name).collect();
        assert!(
            found.is_empty(),
            "{found:?}: {}. `cargo tree -i {}` says who asks",
            ban.reason,
            ban.name
        );
    }
    Ok(())
}

#[test]
fn every_licence_is_allowed() -> Result<(), TidyError> {
    let allowed = deny()?.licenses.allow;
    let built = built()?;
    let workspace = Workspace::load()?;
    for package in workspace.packages() {
        let key = Built {
            name: package.name.to_string(),
            version: package.version.to_string(),
        };
        if built.contains(&key) {
            let licence = package.license.as_deref().unwrap_or_default();
            assert!(
                satisfied(licence, &allowed)?,
                "{} {}: {licence:?}",
                key.name,
                key.version
            );
        }
    }
    Ok(())
}

#[test]
fn every_dependency_comes_from_crates_io() -> Result<(), TidyError> {
    let allowed = deny()?.sources.allow_registry;
    for package in Workspace::load()?.packages() {
        let Some(source) = &package.source else { continue };
        let known = allowed
            .iter()
            .any(|registry| source.repr == format!("registry+{registry}"));
        assert!(known, "{} comes from {}", package.name, source.repr);
    }
    let ours = Workspace::load()?
        .packages()
        .iter()
        .filter(|package| package.source.is_none())
        .count();
    assert_eq!(
        ours,
        Workspace::load()?.members().len(),
        "a path dependency outside the workspace"
    );
    Ok(())
}

#[test]
fn every_crate_inherits_lints_package_data_and_versions() -> Result<(), TidyError> {
    for member in Workspace::load()?.members() {
        let text = std::fs::read_to_string(&member.manifest_path).map_err(|source| TidyError::Read {
            path: member.manifest_path.clone().into_std_path_buf(),
            source,
        })?;
        let manifest: toml::Table = toml::from_str(&text)?;
        let inherits = |table: Option<&toml::Value>| {
            table
                .and_then(|table| table.get("workspace"))
                .and_then(toml::Value::as_bool)
                == Some(true)
        };
        assert!(
            inherits(manifest.get("lints")),
            "{}: [lints] workspace = true",
            member.name
        );
        for field in ["version", "edition", "rust-version", "license", "publish"] {
            let value = manifest.get("package").and_then(|package| package.get(field));
            assert!(inherits(value), "{}: {field}.workspace = true", member.name);
        }
        assert!(
            member.publish.as_ref().is_some_and(Vec::is_empty),
            "{} could be published",
            member.name
        );
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let dependencies = manifest
                .get(kind)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten();
            for (name, value) in dependencies {
                assert!(
                    inherits(Some(value)),
                    "{}: {name}.workspace = true in [{kind}]",
                    member.name
                );
            }
        }
    }
    Ok(())
}

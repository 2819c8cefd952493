//! Audits the example with a generated module: its source, and a program that is built from it.

#[path = "shapes/workspace.rs"]
#[expect(dead_code, reason = "the shapes use all of it")]
mod workspace;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use workspace::{Workspace, report, shared_target, texts};

const MANIFEST: &str = r#"[workspace]

[package]
name = "beta-shipped"
version = "0.1.0"
edition = "2024"

[dependencies]
beta = { path = "EXAMPLE" }
hubspot-generated = { path = "../../../../hubspot-generated" }
tokio = { version = "1", features = ["rt"] }
"#;

const MAIN: &str = r#"use beta::FieldScopes;
use hubspot_generated::Client;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = Client::<FieldScopes>::builder().access_token(std::env::var("TOKEN")?).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{}", runtime.block_on(beta::record_visit(&hubspot, "ada@example.com"))?);
    Ok(())
}
"#;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Each operation, and what it needs, in order.
fn calls(list: &Value) -> Vec<[&str; 2]> {
    let calls = list.as_array().unwrap().iter();
    let calls =
        calls.map(|call| ["operation", "requirement"].map(|key| call[key].as_str().unwrap()));
    let mut calls: Vec<_> = calls.collect();
    calls.sort_unstable();
    calls
}

#[test]
fn the_source_calls_the_module_and_the_client() {
    let mut audit = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"));
    audit
        .args([
            "hubspot",
            "audit",
            "--offline",
            "--quiet",
            "--format",
            "json",
        ])
        .args(["--package", "beta"])
        .current_dir(repository())
        .env("CARGO_TARGET_DIR", shared_target())
        .env_remove("RUSTFLAGS");
    let report = report(&mut audit);
    let package = &report["packages"][0];
    assert_eq!(package["name"], "beta");
    let either = r#"any("crm.objects.contacts.read", "field.visits.read")"#;
    let contacts = r#""crm.objects.contacts.read""#;
    assert_eq!(
        calls(&package["call_sites"]),
        [
            ["contacts.get", contacts],
            ["v2027_03_beta.visits.create", r#""field.visits.write""#],
            ["v2027_03_beta.visits.get", either],
            ["v2027_03_beta.visits.get_contact", contacts],
            ["v2027_03_beta.visits.list", r#""field.visits.read""#],
        ]
    );
    let verdict = &package["verdict"];
    for list in ["missing", "unused"] {
        assert_eq!(
            verdict[list].as_array().map(Vec::len),
            Some(0),
            "{verdict:#}"
        );
    }
}

#[test]
fn the_program_has_the_calls_of_both() {
    let example = repository().join("examples/beta");
    let example = example.display().to_string().escape_default().to_string();
    let lock = fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    let files = [
        ("Cargo.toml", MANIFEST.replace("EXAMPLE", &example)),
        ("src/main.rs", MAIN.to_owned()),
        ("Cargo.lock", lock),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let workspace = Workspace::new("beta-shipped", &files);
    let mut build = workspace.cargo("build");
    build.env("CARGO_TARGET_DIR", shared_target());
    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", texts(&output).1);
    let program = format!("debug/beta-shipped{}", std::env::consts::EXE_SUFFIX);

    let output = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
        .args(["hubspot", "audit", "--format", "json", "--binary"])
        .arg(shared_target().join(program))
        .output()
        .unwrap();
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(
        calls(&report["operations"]),
        [
            ["contacts.get", r#""crm.objects.contacts.read""#],
            ["v2027_03_beta.visits.create", r#""field.visits.write""#],
            ["v2027_03_beta.visits.list", r#""field.visits.read""#],
        ]
    );
}

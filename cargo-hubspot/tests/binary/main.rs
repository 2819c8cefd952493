//! Audits finished programs: one that is built here, with and without optimisation, and files in the formats of other systems.

mod files;
#[path = "../shapes/workspace.rs"]
#[expect(dead_code, reason = "the shapes use all of it")]
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use files::{object, universal, windows};
use object::{Architecture, BinaryFormat};
use serde_json::Value;
use workspace::{Workspace, shared_target, texts};

const MANIFEST: &str = r#"[workspace]
members = ["dependency"]

[package]
name = "shipped"
version = "0.1.0"
edition = "2024"

[dependencies]
hubspot-generated = { path = "../../../../hubspot-generated", features = ["v3"] }
dependency = { path = "dependency" }
tokio = { version = "1", features = ["rt"] }
"#;

const DEPENDENCY: &str = r#"[package]
name = "dependency"
version = "0.1.0"
edition = "2024"

[dependencies]
hubspot-generated = { path = "../../../../hubspot-generated" }
"#;

/// Calls two operations, one of them of an older version, and one through the dependency. A public function, a branch that
/// cannot be reached and a function of the dependency are not called.
const MAIN: &str = r#"use hubspot_generated::{Client, Method, Record};

hubspot_generated::scope_set! {
    pub struct Scopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.companies.write"],
    }
}

const DELETES: bool = false;

#[derive(Record)]
#[hubspot(object = "companies")]
struct Company {
    name: Option<String>,
}

async fn run(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    println!("{}", hubspot.contacts().list().send().await?.results.len());
    println!("{}", hubspot.v3().companies().list().send().await?.results.len());
    if DELETES {
        hubspot.companies().archive("1").await?;
    }
    hubspot.records::<Company>().create(CompanyPatch::new().name("Acme")).await?;
    dependency::called(&hubspot.narrow()).await?;
    println!("{}", hubspot.request(Method::Get, "/crm/v3/owners").send().await?);
    Ok(())
}

pub async fn never(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.contacts().get("1").await.map(drop)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = Client::<Scopes>::builder().access_token(std::env::var("TOKEN")?).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(run(&hubspot))?)
}
"#;

const LIB: &str = r#"use hubspot_generated::Client;

hubspot_generated::scope_set! {
    pub struct Scopes { required: ["crm.objects.companies.read"] }
}

pub async fn called(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.companies().get("1").await.map(drop)
}

pub async fn not_called(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.companies().list().send().await.map(drop)
}
"#;

fn audit(file: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
        .args(["hubspot", "audit", "--binary"])
        .arg(file)
        .args(arguments)
        .output()
        .unwrap()
}

fn report(file: &Path) -> Value {
    let output = audit(file, &["--format", "json"]);
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

fn operations(report: &Value) -> Vec<&str> {
    let operations = report["operations"].as_array().unwrap();
    operations
        .iter()
        .map(|one| one["operation"].as_str().unwrap())
        .collect()
}

/// Compiles the client and the programs that call it as for a release. The rest is linked in without optimisation, because
/// it takes minutes to compile.
const OPTIMISED: [&str; 3] = [
    "profile.dev.package.hubspot-generated.opt-level=3",
    "profile.dev.package.dependency.opt-level=3",
    "profile.dev.package.shipped.opt-level=3",
];

/// Builds the program with these settings of cargo and flags of rustc.
fn build(workspace: &Workspace, settings: &[&str], flags: &[&str]) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["rustc", "--offline", "--quiet", "--bin", "shipped"])
        .current_dir(workspace.folder())
        .env("CARGO_TARGET_DIR", shared_target())
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    for setting in settings {
        cargo.args(["--config", setting]);
    }
    let output = cargo.arg("--").args(flags).output().unwrap();
    assert!(output.status.success(), "{}", texts(&output).1);
    let program = format!("shipped{}", std::env::consts::EXE_SUFFIX);
    let built = shared_target().join("debug").join(&program);
    let kept = workspace.folder().join(program);
    fs::copy(built, &kept).unwrap();
    kept
}

#[test]
fn what_shipped_is_what_is_called() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let workspace = Workspace::new(
        "shipped",
        &[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", MAIN),
            ("dependency/Cargo.toml", DEPENDENCY),
            ("dependency/src/lib.rs", LIB),
            ("Cargo.lock", &fs::read_to_string(lock).unwrap()),
        ],
    );
    let optimised = build(&workspace, &OPTIMISED, &[]);
    let found = report(&optimised);
    let shipped = [
        "companies.create",
        "companies.get",
        "contacts.list",
        "v3.companies.list",
    ];
    assert_eq!(operations(&found), shipped);
    let methods = found["raw_requests"].as_array().unwrap();
    assert!(methods.contains(&Value::from("GET")));
    assert_eq!(
        found["least_set"],
        serde_json::json!([
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.contacts.read"
        ])
    );

    let stripped = build(&workspace, &OPTIMISED, &["-Cstrip=symbols"]);
    assert_eq!(report(&stripped)["operations"], found["operations"]);

    let debug = report(&build(&workspace, &[], &[]));
    assert_eq!(operations(&debug), shipped);
}

#[test]
fn a_program_that_lists_all_operations_has_them_all() {
    let found = report(Path::new(env!("CARGO_BIN_EXE_cargo-hubspot")));
    // The client itself looks up a private app's token; no method does.
    let mut linked: Vec<_> = hubspot_generated::operations::all()
        .map(|operation| operation.id)
        .chain(["private_apps.token_info"])
        .collect();
    linked.sort_unstable();
    let mut found = operations(&found);
    found.sort_unstable();
    assert_eq!(found, linked);
}

/// A file with the descriptions of a few operations, and an app file.
fn with_app_file(folder: &Path, app_file: &str) -> (PathBuf, PathBuf) {
    let data = b"\x01hubspot-operation:1\tcontacts.list\tGET\t/crm/objects/2026-09/contacts\t\"crm.objects.contacts.read\"\n\
        hubspot-operation:1\tthings.list\tGET\t/things\tany(oauth2(\"new.read\"), private_apps(\"old.read\"))\nrest";
    let (program, app) = (folder.join("program"), folder.join("app-hsmeta.json"));
    let elf = object(BinaryFormat::Elf, Architecture::X86_64, data);
    fs::write(&program, elf).unwrap();
    fs::write(&app, app_file).unwrap();
    (program, app)
}

#[test]
fn the_scopes_of_an_app_are_compared_with_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let app = |auth: &str| format!(r#"{{"type": "app", "config": {{"auth": {{{auth}}}}}}}"#);
    let oauth =
        r#""type": "oauth", "requiredScopes": ["oauth", "new.read"], "optionalScopes": ["forms"]"#;
    let (program, app_file) = with_app_file(folder.path(), &app(oauth));
    let app_path = app_file.to_str().unwrap();
    let output = audit(&program, &["--app-file", app_path, "--deny", "missing"]);
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr, "error: 1 finding is denied\n");
    let expected = format!(
        "error[missing]: `contacts.list` needs crm.objects.contacts.read, which the app does not ask for
--> {app_path}
 = help: add it to the app file, or find the call with `cargo hubspot audit`

warning[unused]: the app asks for the scope `forms`, but nothing needs it
--> {app_path}
 = help: remove it from the app file

{} Elf X86_64

  2 operations
    contacts.list  GET  /crm/objects/2026-09/contacts  crm.objects.contacts.read
    things.list    GET  /things                        new.read or old.read

  least set
    crm.objects.contacts.read
    new.read

audit: 1 missing, 1 unused
",
        program.display()
    );
    assert_eq!(stdout, expected);

    // A private app's token needs other scopes for the same operation.
    let without_login = r#""type": "static", "requiredScopes": ["new.read", "forms"]"#;
    let (program, _) = with_app_file(folder.path(), &app(without_login));
    let output = audit(&program, &["--app-file", app_path, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_str(&texts(&output).0).unwrap();
    let compared = &report["app_file"];
    assert_eq!(compared["file"], app_path);
    assert_eq!(compared["missing"][1]["operation"], "things.list");
    assert_eq!(
        compared["missing"][1]["requirement"],
        r#"any(oauth2("new.read"), private_apps("old.read"))"#
    );
    assert_eq!(compared["unused"], serde_json::json!(["forms"]));
}

#[test]
fn a_gate_that_could_never_fail_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (program, app_file) = with_app_file(folder.path(), "{}");
    let app_file = app_file.to_str().unwrap();
    for (arguments, fault) in [
        (
            &["--deny", "unused"][..],
            "finds nothing to deny without `--app-file`",
        ),
        (
            &["--app-file", app_file, "--deny", "wide"],
            "finds missing and unused scopes, never `wide`",
        ),
        (
            &["--baseline", "b.json"],
            "'--binary <FILE>' cannot be used with '--baseline <FILE>'",
        ),
        (
            &["--token-env", "TOKEN"],
            "'--binary <FILE>' cannot be used with '--token-env <VARIABLE>'",
        ),
        (&["--fix"], "'--binary <FILE>' cannot be used with '--fix'"),
        (
            &["--html", "p.html"],
            "'--binary <FILE>' cannot be used with '--html <FILE>'",
        ),
        (
            &["--workspace"],
            "'--binary <FILE>' cannot be used with '--workspace'",
        ),
        (
            &["--all-features"],
            "'--binary <FILE>' cannot be used with '--all-features'",
        ),
        (&["--format", "sarif"], "has the formats text and json"),
        (
            &["--app-file", app_file],
            "has no `config`, at line 1 column 1",
        ),
    ] {
        let output = audit(&program, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let (_, stderr) = texts(&output);
        assert!(stderr.contains(fault), "{arguments:?}: {stderr}");
    }
}

const LINE: &[u8] =
    b"\x01hubspot-operation:1\tcontacts.list\tGET\t/crm/objects/2026-09/contacts\t\"crm.objects.contacts.read\"\nrest";

#[test]
fn programs_of_other_systems_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    for (bytes, parts) in [
        (
            object(BinaryFormat::Elf, Architecture::Aarch64, LINE),
            vec!["Elf Aarch64"],
        ),
        (
            object(BinaryFormat::MachO, Architecture::Aarch64, LINE),
            vec!["MachO Aarch64"],
        ),
        (universal(LINE), vec!["MachO X86_64", "MachO Aarch64"]),
        (windows(LINE), vec!["Pe X86_64"]),
    ] {
        fs::write(&file, bytes).unwrap();
        let found = report(&file);
        assert_eq!(operations(&found), ["contacts.list"], "{parts:?}");
        assert_eq!(found["parts"], serde_json::json!(parts));
    }
}

#[test]
fn a_program_without_calls_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    let elf = object(BinaryFormat::Elf, Architecture::X86_64, b"nothing of ours");
    fs::write(&file, elf).unwrap();
    let found = report(&file);
    assert_eq!(operations(&found), Vec::<&str>::new());
    assert_eq!(found["least_set"], serde_json::json!([]));
    let (stdout, _) = texts(&audit(&file, &[]));
    assert!(
        stdout.contains("  0 operations\n    the program calls none"),
        "{stdout}"
    );
}

#[test]
fn what_cannot_be_audited_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    let elf = |data: &[u8]| object(BinaryFormat::Elf, Architecture::X86_64, data);
    let mut damaged = elf(LINE);
    damaged.truncate(100);
    for (bytes, fault) in [
        (
            elf(b"hubspot-operation:2\ta\n"),
            "was built with a later client",
        ),
        (
            b"#!/bin/sh\nexec something else\n".to_vec(),
            "it is not a program",
        ),
        (
            b"!<arch>\n0123456789abcdef".to_vec(),
            "it is a static library",
        ),
        (damaged, "cannot read"),
    ] {
        fs::write(&file, bytes).unwrap();
        let output = audit(&file, &[]);
        assert_eq!(output.status.code(), Some(2), "{fault}");
        let (_, stderr) = texts(&output);
        assert!(stderr.contains(fault), "{fault}: {stderr}");
    }
    let output = audit(&folder.path().join("none"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(texts(&output).1.starts_with("error: cannot read"));
}

//! Audits workspaces that have errors, several clients, compiler wrappers and the like.
//!
//! They use a client of a few lines, which has the marks of the real one and needs no other crate.

#[cfg(unix)]
use std::fs;
use std::process::Command;

use super::workspace::{Workspace, report, texts};

/// A small client.
pub(super) const CLIENT: &str = r#"
pub struct Client;
impl Client {
    #[cfg_attr(feature = "scope-audit", deprecated(note = "hubspot-scopes: contacts.list \"crm.objects.contacts.read\""))]
    pub fn list(&self) {}
    pub fn own_use(&self) {
        self.list();
    }
}
"#;

pub(super) const CLIENT_MANIFEST: &str = r#"[package]
name = "hubspot-generated"
version = "0.9.0"
edition = "2024"
[features]
scope-audit = []
"#;

pub(super) const CALL: &str = "pub fn call(client: &hubspot_generated::Client) { client.list() }\n";

fn manifest(dependency: &str) -> String {
    format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n[workspace]\nexclude = [\"client\", \"newer\", \"outside\"]\n"
    )
}

/// A workspace with the small client, and with `app`, whose library is `source`.
fn with_client(name: &str, source: &str) -> Workspace {
    let manifest = manifest("hubspot-generated = { path = \"client\" }");
    Workspace::new(
        name,
        &[
            ("Cargo.toml", &manifest),
            ("src/lib.rs", source),
            ("client/Cargo.toml", CLIENT_MANIFEST),
            ("client/src/lib.rs", CLIENT),
        ],
    )
}

/// The error message of an audit that fails.
pub(super) fn refused(command: &mut Command) -> String {
    let output = command.output().expect("the audit can be run");
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(2), "{stdout}{stderr}");
    assert_eq!(stdout, "", "{stderr}");
    stderr
}

/// The operations that were found, with the packages and files that call them.
pub(super) fn calls(report: &serde_json::Value) -> Vec<String> {
    let packages = report["packages"]
        .as_array()
        .expect("a report has packages");
    let call = |package: &serde_json::Value, site: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let [package, file, operation] =
            [&package["name"], &site["place"]["file"], &site["operation"]].map(text);
        format!("{package} {file}:{} {operation}", site["place"]["line"])
    };
    packages
        .iter()
        .flat_map(|package| {
            let sites = package["call_sites"].as_array().into_iter().flatten();
            sites.map(move |site| call(package, site))
        })
        .collect()
}

#[test]
fn code_that_does_not_compile_is_shown_as_rustc_shows_it() {
    let workspace = with_client("broken", "pub fn call() -> u8 { \"one\" }\n");
    let stderr = refused(&mut workspace.audit(&[]));
    assert_eq!(
        stderr.matches("error[E0308]: mismatched types").count(),
        1,
        "{stderr}"
    );
    assert!(stderr.contains("src/lib.rs:1:23"), "{stderr}");
    assert!(
        stderr.ends_with("error: an audit needs code that compiles: see above\n"),
        "{stderr}"
    );
}

#[test]
fn a_workspace_without_the_client_has_nothing_to_audit() {
    let workspace = Workspace::new(
        "without",
        &[("Cargo.toml", &manifest("")), ("src/lib.rs", "")],
    );
    assert_eq!(
        refused(&mut workspace.audit(&[])),
        "error: nothing in this workspace depends on hubspot-generated, so there is nothing to audit\n"
    );
}

#[test]
fn a_package_that_does_not_use_the_client_is_told_who_does() {
    let workspace = Workspace::new(
        "elsewhere",
        &[
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"other\", \"client\"]\n",
            ),
            (
                "app/Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nhubspot-generated = { path = \"../client\" }\n",
            ),
            ("app/src/lib.rs", CALL),
            (
                "other/Cargo.toml",
                "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
            ),
            ("other/src/lib.rs", "compile_error!(\"not asked for\");"),
            ("client/Cargo.toml", CLIENT_MANIFEST),
            ("client/src/lib.rs", CLIENT),
        ],
    );
    let stderr = refused(&mut workspace.audit(&["--package", "other"]));
    assert!(
        stderr.starts_with(
            "error: `other` does not depend on hubspot-generated; of this workspace, `app`"
        ),
        "{stderr}"
    );
    let stderr = refused(&mut workspace.audit(&["--package", "nobody"]));
    assert_eq!(
        stderr,
        "error: no package of this workspace has the name `nobody`\n"
    );

    // The client is a member here; its library's use of itself does not count.
    let report = workspace.report(&["--workspace"]);
    assert_eq!(calls(&report), ["app app/src/lib.rs:1 contacts.list"]);
}

#[test]
fn a_client_that_only_others_bring_along_is_pointed_to() {
    let workspace = Workspace::new(
        "indirect",
        &[
            ("Cargo.toml", &manifest("outside = { path = \"outside\" }")),
            (
                "src/lib.rs",
                "pub fn call(client: &outside::Client) { client.list() }\n",
            ),
            (
                "outside/Cargo.toml",
                "[package]\nname = \"outside\"\nversion = \"1.2.3\"\nedition = \"2024\"\n[dependencies]\nhubspot-generated = { path = \"../client\" }\n",
            ),
            ("outside/src/lib.rs", "pub use hubspot_generated::Client;\n"),
            ("client/Cargo.toml", CLIENT_MANIFEST),
            ("client/src/lib.rs", CLIENT),
        ],
    );
    let stderr = refused(&mut workspace.audit(&[]));
    assert!(
        stderr.contains("only `outside 1.2.3` outside of it") && stderr.contains("--binary"),
        "{stderr}"
    );
}

#[test]
fn two_versions_are_counted_together_and_told() {
    let dependencies = "hubspot-generated = { path = \"client\" }\nnewer = { package = \"hubspot-generated\", path = \"newer\" }";
    let source = format!("{CALL}pub fn newer(client: &newer::Client) {{ client.list() }}\n");
    let workspace = Workspace::new(
        "versions",
        &[
            ("Cargo.toml", &manifest(dependencies)),
            ("src/lib.rs", &source),
            ("client/Cargo.toml", CLIENT_MANIFEST),
            ("client/src/lib.rs", CLIENT),
            (
                "newer/Cargo.toml",
                &CLIENT_MANIFEST.replace("0.9.0", "2.0.0"),
            ),
            ("newer/src/lib.rs", CLIENT),
        ],
    );
    let report = workspace.report(&[]);
    assert_eq!(
        calls(&report),
        [
            "app src/lib.rs:1 contacts.list",
            "app src/lib.rs:2 contacts.list"
        ]
    );
    assert_eq!(
        report["notes"][0],
        "the workspace is built with 2 versions of hubspot-generated (0.9.0, 2.0.0): the calls of all of them are counted together"
    );
}

#[test]
fn a_version_without_marks_is_told() {
    let workspace = with_client("unmarked", CALL);
    workspace.write(
        "client/Cargo.toml",
        &CLIENT_MANIFEST.replace("[features]\nscope-audit = []\n", ""),
    );
    let stderr = refused(&mut workspace.audit(&[]));
    assert!(stderr.contains("has no feature `scope-audit`"), "{stderr}");
}

#[test]
fn flags_for_the_compiler_are_kept() {
    let workspace = with_client("flags", &format!("#[cfg(flagged)]\n{CALL}"));
    let mut command = workspace.audit(&["--format", "json"]);
    command.env(
        "RUSTFLAGS",
        "--cfg flagged -D warnings -A deprecated --cap-lints allow",
    );
    assert_eq!(
        calls(&report(&mut command)),
        ["app src/lib.rs:2 contacts.list"]
    );
}

#[test]
fn a_second_audit_finds_the_same() {
    let workspace = with_client("twice", CALL);
    let first = workspace.report(&[]);
    assert_eq!(workspace.report(&[]), first);
}

/// A script that replaces a program.
#[cfg(unix)]
fn script(workspace: &Workspace, name: &str, text: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;

    workspace.write(name, &format!("#!/bin/sh\n{text}\n"));
    let path = workspace.folder().join(name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
        .expect("a script can be made runnable");
    path
}

#[cfg(unix)]
#[test]
fn a_wrapper_of_the_users_own_is_kept() {
    let workspace = with_client("wrapped", CALL);
    let wrapper = script(
        &workspace,
        "wrapper",
        "touch \"$(dirname \"$0\")/was-here\"\nexec \"$@\"",
    );
    let mut command = workspace.audit(&["--format", "json"]);
    command.env("RUSTC_WORKSPACE_WRAPPER", &wrapper);
    assert_eq!(
        calls(&report(&mut command)),
        ["app src/lib.rs:1 contacts.list"]
    );
    assert!(workspace.folder().join("was-here").exists());

    let workspace = with_client("wrapped-by-configuration", CALL);
    script(
        &workspace,
        "wrapper",
        "touch \"$(dirname \"$0\")/was-here\"\nexec \"$@\"",
    );
    workspace.write(
        ".cargo/config.toml",
        "[build]\nrustc-workspace-wrapper = \"./wrapper\"\n",
    );
    assert_eq!(
        calls(&workspace.report(&[])),
        ["app src/lib.rs:1 contacts.list"]
    );
    assert!(workspace.folder().join("was-here").exists());
}

#[cfg(unix)]
#[test]
fn a_wrapper_that_knows_no_compiler_but_rustc_is_kept() {
    // As sccache does.
    let knows_rustc = "case \"$(basename \"$1\")\" in\n\
        rustc) touch \"$(dirname \"$0\")/was-here\"; exec \"$@\";;\n\
        *) echo \"Compiler not supported: $1\" >&2; exit 1;;\n\
        esac";
    let workspace = with_client("cached", CALL);
    let wrapper = script(&workspace, "wrapper", knows_rustc);
    let mut command = workspace.audit(&["--format", "json"]);
    command.env("RUSTC_WRAPPER", &wrapper);
    assert_eq!(
        calls(&report(&mut command)),
        ["app src/lib.rs:1 contacts.list"]
    );
    assert!(workspace.folder().join("was-here").exists());

    // The wrapper for the workspace is called between it and rustc.
    let inner = script(
        &workspace,
        "rustc",
        "touch \"$(dirname \"$0\")/inner-was-here\"\nexec \"$@\"",
    );
    workspace.write("src/lib.rs", &format!("\n{CALL}"));
    let mut command = workspace.audit(&["--format", "json"]);
    command
        .env("RUSTC_WRAPPER", &wrapper)
        .env("RUSTC_WORKSPACE_WRAPPER", inner);
    assert_eq!(
        calls(&report(&mut command)),
        ["app src/lib.rs:2 contacts.list"]
    );
    assert!(workspace.folder().join("inner-was-here").exists());
}

#[cfg(unix)]
#[test]
fn a_compiler_without_the_flags_is_told() {
    let workspace = with_client("old", CALL);
    let refusing = "case \"$*\" in *--force-warn*) echo \"error: Unrecognized option: 'force-warn'\" >&2; exit 1;; esac\n\
                    exec rustc \"$@\"";
    let rustc = script(&workspace, "rustc", refusing);
    let mut command = workspace.audit(&[]);
    command.env("RUSTC", rustc);
    let stderr = refused(&mut command);
    assert!(
        stderr.contains("error: this rustc does not know `--force-warn`"),
        "{stderr}"
    );
}

#[test]
fn an_app_file_that_cannot_be_read_is_told_and_no_more() {
    let workspace = with_client("app-file", CALL);
    workspace.write("src/app/app-hsmeta.json", "{ \"config\": ");
    let report = workspace.report(&[]);
    let file = &report["packages"][0]["app_files"][0];
    assert_eq!(file["file"], "src/app/app-hsmeta.json");
    assert!(
        file["fault"]
            .as_str()
            .is_some_and(|fault| fault.starts_with("is not JSON: EOF")),
        "{file}"
    );
}

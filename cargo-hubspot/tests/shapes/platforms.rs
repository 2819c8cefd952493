//! Audits without the network, where only the crates of one platform have been downloaded.
//!
//! The registry of these workspaces is a folder that lists crates and holds none of their files: cargo can resolve them,
//! but fails as soon as it has to read one.

use std::env::consts;
use std::process::Command;

use super::bad_input::{CALL, CLIENT, CLIENT_MANIFEST, calls, refused};
use super::workspace::{Workspace, report};

/// A platform whose standard library need not be installed here.
const FOREIGN: &str = if cfg!(windows) {
    "x86_64-unknown-linux-gnu"
} else {
    "x86_64-pc-windows-msvc"
};

/// A workspace whose package depends on the client, on `only-foreign` where it is compiled for [`FOREIGN`], and on
/// `only-host` where it is compiled for this machine and `with_host` says so. Neither crate has been downloaded.
fn workspace(name: &str, with_host: bool) -> Workspace {
    let foreign = if cfg!(windows) { "linux" } else { "windows" };
    let mut manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\nexclude = [\"client\"]\n\
         [dependencies]\nhubspot-generated = {{ path = \"client\" }}\n\
         [target.'cfg(target_os = \"{foreign}\")'.dependencies]\nonly-foreign = \"1\"\n"
    );
    if with_host {
        let host = format!(
            "[target.'cfg(target_os = \"{}\")'.dependencies]\nonly-host = \"1\"\n",
            consts::OS
        );
        manifest.push_str(&host);
    }
    let listed = |name: &str| {
        format!(
            "{{\"name\":\"{name}\",\"vers\":\"1.0.0\",\"deps\":[],\"cksum\":\"{}\",\"features\":{{}},\"yanked\":false}}\n",
            "0".repeat(64)
        )
    };
    Workspace::new(
        name,
        &[
            ("Cargo.toml", &manifest),
            ("src/lib.rs", CALL),
            ("client/Cargo.toml", CLIENT_MANIFEST),
            ("client/src/lib.rs", CLIENT),
            (
                ".cargo/config.toml",
                "[source.crates-io]\nreplace-with = \"listed\"\n[source.listed]\nlocal-registry = \"registry\"\n",
            ),
            ("registry/index/on/ly/only-foreign", &listed("only-foreign")),
            ("registry/index/on/ly/only-host", &listed("only-host")),
        ],
    )
}

/// An audit for the platforms that cargo's configuration and `arguments` name.
fn audit(workspace: &Workspace, target: Option<&str>, arguments: &[&str]) -> Command {
    let mut command = workspace.audit(arguments);
    match target {
        Some(target) => command.env("CARGO_BUILD_TARGET", target),
        None => command.env_remove("CARGO_BUILD_TARGET"),
    };
    command
}

#[test]
fn crates_of_other_platforms_are_not_needed() {
    let workspace = workspace("platform-host", false);
    let report = report(&mut audit(&workspace, None, &["--format", "json"]));
    assert_eq!(calls(&report), ["app src/lib.rs:1 contacts.list"]);
}

#[test]
fn crates_of_the_platform_that_is_compiled_for_are_needed() {
    let workspace = workspace("platform-foreign", false);
    let by_option = audit(&workspace, None, &["--target", FOREIGN]);
    let by_configuration = audit(&workspace, Some(FOREIGN), &[]);
    for mut command in [by_option, by_configuration] {
        let stderr = refused(&mut command);
        assert!(
            stderr.contains(&format!("run `cargo fetch --target {FOREIGN}`")),
            "{stderr}"
        );
        assert!(stderr.contains("only-foreign"), "{stderr}");
    }
}

#[test]
fn several_targets_are_compiled_for() {
    let workspace = workspace("platform-several", false);
    let other = FOREIGN.replace("x86_64", "aarch64");
    let mut command = audit(&workspace, None, &["--target", FOREIGN, "--target", &other]);
    let stderr = refused(&mut command);
    let hint = format!("run `cargo fetch --target {FOREIGN} --target {other}`");
    assert!(stderr.contains(&hint), "{stderr}");

    // The same target twice is compiled once.
    let host = [
        "--target",
        "host-tuple",
        "--target",
        "host-tuple",
        "--format",
        "json",
    ];
    let report = report(&mut audit(&workspace, None, &host));
    assert_eq!(calls(&report), ["app src/lib.rs:1 contacts.list"]);
}

#[test]
fn crates_of_this_machine_are_needed_where_it_is_compiled_for() {
    let workspace = workspace("platform-missing", true);
    let stderr = refused(&mut audit(&workspace, None, &[]));
    assert!(stderr.contains("only-host"), "{stderr}");
    assert!(!stderr.contains("only-foreign"), "{stderr}");
}

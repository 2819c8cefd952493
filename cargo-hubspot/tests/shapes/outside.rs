//! Audits packages whose scopes other packages may need, and whose bounds have names that other files give them.

use super::left_out::{
    ALONE, CALL, COMPANIES, CONTACTS, check, declaring, manifest, of, said, workspace,
};
use super::workspace::report;

#[test]
fn packages_outside_the_workspace_may_use_its_packages() {
    let member = manifest("scopes", "").replace("\"client\"", "\"../client\"");
    let tool = manifest("tool", "scopes = { path = \"../scopes\" }\n[workspace]\n");
    let tool = tool.replace("hubspot-generated = { path = \"client\" }\n", "");
    let root = "[workspace]\nresolver = \"3\"\nmembers = [\"scopes\"]\nexclude = [\"client\", \"tool\", \"unrelated\"]\n";
    let unrelated = "[package]\nname = \"unrelated\"\nversion = \"0.1.0\"\n[workspace]\n";
    let files = [
        ("Cargo.toml", root),
        ("scopes/Cargo.toml", &member),
        ("scopes/src/lib.rs", &declaring("")),
        ("tool/Cargo.toml", &tool),
        ("tool/src/main.rs", CALL),
        ("unrelated/Cargo.toml", unrelated),
        ("unrelated/src/lib.rs", "fn f() { client.request() }"),
    ];
    check(
        "excluded",
        &files,
        "the package `tool` outside this workspace",
        false,
    );

    // Through another package outside the workspace.
    let direct = "scopes = { path = \"../scopes\" }";
    let through = tool.replace(direct, "helper = { path = \"helper\" }");
    let helper = "[package]\nname = \"helper\"\nversion = \"0.1.0\"\n[dependencies.scopes]\npath = \"../../scopes\"\n";
    let mut indirect = files.to_vec();
    indirect[3].1 = &through;
    indirect.push(("tool/helper/Cargo.toml", helper));
    let why = "the package `tool` outside this workspace";
    check("excluded-indirect", &indirect, why, false);

    // Its app file is not one of the workspace; the one in no package's folder is.
    let app_file =
        r#"{"type": "app", "config": {"auth": {"type": "oauth", "requiredScopes": ["tickets"]}}}"#;
    let app_files = ["tool/src/app/app-hsmeta.json", "app/app-hsmeta.json"];
    let app_files = app_files.map(|path| (path, app_file));
    let excluded = workspace("excluded-app-file", &[&files[..], &app_files].concat());
    let report = excluded.report(&[]);
    let app_files = report["packages"][0]["app_files"].as_array();
    let names = app_files.into_iter().flatten();
    let names = names.filter_map(|file| file["file"].as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["app/app-hsmeta.json"]);
}

#[test]
fn the_local_hubspot_needs_no_scope() {
    let dependency = |name: &str| {
        let more = format!(
            "[dev-dependencies]\n{name} = {{ path = \"other\" }}\n[workspace]\nexclude = [\"client\", \"other\"]\n"
        );
        let app = manifest("app", &more);
        let other = manifest(name, "").replace("\"client\"", "\"../client\"");
        let files = [
            ("Cargo.toml", app.as_str()),
            ("src/lib.rs", &declaring("")),
            ("other/Cargo.toml", &other),
            ("other/src/lib.rs", "pub use hubspot_generated::Client;\n"),
        ];
        said(name, &files, &[])
    };
    let mock = dependency("hubspot-mock");
    assert_eq!(mock.unused, [COMPANIES, "forms"], "{}", mock.verdict);
    let other = dependency("hubspot-other");
    assert_eq!(other.undecided, ["forms"], "{}", other.verdict);
}

#[test]
fn packages_beside_the_workspace_may_use_its_packages() {
    let member = manifest("scopes", "").replace("\"client\"", "\"../../client\"");
    let tool = manifest(
        "tool",
        "scopes = { path = \"../inside/scopes\" }\n[workspace]\n",
    );
    let tool = tool.replace("hubspot-generated = { path = \"client\" }\n", "");
    let beside = workspace(
        "beside",
        &[
            (
                "inside/Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"scopes\"]\n",
            ),
            ("inside/scopes/Cargo.toml", &member),
            ("inside/scopes/src/lib.rs", &declaring("")),
            ("tool/Cargo.toml", &tool),
            ("tool/src/main.rs", CALL),
        ],
    );
    let mut audit = beside.audit(&["--format", "json"]);
    audit.current_dir(beside.folder().join("inside"));
    let said = of(&report(&mut audit));
    assert_eq!(said.undecided, [COMPANIES], "{}", said.verdict);
}

#[test]
fn targets_may_begin_outside_their_package() {
    let member = manifest(
        "app",
        "[features]\nextra = []\n[[bin]]\nname = \"tool\"\npath = \"../shared/tool.rs\"\nrequired-features = [\"extra\"]\n",
    );
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"app\"]\nexclude = [\"client\"]\n",
        ),
        (
            "app/Cargo.toml",
            &member.replace("\"client\"", "\"../client\""),
        ),
        ("app/src/lib.rs", &declaring("")),
        ("shared/tool.rs", &format!("fn main() {{}}\n{CALL}")),
    ];
    check(
        "target-outside",
        &files,
        "the binary `tool`, which was not compiled",
        false,
    );
}

#[test]
fn dependencies_of_other_platforms_may_use_the_client() {
    let foreign = if cfg!(windows) { "unix" } else { "windows" };
    let dependency =
        format!("[target.'cfg({foreign})'.dependencies]\nhelper = {{ path = \"helper\" }}\n");
    let app = manifest(
        "app",
        &format!("{dependency}[workspace]\nexclude = [\"client\", \"helper\"]\n"),
    );
    let files = [
        ("Cargo.toml", app.as_str()),
        ("src/lib.rs", &declaring("")),
        (
            "helper/Cargo.toml",
            &manifest("helper", "").replace("\"client\"", "\"../client\""),
        ),
        ("helper/src/lib.rs", CALL),
    ];
    let why = "`helper` 0.1.0, which uses HubSpot and is not a dependency in this build";
    check("platform-path", &files, why, true);
}

#[test]
fn bounds_are_known_by_names_that_other_files_give_them() {
    let manifest = manifest("app", ALONE);
    for (name, import) in [
        ("by-name", "use crate::bounds::Companies;"),
        ("with-a-glob", "use crate::bounds::*;"),
        (
            "twice",
            "mod more { pub use crate::bounds::Companies as Companies2; }\nuse more::Companies2 as Companies;",
        ),
    ] {
        let source = format!("mod bounds;\n{import}\npub fn generic<S: Companies>() {{}}");
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/lib.rs", &declaring(&source)),
            (
                "src/bounds.rs",
                "pub use hubspot_generated::CrmObjectsCompaniesRead as Companies;\n",
            ),
        ];
        let said = said(&format!("bounds-{name}"), &files, &[]);
        assert_eq!(
            said.unused,
            [COMPANIES, "forms"],
            "{name}: {}",
            said.verdict
        );
        let stated_by = &said.verdict["unused"][0]["stated_by"];
        assert_eq!(stated_by[0], "generic", "{name}: {}", said.verdict);
    }
}

#[test]
fn bounds_are_known_by_names_that_other_packages_give_them() {
    let member =
        |name: &str, more: &str| manifest(name, more).replace("\"client\"", "\"../client\"");
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"names\"]\nexclude = [\"client\"]\n",
        ),
        (
            "app/Cargo.toml",
            &member("app", "names = { path = \"../names\" }\n"),
        ),
        (
            "app/src/lib.rs",
            &declaring("use names::Companies;\npub fn generic<S: Companies>() {}"),
        ),
        ("names/Cargo.toml", &member("names", "")),
        (
            "names/src/lib.rs",
            "pub use hubspot_generated::CrmObjectsCompaniesRead as Companies;\n",
        ),
    ];
    let said = said("bounds-package", &files, &["--package", "app"]);
    assert_eq!(
        said.verdict["unused"][0]["stated_by"][0], "generic",
        "{}",
        said.verdict
    );
}

#[test]
fn code_may_forbid_the_lints_of_the_audit() {
    let source = declaring(
        "#![forbid(deprecated, useless_deprecated)]\npub trait Sync { fn sync(&self); }\npub struct A;\nimpl Sync for A {\n    \
         #[allow(useless_deprecated)] #[deprecated(note = \"hubspot-scopes-function: app@0.1.0 sync\")]\n    \
         fn sync(&self) {}\n}\npub fn calls(a: &A) { a.sync() }",
    );
    let manifest = manifest("app", ALONE);
    let said = said(
        "forbids",
        &[("Cargo.toml", &manifest), ("src/lib.rs", &source)],
        &[],
    );
    assert_eq!(
        said.verdict["least_set"],
        serde_json::json!([CONTACTS]),
        "{}",
        said.verdict
    );
}

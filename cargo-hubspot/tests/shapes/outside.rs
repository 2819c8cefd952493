//! Audits packages with code outside of what one compilation sees: elsewhere, on other platforms, or without lints.

use super::left_out::{
    ALONE, CALL, COMPANIES, CONTACTS, check, declaring, manifest, of, said, workspace,
};

#[test]
fn packages_outside_the_workspace_may_use_its_packages() {
    let member = manifest("scopes", "").replace("\"client\"", "\"../client\"");
    let tool = manifest("tool", "scopes = { path = \"../scopes\" }\n[workspace]\n");
    let tool = tool.replace("hubspot-generated = { path = \"client\" }\n", "");
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"scopes\"]\nexclude = [\"client\", \"tool\", \"unrelated\"]\n";
    let unrelated = "[package]\nname = \"unrelated\"\nversion = \"0.1.0\"\n[workspace]\n";
    let files = [
        ("Cargo.toml", workspace),
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

    // The same beside the workspace's own folder.
    let beside = self::workspace(
        "beside",
        &[
            (
                "inside/Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"scopes\"]\n",
            ),
            (
                "inside/scopes/Cargo.toml",
                &member.replace("\"../client\"", "\"../../client\""),
            ),
            ("inside/scopes/src/lib.rs", &declaring("")),
            (
                "tool/Cargo.toml",
                &tool.replace("../scopes", "../inside/scopes"),
            ),
            ("tool/src/main.rs", CALL),
        ],
    );
    let mut audit = beside.audit(&["--format", "json"]);
    audit.current_dir(beside.folder().join("inside"));
    let said = of(&super::workspace::report(&mut audit));
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

//! What is refused, with whole messages. Nothing is changed.

use crate::package::{DEFINITIONS, Package};

const FORMAT: &str = "a file of definitions is `{\"schemas\": …, \"properties\": {\"deals\": …}, \"associations\": {\"deals\": {\"contacts\": …}}}`, with a response of HubSpot at each `…`";

#[test]
fn files_that_are_no_definitions_are_refused() {
    let package = Package::new();
    package.types(&[]);
    let arguments = ["--from", "account.json", "--only", "all"];
    let cannot = format!("cannot read the definitions in `account.json` ({FORMAT}): ");
    let truncated = &DEFINITIONS[..DEFINITIONS.find("\"wheels\"").unwrap()];
    for (text, message) in [
        (
            truncated,
            format!("{cannot}EOF while parsing a value at line 13 column 20"),
        ),
        ("", format!("{cannot}EOF while parsing a value at line 1 column 0")),
        (
            r#"{"openapi": "3.0.3"}"#,
            format!(
                "{cannot}unknown field `openapi`, expected one of `schemas`, `properties`, `associations` at line 1 column 10"
            ),
        ),
        (
            r#"{"results": [{"name": "amount"}]}"#,
            format!(
                "{cannot}unknown field `results`, expected one of `schemas`, `properties`, `associations` at line 1 column 10"
            ),
        ),
        (
            r#"{"properties": {"deals": {"results": [{"id": "512", "properties": {}}]}}}"#,
            format!("{cannot}missing field `name` at line 1 column 69"),
        ),
        (
            "{}",
            format!("`account.json` defines no object types: {FORMAT}"),
        ),
        (
            r#"{"properties": {"deals": {"results": [{"name": "a", "type": "string"}, {"name": "a", "type": "number"}]}}}"#,
            "cannot use the definitions in `account.json`: the property `a` of `deals` is defined twice".to_owned(),
        ),
        (
            r#"{"properties": {"deals": {"results": []}, "0-3": {"results": []}}}"#,
            "cannot use the definitions in `account.json`: the properties of `deals` are given twice, under two of its names".to_owned(),
        ),
        (
            r#"{"properties": {"dales": {"results": []}}}"#,
            "cannot use the definitions in `account.json`: there is no object type `dales`; there are no custom object types".to_owned(),
        ),
    ] {
        package.write("account.json", text);
        package.refuses(&arguments, &message);
    }
}

#[test]
fn what_cannot_be_read_or_written_is_refused() {
    let package = Package::new();
    let from = ["--from", "account.json"];
    for (arguments, message) in [
        (
            &[][..],
            "nothing to read: give a token with `--token-env VARIABLE`, or a file with `--from FILE`",
        ),
        (
            &["--from", "none.json"],
            "cannot read `none.json`: No such file or directory (os error 2)",
        ),
        (
            &["--from", "account.json", "--only", "boat"],
            "cannot use the definitions in `account.json`: there is no object type `boat`; the custom object types are `car`",
        ),
        (
            &["--from", "account.json", "--only", "0-54"],
            "cannot use the definitions in `account.json`: `#[derive(Record)]` does not know HubSpot's object type `0-54`: its operations and scopes are not those of records",
        ),
        (
            &["--from", "account.json", "--only", "tickets"],
            "`account.json` does not define `tickets`",
        ),
        (
            &["--from", "account.json", "--check"],
            "there is no `hubspot-types.lock`: write it with `cargo hubspot types`",
        ),
        (
            &["--from", "account.json", "--manifest-path", "no/Cargo.toml"],
            "there is no `no/Cargo.toml`",
        ),
        (
            &["--from", "account.json", "--integers", "pages,car.plate"],
            "`--integers car.plate`: no object type has a number of this name",
        ),
        (
            &["--token-env", "NO_SUCH_TOKEN"],
            "`NO_SUCH_TOKEN` is not set",
        ),
    ] {
        package.refuses(arguments, message);
    }

    package.write("src/hubspot_types/mine.rs", "//! Mine.\n");
    package.refuses(
        &from,
        "src/hubspot_types/mine.rs was not generated: choose a folder for generated code alone, or move the file. Nothing was \
         changed.",
    );
    std::fs::remove_file(package.path().join("src/hubspot_types/mine.rs")).unwrap();
    package.write(
        "hubspot-types.lock",
        "version = 2\nproperties = \"all\"\n[style]\n",
    );
    package.refuses(
        &from,
        "`hubspot-types.lock` has version 2, and this cargo-hubspot reads version 1",
    );
}

#[test]
fn nothing_is_written_if_one_file_cannot_be() {
    let package = Package::new();
    package.types(&["--only", "deals"]);
    // A folder stands where the file of another type belongs.
    package.write(
        "src/hubspot_types/car.rs/mod.rs",
        "// Generated by `cargo hubspot types`; do not edit.\n",
    );
    let before = package.files();
    let (status, stdout, _) = package.types(&["--only", "all"]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    assert_eq!(package.files(), before);
}

//! `object-types.toml`: what is refused, and where.

use hubspot_codegen::config::Config;
use hubspot_codegen::correct::correct;
use hubspot_codegen::load::{Origin, load};
use hubspot_codegen::object_types::ObjectTypes;

const SCOPES: &str = "[[scope]]\nname = \"deals.read\"\n[[scope]]\nname = \"deals.write\"\n";

/// A valid file with one type, whose lines the tests replace.
const DEALS: &str = r#"
[[object_type]]
id = "0-3"
path = "deals"
singular = "deal"
updated = "changed"
scopes = { read = ["deals.read"], write = ["deals.write"] }

[custom]
scopes = { read = ["deals.read"], write = ["deals.write"] }
"#;

fn parse(text: &str) -> Result<ObjectTypes, String> {
    let apis = "current = \"2026-09\"\n[[version]]\nname = \"2026-09\"\nmodule = \"v2026_09\"\n";
    let config = Config::parse(("apis.toml", apis), ("scopes.toml", SCOPES)).unwrap();
    let parsed = ObjectTypes::parse("object-types.toml", text, &config);
    parsed.map_err(|errors| errors.to_string())
}

#[test]
fn a_valid_file_is_generated_with_its_requirements() {
    let output = parse(DEALS).unwrap().generate().unwrap();
    let text = &output["object_types.rs"];
    assert!(text.contains(r#"id: "0-3""#), "{text}");
    assert!(text.contains(r#""\"deals.read\"""#), "{text}");
}

#[test]
fn errors_name_their_place() {
    let twice = format!("{}{}", DEALS.split("[custom]").next().unwrap(), DEALS);
    for (text, expected) in [
        (
            DEALS.replace(
                r#"["deals.read"], write = ["deals.write"] }

[custom]"#,
                r#"["nope"], write = ["deals.write"] }

[custom]"#,
            ),
            "object-types.toml#/object_type/0/scopes/read: scope `nope` is not known",
        ),
        (
            DEALS.replacen(r#"path = "deals""#, "", 1),
            "missing field `path`",
        ),
        (
            DEALS.replacen(r#"path = "deals""#, r#"path = """#, 1),
            "the value must not be empty",
        ),
        (
            DEALS.replacen("updated", "udpated", 1),
            "unknown field `udpated`",
        ),
        (
            twice,
            "object-types.toml#/object_type/1/id: duplicate object type `0-3`",
        ),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn types_of_associations_have_known_objects_and_a_number_for_each_direction() {
    let notes = DEALS.split("[custom]").next().unwrap();
    let notes = notes.replace("0-3", "0-46").replace("deal\"", "note\"");
    let objects = format!("{}{DEALS}", notes.replace("\"deals\"", "\"notes\""));
    let association = |types: &str, numbers: &str| {
        let names = r#"names = ["a", "b"]"#;
        format!("[[association_type]]\ntypes = {types}\nnumbers = {numbers}\n{names}\n")
    };
    let (both, same) = (r#"["deals", "notes"]"#, r#"["deals", "deals"]"#);
    let valid = association(both, "[214, 213]") + &association(same, "[451, 451]");
    let output = parse(&format!("{objects}{valid}")).unwrap();
    let output = output.generate_associations().unwrap();
    let text = &output["association_types.rs"];
    for constant in [
        "DEAL_TO_NOTE: i32 = 214;",
        "NOTE_TO_DEAL: i32 = 213;",
        "DEAL_TO_DEAL: i32 = 451;",
    ] {
        assert!(text.contains(constant), "{constant}: {text}");
    }
    for (added, expected) in [
        (
            association(r#"["deals", "nope"]"#, "[1, 2]"),
            "association_type/2/types: object type `nope` is not known",
        ),
        (
            association(r#"["notes", "notes"]"#, "[213, 2]"),
            "association_type/2/numbers: duplicate association type `213`",
        ),
        (
            association(both, "[3, 4]"),
            "association_type/2/types: duplicate association type `DEAL_TO_NOTE`",
        ),
        (
            association(both, "[5, 5]"),
            "association_type/2/numbers: duplicate association type `5`",
        ),
    ] {
        let error = parse(&format!("{objects}{valid}{added}")).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

/// A template with what templates may have.
const TEMPLATE: &str = r#"
openapi: "3.0.3"
info: { title: <Many>, version: "1", description: "<note about>" }
x-notes: { again: "Sending it twice creates two <many>." }
paths:
  /objects/<path>:
    get: { x-operation: list, summary: Lists <many>., security: read }
    post: { x-operation: create, summary: "Creates <a one>.\n\n<note again>", security: write }
  /objects/<path>/merge:
    post: { x-operation: merge, summary: Merges <many>., security: write }
"#;

/// The document of deals, made from a table and a template.
fn document(table: &str, template: &str) -> Result<serde_json::Value, String> {
    let types = parse(table)?;
    let read = |path: &str| match path {
        "templates/objects-2026-09.yaml" => Ok(template.as_bytes().to_vec()),
        other => Ok(other.as_bytes().to_vec()),
    };
    let document = types.read("2026-09/deals.json", &read);
    let document = document.map_err(|error| error.to_string())?;
    serde_json::from_slice(&document).map_err(|error| error.to_string())
}

fn published(keys: &str) -> String {
    DEALS.replacen(
        "updated",
        &format!("published = \"deals.json\"\n{keys}\nupdated"),
        1,
    )
}

#[test]
fn the_document_of_a_type_is_filled_in() {
    let table = published("notes = { about = \"Sales.\" }").replace(
        r#"write = ["deals.write"] }

[custom]"#,
        r#"write = [["deals.write", "deals.read"]] }

[custom]"#,
    );
    let document = document(&table, TEMPLATE).unwrap();
    let expected = serde_json::json!({
        "openapi": "3.0.3",
        "info": { "title": "Deals", "version": "1", "description": "Sales." },
        "paths": {
            "/objects/deals": {
                "get": {
                    "summary": "Lists deals.",
                    "security": [{ "oauth2": ["deals.read"] }, { "private_apps": ["deals.read"] }],
                },
                "post": {
                    "summary": "Creates a deal.\n\nSending it twice creates two deals.",
                    "security": [
                        { "oauth2": ["deals.write", "deals.read"] },
                        { "private_apps": ["deals.write", "deals.read"] },
                    ],
                },
            },
        },
    });
    assert_eq!(document, expected);
}

#[test]
fn operations_that_a_type_lacks_are_left_out() {
    let table = published("without = [\"list\", \"create\"]\nmerge = true");
    let document = document(&table, TEMPLATE).unwrap();
    let paths = document["paths"].as_object().unwrap().keys();
    assert_eq!(paths.collect::<Vec<_>>(), ["/objects/deals/merge"]);
}

#[test]
fn words_of_the_documentation() {
    for (keys, expected) in [
        (
            "one = \"offer\"\nmany = \"offers\"",
            ["Creates an offer.", "Offers"],
        ),
        ("name = \"deals\"", ["Creates a deal.", "Deals"]),
    ] {
        let document = document(&published(keys), TEMPLATE).unwrap();
        let summary = document["paths"]["/objects/deals"]["post"]["summary"].as_str();
        assert!(summary.unwrap().starts_with(expected[0]), "{summary:?}");
        assert_eq!(document["info"]["title"], expected[1]);
    }
}

#[test]
fn mistakes_in_templates_and_notes() {
    for (keys, template, expected) in [
        (
            "",
            TEMPLATE.replacen("<many>", "<others>", 2),
            "templates/objects-2026-09.yaml: `<others>` is not known",
        ),
        (
            "",
            TEMPLATE.replacen("<Many>", "<Many", 1),
            "templates/objects-2026-09.yaml: `<` without `>` in \"<Many\"",
        ),
        (
            "notes = { abuot = \"Sales.\" }",
            TEMPLATE.to_owned(),
            "templates/objects-2026-09.yaml: deals has the note `abuot`, which is used nowhere",
        ),
        (
            "without = [\"lsit\"]",
            TEMPLATE.to_owned(),
            "templates/objects-2026-09.yaml: deals is without `lsit`, which is not an operation",
        ),
        (
            "",
            "openapi: [".to_owned(),
            "templates/objects-2026-09.yaml: ",
        ),
    ] {
        let error = document(&published(keys), &template).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// Only documents of types are filled in; a type without `published` has none.
#[test]
fn other_files_are_read() {
    let types = parse(DEALS).unwrap();
    let read = |path: &str| Ok(path.as_bytes().to_vec());
    for path in ["2026-09/deals.json", "2026-09/schemas.yaml"] {
        assert_eq!(types.read(path, &read).unwrap(), path.as_bytes());
    }
}

#[test]
fn a_type_with_a_document_is_an_api() {
    let apis = "current = \"2026-09\"\n[[version]]\nname = \"2026-09\"\nmodule = \"v2026_09\"\n";
    let config = Config::parse(("apis.toml", apis), ("scopes.toml", SCOPES)).unwrap();
    let types = parse(&published("name = \"big_deals\"")).unwrap();
    let config = types.extend(config).unwrap();
    let api = config.apis.api("big_deals").unwrap();
    assert_eq!(
        (&*api.feature, api.family.as_deref()),
        ("big-deals", Some("objects"))
    );
    let document = config.apis.document("big_deals", "2026-09").unwrap();
    assert_eq!(document.bind["objectType"], "deals");
    let error = types.extend(config).unwrap_err().to_string();
    assert_eq!(
        error,
        "object-types.toml: duplicate document `2026-09/big_deals`"
    );
}

/// What is left of a list of scopes of every object type, which HubSpot's document gives for deals.
fn narrowed(own: &str) -> usize {
    let apis = "current = \"2026-09\"\n[[version]]\nname = \"2026-09\"\nmodule = \"v2026_09\"\n";
    let config = Config::parse(("apis.toml", apis), ("scopes.toml", SCOPES)).unwrap();
    let config = parse(&published("")).unwrap().extend(config).unwrap();
    let others = (0..60).map(|number| format!("other.{number}"));
    let scopes = others.chain([own.to_owned()]);
    let security = ["oauth2", "private_apps"].map(|scheme| {
        let entries = scopes.clone();
        entries.map(move |scope| serde_json::json!({ scheme: [scope] }))
    });
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": { "title": "Deals", "version": "1" },
        "paths": { "/objects/{objectType}": { "get": {
            "security": security.into_iter().flatten().collect::<Vec<_>>(),
            "responses": {},
        } } },
    });
    let bytes = document.to_string().into_bytes();
    let sources = load(&config, Origin::Published, &|_| Ok(bytes.clone())).unwrap();
    let corrected = correct(sources, &config, &[]).unwrap();
    let operation = &corrected.documents[0].value["paths"]["/objects/deals"]["get"];
    operation["security"].as_array().unwrap().len()
}

#[test]
fn the_scopes_of_every_type_give_way_to_those_of_the_own() {
    assert_eq!(narrowed("deals.read"), 2);
    assert_eq!(
        narrowed("deals.reed"),
        122,
        "the list lacks the type's scope"
    );
}

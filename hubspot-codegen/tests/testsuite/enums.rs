//! How declarations of enums are written, whatever their documents say.

use hubspot_codegen::config::Config;
use hubspot_codegen::generate;
use hubspot_codegen::load::Origin;
use serde_json::json;

/// The code of the types of a document with this description and these values.
fn types(description: &str, values: &[&str]) -> String {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "v1" },
        "security": [{ "oauth2": [] }],
        "paths": { "/things": { "get": { "responses": { "200": {
            "description": ".",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } },
        } } } } },
        "components": { "schemas": { "Thing": {
            "type": "object",
            "description": description,
            "required": ["kind"],
            "properties": { "kind": { "type": "string", "description": description, "enum": values } },
        } } },
    });
    let config = Config::ad_hoc("things", "v1", "a.json");
    let bytes = document.to_string().into_bytes();
    let output = generate(&config, Origin::Own, &[], &|_| Ok(bytes.clone())).unwrap();
    output["models/v1/things.rs"].clone()
}

#[test]
fn variants_are_broken_between_each_other() {
    let values = [
        "A_RATHER_LONG_VALUE_OF_THIS_ENUM",
        "ANOTHER_VALUE_OF_SUCH_A_LENGTH",
        "B",
    ];
    let code = types("What it is.", &values);
    let expected = "string_enum!(
    /// What it is.
    ThingKind; AnotherValueOfSuchALength = \"ANOTHER_VALUE_OF_SUCH_A_LENGTH\",
    ARatherLongValueOfThisEnum = \"A_RATHER_LONG_VALUE_OF_THIS_ENUM\", B = \"B\"
);
";
    assert!(code.contains(expected), "{code}");
}

#[test]
fn values_that_are_no_code_in_markdown_are_shown_otherwise() {
    let code = types("What it is.", &["", "a`[b]", ");", "a, b; \"c\""]);
    for part in [
        "= \"\" as \"The empty text.\",",
        "= \"a`[b]\" as \"",
        "= \");\"",
        "= \"a, b; \\\"c\\\"\"",
    ] {
        assert!(code.contains(part), "{part} is not in {code}");
    }
    let items = syn::parse_file(&code).unwrap().items;
    assert!(items.iter().any(|item| matches!(item, syn::Item::Macro(_))));
}

#[test]
fn a_description_is_not_taken_for_a_declaration() {
    let code = types("See string_enum!(a, b", &["A"]);
    let comments = code.lines().filter(|line| line.contains("See"));
    assert_eq!(comments.count(), 3, "{code}");
    syn::parse_file(&code).unwrap();
}

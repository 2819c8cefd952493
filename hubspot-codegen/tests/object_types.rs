//! `object-types.toml`: what is refused, and where.

use hubspot_codegen::config::Config;
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

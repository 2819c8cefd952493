//! Files of single APIs, and drafts: documents with words that are due.

use hubspot_codegen::config::Config;
use hubspot_codegen::load::Origin;
use hubspot_codegen::{documents, import};

const APIS: &str = "current = \"v1\"\n[[version]]\nname = \"v1\"\nmodule = \"v1\"\n";

const OWNERS: &str = r#"
[api]
name = "owners"
feature = "owners"
nouns = { one = "Owner", many = "Owners" }

[document]
version = "v1"
file = "owners.yaml"
draft = true

[methods]
"GET /owners/v1" = "all"
"#;

const DOCUMENT: &str = r#"
openapi: "3.0.3"
info: { title: Owners, version: v1, description: TODO }
paths:
  /owners/v1:
    get:
      security: [{ oauth2: [] }]
      responses: { "204": { description: Done. } }
components:
  securitySchemes:
    oauth2: { type: oauth2, flows: {} }
"#;

fn config(file: &str, drafts: bool) -> Result<Config, String> {
    let mut config = Config::parse(("apis.toml", APIS), ("scopes.toml", "")).unwrap();
    config.drafts = drafts;
    config
        .with_api("owners.toml", file)
        .map_err(|errors| errors.to_string())
}

#[test]
fn a_draft_is_read_only_when_it_is_asked_for() {
    assert!(config(OWNERS, false).unwrap().apis.documents.is_empty());
    let with = config(OWNERS, true).unwrap();
    assert_eq!(with.apis.documents[0].id(), "v1/owners");
    // Keys are about the API's own document.
    assert_eq!(with.apis.methods["v1/owners#GET /owners/v1"], "all");
}

#[test]
fn words_that_are_due_are_refused_with_their_place() {
    let read = |_: &str| Ok(DOCUMENT.as_bytes().to_vec());
    let draft = config(OWNERS, true).unwrap();
    assert_eq!(documents(&draft, Origin::Own, &[], &read).unwrap().len(), 1);
    let done = config(&OWNERS.replace("draft = true\n", ""), false).unwrap();
    let errors = documents(&done, Origin::Own, &[], &read).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "owners.yaml#/info/description: `TODO`: write this text, or mark the document with `draft = true`"
    );
    let due = import::due("info:\n  description: TODO\n");
    assert_eq!(due[0].to_string(), "2: info.description");
}

#[test]
fn an_api_that_is_there_already_is_refused() {
    let done = OWNERS.replace("draft = true\n", "");
    let twice = config(&done, false).unwrap().with_api("again.toml", &done);
    let message = twice.unwrap_err().to_string();
    assert!(message.contains("again.toml: duplicate"), "{message}");
    let unknown = config(&OWNERS.replace("[methods]", "[method]"), false).unwrap_err();
    assert!(unknown.contains("unknown field `method`"), "{unknown}");
}

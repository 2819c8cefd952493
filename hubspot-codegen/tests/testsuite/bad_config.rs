//! What is wrong with the configuration or with a correction is an error that says where, and what to do.

use hubspot_codegen::config::Config;
use hubspot_codegen::correct::{Overlay, correct};
use hubspot_codegen::error::Errors;
use hubspot_codegen::lower::lower;

use crate::files::{lines, load_from};

const APIS: &str = r#"
current = "v1"

[[version]]
name = "v1"
module = "v1"

[[api]]
name = "things"
feature = "things"
nouns = { one = "Thing", many = "Things" }

[[document]]
api = "things"
version = "v1"
file = "a.yaml"
published = "a.yaml"
bind = { kind = "large" }
"#;

#[track_caller]
fn config_refuses(apis: &str, scopes: &str, message: &str) {
    let errors = Config::parse(("apis.toml", apis), ("scopes.toml", scopes)).unwrap_err();
    assert_eq!(lines(&errors), [message]);
}

#[test]
fn names_in_apis_toml_that_are_not_known() {
    config_refuses(
        &APIS.replace("\nversion = \"v1\"", "\nversion = \"v7\""),
        "",
        "apis.toml: version `v7` is not known: expected one of v1",
    );
    config_refuses(
        &APIS.replace("\napi = \"things\"", "\napi = \"thing\""),
        "",
        "apis.toml: api `thing` is not known: expected one of things",
    );
    config_refuses(
        &APIS.replace("current = \"v1\"", "current = \"v2\""),
        "",
        "apis.toml: version `v2` is not known: expected one of v1",
    );
    let key = APIS.replace("module =", "modul =");
    let errors = Config::parse(("apis.toml", &key), ("scopes.toml", "")).unwrap_err();
    assert!(
        errors.to_string().contains("unknown field `modul`"),
        "{errors}"
    );
}

#[test]
fn what_the_client_is_named_after() {
    let nameless = APIS
        .replace("feature = \"things\"\n", "")
        .replace("nouns = { one = \"Thing\", many = \"Things\" }\n", "");
    config_refuses(
        &nameless,
        "",
        "apis.toml: the client has the api `things`, which needs `feature` and `nouns`",
    );
    // The mock has no use for them.
    let mocked = format!("{nameless}mock_only = true\n");
    Config::parse(("apis.toml", &mocked), ("scopes.toml", "")).unwrap();
}

#[test]
fn a_generic_resource_of_an_api_s_name() {
    let generic = "[[generic]]\nresource = \"things\"\nparameters = [\"toId\"]\nfeatures = []\nnouns = { one = \"\", many = \"\" }\n";
    config_refuses(
        &format!("{APIS}{generic}"),
        "",
        "apis.toml: duplicate resource `things`",
    );
    // An API that is not in the client may have more of the resource's operations.
    let mocked = format!("{APIS}mock_only = true\n{generic}");
    Config::parse(("apis.toml", &mocked), ("scopes.toml", "")).unwrap();
}

#[test]
fn what_is_given_twice() {
    let document = &APIS[APIS.find("[[document]]").unwrap()..];
    config_refuses(
        &format!("{APIS}{document}"),
        "",
        "apis.toml: duplicate document `v1/things`",
    );
    config_refuses(
        APIS,
        "[[scope]]\nname = \"a\"\n[[scope]]\nname = \"a\"",
        "scopes.toml: duplicate scope `a`",
    );
}

const BOUND: &str = "
openapi: 3.0.3
info: { title: Things, version: v1 }
security: [{ oauth2: [] }]
paths:
  /things/{kind}:
    parameters: [{ name: kind, in: path, required: true, schema: { type: string } }]
    get: { responses: { '204': { description: . } } }
components: { schemas: { Thing: { type: object, required: [a] } } }
";

/// Corrects a published document, and lowers it.
fn corrected(document: &str, overlay: &str) -> Result<Vec<String>, Errors> {
    let config = Config::parse(("apis.toml", APIS), ("scopes.toml", ""))?;
    let overlay = Overlay::parse("overlays/o.yaml", overlay.as_bytes())?;
    let sources = load_from(&config, &[("a.yaml", document)])?;
    let lowered = lower(&correct(sources, &config, &[overlay])?, &config);
    assert_eq!(lowered.refused, []);
    let operations = lowered.documents[0].operations.iter();
    Ok(operations.map(|operation| operation.path.clone()).collect())
}

fn overlay(applies_to: &str, target: &str) -> String {
    format!(
        "overlay: 1.0.0
info: {{ title: T, version: 1.0.0 }}
x-applies-to: {applies_to}
actions: [{{ target: \"{target}\", description: d, remove: true }}]"
    )
}

#[test]
fn overlays_and_bound_parameters() {
    let found = "$.components.schemas.Thing.required";
    let good = corrected(BOUND, &overlay("['*/things']", found)).unwrap();
    assert_eq!(good, ["/things/large"]);

    for (applies_to, target, message) in [
        (
            "['v1/things']",
            "$.components.schemas.Thin",
            "overlays/o.yaml#/actions/0: `target: $.components.schemas.Thin` matches nothing in any document: remove the correction if the documents were fixed",
        ),
        (
            "['v2/things']",
            found,
            "overlays/o.yaml#/x-applies-to/0: document `v2/things` is not known",
        ),
        (
            "7",
            found,
            "overlays/o.yaml: the overlay cannot be applied: `x-applies-to`: invalid type: integer `7`, expected a sequence",
        ),
        (
            "['*/*']",
            "$.[",
            "overlays/o.yaml: the overlay cannot be applied: ",
        ),
    ] {
        let error = corrected(BOUND, &overlay(applies_to, target)).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[test]
fn a_parameter_that_cannot_be_bound() {
    let overlay = overlay("['v1/things']", "$.components.schemas.Thing.required");
    let error = corrected(&BOUND.replace("kind", "sort"), &overlay).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.yaml: no path has the parameter `{kind}` that `bind` gives a value"
    );
    let both = BOUND.replace(
        "paths:",
        "paths:\n  /things/large:\n    get: { responses: { '204': { description: . } } }",
    );
    let error = corrected(&both, &overlay).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.yaml#/paths/~1things~1{kind}: after binding its parameters this path is `/things/large`, which the document already has"
    );
}

#[test]
fn a_public_operation_without_a_reason() {
    config_refuses(
        &format!("{APIS}\n[public]\n\"GET /things\" = \" \""),
        "",
        "apis.toml: `GET /things` of `[public]` needs a reason",
    );
}

#[test]
fn an_overlay_with_a_key_twice() {
    let text = overlay("['*/things']", "$.a") + "\nactions: []";
    let error = Overlay::parse("overlays/o.yaml", text.as_bytes()).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("duplicate") && message.contains("line 5"),
        "{message}"
    );
}

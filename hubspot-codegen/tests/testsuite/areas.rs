//! APIs of an area are reached through its handle, and named after it.

use hubspot_codegen::config::Config;
use hubspot_codegen::generate;
use hubspot_codegen::load::Origin;

const APIS: &str = r#"
current = "v1"

[[version]]
name = "v1"
module = "v1"

[[api]]
name = "cms_posts"
feature = "cms-posts"
area = "cms"
nouns = { one = "Post", many = "Posts" }

[[api]]
name = "owners"
feature = "owners"
area = "crm"
nouns = { one = "Owner", many = "Owners" }

[[document]]
api = "cms_posts"
version = "v1"
file = "posts.yaml"

[[document]]
api = "owners"
version = "v1"
file = "owners.yaml"
"#;

const DOCUMENT: &str = r#"
openapi: "3.0.3"
info: { title: A, version: v1 }
paths:
  /things/v1:
    get:
      security: [{ oauth2: [] }]
      responses: { "204": { description: Done. } }
components:
  securitySchemes:
    oauth2: { type: oauth2, flows: {} }
"#;

fn config(apis: &str) -> Result<Config, String> {
    let config = Config::parse(("apis.toml", apis), ("scopes.toml", ""));
    config.map_err(|errors| errors.to_string())
}

#[test]
fn an_area_has_a_handle_and_crm_is_at_the_top() {
    let config = config(APIS).unwrap();
    let read = |path: &str| {
        Ok(DOCUMENT
            .replace("/things", &format!("/{path}"))
            .into_bytes())
    };
    let output = generate(&config, Origin::Own, &[], &read).unwrap();
    let root = &output["v1/mod.rs"];
    assert!(root.contains("pub fn cms(&self) -> Cms<S>"), "{root}");
    assert!(root.contains("pub struct Cms<S>"), "{root}");
    assert!(
        root.contains("pub fn posts(&self) -> cms_posts::CmsPosts<S>"),
        "{root}"
    );
    assert!(
        root.contains("pub fn owners(&self) -> owners::Owners<S>"),
        "{root}"
    );
    // What the audit and its reports know the call by.
    let posts = &output["v1/cms_posts.rs"];
    assert!(
        posts.contains("\"cms.posts.get\"") || posts.contains("\"cms.posts.list\""),
        "{posts}"
    );
}

#[test]
fn names_of_areas_are_checked() {
    for (from, to, message) in [
        (
            "name = \"cms_posts\"",
            "name = \"posts\"",
            "apis.toml: the api `posts` is in the area `cms`, so its name must begin with `cms_`",
        ),
        (
            "name = \"owners\"",
            "name = \"cms\"",
            "apis.toml: duplicate area or api `cms`",
        ),
    ] {
        let renamed = APIS.replacen(from, to, 1);
        let api = to.trim_start_matches("name = ");
        let renamed = renamed.replace(&from.replace("name", "api"), &format!("api = {api}"));
        assert_eq!(config(&renamed).unwrap_err(), message);
    }
}

//! Modules for crates of one's own: what settings and documents are refused, and where paths come from.

use std::fs;

use hubspot_codegen::Generator;

const DOCUMENT: &str = "openapi: 3.0.3
info: { title: Visits, version: v9 }
servers: [{ url: 'https://api.hubapi.com' }]
security: [{ oauth2: [visits.read] }]
paths:
  /visits:
    get:
      parameters: [{ name: since, in: query, required: true, schema: { type: string, format: date-time } }]
      responses: { '204': { description: . } }
";

/// What a module of this document is, or what is wrong with it.
fn generated(
    file: &str,
    text: &str,
    set: impl FnOnce(Generator, &std::path::Path) -> Generator,
) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::write(&path, text).unwrap();
    let generator = Generator::new("hubspot").document(&path);
    let output = set(generator, folder.path()).generate();
    let shown = format!("{}/", folder.path().display());
    output
        .map(|files| files.into_values().collect())
        .map_err(|errors| errors.to_string().replace(&shown, ""))
}

fn of_text(text: &str) -> Result<String, String> {
    generated("visits.yaml", text, |of, _| of.new_scope("visits.read"))
}

#[test]
fn servers_give_the_base_path() {
    for (servers, path) in [
        ("[{ url: 'https://api.hubapi.com' }]", "/visits"),
        ("[]", "/visits"),
        (
            "[{ url: 'https://api.hubapi.com/crm/v9/' }]",
            "/crm/v9/visits",
        ),
        ("[{ url: /crm/v9 }]", "/crm/v9/visits"),
        (
            "[{ url: 'https://{host}/crm', variables: { host: { default: api-eu1.hubapi.com } } }]",
            "/crm/visits",
        ),
        (
            "[{ url: 'http://localhost/x' }, { url: 'https://api.hubspot.com/y' }]",
            "/y/visits",
        ),
    ] {
        let text = DOCUMENT.replace("[{ url: 'https://api.hubapi.com' }]", servers);
        let code = of_text(&text).unwrap();
        assert!(code.contains(&format!("\"GET\", \"{path}\"")), "{code}");
    }
    let of_path = DOCUMENT.replace("    get:", "    servers: [{ url: /b }]\n    get:");
    assert!(of_text(&of_path).unwrap().contains("\"/b/visits\""));
    let of_call = of_path.replace("    get:", "    get:\n      servers: [{ url: /c }]");
    assert!(of_text(&of_call).unwrap().contains("\"/c/visits\""));
}

#[test]
fn a_server_that_is_not_hubspots() {
    for url in [
        "https://api.example.com/crm",
        "https://hubapi.com.example.com",
        "https://nothubapi.com",
        "//example.com",
    ] {
        let text = DOCUMENT.replace("https://api.hubapi.com", url);
        let message = format!(
            "visits.yaml#/servers/0/url: `{url}` is no server of HubSpot, which alone gets a client's token: if HubSpot has \
             these paths, remove `servers` or correct it with an overlay"
        );
        assert!(of_text(&text).unwrap_err().contains(&message));
    }
}

#[test]
fn types_of_the_runtime_are_found_from_another_crate() {
    let code = of_text(DOCUMENT).unwrap();
    assert!(
        code.contains("since: ::hubspot_generated::__rt::DateTime"),
        "{code}"
    );
}

#[test]
fn what_has_no_effect_is_an_error() {
    let unused = generated("visits.yaml", DOCUMENT, |of, folder| {
        let names = folder.join("names.toml");
        fs::write(
            &names,
            "[methods]\n\"GET /visits\" = \"all\"\n\"GET /visit\" = \"one\"\n[members]\n\"Visit/id\" = \"key\"\n",
        )
        .unwrap();
        of.names(names)
            .new_scope("visits.read")
            .new_scope("visits.raed")
    });
    assert_eq!(
        unused.unwrap_err(),
        "names.toml: nothing in the documents uses `Visit/id` of `[members]`: correct or remove the entry
names.toml: nothing in the documents uses `GET /visit` of `[methods]`: correct or remove the entry
the settings: no operation needs `visits.raed`, which is stated as a new scope: correct it, or remove `--new-scope visits.raed`"
    );
    let empty = DOCUMENT.split("paths:").next().unwrap().to_owned() + "paths: {}\n";
    assert_eq!(
        generated("visits.yaml", &empty, |of, _| of).unwrap_err(),
        "visits.yaml#/paths: the document has no operations: is it the right file?"
    );
}

#[test]
fn names_that_mean_something_else() {
    for name in [
        "std",
        "core",
        "serde_json",
        "new",
        "self",
        "crate",
        "mod",
        "request",
    ] {
        let error = generated(&format!("{name}.yaml"), DOCUMENT, |of, _| of);
        assert_eq!(
            error.unwrap_err(),
            format!("{name}.yaml: an API cannot be named `{name}`: rename the file")
        );
        let handle = generated("visits.yaml", DOCUMENT, |of, _| of.handle("v9", name));
        let handle = handle.unwrap_err();
        let start =
            format!("the settings: the handle of version v9 would be named `{name}`, which ");
        assert!(handle.starts_with(&start), "{handle}");
    }
}

#[test]
fn a_version_that_is_a_number() {
    let text = DOCUMENT.replace("version: v9", "version: 2026.10");
    assert_eq!(
        of_text(&text).unwrap_err(),
        "visits.yaml#/info/version: the version is a number here, 2026.1, so that 1.10 would be 1.1: put it in quotes"
    );
}

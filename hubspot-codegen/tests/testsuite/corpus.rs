//! Documents that no `apis.toml` describes become a client for each version; what cannot be generated is listed.

use std::collections::BTreeMap;
use std::io;

use hubspot_codegen::corpus::{Client, Generated, Known, catalogue, generate};
use hubspot_codegen::correct::{Overlay, unused};

/// A document with `GET /things/v3`, which answers with the schema `Thing`, and whatever paths are given besides.
fn document(thing: &str, paths: &str) -> String {
    format!(
        r"openapi: 3.0.1
info: {{ title: Things, version: v3 }}
paths:
  /things/v3:
    get:
      security: [{{ oauth2: [things.read] }}]
      responses:
        '200': {{ description: ., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }} }}
{paths}
components:
  schemas:
    Thing: {thing}
"
    )
}

const NAMED: &str = "{ type: object, properties: { name: { type: string } } }";
const NUMBERED: &str = "{ type: object, properties: { number: { type: integer } } }";

/// Files in memory.
struct Files(BTreeMap<String, String>);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self(files.iter().map(owned).collect())
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let text = self.0.get(path).map(|text| text.clone().into_bytes());
        text.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn clients(&self) -> (Vec<Client>, Vec<String>) {
        let paths = self.0.keys().cloned().collect::<Vec<_>>();
        let (clients, errors) = catalogue(&paths, &|path| self.read(path));
        (clients, errors.iter().map(ToString::to_string).collect())
    }

    fn generate(&self, public: &[(&str, &str)], overlays: &[Overlay]) -> Generated {
        let (clients, errors) = self.clients();
        assert_eq!((clients.len(), errors), (1, Vec::new()));
        let owned = |(key, why): &(&str, &str)| ((*key).to_owned(), (*why).to_owned());
        let public = public.iter().map(owned).collect();
        generate(
            &clients[0],
            &Known {
                overlays: overlays.to_vec(),
                public,
            },
            &|path| self.read(path),
        )
    }
}

fn failures(generated: &Generated) -> Vec<String> {
    generated.failures.iter().map(ToString::to_string).collect()
}

#[test]
fn documents_are_sorted_by_the_version_that_they_say() {
    let newer = document(NAMED, "").replace("version: v3", "version: 2026-09");
    let older = document(NAMED, "");
    let json = r#"{"openapi": "3.0.1", "info": {"version": "2026-09"}, "paths": {}}"#;
    let files = Files::new(&[
        ("all/CRM/Rollouts/424/crm-deals.424.json", json),
        ("all/2026-09/things.yaml", &newer),
        ("all/v3/things.yaml", &older),
        ("all/x/things.yaml", &older),
        ("all/none.yaml", "openapi: 3.0.1\npaths: {}\n"),
        ("all/broken.json", "{"),
    ]);
    let (clients, errors) = files.clients();
    let names = |client: &Client| {
        let documents = client.documents.iter();
        let documents = documents.map(|(api, path)| format!("{api} {path}"));
        (client.version.clone(), documents.collect::<Vec<_>>())
    };
    assert_eq!(
        clients.iter().map(names).collect::<Vec<_>>(),
        [
            (
                "2026-09".to_owned(),
                vec![
                    "crm_deals all/CRM/Rollouts/424/crm-deals.424.json".to_owned(),
                    "things all/2026-09/things.yaml".to_owned(),
                ]
            ),
            (
                "v3".to_owned(),
                vec![
                    "v3_things all/v3/things.yaml".to_owned(),
                    "x_things all/x/things.yaml".to_owned(),
                ]
            ),
        ]
    );
    assert_eq!(errors.len(), 2);
    assert!(
        errors[0].starts_with("all/broken.json: the file is not JSON: "),
        "{errors:?}"
    );
    assert_eq!(
        errors[1],
        "all/none.yaml#/info/version: this is not what OpenAPI 3.0 allows here: a document needs a version such as \
         \"2026-09\""
    );
}

#[test]
fn paths_that_differ_in_punctuation_alone_are_two_apis() {
    let text = document(NAMED, "");
    let files = Files::new(&[("a-b.yaml", &text), ("a_b.yaml", &text)]);
    let (clients, _) = files.clients();
    let apis = clients[0].documents.keys().collect::<Vec<_>>();
    assert_eq!(apis, ["a_b_2", "a_b_3"]);
}

#[test]
fn types_that_differ_get_names_by_a_rule() {
    let (named, numbered) = (document(NAMED, ""), document(NUMBERED, ""));
    let files = Files::new(&[
        ("a.yaml", &named),
        ("b.yaml", &named),
        ("c.yaml", &numbered),
    ]);
    let generated = files.generate(&[], &[]);
    assert_eq!(failures(&generated), [""; 0]);
    assert_eq!((generated.operations, generated.omitted), (3, 0));
    assert_eq!((generated.types_before, generated.types_after), (3, 2));
    assert_eq!(generated.requirements, 1);
    let text = generated.output.values().cloned().collect::<String>();
    assert_eq!(text.matches("pub struct Thing {").count(), 1);
    assert_eq!(text.matches("pub struct CThing {").count(), 1);
    // Which of them is which does not depend on the order of the documents.
    let swapped = Files::new(&[
        ("a.yaml", &numbered),
        ("b.yaml", &named),
        ("c.yaml", &named),
    ]);
    let text = swapped
        .generate(&[], &[])
        .output
        .values()
        .cloned()
        .collect::<String>();
    assert!(text.contains("pub struct AThing {"));
}

#[test]
fn a_type_is_another_where_it_refers_to_another() {
    let part =
        "{ type: object, properties: { part: { $ref: '#/components/schemas/Part' } } }\n    Part: ";
    let named = document(&format!("{part}{NAMED}"), "");
    let numbered = document(&format!("{part}{NUMBERED}"), "");
    let files = Files::new(&[("a.yaml", &named), ("b.yaml", &numbered)]);
    let generated = files.generate(&[], &[]);
    assert_eq!(failures(&generated), [""; 0]);
    let text = generated.output.values().cloned().collect::<String>();
    for name in ["Thing", "Part", "BThing", "BPart"] {
        assert!(text.contains(&format!("pub struct {name} {{")), "{name}");
    }
}

/// Operations that are wrong: one without `security`, one whose schema is nowhere.
const WRONG: &str = "  /open/v3:
    get:
      operationId: get-/open/v3
      security: []
      responses: { '204': { description: . } }
  /lost/v3:
    get:
      security: [{ oauth2: [] }]
      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Lost' } } } }";

#[test]
fn what_is_wrong_is_left_out_and_listed() {
    let files = Files::new(&[
        ("a.yaml", &document(NAMED, WRONG)),
        ("b.json", "{\"info\": {\"version\": \"v3\"}}"),
    ]);
    let generated = files.generate(&[], &[]);
    assert_eq!((generated.operations, generated.omitted), (1, 2));
    let failures = failures(&generated);
    assert_eq!(failures.len(), 3, "{failures:?}");
    assert_eq!(
        failures[0],
        "a.yaml#/paths/~1lost~1v3/get/responses/200/content/application~1json/schema: `$ref: #/components/schemas/Lost` \
         does not resolve"
    );
    assert!(
        failures[1].starts_with("a.yaml#/paths/~1open~1v3/get/security: no `security` is listed"),
        "{failures:?}"
    );
    assert!(
        failures[2].starts_with("b.json#/openapi: this is not an OpenAPI"),
        "{failures:?}"
    );
    assert_eq!(
        generated.incomplete().into_iter().collect::<Vec<_>>(),
        ["a.yaml", "b.json"]
    );
}

#[test]
fn an_overlay_corrects_a_known_fault() {
    let files = Files::new(&[("a.yaml", &document(NAMED, WRONG))]);
    let overlay = "overlay: 1.0.0
info: { title: Known faults, version: 1.0.0 }
actions:
  - target: \"$.paths.*[?length(@.security) == 0 && search(@.operationId, '/open/')]\"
    update: { security: [{ oauth2: [] }] }
  - target: $.paths['/lost/v3']
    remove: true
  - target: $.paths['/gone/v3']
    remove: true
";
    let overlays = [Overlay::parse("known.yaml", overlay.as_bytes()).unwrap()];
    let generated = files.generate(&[], &overlays);
    assert_eq!(failures(&generated), [""; 0]);
    assert_eq!((generated.operations, generated.omitted), (2, 0));
    let unused = unused(&overlays, &generated.used);
    let unused = unused.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(unused.len(), 1, "{unused:?}");
    assert!(
        unused[0].starts_with("known.yaml#/actions/2: "),
        "{unused:?}"
    );
}

#[test]
fn an_operation_that_is_public_in_one_version_is_public_in_all() {
    let open = WRONG.split("  /lost").next().unwrap();
    let files = Files::new(&[("a.yaml", &document(NAMED, open))]);
    let generated = files.generate(&[("GET /open/2026-09", "Anyone may ask.")], &[]);
    assert_eq!(failures(&generated), [""; 0]);
    assert_eq!(generated.operations, 2);
}

#[test]
fn names_that_are_one_in_rust_depend_on_their_own_text() {
    let code = |values: &str, more: &str| {
        let clashing = format!(
            "{{ type: object, properties: {{ a_b: {{ type: string }}, aB: {{ type: string }},
      kind: {{ type: string, enum: [{values}] }} }} }}"
        );
        let paths = format!(
            "  /things/v3/{{kind}}:
    get: &get
      security: [{{ oauth2: [things.read] }}]
      responses: {{ '204': {{ description: . }} }}
  /things/v3/{{kind}}/{{id}}:
    get: *get{more}"
        );
        let files = Files::new(&[("a.yaml", &document(&clashing, &paths))]);
        let generated = files.generate(&[], &[]);
        assert_eq!(failures(&generated), [""; 0]);
        generated.output.values().cloned().collect::<String>()
    };
    let text = code("UP, up, down", "");
    let more = code(
        "UP, Up, uP, up, down",
        "\n  /things/v3/{kind}/{id}.json:\n    get: *get",
    );
    for name in [
        "pub a_b_underscore: ",
        "pub a_b_mixed: ",
        "UpUpper = ",
        "UpLower = ",
        "Down = ",
        "pub fn get_things_by_kind(",
        "pub fn get_things_by_kind_by_id(",
    ] {
        assert!(text.contains(name), "{name} is not in {text}");
        assert!(more.contains(name), "{name} is not in {more}");
    }
    assert!(
        more.contains("pub fn get_things_by_kind_by_id_json("),
        "{more}"
    );
}

#[test]
fn an_error_about_a_name_costs_the_operations_that_need_it() {
    let other = "  /others/v3:
    get:
      security: [{ oauth2: [things-read] }]
      responses: { '204': { description: . } }";
    let files = Files::new(&[
        ("a.yaml", &document(NAMED, other)),
        (
            "b.yaml",
            &document(NUMBERED, "").replace("things.read", "numbers.read"),
        ),
    ]);
    let generated = files.generate(&[], &[]);
    assert_eq!((generated.operations, generated.omitted), (2, 1));
    let failures = failures(&generated);
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(
        failures[0].contains("would both be the trait"),
        "{failures:?}"
    );
}

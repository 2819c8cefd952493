//! Documents that are well-formed and still cannot become one client: what is refused, where, and what to do.

use std::collections::BTreeMap;

use hubspot_codegen::config::Config;
use hubspot_codegen::generate;
use hubspot_codegen::load::Origin;

const APIS: &str = r#"
current = "v2"
version = [{ name = "v2", module = "v2" }, { name = "v1", module = "v1", feature = "v1" }]
api = [
    { name = "cats", feature = "cats", nouns = { one = "Cat", many = "Cats" } },
    { name = "dogs", feature = "dogs", nouns = { one = "Dog", many = "Dogs" } },
]
generic = [{ resource = "links", parameters = ["from", "to"], features = ["cats", "dogs"], nouns = { one = "", many = "" } }]
document = [
    { api = "cats", version = "v2", file = "cats.yaml" },
    { api = "dogs", version = "v2", file = "dogs.yaml" },
]
"#;

/// What is refused of two documents, whose paths and schemas are given, with more lines in `apis.toml`.
fn refused(cats: &str, dogs: &str, more: &str) -> Vec<String> {
    refused_with(&format!("{APIS}{more}"), cats, dogs)
}

fn refused_with(apis: &str, cats: &str, dogs: &str) -> Vec<String> {
    let scopes = "scope = [{ name = \"pets.read\" }, { name = \"pets.write\" }]";
    let config = Config::parse(("apis.toml", apis), ("scopes.toml", scopes)).unwrap();
    let document = |rest: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{ title: Pets, version: v2 }}\nsecurity: [{{ oauth2: [] }}]\n{rest}"
        )
    };
    let files = BTreeMap::from([("cats.yaml", document(cats)), ("dogs.yaml", document(dogs))]);
    let output = generate(&config, Origin::Own, &[], &|path| {
        Ok(files[path].clone().into_bytes())
    });
    let errors = output.map_or_else(|errors| errors.as_slice().to_vec(), |_| Vec::new());
    errors.iter().map(ToString::to_string).collect()
}

/// A document with these lines below `get` of its path.
fn get(path: &str, rest: &str) -> String {
    format!(
        "paths:\n  {path}:\n    get:\n      responses: {{ '204': {{ description: . }} }}\n{rest}"
    )
}

/// A document whose one call answers with the schema `Pet`.
fn pet(path: &str, pet: &str) -> String {
    format!(
        "paths:
  {path}:
    get:
      responses:
        '200': {{ description: ., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pet' }} }} }} }}
components:
  schemas:
    Pet: {pet}
"
    )
}

const DOGS: &str = "paths: {}";

#[test]
fn two_operations_that_want_one_method_name() {
    let cats = "paths:
  /cats/a-b: { post: { responses: { '204': { description: . } } } }
  /cats/a/b: { post: { responses: { '204': { description: . } } } }
";
    assert_eq!(
        refused(cats, DOGS, ""),
        [
            "cats.yaml#/paths/~1cats~1a~1b/post: this and cats.yaml#/paths/~1cats~1a-b/post would both be named \
          `cats.a_b`: name one of them in `[methods]` of apis.toml, as `\"POST /path\" = \"name\"`"
        ]
    );
    assert!(refused(cats, DOGS, "[methods]\n\"POST /cats/a/b\" = \"other\"\n").is_empty());
}

#[test]
fn a_method_name_for_an_operation_that_is_not_there() {
    assert_eq!(
        refused(
            &get("/cats", ""),
            DOGS,
            "[methods]\n\"POST /mice\" = \"squeak\"\n"
        ),
        [
            "apis.toml: nothing in the documents uses `POST /mice` of `[methods]`: correct or remove the entry"
        ]
    );
}

#[test]
fn a_rename_of_a_schema_that_is_not_there() {
    assert_eq!(
        refused(&get("/cats", ""), DOGS, "[rename]\nMouse = \"Rat\"\n"),
        [
            "apis.toml: nothing in the documents uses `Mouse` of `[rename]`: correct or remove the entry"
        ]
    );
}

#[test]
fn scopes_without_an_identifier_or_a_place_in_the_list() {
    let with = |scope: &str| {
        get(
            "/cats",
            &format!("      security: [{{ oauth2: ['{scope}'] }}]\n"),
        )
    };
    let place = "cats.yaml#/paths/~1cats/get: ";
    let messages = refused(&with("читать"), DOGS, "");
    assert!(
        messages[0].starts_with(place) && messages[0].contains("читать"),
        "{messages:?}"
    );
    assert_eq!(
        refused(&with("pets.reed"), DOGS, ""),
        [format!(
            "{place}the scope `pets.reed` is not in scopes.toml: add it there if HubSpot has it, correct it here if not"
        )]
    );
    assert_eq!(
        refused(&with("pets-read"), DOGS, "")[0],
        format!(
            "{place}the scopes `pets.read` and `pets-read` would both be the trait `PetsRead`: correct the misspelled one"
        )
    );
}

#[test]
fn schemas_of_one_name_and_two_shapes() {
    let cats = pet(
        "/cats",
        "{ type: object, properties: { id: { type: string }, lives: { type: integer } } }",
    );
    let dogs = pet(
        "/dogs",
        "{ type: object, properties: { id: { type: string } } }",
    );
    assert_eq!(
        refused(&cats, &dogs, ""),
        [
            "dogs.yaml#/components/schemas/Pet: this schema and the one at cats.yaml#/components/schemas/Pet both become \
          `Pet`, but they differ in the field `lives`: give one of them another name in `[rename]` of apis.toml"
        ]
    );
    assert!(refused(&cats, &cats.replace("/cats:", "/dogs:"), "").is_empty());
}

#[test]
fn a_generic_operation_that_differs_between_documents() {
    let link = |scope: &str| {
        get(
            "/{from}/links/{to}",
            &format!(
                "      security: [{{ oauth2: [{scope}] }}]
      parameters:
        - {{ name: from, in: path, required: true, schema: {{ type: string }} }}
        - {{ name: to, in: path, required: true, schema: {{ type: string }} }}
"
            ),
        )
    };
    let place = ".yaml#/paths/~1{from}~1links~1{to}/get";
    assert_eq!(
        refused(&link("pets.read"), &link("pets.write"), ""),
        [format!(
            "dogs{place}: this operation is also described at cats{place}, but the scopes that it needs differ: correct one of them"
        )]
    );
    assert!(refused(&link("pets.read"), &link("pets.read"), "").is_empty());
}

#[test]
fn names_that_stand_for_nothing_but_themselves() {
    let messages = refused(
        &pet(
            "/cats",
            "{ type: array, items: { $ref: '#/components/schemas/Pet' } }",
        ),
        DOGS,
        "",
    );
    assert_eq!(
        messages,
        [
            "cats.yaml#/components/schemas/Pet: not supported yet: a list or map that contains itself"
        ]
    );
}

#[test]
fn parameters_that_no_text_stands_for() {
    let messages = refused(
        &get(
            "/cats/{filter}",
            "      parameters: [{ name: filter, in: path, required: true, schema: { type: object, properties: { name: { type: string } } } }]\n",
        ),
        DOGS,
        "",
    );
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(
        messages[0].contains(": not supported yet: "),
        "{messages:?}"
    );
}

#[test]
fn public_operations_that_are_not_there_or_list_security() {
    let entry = |reason: &str| format!("[public]\n\"GET /cats\" = \"{reason}\"\n");
    let message = "apis.toml: nothing in the documents uses `GET /cats` of `[public]`: correct or remove the entry";
    assert_eq!(refused(DOGS, DOGS, &entry("Anyone may.")), [message]);
    assert_eq!(
        refused(&get("/cats", ""), DOGS, &entry("Anyone may.")),
        [message]
    );
    let public = get("/cats", "      security: []\n");
    assert!(refused(&public, DOGS, &entry("Anyone may.")).is_empty());
}

/// A document whose one call answers with an object of these fields, or with one field of these values.
fn thing(schema: &str) -> String {
    pet("/cats", schema)
}

/// The message about two names that would be one.
fn same(place: &str, names: &str, other: &str, ident: &str, entry: &str) -> String {
    format!(
        "cats.yaml#{place}: {names} (at cats.yaml#{other}) would both be named `{ident}`: name one of them in {entry}"
    )
}

#[test]
fn two_fields_or_values_that_want_one_name() {
    let fields = "{ type: object, properties: { Type: { type: string }, type: { type: string } } }";
    let pet = "/components/schemas/Pet/properties";
    assert_eq!(
        refused(&thing(fields), DOGS, ""),
        [same(
            &format!("{pet}/type"),
            "`Type` and `type`",
            &format!("{pet}/Type"),
            "r#type",
            "`[members]` of apis.toml, as `\"Pet/type\" = \"name\"`"
        )]
    );
    assert_eq!(
        refused(&thing(fields), DOGS, "[members]\n\"Pet/Type\" = \"kind\""),
        [""; 0]
    );
    let values = "{ type: object, properties: { size: { type: string, enum: [a-b, 'a b'] } } }";
    assert_eq!(
        refused(&thing(values), DOGS, ""),
        [same(
            &format!("{pet}/size"),
            "`a b` and `a-b`",
            &format!("{pet}/size"),
            "AB",
            "`[members]` of apis.toml, as `\"Pet/size/a-b\" = \"name\"`"
        )]
    );
    assert_eq!(
        refused(
            &thing(values),
            DOGS,
            "[members]\n\"Pet/size/a-b\" = \"AToB\""
        ),
        [""; 0]
    );
    assert_eq!(
        refused(
            &thing(values),
            DOGS,
            "[members]\n\"Pet/size/a_b\" = \"AToB\""
        )[0],
        "apis.toml: nothing in the documents uses `Pet/size/a_b` of `[members]`: correct or remove the entry"
    );
}

#[test]
fn two_parameters_that_want_one_name() {
    let parameters = |required: bool| {
        get(
            "/cats",
            &format!(
                "      parameters:
        - {{ name: max-age, in: query, required: {required}, schema: {{ type: string }} }}
        - {{ name: maxAge, in: query, required: {required}, schema: {{ type: string }} }}
"
            ),
        )
    };
    let message = same(
        "/paths/~1cats/get/parameters/1",
        "`max-age` and `maxAge`",
        "/paths/~1cats/get/parameters/0",
        "max_age",
        "`[parameters]` of apis.toml, as `\"GET /cats maxAge\" = \"name\"`",
    );
    for required in [true, false] {
        assert_eq!(refused(&parameters(required), DOGS, ""), [message.as_str()]);
        let entry = "[parameters]\n\"GET /cats maxAge\" = \"oldest\"";
        assert_eq!(refused(&parameters(required), DOGS, entry), [""; 0]);
        let entry = "[parameters]\n\"GET /cats minAge\" = \"oldest\"";
        assert_eq!(
            refused(&parameters(required), DOGS, entry),
            [
                "apis.toml: nothing in the documents uses `GET /cats minAge` of `[parameters]`: correct or remove the entry"
            ]
        );
    }
}

#[test]
fn two_sets_of_optional_parameters_that_want_one_name() {
    let list = |name: &str| {
        let parameter = format!("{{ name: {name}, in: query, schema: {{ type: string }} }}");
        let rest = format!("      parameters: [{parameter}]\n");
        (get("/cats", &rest), get("/dogs", &rest))
    };
    let nouns = APIS.replace(
        "one = \"Dog\", many = \"Dogs\"",
        "one = \"Cat\", many = \"Cats\"",
    );
    let ((cats, _), (_, dogs)) = (list("fur"), list("tail"));
    let messages = refused_with(&nouns, &cats, &dogs);
    assert_eq!(
        messages,
        [
            "dogs.yaml#/paths/~1dogs/get: this and cats.yaml#/paths/~1cats/get would both be named `GetCat`: their optional \
             parameters differ, so give the API of one of them `nouns` of its own in apis.toml"
        ]
    );
    assert_eq!(refused(&cats, &dogs, ""), [""; 0]);
}

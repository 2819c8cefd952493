//! What is wrong with the documents is an error that says where, and what to do.

use hubspot_codegen::config::Config;
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::Authentication;

use crate::documents::{document, messages, operation, refuses};
use crate::files::load_from;

#[test]
fn a_node_that_openapi_does_not_allow() {
    refuses(
        &document("{ type: object, properties: { name: { type: string, enum: 7 } } }"),
        "a.yaml#/components/schemas/Thing/properties/name: this is not what OpenAPI 3.0 allows here: invalid type: integer `7`, expected a sequence",
    );
    refuses(
        "openapi: 3.0.0",
        "a.yaml#/paths: this is not what OpenAPI 3.0 allows here: a document needs `paths`",
    );
    refuses(
        &document("{ type: text }"),
        "a.yaml#/components/schemas/Thing/type: this is not what OpenAPI 3.0 allows here: `text` is no type",
    );
}

#[test]
fn a_reference_to_nothing() {
    refuses(
        &document("{ type: object, properties: { a: { $ref: '#/components/schemas/Other' } } }"),
        "a.yaml#/components/schemas/Thing/properties/a: `$ref: #/components/schemas/Other` does not resolve",
    );
    refuses(
        &document("{ type: array, items: { $ref: 'b.yaml#/components/schemas/Other' } }"),
        "a.yaml#/components/schemas/Thing/items: `$ref: b.yaml#/components/schemas/Other` does not resolve",
    );
    let a = document("{ type: array, items: { $ref: 'b.yaml#/components/schemas/Other' } }");
    assert_eq!(
        messages(&[("a.yaml", &a), ("b.yaml", "components: {}")]),
        [
            "a.yaml#/components/schemas/Thing/items: `$ref: b.yaml#/components/schemas/Other` does not resolve"
        ]
    );
}

#[test]
fn a_reference_that_is_not_followed() {
    for reference in [
        "#/components/responses/Error",
        "#/components/schemas/Thing/properties/a",
        "../secret.yaml#/components/schemas/Thing",
        "/etc/a.yaml#/components/schemas/Thing",
        "https://example.com/a.yaml#/components/schemas/Thing",
        "Thing",
    ] {
        refuses(
            &document(&format!(
                "{{ type: object, properties: {{ a: {{ $ref: '{reference}' }} }} }}"
            )),
            &format!(
                "a.yaml#/components/schemas/Thing/properties/a: `$ref: {reference}` does not refer to a component of the expected kind, such as `file#/components/schemas/Name`"
            ),
        );
    }
}

#[test]
fn a_cycle_of_references() {
    refuses(
        &document(
            "{ $ref: '#/components/schemas/Other' }\n    Other: { $ref: '#/components/schemas/Thing' }",
        ),
        "a.yaml#/components/schemas/Thing: `$ref: #/components/schemas/Thing` refers to itself",
    );
    refuses(
        &document("{ type: array, items: { $ref: '#/components/schemas/Thing' } }"),
        "a.yaml#/components/schemas/Thing: not supported yet: a list or map that contains itself",
    );
}

#[test]
fn a_cycle_through_fields_is_no_fault() {
    let document = document(
        "{ type: object, properties: { parent: { $ref: '#/components/schemas/Thing' } } }",
    );
    assert_eq!(messages(&[("a.yaml", &document)]), [""; 0]);
}

#[test]
fn an_empty_enum() {
    refuses(
        &document("{ type: object, properties: { kind: { type: string, enum: [] } } }"),
        "a.yaml#/components/schemas/Thing/properties/kind/enum: `enum` is empty, which allows no value: list the values, or remove `enum`",
    );
}

#[test]
fn one_name_for_two_schemas() {
    let a = document(
        "{ type: object, properties: { a: { $ref: 'b.yaml#/components/schemas/Other' }, b: { $ref: '#/components/schemas/Other' } } }
    Other: { type: string }",
    );
    assert_eq!(
        messages(&[
            ("a.yaml", &a),
            (
                "b.yaml",
                "components: { schemas: { Other: { type: integer } } }"
            ),
        ]),
        [
            "a.yaml#/components/schemas/Other: the schema `Other` differs from the `Other` at b.yaml#/components/schemas/Other: rename one of them"
        ]
    );
}

#[test]
fn parts_that_lead_nowhere_or_back() {
    refuses(
        &document("{ oneOf: [{ $ref: '#/components/schemas/Missing' }] }"),
        "a.yaml#/components/schemas/Thing/oneOf/0: `$ref: #/components/schemas/Missing` does not resolve",
    );
    refuses(
        &document(
            "{ allOf: [{ $ref: '#/components/schemas/Thing' }, { type: object, properties: { a: { type: string } } }] }",
        ),
        "a.yaml#/components/schemas/Thing: `$ref: Thing` refers to itself",
    );
}

#[test]
fn what_has_no_code_yet() {
    let name = "a.yaml#/components/schemas/Thing";
    for (schema, place, what) in [
        (
            "{ allOf: [{ type: string }, { type: string }] }",
            "/allOf/0",
            "something other than objects in `allOf`",
        ),
        (
            "{ allOf: [{ oneOf: [{ type: string }] }, { anyOf: [{ type: string }] }] }",
            "/allOf/1/anyOf",
            "two choices among schemas in one",
        ),
        (
            "{ type: object, additionalProperties: { type: string }, oneOf: [{ type: object }] }",
            "",
            "keys that are data beside `allOf`, `oneOf` or `anyOf`",
        ),
        (
            "{ type: object, properties: { a: { type: string } }, additionalProperties: { type: string } }",
            "/additionalProperties",
            "an object that has both fields and keys that are data",
        ),
        (
            "{ type: array, items: { type: string, nullable: true } }",
            "/items",
            "`null` as an element of a list",
        ),
        (
            "{ type: object, required: [b], properties: { a: { type: string } } }",
            "/required",
            "the required field `b` without a schema",
        ),
    ] {
        refuses(
            &document(schema),
            &format!("{name}{place}: not supported yet: {what}"),
        );
    }
}

#[test]
fn fields_that_contradict_each_other() {
    let place = "a.yaml#/components/schemas/Thing/allOf";
    for (one, other) in [
        ("type: string, format: date-time", "type: integer"),
        ("type: string", "type: integer"),
        ("type: boolean", "type: array, items: { type: boolean }"),
        (
            "type: array, items: { type: string }",
            "type: array, items: { type: integer }",
        ),
        (
            "type: object, properties: { b: { type: string } }",
            "type: string",
        ),
    ] {
        let part = |of: &str| format!("{{ type: object, properties: {{ a: {{ {of} }} }} }}");
        for (one, other) in [(one, other), (other, one)] {
            refuses(
                &document(&format!("{{ allOf: [{}, {}] }}", part(one), part(other))),
                &format!(
                    "{place}/1/properties/a: `a` has another type here than at {place}/0/properties/a, so no value is of \
                     both: correct one of them"
                ),
            );
        }
    }
}

#[test]
fn operations_that_have_no_code_yet() {
    let place = "a.yaml#/paths/~1things/get";
    for (rest, at, what) in [
        (
            "      parameters: [{ name: a, in: header, schema: { type: string } }]\n      responses: { '204': { description: . } }",
            "/parameters/0",
            "a header parameter: remove it with an overlay, and set it with the method `header` of the request",
        ),
        (
            "      parameters: [{ name: a, in: cookie, schema: { type: string } }]\n      responses: { '204': { description: . } }",
            "/parameters/0",
            "a cookie parameter",
        ),
        (
            "      parameters: [{ name: a, in: query, style: deepObject, schema: { type: object } }]\n      responses: { '204': { description: . } }",
            "/parameters/0/style",
            "`style: deepObject`",
        ),
        (
            "      parameters: [{ name: a, in: query, style: pipeDelimited, explode: true, schema: { type: array } }]\n      responses: { '204': { description: . } }",
            "/parameters/0/explode",
            "`explode: true` with another `style` than `form`",
        ),
        (
            "      responses: { '200': { description: ., content: { text/csv: { schema: { type: string } } } }, '204': { description: . } }",
            "/responses",
            "successes with different responses",
        ),
        (
            "      responses: { '200': { description: ., content: { multipart/form-data: { schema: { type: object } } } } }",
            "/responses/200",
            "a response that is a form",
        ),
        (
            "      requestBody: { content: { multipart/form-data: { schema: { type: array, items: { type: string, format: binary } } } } }\n      responses: { '204': { description: . } }",
            "",
            "a multipart form that is not an object",
        ),
        (
            "      responses: { '200': { description: ., content: { application/json: { schema: { type: array, items: { type: object, properties: { a: { type: string, format: binary } } } } } } } }",
            "",
            "a string of `format: binary` within JSON",
        ),
    ] {
        refuses(
            &operation(rest),
            &format!("{place}{at}: not supported yet: {what}"),
        );
    }
}

#[test]
fn other_faults_of_operations() {
    refuses(
        &operation(
            "      security: [{ basic: [] }]\n      responses: { '204': { description: . } }",
        ),
        "a.yaml#/paths/~1things/get/security/0: the security scheme `basic` is not known: expected `oauth2`, `private_apps` or `developer_hapikey`",
    );
    let parameter =
        "      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n";
    let described = operation(&format!(
        "{parameter}      responses: {{ '204': {{ description: . }} }}"
    ));
    for (path, pointer) in [
        ("/things/{Id}", "~1things~1{Id}"),
        ("/{id}/{id}", "~1{id}~1{id}"),
    ] {
        refuses(
            &described.replace("/things", path),
            &format!(
                "a.yaml#/paths/{pointer}/get: the path parameter `id` must be described by `parameters` and occur once in the path"
            ),
        );
    }
}

#[test]
fn paths_that_are_no_templates() {
    let operation = operation("      responses: { '204': { description: . } }");
    for (path, fault) in [
        ("things", "must begin with `/`"),
        ("/a//b", "must not have empty segments"),
        (
            "/a?b=c",
            "must not contain `?` or `#`: describe what follows as parameters with `in: query`",
        ),
        (
            "/a#b",
            "must not contain `?` or `#`: describe what follows as parameters with `in: query`",
        ),
        (
            "/a b",
            "must not contain white space, control characters or `\\`",
        ),
        (
            "/a\\b",
            "must not contain white space, control characters or `\\`",
        ),
        ("/a/../b", "must not contain the segments `.` or `..`"),
        ("/a/%2E./b", "must not contain the segments `.` or `..`"),
        ("/{a", "must name each parameter between `{` and `}`"),
        ("/a}", "must name each parameter between `{` and `}`"),
        ("/{}", "must name each parameter between `{` and `}`"),
        ("/{a/b}", "must name each parameter between `{` and `}`"),
        ("/{a{b}}", "must name each parameter between `{` and `}`"),
    ] {
        let pointer = path.replace('/', "~1");
        refuses(
            &operation.replace("  /things:", &format!("  '{path}':")),
            &format!("a.yaml#/paths/{pointer}: the path {fault}"),
        );
    }
}

#[test]
fn operations_without_security() {
    let responses = "      responses: { '204': { description: . } }\n";
    let message = "no `security` is listed, which would mean that no token is needed: list the scopes (`oauth2: []` for a \
         token with any scopes), or enter the operation in `[public]` of apis.toml with the reason";
    let place = "a.yaml#/paths/~1things/get";
    let without = operation(responses).replace("security: [{ oauth2: [] }]\n", "");
    refuses(&without, &format!("{place}: {message}"));
    for (security, pointer) in [
        ("[]", ""),
        ("[{}]", "/0"),
        ("[{ oauth2: [a] }, {}]", "/1"),
        ("[{ developer_hapikey: [] }, {}, { oauth2: [a] }]", "/1"),
    ] {
        let own = operation(&format!("{responses}      security: {security}\n"));
        refuses(&own, &format!("{place}/security{pointer}: {message}"));
        let of_document = operation(responses).replace("[{ oauth2: [] }]", security);
        refuses(
            &of_document,
            &format!("a.yaml#/security{pointer}: {message}"),
        );
    }
}

#[test]
fn a_public_operation() {
    let mut config = Config::ad_hoc("things", "v1", "a.yaml");
    let key = "GET /things".to_owned();
    config.apis.public.insert(key, "Anyone may read it.".into());
    for security in ["[]", "[{}, { oauth2: [a] }]"] {
        let document = operation(&format!(
            "      responses: {{ '204': {{ description: . }} }}\n      security: {security}\n"
        ));
        let lowered = lower(
            &load_from(&config, &[("a.yaml", &document)]).unwrap(),
            &config,
        );
        assert_eq!(lowered.refused, []);
        let operation = &lowered.documents[0].operations[0];
        assert_eq!(operation.authentication, Authentication::None);
        assert_eq!(operation.requirement.to_string(), "");
    }
}

//! What changes for users from one set of documents to another: each kind of change, matching across versions, reports.

use std::collections::BTreeSet;
use std::slice::from_ref;

use hubspot_codegen::config::Config;
use hubspot_codegen::diff::{ChangeKind, Diff, Group};
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::Document;

use crate::files::{lines, load_from};

/// `POST /things/v3/{id}` with everything that can change.
const BASE: &str = "openapi: 3.0.1
info: { title: Things, version: v3 }
paths:
  /things/v3/{id}:
    post:
      operationId: post-/things/v3/{id}_change
      security: [{ oauth2: [a] }, { private_apps: [a] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer, format: int64 } }
        - { name: limit, in: query, schema: { type: integer, format: int32, default: 10 } }
        - { name: sort, in: query, required: true, schema: { type: string, enum: [down, up] } }
        - { name: only, in: query, schema: { type: array, items: { type: string } } }
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Sent' } } }
      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Got' } } } }
  /gone/v3:
    delete:
      security: [{ private_apps: [a] }, { oauth2: [a] }]
      responses: { '204': { description: . } }
components:
  schemas:
    Sent:
      type: object
      required: [sent]
      properties:
        sent: { type: integer, format: int32 }
        free: { type: string }
        none: { type: string, nullable: true }
        tags: { type: object, additionalProperties: { type: string } }
    Got:
      type: object
      required: [got]
      properties:
        got: { type: string }
        free: { type: string }
        none: { type: string, nullable: true }
        kind: { type: string, enum: [one, two] }
        parts: { type: array, items: { type: object, properties: { size: { type: integer, format: int64 } } } }
";

fn lowered(api: &str, version: &str, text: &str) -> Document {
    let config = Config::ad_hoc(api, version, "a.yaml");
    let sources = load_from(&config, &[("a.yaml", text)]);
    let sources = sources.unwrap_or_else(|errors| panic!("{:?}", lines(&errors)));
    let mut lowered = lower(&sources, &config);
    assert_eq!(lowered.refused, []);
    lowered.documents.remove(0)
}

fn between(old: &str, new: &str) -> Diff {
    Diff::between(
        &[lowered("things", "v3", old)],
        &[lowered("things", "v3", new)],
    )
}

/// Kinds of change, each with what changes.
type Expected = &'static [(ChangeKind, &'static str)];

/// Each change of a text, and what is reported of it and of the way back.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, Expected, Expected)] = &[
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [a, b] }, { private_apps: [a, b] }]",
        &[(ChangeKind::ScopesMore, "`a` and `b` instead of `a`; a scope set of \"a\" stops compiling: add \"b\"")],
        &[(ChangeKind::ScopesFewer, "`a` instead of `a` and `b`")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [b] }, { oauth2: [c] }, { private_apps: [b] }, { private_apps: [c] }]",
        &[(ChangeKind::ScopesOther, "`b` or `c` instead of `a`; a scope set of \"a\" stops compiling: add \"b\"")],
        &[(ChangeKind::ScopesOther, "`a` instead of `b` or `c`; scope sets of only \"b\" or only \"c\" stop compiling: add \"a\" to the first")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [b] }, { private_apps: [b] }]",
        &[(ChangeKind::ScopesOther, "`b` instead of `a`; a scope set of \"a\" stops compiling: add \"b\"")],
        &[(ChangeKind::ScopesOther, "`a` instead of `b`; a scope set of \"b\" stops compiling: add \"a\"")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [a] }, { oauth2: [b] }, { private_apps: [a] }]",
        &[(ChangeKind::ScopesFewer, "`a` or `b` instead of `a`")],
        &[(ChangeKind::ScopesMore, "`a` instead of `a` or `b`; a scope set of \"b\" stops compiling: add \"a\"")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [] }, { private_apps: [] }]",
        &[(ChangeKind::ScopesFewer, "a token with any scopes instead of `a`")],
        &[(ChangeKind::ScopesMore, "`a` instead of a token with any scopes; a scope set of no scopes stops compiling: add \"a\"")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ oauth2: [a] }, { private_apps: [a, b] }, { private_apps: [a, c] }]",
        &[(ChangeKind::ScopesOfLogin, "`a` instead of `a`")],
        &[(ChangeKind::ScopesOfLoginFewer, "`a` instead of `a`")]),
    ("[{ oauth2: [a] }, { private_apps: [a] }]", "[{ developer_hapikey: [] }]",
        &[(ChangeKind::CredentialOther, "a developer API key instead of a token")],
        &[(ChangeKind::CredentialOther, "a token instead of a developer API key")]),
    ("      security: [{ oauth2: [a] }, ", "      deprecated: true\n      security: [{ oauth2: [a] }, ",
        &[(ChangeKind::OperationDeprecated, "an operation")], &[(ChangeKind::OperationRestored, "an operation")]),
    ("      security: [{ oauth2: [a] }, ", "      x-hubspot-rate-limit-exemptions: [ten-secondly]\n      security: [{ oauth2: [a] }, ",
        &[(ChangeKind::LimitOther, "from TenSecondly to Secondly")], &[(ChangeKind::LimitOther, "from Secondly to TenSecondly")]),
    ("  /gone/v3:", "  /here/v3:",
        &[(ChangeKind::OperationRemoved, "an operation"), (ChangeKind::OperationAdded, "an operation")],
        &[(ChangeKind::OperationRemoved, "an operation"), (ChangeKind::OperationAdded, "an operation")]),
    ("  /things/v3/{id}:", "  /others/v3/{id}:",
        &[(ChangeKind::OperationMoved, "it was POST /things/v3/{id}")],
        &[(ChangeKind::OperationMoved, "it was POST /others/v3/{id}")]),
    ("        - { name: limit", "        - { name: most",
        &[(ChangeKind::ParameterRemoved, "the query parameter `limit`"), (ChangeKind::ParameterAdded, "the query parameter `most`")],
        &[(ChangeKind::ParameterRemoved, "the query parameter `most`"), (ChangeKind::ParameterAdded, "the query parameter `limit`")]),
    ("{ name: limit, in: query", "{ name: limit, in: query, required: true",
        &[(ChangeKind::ParameterRequired, "the query parameter `limit`")], &[(ChangeKind::ParameterOptional, "the query parameter `limit`")]),
    ("        - { name: sort", "        - { name: order",
        &[(ChangeKind::ParameterRemoved, "the query parameter `sort`"), (ChangeKind::RequiredParameterAdded, "the query parameter `order`")],
        &[(ChangeKind::ParameterRemoved, "the query parameter `order`"), (ChangeKind::RequiredParameterAdded, "the query parameter `sort`")]),
    ("{ name: limit, in: query", "{ name: limit, in: query, deprecated: true",
        &[(ChangeKind::ParameterDeprecated, "the query parameter `limit`")],
        &[(ChangeKind::ParameterRestored, "the query parameter `limit`")]),
    ("{ name: only, in: query", "{ name: only, in: query, explode: false",
        &[(ChangeKind::ListStyleOther, "the query parameter `only`: Commas instead of Repeated")],
        &[(ChangeKind::ListStyleOther, "the query parameter `only`: Repeated instead of Commas")]),
    ("{ name: limit, in: query", "{ name: limit, explode: false, in: query", &[], &[]),
    ("{ name: sort, in: query", "{ name: sort, explode: false, in: query", &[], &[]),
    ("default: 10", "default: 20",
        &[(ChangeKind::DefaultOther, "the query parameter `limit`: 20 instead of 10")],
        &[(ChangeKind::DefaultOther, "the query parameter `limit`: 10 instead of 20")]),
    ("{ type: integer, format: int64 } }\n        - { name: limit", "{ type: string } }\n        - { name: limit",
        &[(ChangeKind::RequestRetyped, "the path parameter `id`: string instead of int64")],
        &[(ChangeKind::RequestRetyped, "the path parameter `id`: int64 instead of string")]),
    ("enum: [down, up]", "enum: [down, up, none]",
        &[(ChangeKind::RequestValueAdded, "the value `none` of `POST /things/{id}/sort`")],
        &[(ChangeKind::RequestValueRemoved, "the value `none` of `POST /things/{id}/sort`")]),
    ("      requestBody:\n        content:", "      x-body:\n        content:",
        &[(ChangeKind::BodyRemoved, "the request body")], &[(ChangeKind::BodyAdded, "the request body")]),
    ("      requestBody:\n", "      requestBody:\n        required: true\n",
        &[(ChangeKind::BodyRequired, "the request body")], &[(ChangeKind::BodyOptional, "the request body")]),
    ("content: { application/json: { schema: { $ref: '#/components/schemas/Sent' }", "content: { application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Sent' }",
        &[(ChangeKind::EncodingOther, "the request body: Form instead of Json")],
        &[(ChangeKind::EncodingOther, "the request body: Json instead of Form")]),
    ("        sent: {", "        other: {}\n        sent: {",
        &[(ChangeKind::RequestFieldAdded, "the field `other` of `Sent`")], &[(ChangeKind::RequestFieldRemoved, "the field `other` of `Sent`")]),
    ("required: [sent]", "required: [sent, free]",
        &[(ChangeKind::RequestFieldRequired, "the field `free` of `Sent`")], &[(ChangeKind::RequestFieldOptional, "the field `free` of `Sent`")]),
    ("required: [sent]\n      properties:", "required: [sent, must]\n      properties:\n        must: { type: string }",
        &[(ChangeKind::RequiredRequestFieldAdded, "the field `must` of `Sent`")], &[(ChangeKind::RequestFieldRemoved, "the field `must` of `Sent`")]),
    ("none: { type: string, nullable: true }\n        tags", "none: { type: string }\n        tags",
        &[(ChangeKind::RequestFieldNotNullable, "the field `none` of `Sent`")], &[(ChangeKind::RequestFieldNullable, "the field `none` of `Sent`")]),
    ("additionalProperties: { type: string }", "additionalProperties: { type: string, nullable: true }",
        &[(ChangeKind::RequestFieldNullable, "the field `tags` of `Sent`, each value")],
        &[(ChangeKind::RequestFieldNotNullable, "the field `tags` of `Sent`, each value")]),
    ("sent: { type: integer, format: int32 }", "sent: { type: integer, format: int64 }",
        &[(ChangeKind::RequestWidened, "the field `sent` of `Sent`: int64 instead of int32")],
        &[(ChangeKind::RequestRetyped, "the field `sent` of `Sent`: int32 instead of int64")]),
    ("'200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Got' } } } }", "'204': { description: . }",
        &[(ChangeKind::ResponseRemoved, "the response")], &[(ChangeKind::ResponseAdded, "the response")]),
    ("        got: {", "        other: {}\n        got: {",
        &[(ChangeKind::ResponseFieldAdded, "the field `other` of `Got`")], &[(ChangeKind::ResponseFieldRemoved, "the field `other` of `Got`")]),
    ("required: [got]", "required: [got, free]",
        &[(ChangeKind::ResponseFieldRequired, "the field `free` of `Got`")], &[(ChangeKind::ResponseFieldOptional, "the field `free` of `Got`")]),
    ("none: { type: string, nullable: true }\n        kind", "none: { type: string }\n        kind",
        &[(ChangeKind::ResponseFieldNotNullable, "the field `none` of `Got`")], &[(ChangeKind::ResponseFieldNullable, "the field `none` of `Got`")]),
    ("got: { type: string }", "got: { type: string, format: date-time }",
        &[(ChangeKind::ResponseNarrowed, "the field `got` of `Got`: date-time instead of string")],
        &[(ChangeKind::ResponseRetyped, "the field `got` of `Got`: string instead of date-time")]),
    ("got: { type: string }", "got: { type: string, deprecated: true }",
        &[(ChangeKind::FieldDeprecated, "the field `got` of `Got`")], &[(ChangeKind::FieldRestored, "the field `got` of `Got`")]),
    ("enum: [one, two]", "enum: [one]",
        &[(ChangeKind::ResponseValueRemoved, "the value `two` of `Got/kind`")], &[(ChangeKind::ResponseValueAdded, "the value `two` of `Got/kind`")]),
    ("size: { type: integer, format: int64 }", "size: { type: string }",
        &[(ChangeKind::ResponseRetyped, "the field `size` of `Got/parts`: string instead of int64")],
        &[(ChangeKind::ResponseRetyped, "the field `size` of `Got/parts`: int64 instead of string")]),
];

/// Kinds that need documents of another form than [`CHANGES`].
const OTHERS: [ChangeKind; 2] = [ChangeKind::CredentialNone, ChangeKind::RequiredBodyAdded];

#[test]
fn each_change_is_reported_with_its_kind() {
    let mut seen = BTreeSet::new();
    for (old, new, there, back) in CHANGES {
        assert_eq!(BASE.matches(old).count(), 1, "{old}");
        let changed = BASE.replace(old, new);
        for (diff, expected) in [
            (between(BASE, &changed), there),
            (between(&changed, BASE), back),
        ] {
            let found = diff
                .changes
                .iter()
                .map(|change| (change.kind, change.what.as_str()));
            assert_eq!(
                found.collect::<Vec<_>>(),
                expected.to_vec(),
                "{old} to {new}"
            );
            for change in &diff.changes {
                assert_eq!(change.breaking, change.kind.is_breaking());
                assert!(
                    change.operations.iter().all(|of| of.starts_with("things ")),
                    "{change:?}"
                );
                assert!(!change.place.document.is_empty());
                seen.insert(change.kind);
            }
            assert_eq!(
                diff.is_breaking(),
                expected.iter().any(|(kind, _)| kind.is_breaking())
            );
        }
    }
    let missing = ChangeKind::ALL.iter().filter(|kind| !seen.contains(kind));
    assert_eq!(missing.copied().collect::<Vec<_>>(), OTHERS);
}

#[test]
fn nothing_changes_between_a_document_and_itself() {
    let diff = between(BASE, BASE);
    assert_eq!((diff.changes.len(), diff.compared), (0, 2));
    assert_eq!(
        diff.to_text(),
        "0 breaking changes and 0 others; 2 operations are in both\n"
    );
}

#[test]
fn other_kinds() {
    let config = |public: bool| {
        let mut config = Config::ad_hoc("things", "v3", "a.yaml");
        if public {
            config
                .apis
                .public
                .insert("DELETE /gone/v3".into(), "Anyone may.".into());
        }
        config
    };
    let of = |text: &str, public: bool| {
        let config = config(public);
        lower(&load_from(&config, &[("a.yaml", text)]).unwrap(), &config).documents
    };
    let open = BASE.replace("[{ private_apps: [a] }, { oauth2: [a] }]", "[]");
    let diff = Diff::between(&of(BASE, false), &of(&open, true));
    assert_eq!(diff.changes[0].kind, ChangeKind::CredentialNone);
    let diff = Diff::between(&of(&open, true), &of(BASE, false));
    assert_eq!(diff.changes[0].kind, ChangeKind::CredentialOther);

    let without = BASE.replace("      requestBody:\n", "      x-body:\n");
    let with = BASE.replace(
        "      requestBody:\n",
        "      requestBody:\n        required: true\n",
    );
    assert_eq!(
        between(&without, &with).changes[0].kind,
        ChangeKind::RequiredBodyAdded
    );
}

#[test]
fn operations_are_matched_across_versions() {
    let newer = BASE
        .replace("version: v3", "version: 2026-09")
        .replace("/things/v3/{id}", "/things/2026-09/{thingId}")
        .replace("name: id", "name: thingId")
        .replace("/gone/v3", "/2026-09/gone");
    let old = lowered("things", "v3", BASE);
    let diff = Diff::between(from_ref(&old), &[lowered("things", "2026-09", &newer)]);
    assert_eq!(
        (diff.changes.len(), diff.compared),
        (0, 2),
        "{}",
        diff.to_text()
    );

    // A word on one side, a parameter on the other.
    let generic = newer.replace(
        "/2026-09/gone:\n    delete:",
        "/2026-09/{what}:\n    delete:",
    );
    let generic = generic.replace(
        "      security: [{ private_apps: [a] }, { oauth2: [a] }]\n",
        "      security: [{ private_apps: [a] }, { oauth2: [a] }]\n      parameters: [{ name: what, in: path, required: true, schema: { type: string } }]\n",
    );
    let diff = Diff::between(&[old], &[lowered("things", "2026-09", &generic)]);
    assert_eq!(
        (diff.changes.len(), diff.compared),
        (0, 2),
        "{}",
        diff.to_text()
    );
}

#[test]
fn an_operation_in_the_document_of_another_api_is_not_removed() {
    let other = "  /gone/v3:\n    delete:\n      security: [{ private_apps: [a] }, { oauth2: [a] }]\n      responses: { '204': { description: . } }\n";
    let (old, kept) = (BASE.to_owned(), BASE.replace(other, ""));
    assert_ne!(old, kept);
    let moved = format!("openapi: 3.0.1\ninfo: {{ title: Gone, version: v3 }}\npaths:\n{other}");
    let old = [lowered("things", "v3", &old), lowered("rest", "v3", &kept)];
    let new = [
        lowered("things", "v3", &kept),
        lowered("others", "v3", &moved),
    ];
    let diff = Diff::between(&old, &new);
    let kinds = diff
        .changes
        .iter()
        .map(|change| (change.kind, change.operations.len()));
    assert_eq!(kinds.collect::<Vec<_>>(), [], "{}", diff.to_text());
    assert_eq!(diff.compared, 3);
}

#[test]
fn a_change_of_a_shared_type_is_one_change() {
    let two = BASE.replace("      responses: { '204': { description: . } }", "      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Got' } } } }");
    let diff = between(
        &two,
        &two.replace("        got: {", "        other: {}\n        got: {"),
    );
    assert_eq!(diff.changes.len(), 1);
    let operations = diff.changes[0].operations.iter().map(String::as_str);
    let operations = operations.collect::<Vec<_>>();
    assert_eq!(
        operations,
        ["things DELETE /gone/v3", "things POST /things/v3/{id}"]
    );
}

#[test]
fn reports_begin_with_scopes() {
    let newer = BASE
        .replace(
            "[{ private_apps: [a] }, { oauth2: [a] }]",
            "[{ private_apps: [b] }, { oauth2: [b] }]",
        )
        .replace("enum: [one, two]", "enum: [one]")
        .replace("default: 10", "default: 20");
    let diff = between(BASE, &newer);
    assert_eq!(
        diff.to_text(),
        "Scopes
  BREAKING  things DELETE /gone/v3: needs other scopes: `b` instead of `a`; a scope set of \"a\" stops compiling: add \"b\" \
         (a scope set that was enough no longer compiles, and a token gets 403)

Parameters and bodies
  BREAKING  the query parameter `limit`: 20 instead of 10: has another default (requests without it do something else) in \
         things POST /things/v3/{id}

Values
            the value `two` of `Got/kind`: removed from responses (code that expects it stays right) in things POST \
         /things/v3/{id}

2 breaking changes and 1 others; 2 operations are in both
"
    );
    let markdown = diff.to_markdown();
    assert!(
        markdown.starts_with("## Scopes\n\n- **breaking** things DELETE /gone/v3: "),
        "{markdown}"
    );
    let json = serde_json::to_value(&diff).unwrap();
    assert_eq!(json["changes"][0]["kind"], "scopes-other");
    assert_eq!(json["changes"][0]["group"], "scopes");
    assert_eq!(
        json["changes"][0]["scopes"]["stop_compiling"],
        serde_json::json!([["a"]])
    );
    assert_eq!(diff.changes[0].group, Group::Scopes);
}

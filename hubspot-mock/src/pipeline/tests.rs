//! Sends generated requests to every operation. The server must not fail, and a refused request must change nothing.

use axum::http::Request;
use fastrand::Rng;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::*;
use crate::behavior::objects;
use crate::definitions::{StaticKind, Tier};
use crate::generated::ENDPOINTS;
use crate::table::{Encoding, Endpoint, Shape, Type};
use crate::values::sync;

/// How many requests each operation gets.
const REQUESTS: usize = 20;

/// Texts that mean something somewhere.
const TEXTS: [&str; 24] = [
    "",
    "1",
    "-1",
    "17",
    "40000000001",
    "40000000002",
    "99999999999999999999",
    "1e9",
    "0-1",
    "contacts",
    "car",
    "email",
    "vin",
    "firstname",
    "ada@example.com",
    "new@example.com",
    "true",
    "2026-11-01",
    "2026-11-01T12:00:00Z",
    "EQ",
    "BETWEEN",
    "HUBSPOT_DEFINED",
    "a;b",
    "\u{0}ü\u{1f600}",
];

fn state() -> ServerState {
    let state = ServerState {
        tier: Tier::UNLIMITED,
        ..ServerState::default()
    };
    let account = state.account("acme");
    let schema = json!({
        "name": "car", "labels": { "singular": "Car", "plural": "Cars" }, "associatedObjects": ["CONTACT"],
        "primaryDisplayProperty": "vin", "requiredProperties": ["vin"],
        "properties": [{ "name": "vin", "label": "VIN", "type": "string", "fieldType": "text" }],
    });
    direct::define(&state, &account, &schema).unwrap();
    let now = state.clock.now();
    for (ty, name, value) in [
        ("contacts", "email", "ada@example.com"),
        ("contacts", "email", "grace@example.com"),
        ("companies", "name", "Acme"),
        ("line_items", "name", "Anvil"),
        ("car", "vin", "WVW1"),
    ] {
        let mut store = sync::lock(&account.crm);
        objects::seed::seed(&mut store, now, ty, [(name, value)]).unwrap();
    }
    state
}

fn pick<'a>(random: &mut Rng, texts: &[&'a str]) -> &'a str {
    random.choice(texts).unwrap_or(&"")
}

/// A value of any kind.
fn junk(random: &mut Rng) -> Value {
    match random.u8(..8) {
        0 => Value::Null,
        1 => random.bool().into(),
        2 => random.i64(..).into(),
        3 => random.f64().into(),
        4 => json!([pick(random, &TEXTS)]),
        5 => json!({ pick(random, &TEXTS): pick(random, &TEXTS) }),
        _ => pick(random, &TEXTS).into(),
    }
}

/// A value that mostly fits the type.
fn value(random: &mut Rng, ty: &Type, depth: usize) -> Value {
    if depth == 0 || random.u8(..40) == 0 {
        return junk(random);
    }
    match ty {
        Type::String => pick(random, &TEXTS).into(),
        Type::Boolean => random.bool().into(),
        Type::Int32 => random.i32(-5..300).into(),
        Type::Int64 => random.i64(..).into(),
        Type::Double => random.f64().into(),
        Type::DateTime => "2026-11-01T12:00:00Z".into(),
        Type::Constant(text) => (*text).into(),
        Type::Binary | Type::Any => junk(random),
        Type::Array(item) => (0..random.usize(..4))
            .map(|_| value(random, item, depth - 1))
            .collect(),
        Type::Map { value: ty, .. } => {
            let fields = (0..random.usize(..4)).map(|_| {
                let name = pick(random, &TEXTS[11..16]).to_owned();
                (name, value(random, ty, depth - 1))
            });
            Value::Object(fields.collect())
        }
        Type::Named(schema) => match &schema.shape {
            Shape::Enum(known) => pick(random, known).into(),
            Shape::Union(variants) => {
                let chosen = &variants[random.usize(..variants.len())];
                value(random, &chosen.ty, depth)
            }
            Shape::Object(fields) => {
                let mut object = Map::new();
                for field in *fields {
                    if random.u8(..30) > u8::from(!field.required) * 15 {
                        let value = value(random, &field.ty, depth - 1);
                        object.insert(field.name.to_owned(), value);
                    }
                }
                Value::Object(object)
            }
        },
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn received(random: &mut Rng, endpoint: &Endpoint, token: &str) -> Received {
    let mut uri = endpoint.path.to_owned();
    for parameter in endpoint.path_parameters {
        let text = pick(random, &TEXTS);
        uri = uri.replace(&format!("{{{}}}", parameter.name), &encode(text));
    }
    uri.push('?');
    for parameter in endpoint.query_parameters {
        if random.bool() {
            let text = match value(random, &parameter.ty, 3) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            uri += &[parameter.name, "=", &encode(&text), "&"].concat();
        }
    }
    let (content_type, body) = match &endpoint.body {
        None => ("", String::new()),
        Some(body) => match (body.encoding, value(random, &body.ty, 8)) {
            (Encoding::Form, Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, value)| {
                    let value = value.as_str().unwrap_or_default();
                    format!("{name}={}", encode(value))
                });
                let form = fields.collect::<Vec<_>>().join("&");
                ("application/x-www-form-urlencoded", form)
            }
            (_, value) => ("application/json", value.to_string()),
        },
    };
    let request = Request::builder()
        .method(endpoint.method)
        .uri(uri)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, content_type);
    Received {
        head: request.body(()).unwrap().into_parts().0,
        body: Some(Bytes::from(body)),
    }
}

/// Everything that the account keeps.
fn stored(state: &ServerState) -> String {
    let account = state.account("acme");
    format!("{:?}", sync::lock(&account.crm))
}

#[test]
fn no_request_makes_an_operation_fail_and_no_refusal_changes_anything() {
    let state = state();
    let every_scope = crate::definitions::operation::every_scope();
    let account = state.account("acme");
    let issued = state
        .tokens
        .issue_static(&account, StaticKind::PrivateApp, every_scope);
    let mut random = Rng::with_seed(20_260_901);
    let mut statuses = BTreeSet::new();
    for endpoint in ENDPOINTS {
        let mut before = stored(&state);
        for _ in 0..REQUESTS {
            let received = received(&mut random, endpoint, &issued);
            let reply = respond(&state, &received, |_, _| None);
            // An empty parameter is no part of the path, so that no operation is found.
            assert!(
                reply.status < 500 || reply.status == 501,
                "{received:?} {reply:?}"
            );
            let after = stored(&state);
            assert!(
                reply.status < 400 || before == after,
                "{received:?} {reply:?}"
            );
            statuses.insert(reply.status);
            before = after;
        }
    }
    for status in [200, 201, 204, 207, 400, 404] {
        assert!(
            statuses.contains(&status),
            "{status} never came: {statuses:?}"
        );
    }
}

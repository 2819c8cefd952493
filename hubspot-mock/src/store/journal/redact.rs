//! Redacts tokens, codes and client secrets. OAuth bodies in which they cannot be found are dropped.

use bytes::Bytes;
use serde_json::Value;

use crate::values::form;
use crate::values::form::is_content_type;

/// Replaces a secret.
const REDACTED: &str = "[redacted]";

/// The names of secret parameters and fields, in queries, in forms and in the JSON bodies of OAuth.
const SECRETS: [&str; 9] = [
    "access_token",
    "client_secret",
    "code",
    "code_verifier",
    "hapikey",
    "id_token",
    "refresh_token",
    "token",
    "tokenKey",
];

/// Redacts the tokens that the oldest OAuth paths end with.
pub(crate) fn redact_path(path: &str) -> Box<str> {
    for kind in ["/access-tokens/", "/refresh-tokens/"] {
        if let Some((before, _)) = path.split_once(kind) {
            return format!("{before}{kind}{REDACTED}").into();
        }
    }
    path.into()
}

/// Redacts a path and a query, which are joined.
pub(crate) fn redact_target(path: &str, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", redact_path(path), redact_query(query))
}

/// Redacts a query or a form.
pub(crate) fn redact_query(query: &str) -> Box<str> {
    let mut redacted = String::with_capacity(query.len());
    for pair in query.split_inclusive('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() || !is_secret(name) {
            redacted.push_str(pair);
            continue;
        }
        redacted.extend([name, "=", REDACTED]);
        if value.ends_with('&') {
            redacted.push('&');
        }
    }
    redacted.into()
}

/// Whether a parameter is secret. Names that cannot be decoded are not.
fn is_secret(name: &str) -> bool {
    let decoded = form::decode(name).unwrap_or_default();
    matches!(&decoded[..], [(name, _)] if SECRETS.contains(&name.as_str()))
}

/// Returns the body of a request or response, redacted. It may share the memory of `body`.
pub(crate) fn redact_body(path: &str, content_type: Option<&[u8]>, body: &Bytes) -> Bytes {
    let is = |kind| content_type.is_some_and(|given| is_content_type(given, kind));
    if body.is_empty() {
        Bytes::new()
    } else if is("application/x-www-form-urlencoded") {
        std::str::from_utf8(body).map_or_else(
            |_| Bytes::new(),
            |form| Bytes::from(redact_query(form).into_string()),
        )
    } else if is_oauth(path) {
        redact_json(body).unwrap_or_default()
    } else {
        body.clone()
    }
}

/// Whether a path is one of OAuth, also behind the prefix of a proxy.
fn is_oauth(path: &str) -> bool {
    path.split('/').any(|segment| segment == "oauth")
}

fn redact_json(body: &[u8]) -> Option<Bytes> {
    let mut fields: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
    redact_fields(&mut fields);
    Some(Bytes::from(Value::Object(fields).to_string()))
}

fn redact_fields(fields: &mut serde_json::Map<String, Value>) {
    for (name, value) in fields {
        match value {
            value if SECRETS.contains(&name.as_str()) => *value = REDACTED.into(),
            Value::Object(fields) => redact_fields(fields),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_forms_and_queries_are_redacted() {
        let redacted = redact_query(
            "grant_type=refresh_token&refresh%5Ftoken=s3cret&client_secret=s3&code&token=",
        );
        assert_eq!(
            &*redacted,
            "grant_type=refresh_token&refresh%5Ftoken=[redacted]&client_secret=[redacted]&code&token="
        );
        assert_eq!(
            &*redact_query("limit=5&hapikey=k&after=3"),
            "limit=5&hapikey=[redacted]&after=3"
        );
        assert_eq!(&*redact_query(""), "");
    }

    #[test]
    fn tokens_in_paths_are_redacted() {
        assert_eq!(
            &*redact_path("/oauth/v1/access-tokens/abc"),
            "/oauth/v1/access-tokens/[redacted]"
        );
        assert_eq!(
            &*redact_path("/crm/v3/objects/contacts/1"),
            "/crm/v3/objects/contacts/1"
        );
    }

    #[test]
    fn bodies_are_kept_except_secrets() {
        let body = |path, kind: &str, body: &'static str| {
            redact_body(path, Some(kind.as_bytes()), &Bytes::from(body))
        };
        let (form, json) = ("application/x-www-form-urlencoded", "application/json");
        assert_eq!(
            body("/oauth/v3/token", form, "code=1&a=2"),
            "code=[redacted]&a=2"
        );
        assert_eq!(
            body("/elsewhere", form, "code=1&a=2"),
            "code=[redacted]&a=2"
        );
        let of_private_apps = "/oauth/v2/private-apps/get/access-token-info";
        let redacted = body(of_private_apps, json, r#"{"tokenKey": "pat", "a": 1}"#);
        assert_eq!(redacted, r#"{"a":1,"tokenKey":"[redacted]"}"#);
        assert_eq!(body(of_private_apps, json, r#"{"tokenKey": "pat""#), "");
        assert_eq!(body(of_private_apps, "text/plain", "pat"), "");
        let contact = r#"{"properties": {"token": "no secret"}}"#;
        assert_eq!(body("/crm/v3/objects/contacts", json, contact), contact);
    }

    #[test]
    fn nested_secrets_and_paths_behind_a_prefix_are_redacted() {
        let body = Bytes::from(r#"{"data": {"access_token": "s3"}}"#);
        let redacted = redact_body("/proxy/oauth/v1/token", Some(b"application/json"), &body);
        assert_eq!(redacted, r#"{"data":{"access_token":"[redacted]"}}"#);
    }
}

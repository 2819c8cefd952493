//! Redacts tokens, codes and client secrets. OAuth bodies in which they cannot be found are dropped.

use std::borrow::Cow;
use std::sync::LazyLock;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use regex::bytes::Regex;
use serde_json::Value;

use crate::values::form;
use crate::values::form::is_content_type;

/// Replaces a secret.
pub(crate) const REDACTED: &str = "[redacted]";

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

/// Secrets within texts: after the name of a field or parameter, after `Bearer`, or a token of a known form. Group 1 stays.
static IN_TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "access_?token|client_?secret|code_?verifier|hapikey|api_?key|id_?token|refresh_?token|token|token_?key";
    let fields = names.replace("|token|", "|");
    // Quotes may be escaped, and all signs percent-encoded or, as by encoders that are safe within HTML, `\u0026`.
    let quote = r#"(?:\\*["']|%22|\\+u0022)"#;
    let colon = r"(?:\s|%20|\+)*(?::|%3a)(?:\s|%20|\+)*";
    let scheme = r"(?:(?:bearer|basic)(?:\s|%20|\+)+)?";
    let field = format!("{quote}(?:{fields}|authorization){quote}{colon}{quote}{scheme}");
    let header = r"\bauthorization:\s*basic\s+";
    let parameter = format!(r"(?:\b|%[0-9a-f]{{2}}|\\u[0-9a-f]{{4}})(?:{names})(?:=|%3d|\\+u003d)");
    let value = r#"(?:[^&\s"'<>\\#,;]|\\/|\\+u00(?:2[bdf]|3d))+"#;
    let tokens = r"\bpat-[a-z]{2,3}[0-9]-[0-9a-z-]{8,}|\beyj[\w-]+\.[\w-]+\.[\w-]*";
    // A test checks that it can be compiled.
    Regex::new(&format!(
        "(?i-u)({field}|{header}|{parameter}|\\bbearer(?:\\s|%20|\\+)+){value}|{tokens}"
    ))
    .ok()
});

/// Redacts the secrets within a text.
fn redact_text(text: &[u8]) -> Cow<'_, [u8]> {
    let replacement = format!("${{1}}{REDACTED}");
    match &*IN_TEXT {
        Some(secrets) => secrets.replace_all(text, replacement.as_bytes()),
        None => Cow::Borrowed(text),
    }
}

/// Redacts the tokens that the oldest OAuth paths end with.
pub(crate) fn redact_path(path: &str) -> Box<str> {
    let mut end = 0;
    for segment in path.split_inclusive('/') {
        end += segment.len();
        if matches!(&*decoded(segment), "access-tokens/" | "refresh-tokens/") {
            return format!("{}{REDACTED}", &path[..end]).into();
        }
    }
    path.into()
}

/// A segment as the router reads it.
fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
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
    let redacted = redact_text(redacted.as_bytes());
    String::from_utf8_lossy(&redacted).into()
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
        match redact_text(body) {
            Cow::Borrowed(_) => body.clone(),
            Cow::Owned(redacted) => redacted.into(),
        }
    }
}

/// Whether a path is one of OAuth or of tokens, also behind the prefix of a proxy.
fn is_oauth(path: &str) -> bool {
    path.split('/')
        .any(|segment| matches!(&*decoded(segment), "oauth" | "tokens"))
}

fn redact_json(body: &[u8]) -> Option<Bytes> {
    let mut fields: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
    redact_fields(&mut fields);
    let redacted = Value::Object(fields).to_string();
    Some(redact_text(redacted.as_bytes()).into_owned().into())
}

fn redact_fields(fields: &mut serde_json::Map<String, Value>) {
    for (name, value) in fields {
        match value {
            value if SECRETS.contains(&name.as_str()) => *value = REDACTED.into(),
            Value::Object(fields) => redact_fields(fields),
            Value::Array(items) => {
                let items = items.iter_mut().filter_map(Value::as_object_mut);
                items.for_each(redact_fields);
            }
            _ => {}
        }
    }
}

/// The secrets of a path, of a query or form, and of an OAuth body, decoded.
pub(crate) fn secrets(path: &str, query: &str, body: &str) -> Vec<String> {
    let path = path.trim_end_matches('/');
    let of_path = (*redact_path(path) != *path).then(|| path.rsplit('/').next());
    let mut secrets = Vec::from_iter(of_path.flatten().map(str::to_owned));
    let is_form = !body.contains(['"', '<', '{', ' ', '\n']);
    let form = if is_form { body } else { "" };
    let pairs = [query, form].map(|text| form::decode(text).unwrap_or_default());
    let pairs = pairs.into_iter().flatten();
    secrets.extend(pairs.filter_map(|(name, value)| SECRETS.contains(&&*name).then_some(value)));
    if let Ok(json) = serde_json::from_str(body)
        && is_oauth(path)
    {
        add_secrets(&json, &mut secrets);
    }
    secrets
}

fn add_secrets(json: &Value, secrets: &mut Vec<String>) {
    for (name, value) in json.as_object().into_iter().flatten() {
        // The code of an error is no secret.
        if let Value::String(text) = value
            && name != "code"
            && SECRETS.contains(&name.as_str())
        {
            secrets.push(text.clone());
        }
        add_secrets(value, secrets);
    }
    let items = json.as_array().into_iter().flatten();
    items.for_each(|item| add_secrets(item, secrets));
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
            &*redact_path("/a/%6Fauth/v1/refresh%2Dtokens/abc/"),
            "/a/%6Fauth/v1/refresh%2Dtokens/[redacted]"
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
        let body =
            Bytes::from(r#"{"refreshToken": "s3", "message": "no token=s3cret", "token": "s3"}"#);
        let redacted = redact_body("/%6Fauth/v1/token", Some(b"application/json"), &body);
        let expected =
            r#"{"message":"no token=[redacted]","refreshToken":"[redacted]","token":"[redacted]"}"#;
        assert_eq!(redacted, expected);
    }

    #[test]
    fn secrets_within_texts_are_redacted() {
        for (text, expected) in [
            (
                r#"{"n":[{"access_token" : "s3cret"}]}"#,
                r#"{"n":[{"access_token" : "[redacted]"}]}"#,
            ),
            (
                r#"{"n":"{\"refreshToken\":\"s3cret\"}"}"#,
                r#"{"n":"{\"refreshToken\":\"[redacted]\"}"}"#,
            ),
            (
                r#"{"link":"https://a/b?hapikey=s3cret&after=2"}"#,
                r#"{"link":"https://a/b?hapikey=[redacted]&after=2"}"#,
            ),
            (
                "curl -H 'Authorization: Bearer s3cret-token'",
                "curl -H 'Authorization: Bearer [redacted]'",
            ),
            (
                r#"{"authorization":"Bearer s3cret"}"#,
                r#"{"authorization":"Bearer [redacted]"}"#,
            ),
            (
                r#"{"link":"https://a/b?after\u003d2\u0026hapikey\u003ds3c\u002bret\u003d\u0026limit=1"}"#,
                r#"{"link":"https://a/b?after\u003d2\u0026hapikey\u003d[redacted]\u0026limit=1"}"#,
            ),
            (
                r#"{"authorization":"Basic czNjcmV0","a":1}"#,
                r#"{"authorization":"Basic [redacted]","a":1}"#,
            ),
            (
                "Authorization: Basic czNjcmV0\nHost: a",
                "Authorization: Basic [redacted]\nHost: a",
            ),
            (
                "?state=%7B%22access_token%22%3A%22s3cret%22%7D",
                "?state=%7B%22access_token%22%3A%22[redacted]",
            ),
            (
                "to https%3A%2F%2Fa%3Ftoken%3Ds3cret now",
                "to https%3A%2F%2Fa%3Ftoken%3D[redacted] now",
            ),
            (
                "use pat-na1-11111111-2222-3333-4444-555555555555.",
                "use [redacted].",
            ),
            (
                "no secrets: tokens=2, code=EUR, bear",
                "no secrets: tokens=2, code=EUR, bear",
            ),
        ] {
            let redacted = redact_body("/crm/v3/objects/notes", None, &Bytes::from(text));
            assert_eq!(redacted, expected);
        }
    }
}

//! The scopes in an `app-hsmeta.json`.
//!
//! Comes in: the text of the file of a HubSpot project that describes its app. Goes out: the [`AppScopes`] of its
//! `config.auth`. Refused: what is not JSON, lacks `config.auth`, has another type where the lists belong, or asks for what
//! HubSpot refuses: an app with `static` auth has required scopes only, and not `oauth`.
//!
//! Names are taken as they are: HubSpot checks them when the project is uploaded.

use serde_json::{Map, Value};

/// The scopes of an app, in the lists in which HubSpot keeps them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AppScopes {
    pub(crate) required: Vec<String>,
    pub(crate) conditional: Vec<String>,
    pub(crate) optional: Vec<String>,
}

/// Reads the text of the file.
pub(crate) fn read(text: &str) -> Result<AppScopes, String> {
    let file = match serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))? {
        Value::Object(file) => file,
        other => return Err(format!("should hold an object, but holds {}", kind(&other))),
    };
    let auth = object(object(&file, "config")?, "config.auth")?;
    let scopes = AppScopes {
        required: list(auth, "requiredScopes")?,
        conditional: list(auth, "conditionallyRequiredScopes")?,
        optional: list(auth, "optionalScopes")?,
    };
    if auth.get("type").and_then(Value::as_str) == Some("static") {
        if !scopes.conditional.is_empty() || !scopes.optional.is_empty() {
            return Err("has `static` auth, which has required scopes only; conditional and optional ones need `oauth`".to_owned());
        }
        if scopes.required.iter().any(|scope| scope == "oauth") {
            return Err("has `static` auth, which does not know the scope `oauth`".to_owned());
        }
    }
    Ok(scopes)
}

/// The object at `path`, whose last key `parent` must have.
fn object<'a>(
    parent: &'a Map<String, Value>,
    path: &str,
) -> Result<&'a Map<String, Value>, String> {
    let key = path.rsplit('.').next().unwrap_or(path);
    match parent.get(key) {
        Some(Value::Object(fields)) => Ok(fields),
        Some(other) => Err(wrong_type(path, "an object", other)),
        None => Err(format!("has no `{path}`")),
    }
}

/// A list of names; one that is missing is empty.
fn list(auth: &Map<String, Value>, key: &str) -> Result<Vec<String>, String> {
    let path = format!("config.auth.{key}");
    let values = match auth.get(key) {
        None => return Ok(Vec::new()),
        Some(Value::Array(values)) => values,
        Some(other) => return Err(wrong_type(&path, "an array of strings", other)),
    };
    let name = |(index, value): (usize, &Value)| match value {
        Value::String(name) => Ok(name.clone()),
        other => Err(wrong_type(&format!("{path}[{index}]"), "a string", other)),
    };
    values.iter().enumerate().map(name).collect()
}

fn wrong_type(path: &str, expected: &str, found: &Value) -> String {
    format!(
        "has {} in `{path}`, which should be {expected}",
        kind(found)
    )
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_read() {
        let text = r#"{
            "uid": "app", "type": "app",
            "config": { "name": "App", "auth": {
                "type": "oauth", "redirectUrls": ["http://localhost:3000"],
                "requiredScopes": ["oauth", "a"], "conditionallyRequiredScopes": ["b"], "optionalScopes": ["c"]
            } }
        }"#;
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let scopes = AppScopes {
            required: owned(&["oauth", "a"]),
            conditional: owned(&["b"]),
            optional: owned(&["c"]),
        };
        assert_eq!(read(text), Ok(scopes));
        assert_eq!(read(r#"{"config":{"auth":{}}}"#), Ok(AppScopes::default()));
    }

    #[test]
    fn faults_say_where_and_what() {
        let auth = |auth: &str| format!(r#"{{"config":{{"auth":{auth}}}}}"#);
        for (text, fault) in [
            (
                "{".to_owned(),
                "is not JSON: EOF while parsing an object at line 1 column 1",
            ),
            ("[]".to_owned(), "should hold an object, but holds an array"),
            ("{}".to_owned(), "has no `config`"),
            (r#"{"config":{}}"#.to_owned(), "has no `config.auth`"),
            (
                r#"{"config":1}"#.to_owned(),
                "has a number in `config`, which should be an object",
            ),
            (
                auth("null"),
                "has null in `config.auth`, which should be an object",
            ),
            (
                auth(r#"{"optionalScopes":"a"}"#),
                "has a string in `config.auth.optionalScopes`, which should be an array of strings",
            ),
            (
                auth(r#"{"requiredScopes":["a",true]}"#),
                "has a boolean in `config.auth.requiredScopes[1]`, which should be a string",
            ),
            (
                auth(r#"{"type":"static","optionalScopes":["a"]}"#),
                "has `static` auth, which has required scopes only; conditional and optional ones need `oauth`",
            ),
            (
                auth(r#"{"type":"static","requiredScopes":["oauth"]}"#),
                "has `static` auth, which does not know the scope `oauth`",
            ),
        ] {
            assert_eq!(read(&text), Err(fault.to_owned()), "{text}");
        }
    }
}

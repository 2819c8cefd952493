//! Reads the body of HubSpot's 403 for missing scopes.

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_scopes::{Alternative, Requirement};
use serde_json::Value;

/// The category of these bodies.
const MISSING: &str = "MISSING_SCOPES";

/// The most scopes in a body, and the most letters in a scope.
const MOST: usize = 100;

/// What a body asks for. It may follow the head of its response.
pub(super) fn requirement(text: &str) -> Result<Requirement> {
    let text = without_heads(text.trim_start_matches('\u{feff}').trim());
    ensure!(
        !text.is_empty(),
        "it is empty: save the body of HubSpot's response"
    );
    ensure!(
        !text.starts_with('<'),
        "it is HTML, from a proxy or a browser, and not the JSON that HubSpot's API returns"
    );
    let body: Value = serde_json::from_str(text)
        .context("it is not JSON: save the whole body of HubSpot's response")?;
    let category = body.get("category").and_then(Value::as_str);
    if let Some(other) = category.filter(|category| *category != MISSING) {
        let other = other.escape_debug();
        bail!("it is about `{other}`, and not about missing scopes");
    }
    let details = body.get("errors").and_then(Value::as_array);
    let details = details.into_iter().flatten().chain([&body]);
    let mut listed = details.filter_map(|detail| Some((scopes(detail)?, is_all(detail))));
    let Some((scopes, all)) = listed.next() else {
        bail!(if category.is_some() {
            "it does not name the scopes: look the operation up with `cargo hubspot scopes`"
        } else {
            "it is no response of HubSpot about missing scopes: it has no `category` `MISSING_SCOPES`"
        })
    };
    let number = scopes.len();
    ensure!(
        number <= MOST,
        "it names {number} scopes, more than any operation needs"
    );
    for scope in &scopes {
        let mut letters = scope.bytes();
        let is_name = scope.len() <= MOST
            && scope.starts_with(|first: char| first.is_ascii_alphanumeric())
            && letters.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        ensure!(is_name, "it names {scope:.100?}, which is no scope");
    }
    Ok(if all {
        Requirement::all_of(scopes)
    } else {
        Requirement::new(scopes.into_iter().map(|scope| Alternative::all_of([scope])))
    })
}

/// The body after the heads of its response and of a proxy's. Their headers may have JSON, too.
fn without_heads(mut text: &str) -> &str {
    while text.starts_with("HTTP/") {
        let ends = ["\r\n\r\n", "\n\n"];
        let ends = ends
            .iter()
            .filter_map(|end| Some(text.find(end)? + end.len()));
        text = ends.min().map_or("", |end| &text[end..]).trim_start();
    }
    text
}

/// The scopes that an error lists; older responses have another key.
fn scopes(detail: &Value) -> Option<Vec<String>> {
    let context = detail.get("context")?;
    let list = context
        .get("requiredGranularScopes")
        .or_else(|| context.get("requiredScopes"))?;
    let names = list
        .as_array()?
        .iter()
        .map(|name| name.as_str().map(str::to_owned));
    names
        .collect::<Option<Vec<_>>>()
        .filter(|names| !names.is_empty())
}

fn is_all(detail: &Value) -> bool {
    let message = detail.get("message").and_then(Value::as_str);
    message.is_some_and(|message| message.trim_start().starts_with("All of"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_ask_for_one_or_for_all() {
        let body = |message: &str, key: &str| {
            format!(
                r#"{{"category":"MISSING_SCOPES","errors":[{{"message":"{message}","context":{{"{key}":["a.read","b.write"]}}}}]}}"#
            )
        };
        let one = body(
            "One or more of the following scopes are required.",
            "requiredGranularScopes",
        );
        let all = body(
            "All of the following scopes are required.",
            "requiredScopes",
        );
        let head = format!(
            "HTTP/1.1 200 OK\n\nHTTP/2 403\r\nnel: {{\"max_age\":1}}\r\nContent-Type: application/json\r\n\r\n{all}"
        );
        for (text, expected) in [
            (one, r#"any("a.read", "b.write")"#),
            (all, r#""a.read", "b.write""#),
            (head, r#""a.read", "b.write""#),
            (
                r#"{"context":{"requiredScopes":["a"]}}"#.to_owned(),
                r#""a""#,
            ),
        ] {
            assert_eq!(
                requirement(&text).unwrap(),
                expected.parse().unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn other_bodies_are_refused() {
        for (text, fault) in [
            ("", "it is empty"),
            ("<!DOCTYPE html><html></html>", "it is HTML"),
            ("{", "it is not JSON"),
            ("[]", "it has no `category` `MISSING_SCOPES`"),
            (r#"{"category":"RATE_LIMIT"}"#, "it is about `RATE_LIMIT`"),
            (
                r#"{"category":"MISSING_SCOPES"}"#,
                "it does not name the scopes",
            ),
            (
                r#"{"context":{"requiredScopes":["a\"; b"]}}"#,
                "which is no scope",
            ),
            (
                r#"{"context":{"requiredScopes":[""]}}"#,
                "which is no scope",
            ),
            (
                r#"{"context":{"requiredScopes":["-"]}}"#,
                "which is no scope",
            ),
            (
                r#"{"category":"OTHER","context":{"requiredScopes":["a"]}}"#,
                "it is about `OTHER`",
            ),
            (r#"{"category":"a\u001b[2J"}"#, "it is about `a\\u{1b}[2J`"),
            ("HTTP/2 403\r\n\r\n<html>", "it is HTML"),
            ("HTTP/2 403", "it is empty"),
        ] {
            let error = format!("{:#}", requirement(text).unwrap_err());
            assert!(error.contains(fault), "{text}: {error}");
        }
        for names in [vec!["a".repeat(101)], vec!["a".to_owned(); 101]] {
            let body = serde_json::json!({ "context": { "requiredScopes": names } });
            let error = requirement(&body.to_string()).unwrap_err().to_string();
            assert!(
                error.starts_with("it names ") && error.len() < 200,
                "{error}"
            );
        }
    }
}

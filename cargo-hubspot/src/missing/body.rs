//! Reads the body of HubSpot's 403 for missing scopes.

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_scopes::{Alternative, Requirement};
use serde_json::Value;

/// What a body asks for. It may follow the head of its response.
pub(super) fn requirement(text: &str) -> Result<Requirement> {
    let text = text.trim_start_matches('\u{feff}').trim();
    ensure!(
        !text.is_empty(),
        "it is empty: save the body of HubSpot's response"
    );
    ensure!(
        !text.starts_with('<'),
        "it is HTML, from a proxy or a browser, and not the JSON that HubSpot's API returns"
    );
    let start = if text.starts_with("HTTP/") {
        text.find('{').unwrap_or_default()
    } else {
        0
    };
    let body: Value = serde_json::from_str(&text[start..])
        .context("it is not JSON: save the whole body of HubSpot's response")?;
    let category = body.get("category").and_then(Value::as_str);
    let details = body.get("errors").and_then(Value::as_array);
    let details = details.into_iter().flatten().chain([&body]);
    let mut listed = details.filter_map(|detail| Some((scopes(detail)?, is_all(detail))));
    let Some((scopes, all)) = listed.next() else {
        match category {
            Some("MISSING_SCOPES") => bail!(
                "it does not name the scopes: look the operation up with `cargo hubspot scopes`"
            ),
            Some(other) => bail!("it is about `{other}`, and not about missing scopes"),
            None => bail!(
                "it is no response of HubSpot about missing scopes: it has no `category` `MISSING_SCOPES`"
            ),
        }
    };
    for scope in &scopes {
        let mut letters = scope.bytes();
        let is_name = letters.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        ensure!(is_name, "it names {scope:?}, which is no scope");
    }
    Ok(if all {
        Requirement::all_of(scopes)
    } else {
        Requirement::new(scopes.into_iter().map(|scope| Alternative::all_of([scope])))
    })
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
        let head = format!("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{all}");
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
        ] {
            let error = format!("{:#}", requirement(text).unwrap_err());
            assert!(error.contains(fault), "{text}: {error}");
        }
    }
}

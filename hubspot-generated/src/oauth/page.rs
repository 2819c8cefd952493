//! The page that a user sees when HubSpot has redirected them back.

use std::fmt::Write as _;

use super::authorization::Connection;
use super::error::OAuthError;
use crate::error::Error;

/// The style of all pages.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1f2d3d;--faint:#5a6b7d;--paper:#f5f7fa;--card:#fff;--line:#dfe5ec;--good:#0b7a53;--bad:#b3261e}\
@media(prefers-color-scheme:dark){:root{--ink:#e7edf3;--faint:#9fb0c0;--paper:#12181f;--card:#1b232c;--line:#2c3742;--good:#4cc79a;--bad:#ff8a80}}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);\
font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{width:100%;max-width:30rem;padding:2.5rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}\
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}\
h1::before{content:attr(data-mark);display:block;width:2.75rem;height:2.75rem;margin-bottom:1rem;border-radius:50%;\
border:2px solid currentColor;text-align:center;line-height:2.5rem;font-size:1.25rem}\
.good h1::before{color:var(--good)}.bad h1::before{color:var(--bad)}\
p{margin:.5rem 0}.faint{color:var(--faint);font-size:.9rem}\
details{margin-top:1rem;color:var(--faint);font-size:.9rem}ul{margin:.5rem 0;padding-left:1.25rem}code{overflow-wrap:anywhere}";

/// Returns the HTML page that tells a user whether the app was connected.
///
/// It contains no token, loads nothing and runs no script; text from the callback is escaped. The router of the feature
/// `axum` serves it; other servers send it as `text/html; charset=utf-8`, with `Cache-Control: no-store`.
///
/// ```
/// use hubspot_generated::Unchecked;
/// use hubspot_generated::oauth::{OAuthApp, callback_page};
///
/// let app = OAuthApp::<Unchecked>::new("id", "secret", "https://app.example.com/callback")?;
/// let authorization = app.authorize_url().build();
/// let state = authorization.state.expose_secret();
/// let query = format!("error=access_denied&error_description=%3Cscript%3E&state={state}");
/// let error = app.callback(&query, &authorization.state).unwrap_err();
///
/// let page = callback_page(Err(&error));
/// assert!(page.contains("Not connected"));
/// assert!(page.contains("&lt;script&gt;"));
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
pub fn callback_page(outcome: Result<&Connection, &Error>) -> String {
    match outcome {
        Ok(connection) => success(connection),
        Err(error) => failure(error),
    }
}

fn success(connection: &Connection) -> String {
    let mut body = format!(
        "<p>The app now has access to HubSpot account <strong>{}</strong>.</p>\
         <p class=\"faint\">You can close this window.</p>",
        connection.hub_id
    );
    if !connection.scopes.is_empty() {
        body.push_str("<details><summary>Granted scopes</summary><ul>");
        for scope in &connection.scopes {
            let _ = write!(body, "<li><code>{}</code></li>", escape(scope));
        }
        body.push_str("</ul></details>");
    }
    page("good", "✓", "Connected", &body)
}

fn failure(error: &Error) -> String {
    let (what, next, detail) = match error.oauth() {
        Some(OAuthError::Denied(denial)) if denial.is_by_user() => (
            "You did not grant the app access, so nothing has changed in your HubSpot account.".to_owned(),
            "If that was a mistake, start again from the install link.",
            denial.description(),
        ),
        Some(OAuthError::Denied(denial)) => (
            "HubSpot did not connect the app.".to_owned(),
            "Show this message to whoever gave you the install link.",
            denial.description().or(Some(denial.error())),
        ),
        Some(OAuthError::ForgedState | OAuthError::Callback(_)) => (
            "This page was not opened from the install link that you followed, or it was opened twice.".to_owned(),
            "Start again from the install link.",
            None,
        ),
        _ => (
            format!("Something went wrong: {error}."),
            "Start again from the install link. The code from HubSpot works for half a minute only.",
            None,
        ),
    };
    let mut body = format!("<p>{}</p><p class=\"faint\">{next}</p>", escape(&what));
    if let Some(detail) = detail {
        let _ = write!(
            body,
            "<details open><summary>What HubSpot says</summary><p>{}</p></details>",
            escape(detail)
        );
    }
    page("bad", "✕", "Not connected", &body)
}

fn page(kind: &str, mark: &str, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" content=\"no-referrer\">\
         <title>{title}</title><style>{STYLE}</style></head>\
         <body><main class=\"{kind}\"><h1 data-mark=\"{mark}\">{title}</h1>{body}</main></body></html>"
    )
}

/// Escapes text for HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

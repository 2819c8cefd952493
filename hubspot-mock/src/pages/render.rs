//! Renders the templates of pages, and adds security headers.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Error, Output, State, UndefinedBehavior, escape_formatter};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::pipeline::page::Page;

/// The style sheet, which every page includes.
const STYLE: &str = include_str!("../../templates/style.css");

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../../templates/", $name)))
    };
}

static TEMPLATES: [(&str, &str); 8] = [
    template!("accounts.html"),
    template!("base.html"),
    template!("board.html"),
    template!("consent.html"),
    template!("dashboard.html"),
    template!("problem.html"),
    template!("records.html"),
    template!("sheet.html"),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(escape);
    environment.add_filter("thousands", thousands);
    environment.add_filter("initial", initial);
    environment.add_global("style", STYLE);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
});

/// The content security policy's source expression for [`STYLE`].
static STYLE_SOURCE: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("'sha256-{hash}'")
});

/// Renders a template. `form_target` is the origin that forms may redirect to, besides this server.
pub(super) fn render(
    status: u16,
    template: &str,
    values: &Value,
    form_target: Option<&str>,
) -> Page {
    let environment = ENVIRONMENT.as_ref().map_err(ToString::to_string);
    let body = environment.and_then(|environment| {
        let template = environment.get_template(template);
        let text = template.and_then(|template| template.render(minijinja::value::Serde(values)));
        text.map_err(|error| format!("{error:#}"))
    });
    let mut headers = security_headers(form_target);
    let (status, kind, body) = match body {
        Ok(body) => (status, "text/html; charset=utf-8", body),
        Err(error) => (500, "text/plain; charset=utf-8", error),
    };
    headers.push(("content-type", kind.to_owned()));
    Page {
        status,
        headers,
        body,
    }
}

/// Redirects the browser.
pub(super) fn redirect(to: String) -> Page {
    let mut headers = security_headers(None);
    headers.push(("location", to));
    Page {
        status: 302,
        headers,
        body: String::new(),
    }
}

/// An error page. `problem.html` has the text of each problem, which uses `details`.
pub(super) fn problem(status: u16, title: &str, problem: &str, details: Value) -> Page {
    let mut values = details;
    values["status"] = json!(status);
    values["title"] = json!(title);
    values["problem"] = json!(problem);
    render(status, "problem.html", &values, None)
}

/// 405.
pub(super) fn wrong_method(allowed: &str) -> Page {
    let details = json!({ "allowed": allowed });
    let mut page = problem(405, "Method not allowed", "method", details);
    page.headers.push(("allow", allowed.to_owned()));
    page
}

fn security_headers(form_target: Option<&str>) -> Vec<(&'static str, String)> {
    let style = STYLE_SOURCE.as_str();
    let forms = form_target.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src {style}; form-action 'self' {forms}; base-uri 'none'; frame-ancestors 'none'"
    );
    vec![
        ("content-security-policy", policy),
        ("cache-control", "no-store".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ]
}

/// Escapes text for HTML, in content and in attributes with double quotes.
fn escape(
    output: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &minijinja::Value,
) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else {
        return escape_formatter(output, state, value);
    };
    for letter in text.chars() {
        match letter {
            '&' => output.write_str("&amp;"),
            '<' => output.write_str("&lt;"),
            '>' => output.write_str("&gt;"),
            '"' => output.write_str("&quot;"),
            letter => output.write_char(letter),
        }?;
    }
    Ok(())
}

/// Formats a number with thousands separators.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The first letter of a name.
fn initial(name: &str) -> String {
    let first = name.chars().find(|letter| letter.is_alphanumeric());
    first.map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().collect())
}

//! What all pages share: the document, its style and its security headers.

use std::fmt::Display;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::pipeline::page::Page;

/// The style sheet, which every page includes.
const STYLE: &str = include_str!("style.css");

/// The content security policy's source expression for [`STYLE`].
static STYLE_SOURCE: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("'sha256-{hash}'")
});

/// A whole document.
pub(super) struct Document<'a> {
    pub(super) title: &'a str,
    /// The interval in seconds at which the browser reloads the page.
    pub(super) refresh: Option<u32>,
    /// The origin that forms may redirect to, besides this server.
    pub(super) form_target: Option<&'a str>,
    pub(super) body: Markup,
}

impl Document<'_> {
    /// The page, with a status.
    pub(super) fn into_page(self, status: u16) -> Page {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(seconds) = self.refresh {
                        meta http-equiv="refresh" content=(seconds);
                    }
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                (self.body)
            }
        };
        let mut headers = protection(self.form_target);
        headers.push(("content-type", "text/html; charset=utf-8".to_owned()));
        Page {
            status,
            headers,
            body: markup.into_string(),
        }
    }
}

/// Redirects the browser.
pub(super) fn redirect(to: String) -> Page {
    let mut headers = protection(None);
    headers.push(("location", to));
    Page {
        status: 302,
        headers,
        body: String::new(),
    }
}

/// An error page.
pub(super) fn problem(status: u16, title: &str, content: &Markup) -> Page {
    let body = html! {
        body {
            main.sheet {
                article.card #problem {
                    header {
                        div.brand { span.pill.bad { "Error " (status) } }
                        h1 { (title) }
                    }
                    section { (content) }
                }
                (imprint())
            }
        }
    };
    let document = Document {
        title,
        refresh: None,
        form_target: None,
        body,
    };
    document.into_page(status)
}

/// 405.
pub(super) fn wrong_method(allowed: &str) -> Page {
    let content = html! { p { "This page accepts only (" code { (allowed) } ")." } };
    let mut page = problem(405, "Method not allowed", &content);
    page.headers.push(("allow", allowed.to_owned()));
    page
}

/// The navigation bar.
pub(super) fn bar(refresh: Option<&Markup>) -> Markup {
    html! {
        header.bar {
            div {
                strong { a href="/" { "hubspot-mock" } }
                nav aria-label="Sections" {
                    a href="/#accounts" { "Accounts" }
                    a href="/#apps" { "Apps" }
                    a href="/#tokens" { "Tokens" }
                    a href="/#limits" { "Limits" }
                    a href="/#faults" { "Faults" }
                    a href="/#journal" { "Journal" }
                }
                @if let Some(toggle) = refresh { (toggle) }
            }
        }
    }
}

/// A section of a page.
pub(super) fn panel(id: &str, title: &str, note: &Markup, content: &Markup) -> Markup {
    html! {
        section.panel #(id) {
            header {
                h2 { (title) }
                p { (note) }
            }
            (content)
        }
    }
}

/// The note that this server is not HubSpot.
pub(super) fn imprint() -> Markup {
    html! {
        p.imprint {
            "This is "
            a href="/" { "hubspot-mock" }
            ", a stand-in on your own machine. Nothing here reaches HubSpot."
        }
    }
}

fn protection(form_target: Option<&str>) -> Vec<(&'static str, String)> {
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

/// Formats a number with thousands separators.
pub(super) fn thousands(number: impl Display) -> String {
    let digits = format!("{number}");
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

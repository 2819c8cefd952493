//! The pages over HTTP. `cargo xtask witness` opens them in a browser.

mod consent;
mod dashboard;

use crate::support::Answer;

/// What stands between two texts, for the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        .1;
    rest.split_once(after).unwrap().0
}

/// Every value of an attribute, in the page's order.
fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!(" {name}=\"");
    let rest = text.split(mark.as_str()).skip(1);
    rest.map(|rest| rest.split('"').next().unwrap()).collect()
}

/// What every page is sent with: nothing is loaded, nothing is kept.
fn assert_protected(page: &Answer) {
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let text = page.text();
    for loaded in ["<script", " src=", "<link", "url(", "@import"] {
        assert!(!text.contains(loaded), "{loaded}");
    }
}

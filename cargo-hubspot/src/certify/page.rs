//! The checklist as markdown and as a page for browsers.

use std::fmt::Write as _;

use super::checks::{Check, Outcome};

/// The checklist, in which a check that passed is ticked.
pub(super) fn markdown(names: &[&str], checks: &[Check]) -> String {
    let mut text = format!("# Certification of {}\n\n", names.join(", "));
    for check in checks {
        let (tick, outcome) = match check.outcome {
            Outcome::Passed => ("x", ""),
            Outcome::Failed => (" ", "**Failed.** "),
            Outcome::Unchecked => (" ", "Not checked: "),
        };
        _ = writeln!(
            text,
            "- [{tick}] {}  \n  {outcome}{}",
            check.title, check.summary
        );
        for line in &check.evidence {
            _ = writeln!(text, "  - {line}");
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    _ = writeln!(
        text,
        "\nMade by `cargo hubspot certify` {version}. HubSpot decides by its own measurements, over a longer time."
    );
    text
}

/// The same as a page.
pub(super) fn html(names: &[&str], checks: &[Check]) -> String {
    let text = markdown(names, checks);
    let options = pulldown_cmark::Options::ENABLE_TASKLISTS;
    let mut body = String::new();
    // What stands in logs is text.
    let events = pulldown_cmark::Parser::new_ext(&text, options).map(|event| match event {
        pulldown_cmark::Event::Html(text) | pulldown_cmark::Event::InlineHtml(text) => {
            pulldown_cmark::Event::Text(text)
        }
        other => other,
    });
    pulldown_cmark::html::push_html(&mut body, events);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Certification</title>\n\
         <style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; \
         color-scheme: light dark }}</style>\n{body}</html>\n"
    )
}

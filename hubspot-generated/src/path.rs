//! Paths of requests: arguments stay within their segment, and raw paths below the base URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// Encodes all characters but RFC 3986's unreserved ones, so that no value is read as syntax.
pub(crate) fn encode(text: &str) -> PercentEncode<'_> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, ENCODED)
}

/// Replaces the parameters in braces by the arguments, in order.
///
/// An error names the parameter and does not quote the argument.
pub(crate) fn fill(template: &str, arguments: &[&str]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    let mut arguments = arguments.iter();
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let argument = arguments.next().copied().unwrap_or_default();
        if let Some(fault) = fault_of(argument) {
            return Err(format!("the argument `{name}` {fault}"));
        }
        path.push_str(literal);
        path.extend(encode(argument));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// Returns why `argument` cannot be a segment of a path.
fn fault_of(argument: &str) -> Option<&'static str> {
    if argument.is_empty() {
        Some("is empty")
    } else if matches!(argument, "." | "..") {
        Some("is `.` or `..`, which cannot be part of a path")
    } else if argument.chars().any(char::is_control) {
        Some("contains control characters")
    } else {
        None
    }
}

/// Checks the path of a raw request, which the caller encoded.
pub(crate) fn check_raw(path: &str) -> Result<(), String> {
    let fault = if !path.starts_with('/') || path.starts_with("//") {
        "must start with exactly one `/`"
    } else if path.contains(['?', '#', '\\']) {
        "must not contain `?`, `#` or `\\`; pass parameters with `.query(name, value)`"
    } else if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        "must not contain white space or control characters"
    } else if path.split('/').any(is_dot_segment) {
        "must not contain the segments `.` or `..`"
    } else {
        return Ok(());
    };
    Err(format!("the path {fault}"))
}

/// Returns whether a URL parser would resolve this segment as `.` or `..`.
fn is_dot_segment(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().as_str(),
        "." | ".." | "%2e" | "%2e." | ".%2e" | "%2e%2e"
    )
}

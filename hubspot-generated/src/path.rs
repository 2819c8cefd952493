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

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "/crm/{objectType}/x/{objectId}/end";

    #[test]
    fn arguments_fill_the_template_in_order() {
        assert_eq!(
            fill(TEMPLATE, &["contacts", "17"]).unwrap(),
            "/crm/contacts/x/17/end"
        );
        assert_eq!(fill("/crm/contacts", &[]).unwrap(), "/crm/contacts");
    }

    #[test]
    fn an_argument_stays_one_segment() {
        for (argument, encoded) in [
            ("../../oauth", "..%2F..%2Foauth"),
            ("a/b?c", "a%2Fb%3Fc"),
            ("a#b", "a%23b"),
            ("a\\b", "a%5Cb"),
            ("%2e%2e", "%252e%252e"),
            ("...", "..."),
            ("ä b+c@d", "%C3%A4%20b%2Bc%40d"),
            ("{objectId}", "%7BobjectId%7D"),
        ] {
            assert_eq!(
                fill("/x/{id}", &[argument]).unwrap(),
                format!("/x/{encoded}")
            );
        }
    }

    #[test]
    fn what_cannot_be_a_segment_is_refused_by_name() {
        for (argument, fault) in [
            ("", "is empty"),
            (".", "is `.` or `..`, which cannot be part of a path"),
            ("..", "is `.` or `..`, which cannot be part of a path"),
            ("secret\n", "contains control characters"),
            ("\u{0}", "contains control characters"),
            ("\u{85}", "contains control characters"),
        ] {
            assert_eq!(
                fill(TEMPLATE, &["contacts", argument]).unwrap_err(),
                format!("the argument `objectId` {fault}")
            );
        }
        assert_eq!(
            fill(TEMPLATE, &[]).unwrap_err(),
            "the argument `objectType` is empty"
        );
    }

    #[test]
    fn a_raw_path_stays_below_the_base() {
        for path in ["/crm/v3/objects/p1_car", "/a%2Fb", "/", "/a/", "/a.b/..."] {
            assert_eq!(check_raw(path), Ok(()), "{path}");
        }
        for path in [
            "",
            "crm",
            "//evil.example/x",
            "/a?b",
            "/a#b",
            "/a\\b",
            "/a b",
            "/a\n",
            "/a/../b",
            "/%2E./b",
            "/a/.",
        ] {
            assert!(check_raw(path).is_err(), "{path:?}");
        }
    }
}

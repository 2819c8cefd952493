//! Paths and their templates: the version of a path, and the same path in another version.

/// The segment of a path that is its version.
pub(crate) fn version(path: &str) -> Option<&str> {
    path.split('/').find(|segment| is_version(segment))
}

/// The path without its version.
pub(crate) fn without_version(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !is_version(segment));
    segments.collect::<Vec<_>>().join("/")
}

/// A path without what may be an id, a name, an address or a secret: `/crm/owners/2026-09/{}`. A `ScopeRecorder` keeps the same.
pub(crate) fn without_values(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let segments = path.split('/');
    let segments = segments.map(|segment| if is_word(segment) { segment } else { "{}" });
    segments.collect::<Vec<_>>().join("/")
}

/// Returns whether a segment is a word of a path, and not the value of a parameter.
pub(crate) fn is_word(segment: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || b"-_".contains(&byte);
    segment.len() <= 40 && (is_version(segment) || segment.bytes().all(is_letter))
}

/// Returns whether a segment is a version: `v3`, `2026-09`, `2026-09-beta`.
pub(crate) fn is_version(segment: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let date = segment.strip_suffix("-beta").unwrap_or(segment);
    let is_date = date.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4 && month.len() == 2 && is_number(year) && is_number(month)
    });
    is_date || segment.strip_prefix('v').is_some_and(is_number)
}

pub(crate) fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Returns whether a path is one of a template: `/contacts/1` of `/contacts/{contactId}`.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (wanted, given) = (segments(template), segments(path));
    let fits = |(wanted, given): (&&str, &&str)| {
        (is_parameter(wanted) && !given.is_empty()) || wanted == given
    };
    wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
}

fn segments(path: &str) -> Vec<&str> {
    path.trim_end_matches('/').split('/').collect()
}

/// A path of the template `old` as one of the template `new`, with the same values; `None` if these do not fit.
pub(crate) fn translated(path: &str, old: &str, new: &str) -> Option<String> {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, query) = path.split_at(end);
    let named = segments(old).into_iter().zip(segments(path));
    let values: Vec<_> = named.filter(|(name, _)| is_parameter(name)).collect();
    let wanted = segments(new);
    let mut taken = Vec::new();
    let translated = wanted.iter().map(|&segment| {
        if !is_parameter(segment) {
            return Some(segment);
        }
        let by_name = values.iter().position(|(name, _)| *name == segment);
        // A parameter with another name takes the first value that no parameter names.
        let is_free = |at: &usize| !taken.contains(at) && !wanted.contains(&values[*at].0);
        let at = by_name.or_else(|| (0..values.len()).find(is_free))?;
        taken.push(at);
        Some(values[at].1)
    });
    let translated: Vec<_> = translated.collect::<Option<_>>()?;
    // A value that is left over must be a word of the new path.
    let is_there = |at: usize| taken.contains(&at) || translated.contains(&values[at].1);
    // `{}` stands for the next argument of a `format!`: each has to stay, in the same order.
    let has_order = values.iter().any(|(_, value)| is_positional(value));
    let is_complete = if has_order {
        taken.iter().copied().eq(0..values.len())
    } else {
        (0..values.len()).all(is_there)
    };
    is_complete.then(|| translated.join("/") + query)
}

/// Returns whether a segment has an argument of a `format!` without a name: `{}`, `{:>5}`.
fn is_positional(segment: &str) -> bool {
    segment.contains("{}") || segment.contains("{:")
}

/// Longer texts are near to no name, and are cut in errors.
pub(crate) const LONGEST: usize = 200;

/// A name as errors show it. A URL may have secrets before its host and after its path.
pub(crate) fn shown(name: &str) -> String {
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let name = match name.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => name,
    };
    name.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_keep_their_values() {
        for (path, old, new, expected) in [
            (
                "/crm/v3/objects/contacts/{id}?limit=1",
                "/crm/v3/objects/contacts/{contactId}",
                "/crm/objects/2026-09/contacts/{objectId}",
                Some("/crm/objects/2026-09/contacts/{id}?limit=1"),
            ),
            (
                "/a/v4/1/x/2",
                "/a/v4/{from}/x/{to}",
                "/a/2026-09/{to}/x/{from}",
                Some("/a/2026-09/2/x/1"),
            ),
            (
                "/a/v4/contacts",
                "/a/v4/{objectType}",
                "/a/2026-09/contacts",
                Some("/a/2026-09/contacts"),
            ),
            (
                "/a/v4/deals",
                "/a/v4/{objectType}",
                "/a/2026-09/contacts",
                None,
            ),
            ("/a/v4", "/a/v4", "/a/2026-09/{objectType}", None),
            (
                "/a/v4/1/2",
                "/a/v4/{x}/{y}",
                "/a/2026-09/{other}/{x}",
                Some("/a/2026-09/2/1"),
            ),
            // The arguments of the `format!` would be in the wrong order, or one too many.
            (
                "/a/v4/{}/x/{}",
                "/a/v4/{from}/x/{to}",
                "/a/2026-09/{to}/x/{from}",
                None,
            ),
            ("/a/v4/{}", "/a/v4/{x}", "/a/2026-09", None),
            (
                "/a/v4/{}/x/{:?}",
                "/a/v4/{from}/x/{to}",
                "/a/2026-09/{from}/x/{to}",
                Some("/a/2026-09/{}/x/{:?}"),
            ),
        ] {
            assert_eq!(translated(path, old, new).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn values_are_left_out() {
        for (path, kept) in [
            ("/crm/v3/owners/17/?hapikey=secret", "/crm/v3/owners/{}/"),
            (
                "/oauth/v1/access-tokens/CJSP5q",
                "/oauth/v1/access-tokens/{}",
            ),
            ("/a/2026-09-beta/ada@example.com#b", "/a/2026-09-beta/{}"),
            ("/{}/line_items", "/{}/line_items"),
        ] {
            assert_eq!(without_values(path), kept, "{path}");
        }
    }

    #[test]
    fn versions_are_segments() {
        assert_eq!(version("/crm/objects/2026-09/contacts"), Some("2026-09"));
        assert_eq!(version("/crm/v3/objects"), Some("v3"));
        assert_eq!(version("/a/2026-09-beta/b"), Some("2026-09-beta"));
        assert_eq!(version("/crm/vx/2026-9/20260-09/v"), None);
    }

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        for (name, expected) in [
            (
                "https://u:pw@api.hubapi.com/crm/nope?hapikey=secret",
                "/crm/nope",
            ),
            ("GET /crm/nope#secret", "GET /crm/nope"),
            ("contacts.lst", "contacts.lst"),
        ] {
            assert_eq!(super::shown(name), expected);
        }
        assert_eq!(super::shown(&"x".repeat(10_000)).len(), super::LONGEST);
    }
}

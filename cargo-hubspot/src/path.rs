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

/// Returns whether a segment is a version: `v3`, `2026-09`, `2026-09-beta`.
fn is_version(segment: &str) -> bool {
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
    let mut values: Vec<_> = named.filter(|(name, _)| is_parameter(name)).collect();
    let segments = segments(new).into_iter().map(|segment| {
        if !is_parameter(segment) {
            return Some(segment);
        }
        let mut left = values.iter();
        let at = left.position(|(name, _)| *name == segment);
        (!values.is_empty()).then(|| values.remove(at.unwrap_or_default()).1)
    });
    let segments: Vec<_> = segments.collect::<Option<_>>()?;
    // A value that is left over must be a word of the new path.
    let is_there = |(_, value): &(&str, &str)| segments.contains(value);
    let is_complete = values.iter().all(is_there);
    is_complete.then(|| segments.join("/") + query)
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
        ] {
            assert_eq!(translated(path, old, new).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn versions_are_segments() {
        assert_eq!(version("/crm/objects/2026-09/contacts"), Some("2026-09"));
        assert_eq!(version("/crm/v3/objects"), Some("v3"));
        assert_eq!(version("/a/2026-09-beta/b"), Some("2026-09-beta"));
        assert_eq!(version("/crm/vx/2026-9/20260-09/v"), None);
    }
}

//! The names of HubSpot's object types in paths: `contacts`, `contact` and `0-1` are the same type.

use std::borrow::Cow;

use crate::path::is_version;

/// The path, the singular and, if HubSpot tells it, the id of each type.
const TYPES: &str = include_str!("object_types.tsv");

/// The name that operations have in their paths, for a type with another name.
fn plural(name: &str) -> Option<&'static str> {
    let mut types = TYPES.lines().filter(|line| !line.starts_with('#'));
    types.find_map(|line| {
        let (path, others) = line.split_once('\t')?;
        let mut others = others.split('\t');
        let is_named = others.any(|other| other.eq_ignore_ascii_case(name));
        (is_named || path.eq_ignore_ascii_case(name)).then_some(path)
    })
}

/// The name of the object type in a path of records: `contact` in `/crm/v3/objects/contact/17`.
pub(crate) fn named(path: &str) -> Option<&str> {
    let mut segments = path.split('/').skip(1);
    let is_crm = segments.next() == Some("crm");
    let is_family = match (segments.next()?, segments.next()?) {
        ("objects", version) | (version, "objects") => is_version(version),
        _ => false,
    };
    segments.next().filter(|_| is_crm && is_family)
}

/// A path of records with the name of the object type that operations have.
pub(crate) fn canonical(path: &str) -> Cow<'_, str> {
    let renamed = named(path).and_then(|name| {
        let plural = plural(name).filter(|plural| *plural != name)?;
        let parts: Vec<_> = path.splitn(6, '/').collect();
        let [root, crm, one, other, _, rest @ ..] = parts.as_slice() else {
            return None;
        };
        Some(
            [&[*root, *crm, *one, *other, plural], rest]
                .concat()
                .join("/"),
        )
    });
    renamed.map_or(Cow::Borrowed(path), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_several_names() {
        for (path, expected) in [
            ("/crm/v3/objects/contact", "/crm/v3/objects/contacts"),
            (
                "/crm/v3/objects/contact/contact/0-1",
                "/crm/v3/objects/contacts/contact/0-1",
            ),
            (
                "/crm/objects/2026-09/0-1/17",
                "/crm/objects/2026-09/contacts/17",
            ),
            (
                "/crm/objects/2026-09/Line_Item",
                "/crm/objects/2026-09/line_items",
            ),
            ("/crm/v3/objects/contacts/1", "/crm/v3/objects/contacts/1"),
            ("/crm/v3/objects/2-1/1", "/crm/v3/objects/2-1/1"),
            ("/crm/v3/objects", "/crm/v3/objects"),
            ("/crm/v3/properties/contact", "/crm/v3/properties/contact"),
            ("/crm/objects/search/contact", "/crm/objects/search/contact"),
        ] {
            assert_eq!(canonical(path), expected);
        }
        assert_eq!(named("/crm/v3/objects/p1_car/17"), Some("p1_car"));
        assert_eq!(named("/cms/v3/objects/contact"), None);
        assert_eq!(plural("nothing"), None);
    }
}

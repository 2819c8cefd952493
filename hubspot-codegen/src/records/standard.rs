//! What the generator knows of HubSpot's own object types.

use hubspot_scopes::Sensitivity;

/// The object types of `specs/object-types.toml`. `cargo xtask regen` writes it.
const TYPES: &str = include_str!("../generated/object_types.txt");

/// One of HubSpot's own object types.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandardType {
    /// `0-3`
    pub id: &'static str,
    /// The name in paths, a plural or the id: `deals`.
    pub path: &'static str,
    /// The name of its operations: `deals`.
    pub resource: &'static str,
    /// `deal`
    pub singular: &'static str,
    /// The sensitivities whose properties can be read.
    pub sensitivities: Vec<Sensitivity>,
    /// The properties whose values no two records share.
    pub unique: Vec<&'static str>,
}

/// HubSpot's own object types, by id.
pub fn standard_types() -> impl Iterator<Item = StandardType> {
    types().filter(|ty| ty.id != CUSTOM)
}

/// Returns whether HubSpot has scopes for properties of this sensitivity, for the object type with this id.
pub(super) fn has_scopes(id: &str, sensitivity: Sensitivity) -> bool {
    let known = types().find(|ty| ty.id == id);
    let known = known.or_else(|| types().find(|ty| ty.id == CUSTOM));
    known.is_some_and(|ty| ty.sensitivities.contains(&sensitivity))
}

/// What stands for the id of the types that an account defines.
const CUSTOM: &str = "-";

fn types() -> impl Iterator<Item = StandardType> {
    TYPES.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(StandardType {
            id: words.next()?,
            path: words.next()?,
            resource: words.next()?,
            singular: words.next()?,
            sensitivities: (words.next()?.split(',').filter_map(Sensitivity::named)).collect(),
            unique: words.collect(),
        })
    })
}

impl StandardType {
    /// Returns whether `name` is the type's id, or one of its names.
    pub fn is_named(&self, name: &str) -> bool {
        [self.id, self.path, self.resource, self.singular].contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_type_is_known() {
        for name in ["0-1", "contact", "contacts"] {
            let found: Vec<_> = standard_types().filter(|ty| ty.is_named(name)).collect();
            assert_eq!(found.len(), 1, "{name}");
            assert_eq!(found[0].unique, ["email"]);
            assert_eq!(found[0].sensitivities, Sensitivity::ALL);
        }
        assert!(standard_types().count() > 20);
    }

    #[test]
    fn scopes_for_sensitive_properties_are_known() {
        for (id, expected) in [
            ("0-1", [true, true]),
            ("0-7", [false, false]),
            ("0-421", [true, false]),
            ("2-123", [true, true]),
        ] {
            let all = Sensitivity::ALL.iter();
            let found: Vec<_> = all.map(|&of| has_scopes(id, of)).collect();
            assert_eq!(found, expected, "{id}");
        }
    }
}

//! HubSpot's object types: which one a record is of, and the traits of the scopes that its operations need.

use hubspot_scopes::{Requirement, ScopeNameError, is_custom_object, trait_names};
use proc_macro2::{Ident, Span};
use syn::{Error, LitStr};

use crate::generated::object_types::{CUSTOM, OBJECT_TYPES};
use crate::object_type::ObjectType;
use crate::suggest;

/// The object type that a struct names, and its name in paths.
pub(crate) fn named(name: &LitStr) -> syn::Result<(&'static ObjectType, String)> {
    let text = name.value();
    let is_named = |ty: &&ObjectType| [ty.id, ty.path, ty.resource].contains(&&*text);
    if let Some(known) = OBJECT_TYPES.iter().find(is_named) {
        return Ok((known, known.path.to_owned()));
    }
    if is_custom_object(&text) {
        return Ok((&CUSTOM, text));
    }
    let known = OBJECT_TYPES.iter().map(|ty| ty.resource);
    let meant = suggest::nearest_scope(&text, known);
    let meant = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    let message = format!(
        "unknown object type `{text}`{meant}\na custom object is named by its id, such as `2-123`, or by its fully \
             qualified name, such as `p123_car`"
    );
    Err(Error::new(name.span(), message))
}

/// The traits in `scopes::grants` that stand for a requirement; none if nothing is needed.
pub(crate) fn grants(requirement: &Requirement) -> Result<Vec<Ident>, ScopeNameError> {
    let ident = |name: String| Ident::new(&name, Span::call_site());
    Ok(trait_names(requirement)?.into_iter().map(ident).collect())
}

#[cfg(test)]
mod tests {
    use hubspot_scopes::Sensitivity;

    use super::*;

    fn find(name: &str) -> syn::Result<(&'static ObjectType, String)> {
        named(&LitStr::new(name, Span::call_site()))
    }

    #[test]
    fn object_types_have_several_names() {
        for (name, resource, path) in [
            ("contacts", "contacts", "contacts"),
            ("0-1", "contacts", "contacts"),
            ("services", "services", "0-162"),
            ("2-123", "objects", "2-123"),
            ("p_car", "objects", "p_car"),
            ("p123_car", "objects", "p123_car"),
        ] {
            let (ty, found) = find(name).unwrap();
            assert_eq!((ty.resource, &*found), (resource, path), "{name}");
        }
        for unknown in [
            "", "contact", "2-", "2-x", "p_", "p123", "p_a,b", "p_a/b", "car",
        ] {
            assert!(find(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn sensitive_properties_need_scopes_of_their_own() {
        let scope = |name: &str, kind, is_write| find(name).unwrap().0.scope_for(kind, is_write);
        for (name, kind, is_write, expected) in [
            (
                "contacts",
                Sensitivity::Sensitive,
                false,
                Some("crm.objects.contacts.sensitive.read.v2"),
            ),
            (
                "contacts",
                Sensitivity::Sensitive,
                true,
                Some("crm.objects.contacts.sensitive.write.v2"),
            ),
            (
                "2-1",
                Sensitivity::HighlySensitive,
                false,
                Some("crm.objects.custom.highly_sensitive.read.v2"),
            ),
            (
                "tickets",
                Sensitivity::Sensitive,
                true,
                Some("tickets.sensitive.v2"),
            ),
            ("appointments", Sensitivity::HighlySensitive, false, None),
            ("products", Sensitivity::Sensitive, false, None),
        ] {
            assert_eq!(scope(name, kind, is_write), expected, "{name} {kind:?}");
        }
    }
}

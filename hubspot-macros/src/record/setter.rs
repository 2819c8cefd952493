//! The names of a patch's setters, which no two properties share.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::{Error, Result};

use super::fields::Property;
use crate::declared::combine;

/// The methods that every patch has; a property of this name has a setter that ends with `_`.
const OF_PATCH: [&str; 8] = [
    "associated_with",
    "clear",
    "clone",
    "default",
    "from",
    "into",
    "is_empty",
    "new",
];

/// The name of the method of a patch that sets a property.
pub(super) fn setter_name(property: &Property<'_>) -> Ident {
    let ident = property.ident;
    let name = ident.unraw().to_string();
    if OF_PATCH.contains(&&*name) {
        Ident::new(&format!("{name}_"), ident.span())
    } else {
        ident.clone()
    }
}

/// Fails if two properties would have one setter.
pub(super) fn setters_differ(properties: &[Property<'_>]) -> Result<()> {
    let mut known = BTreeMap::new();
    let mut errors = Vec::new();
    for property in properties.iter().filter(|property| !property.read_only) {
        let setter = setter_name(property);
        if let Some(other) = known.insert(setter.to_string(), property.ident) {
            let message = format!(
                "the fields `{other}` and `{}` would have the same setter, `{setter}`",
                property.ident
            );
            errors.push(Error::new(property.ident.span(), message));
        }
    }
    combine(errors)
}

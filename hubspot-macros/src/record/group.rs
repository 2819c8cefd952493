//! Fields in groups of one type and shape: the output has the type once for each, and a call that reads them all.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Type;

use super::fields::{Property, Shape};
use super::setter::setter_name;

/// The properties of one type and shape, each with its index.
pub(super) struct Group<'a> {
    shape: Shape<'a>,
    properties: Vec<(usize, &'a Property<'a>)>,
}

/// The groups, in the order of their first properties.
pub(super) fn groups<'a>(properties: &'a [Property<'a>]) -> Vec<Group<'a>> {
    let mut groups = Vec::<Group<'_>>::new();
    let mut known = BTreeMap::new();
    for (index, property) in properties.iter().enumerate() {
        let key = (
            std::mem::discriminant(&property.shape),
            spelling(property.shape.value()),
        );
        let key = format!("{key:?}");
        let place = *known.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group {
                shape: property.shape,
                properties: Vec::new(),
            });
        }
        groups[place].properties.push((index, property));
    }
    groups
}

/// A type as text, quickly for one that is a single name.
fn spelling(ty: &Type) -> String {
    let name = match ty {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    };
    name.map_or_else(|| ty.to_token_stream().to_string(), ToString::to_string)
}

impl Group<'_> {
    /// The group for the list of required fields, if they are.
    pub(super) fn required(&self) -> Option<TokenStream> {
        let (ty, fields) = (self.shape.value(), self.fields());
        matches!(self.shape, Shape::Required(_)).then(|| quote!((#ty) #fields))
    }

    /// The group for the list of optional fields, if they are.
    pub(super) fn optional(&self) -> Option<TokenStream> {
        let (ty, fields) = (self.shape.value(), self.fields());
        match self.shape {
            Shape::Optional(_) => Some(quote!((#ty) optional put_optional #fields)),
            Shape::Tracked(_) => Some(quote!((#ty) tracked put_tracked #fields)),
            Shape::Required(_) | Shape::Multi(_) => None,
        }
    }

    /// The group for the list of fields with several values, if they have.
    pub(super) fn multi(&self) -> Option<TokenStream> {
        let (ty, fields) = (self.shape.value(), self.fields());
        matches!(self.shape, Shape::Multi(_)).then(|| quote!((#ty) #fields))
    }

    /// The fields that the patch sets, and those that it does not.
    fn fields(&self) -> TokenStream {
        let properties = self.properties.iter().copied();
        let (fixed, written): (Vec<_>, Vec<_>) =
            properties.partition(|(_, property)| property.read_only);
        let rest = |index: usize, property: &Property<'_>| {
            let (constant, name) = (property.constant(), &property.name);
            quote!(#constant #name #index)
        };
        let written = written.into_iter().map(|(index, property)| {
            let (ident, setter) = (property.ident, setter_name(property));
            let rest = rest(index, property);
            quote!(#ident #setter #rest)
        });
        let fixed = fixed.into_iter().map(|(index, property)| {
            let ident = property.ident;
            let rest = rest(index, property);
            quote!(#ident #rest)
        });
        quote!([#(#written)*] [#(#fixed)*])
    }
}

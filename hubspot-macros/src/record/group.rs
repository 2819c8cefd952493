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

/// What a setter takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Setter {
    Value,
    Update,
    List,
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
    /// The constants, with their docs.
    pub(super) fn constants(&self) -> TokenStream {
        let ty = self.shape.value();
        let constants = self.properties.iter().map(|(_, property)| {
            let (constant, name) = (property.constant(), &property.name);
            let docs = format!("The property `{name}`.");
            quote!(#constant #name #docs)
        });
        quote!((#ty) #(#constants)*;)
    }

    /// The setters, with their docs, if they are of this kind.
    pub(super) fn setters(&self, kind: Setter) -> Option<TokenStream> {
        let own = match self.shape {
            Shape::Required(_) => Setter::Value,
            Shape::Optional(_) | Shape::Tracked(_) => Setter::Update,
            Shape::Multi(_) => Setter::List,
        };
        let ty = self.shape.value();
        let setters = self.writable().map(|property| {
            let (setter, name) = (setter_name(property), &property.name);
            let docs = format!("Sets the property `{name}`.");
            quote!(#setter #name #docs)
        });
        (own == kind).then(|| quote!((#ty) #(#setters)*;))
    }

    /// How required fields are read.
    pub(super) fn required(&self) -> Option<TokenStream> {
        let (ty, fields) = (self.shape.value(), self.fields());
        matches!(self.shape, Shape::Required(_)).then(|| quote!((#ty) #(#fields)*;))
    }

    /// How other fields are read.
    pub(super) fn others(&self) -> Option<TokenStream> {
        let read = match self.shape {
            Shape::Required(_) => return None,
            Shape::Optional(_) => quote!(optional),
            Shape::Tracked(_) => quote!(tracked),
            Shape::Multi(_) => quote!(multi),
        };
        let (ty, fields) = (self.shape.value(), self.fields());
        Some(quote!(#read (#ty) #(#fields)*;))
    }

    /// How the fields are written.
    pub(super) fn write(&self) -> Option<TokenStream> {
        let write = match self.shape {
            Shape::Required(_) => quote!(put),
            Shape::Optional(_) => quote!(put_optional),
            Shape::Tracked(_) => quote!(put_tracked),
            Shape::Multi(_) => quote!(put_all),
        };
        let ty = self.shape.value();
        let mut fields = self.writable().peekable();
        fields.peek()?;
        let fields = fields.map(|property| {
            let (ident, name) = (property.ident, &property.name);
            quote!(#ident #name)
        });
        Some(quote!(#write (#ty) #(#fields)*;))
    }

    fn fields(&self) -> impl Iterator<Item = TokenStream> {
        let properties = self.properties.iter();
        properties.map(|(index, property)| {
            let ident = property.ident;
            quote!(#ident #index)
        })
    }

    fn writable(&self) -> impl Iterator<Item = &Property<'_>> {
        let properties = self.properties.iter().map(|(_, property)| *property);
        properties.filter(|property| !property.read_only)
    }
}

//! The types of associations that HubSpot defines.

use std::collections::BTreeSet;

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde::Deserialize;

use super::ObjectType;
use crate::emit::{code, docs};
use crate::error::{Error, Problem};
use crate::model::Place;

/// Both directions of a type of association that `HubSpot` defines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssociationType {
    /// The paths of two object types.
    pub types: [String; 2],
    /// The `associationTypeId` from the first to the second, and back.
    pub numbers: [u32; 2],
    /// The `type` in responses.
    pub names: [String; 2],
    /// What people see.
    #[serde(default)]
    pub labels: Option<[String; 2]>,
    /// Whether a record can have the first direction with only one other record.
    #[serde(default)]
    pub exclusive: bool,
}

/// An object type that is not in the table, and a number or a constant that two directions have.
pub(super) fn errors(all: &[AssociationType], types: &[ObjectType], path: &str) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut known = BTreeSet::new();
    for (index, of) in all.iter().enumerate() {
        let mut error = |key: &str, problem| {
            let place = Place {
                document: path.to_owned(),
                pointer: format!("/association_type/{index}/{key}"),
            };
            errors.push(Error::new(place, problem));
        };
        for name in &of.types {
            if !types.iter().any(|ty| ty.path == *name) {
                error(
                    "types",
                    Problem::Unknown {
                        kind: "object type",
                        name: name.clone(),
                        known: Vec::new(),
                    },
                );
            }
        }
        for direction in of.directions(types) {
            for (key, name) in [
                ("numbers", direction.number.to_string()),
                ("types", direction.constant()),
            ] {
                if !known.insert(name.clone()) {
                    let kind = "association type";
                    error(key, Problem::Duplicate { kind, name });
                }
            }
        }
    }
    errors
}

/// The mock's table.
pub(super) fn table(all: &[AssociationType]) -> TokenStream {
    let entries = all.iter().map(|of| {
        let AssociationType {
            types,
            names,
            labels,
            exclusive,
            ..
        } = of;
        let numbers = of.numbers.map(Literal::u32_unsuffixed);
        let labels = if let Some(labels) = labels {
            quote!(Some([#(#labels),*]))
        } else {
            quote!(None)
        };
        quote! {
            AssociationType {
                types: [#(#types),*],
                numbers: [#(#numbers),*],
                names: [#(#names),*],
                labels: #labels,
                exclusive: #exclusive,
            }
        }
    });
    quote! {
        /// The types of associations that HubSpot defines.
        pub(crate) static ASSOCIATION_TYPES: &[AssociationType] = &[#(#entries),*];
    }
}

/// The client's constants, by name.
pub(super) fn constants(all: &[AssociationType], types: &[ObjectType]) -> TokenStream {
    let directions = all.iter().flat_map(|of| of.directions(types));
    let mut directions: Vec<_> = directions.map(|of| (of.constant(), of)).collect();
    directions.sort_by(|(one, _), (other, _)| one.cmp(other));
    let constants = directions.into_iter().map(|(name, of)| {
        let name = format_ident!("{name}");
        let number = Literal::u32_unsuffixed(of.number);
        let label = of.label.map_or_else(
            || "without a label".to_owned(),
            |label| format!("labelled {}", code(label)),
        );
        let [from, to] = [of.from, of.to].map(|ty| code(ty.resource()));
        let text = format!("From {from} to {to}, {label}.");
        let docs = docs([text.as_str()]);
        quote!(#docs pub const #name: i32 = #number;)
    });
    constants.collect()
}

/// One direction.
struct Direction<'a> {
    from: &'a ObjectType,
    to: &'a ObjectType,
    number: u32,
    label: Option<&'a str>,
}

impl AssociationType {
    /// Both directions, or the only one, which leads from an object type to itself.
    fn directions<'a>(&'a self, types: &'a [ObjectType]) -> impl Iterator<Item = Direction<'a>> {
        let find = |name: &String| types.iter().find(|ty| ty.path == *name);
        let is_one = self.numbers[0] == self.numbers[1] && self.types[0] == self.types[1];
        let indices = [(0, 1), (1, 0)]
            .into_iter()
            .take(if is_one { 1 } else { 2 });
        indices.filter_map(move |(from, to)| {
            Some(Direction {
                from: find(&self.types[from])?,
                to: find(&self.types[to])?,
                number: self.numbers[from],
                label: self.labels.as_ref().map(|labels| labels[from].as_str()),
            })
        })
    }
}

impl Direction<'_> {
    /// `CONTACT_TO_COMPANY_PRIMARY`
    fn constant(&self) -> String {
        let label = self.label.unwrap_or_default();
        format!("{} to {} {label}", self.from.singular, self.to.singular).to_shouty_snake_case()
    }
}

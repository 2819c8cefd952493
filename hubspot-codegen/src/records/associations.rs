//! The code of association types: a constant for each, and an enum of the labels to each object type.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::{Case, named};
use super::{Association, Object};
use crate::emit::{code, docs, separated};
use crate::model::Identifier;

/// An association type, and what the code calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named<'a> {
    association: &'a Association,
    /// `TO_CONTACTS_DECISION_MAKER`
    pub(super) constant: Identifier,
    /// `ToContacts`
    pub(super) labels: Identifier,
    /// `DecisionMaker`
    pub(super) variant: Identifier,
}

/// Each association type with its names, in their order.
pub(super) fn names(associations: &[Association]) -> Vec<Named<'_>> {
    let text = |association: &&Association| {
        let label = association.label.as_deref().unwrap_or_default();
        format!("to {} {label}", association.to)
    };
    let constants = named(Case::Constant, associations, text, &[]);
    let mut targets = BTreeMap::<&str, Vec<_>>::new();
    for (place, (association, constant)) in constants.into_iter().enumerate() {
        let of = targets.entry(&association.to).or_default();
        of.push((place, association, constant));
    }
    let label = |(_, association, _): &(usize, &Association, Identifier)| {
        let label = association.label.clone();
        label.unwrap_or_else(|| "Unlabelled".to_owned())
    };
    let mut rows = BTreeMap::new();
    for ((_, of), labels) in named(Case::Type, targets, |(to, _)| format!("to {to}"), &[]) {
        for ((place, association, constant), variant) in named(Case::Variant, of, label, &[]) {
            let labels = labels.clone();
            let row = Named {
                association,
                constant,
                labels,
                variant,
            };
            rows.insert(place, row);
        }
    }
    rows.into_values().collect()
}

/// The labels from one object type to another that have structs.
struct Labels<'a> {
    /// The structs.
    from: &'a Identifier,
    to: &'a Identifier,
    name: &'a Identifier,
    of: Vec<&'a Named<'a>>,
}

/// The module `associations`. Types between two object types that have structs are for `labelled`.
pub(super) fn module<'a>(
    name: &str,
    object: &Object,
    from: &'a Identifier,
    records: impl Fn(&str) -> Option<&'a Identifier>,
) -> TokenStream {
    if object.associations.is_empty() {
        return TokenStream::new();
    }
    let typed = |association: &Association| {
        let make = match association.category.as_deref()? {
            "HUBSPOT_DEFINED" => quote!(hubspot_defined),
            "USER_DEFINED" => quote!(user_defined),
            _ => return None,
        };
        Some((records(&association.to)?, make))
    };
    let rows = names(&object.associations);
    let mut constants = Vec::new();
    let mut enums = BTreeMap::<&str, Labels<'_>>::new();
    for row in &rows {
        let (docs, constant) = (constant_docs(row.association), &row.constant);
        let id = Literal::i32_unsuffixed(row.association.type_id);
        let Some((to, make)) = typed(row.association) else {
            constants.push(quote!(#docs pub const #constant: i32 = #id;));
            continue;
        };
        let ty = ty();
        constants.push(quote! {
            #docs pub const #constant: #ty<super::#from, super::super::#to> = #ty::#make(#id);
        });
        let labels = enums.entry(&row.association.to);
        let labels = labels.or_insert_with(|| Labels {
            from,
            to,
            name: &row.labels,
            of: Vec::new(),
        });
        labels.of.push(row);
    }
    let enums = enums.iter().map(|(to, labels)| labels.items(name, to));
    let title = format!("The types of associations from {}.", code(name));
    let title = docs([title.as_str()]);
    let items = separated(constants.into_iter().chain(enums));
    quote! {
        #title
        pub mod associations {
            #items
        }
    }
}

fn ty() -> TokenStream {
    quote!(hubspot_generated::AssociationType)
}

impl Labels<'_> {
    /// The enum of the labels from one object type, which is called `from_name`, to another.
    fn items(&self, from_name: &str, to_name: &str) -> TokenStream {
        let Self { from, to, name, of } = self;
        let (from_name, to_name) = (code(from_name), code(to_name));
        let title = format!("The labels of associations from {from_name} to {to_name}.");
        let title = docs([title.as_str()]);
        let from_id = from_id(of);
        let variants: Vec<_> = of.iter().map(|row| &row.variant).collect();
        let constants = of.iter().map(|row| &row.constant);
        let texts = of.iter().map(|row| {
            let label = row.association.label.as_deref();
            docs([label.unwrap_or("Without a label.")])
        });
        let ty = ty();
        separated([
            quote! {
                #title
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                pub enum #name {
                    #(#texts #variants,)*
                }
            },
            quote! {
                impl #name {
                    #from_id
                }
            },
            quote! {
                impl From<#name> for #ty<super::#from, super::super::#to> {
                    fn from(label: #name) -> Self {
                        match label {
                            #(#name::#variants => #constants,)*
                        }
                    }
                }
            },
        ])
    }
}

/// The method that finds a label by the id of its type.
fn from_id(of: &[&Named<'_>]) -> TokenStream {
    // Types of HubSpot and of the account may share an id, which then names neither.
    let is_shared = |id| {
        let sharing = of.iter().filter(|row| row.association.type_id == id);
        sharing.count() > 1
    };
    let rows = of.iter().copied();
    let (shared, own): (Vec<&Named<'_>>, Vec<_>) =
        rows.partition(|row| is_shared(row.association.type_id));
    let note = (!shared.is_empty())
        .then_some("`None` for ids that a type of HubSpot and one of the account share.");
    let id_docs = ["The label with this id, such as one of `AssociatedRecord::types`."];
    let id_docs = docs(id_docs.into_iter().chain(note));
    let own = own.into_iter().map(|row| {
        let id = Literal::i32_unsuffixed(row.association.type_id);
        let variant = &row.variant;
        quote!(#id => Some(Self::#variant),)
    });
    quote! {
        #id_docs
        pub const fn from_id(id: i32) -> Option<Self> {
            match id {
                #(#own)*
                _ => None,
            }
        }
    }
}

fn constant_docs(association: &Association) -> TokenStream {
    let label = association.label.as_deref();
    let label = label.map_or_else(
        || "without a label".to_owned(),
        |label| format!("labelled {}", code(label)),
    );
    let category = association.category.as_deref().map(code);
    let shown = category.map_or_else(String::new, |category| format!(" ({category})"));
    let text = format!("To {}, {label}{shown}.", code(&association.to));
    docs([text.as_str()])
}

//! The code of association types: a constant for each, and an enum of the labels to each object type.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::{Case, distinct};
use super::{Association, Object};
use crate::emit::{code, docs, separated};
use crate::model::Identifier;

/// What the code calls an association type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// `TO_CONTACTS_DECISION_MAKER`
    pub(super) constant: Identifier,
    /// `ToContacts`
    pub(super) labels: Identifier,
    /// `DecisionMaker`
    pub(super) variant: Identifier,
}

/// The names of each association type, in their order.
pub(super) fn names(associations: &[Association]) -> Vec<Names> {
    let text = |association: &Association| {
        let label = association.label.as_deref().unwrap_or_default();
        format!("to {} {label}", association.to)
    };
    let texts: Vec<_> = associations.iter().map(text).collect();
    let texts = texts.iter().map(String::as_str).enumerate();
    let constants = distinct(Case::Constant, texts, &[]);
    let enums: BTreeMap<_, _> = by_target(associations)
        .into_keys()
        .map(|to| (to, format!("to {to}")))
        .collect();
    let enums = enums.iter().map(|(to, text)| (*to, text.as_str()));
    let enums = distinct(Case::Type, enums, &[]);
    let mut variants = BTreeMap::new();
    for indices in by_target(associations).into_values() {
        let labels = indices.into_iter().map(|index| {
            let label = associations[index].label.as_deref();
            (index, label.unwrap_or("Unlabelled"))
        });
        variants.extend(distinct(Case::Variant, labels, &[]));
    }
    let both = constants.into_iter().zip(variants.into_values());
    let named = both
        .zip(associations)
        .filter_map(|(((_, constant), variant), association)| {
            Some(Names {
                constant,
                labels: enums.get(association.to.as_str())?.clone(),
                variant,
            })
        });
    named.collect()
}

/// The indices of the associations that lead to each object type.
fn by_target(associations: &[Association]) -> BTreeMap<&str, Vec<usize>> {
    let mut targets = BTreeMap::<_, Vec<_>>::new();
    for (index, association) in associations.iter().enumerate() {
        targets.entry(&*association.to).or_default().push(index);
    }
    targets
}

/// The module `associations`. Types between two object types that have structs are for `labelled`.
pub(super) fn module<'a>(
    name: &str,
    object: &Object,
    from: &Identifier,
    records: impl Fn(&str) -> Option<&'a Identifier>,
) -> TokenStream {
    let associations = &object.associations;
    if associations.is_empty() {
        return TokenStream::new();
    }
    let typed = |association: &Association| {
        let make = match association.category.as_deref()? {
            "HUBSPOT_DEFINED" => quote!(hubspot_defined),
            "USER_DEFINED" => quote!(user_defined),
            _ => return None,
        };
        let (to, ty) = (records(&association.to)?, ty());
        Some((
            quote!(#ty<super::#from, super::super::#to>),
            quote!(#ty::#make),
        ))
    };
    let names = names(associations);
    let all: Vec<_> = associations.iter().zip(&names).collect();
    let constants = all.iter().map(|(association, names)| {
        let (docs, name) = (constant_docs(association), &names.constant);
        let id = Literal::i32_unsuffixed(association.type_id);
        if let Some((ty, make)) = typed(association) {
            quote!(#docs pub const #name: #ty = #make(#id);)
        } else {
            quote!(#docs pub const #name: i32 = #id;)
        }
    });
    let mut enums = BTreeMap::<_, Vec<_>>::new();
    for (association, names) in &all {
        if typed(association).is_some() {
            let of = enums.entry(&*association.to).or_default();
            of.push((*association, *names));
        }
    }
    let enums = enums
        .into_iter()
        .filter_map(|(to, of)| Some(labels(name, from, records(to)?, &of)));
    let title = format!("The types of associations from {}.", code(name));
    let title = docs([title.as_str()]);
    let items = separated(constants.chain(enums));
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

/// The enum of the labels from one object type to another.
fn labels(
    name: &str,
    from: &Identifier,
    to: &Identifier,
    of: &[(&Association, &Names)],
) -> TokenStream {
    let Some((first, Names { labels, .. })) = of.first() else {
        return TokenStream::new();
    };
    let title = format!(
        "The labels of associations from {} to {}.",
        code(name),
        code(&first.to)
    );
    let title = docs([title.as_str()]);
    let from_id = from_id(of);
    let variants: Vec<_> = of.iter().map(|(_, names)| &names.variant).collect();
    let constants = of.iter().map(|(_, names)| &names.constant);
    let texts = of.iter().map(|(association, _)| {
        let label = association.label.as_deref().unwrap_or("Without a label.");
        docs([label])
    });
    let ty = ty();
    separated([
        quote! {
            #title
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum #labels {
                #(#texts #variants,)*
            }
        },
        quote! {
            impl #labels {
                #from_id
            }
        },
        quote! {
            impl From<#labels> for #ty<super::#from, super::super::#to> {
                fn from(label: #labels) -> Self {
                    match label {
                        #(#labels::#variants => #constants,)*
                    }
                }
            }
        },
    ])
}

/// The method that finds a label by the id of its type.
fn from_id(of: &[(&Association, &Names)]) -> TokenStream {
    // Types of HubSpot and of the account may share an id, which then names neither.
    let is_shared = |id| of.iter().filter(|(other, _)| other.type_id == id).count() > 1;
    let (shared, own): (Vec<_>, Vec<_>) = of
        .iter()
        .partition(|(association, _)| is_shared(association.type_id));
    let note = (!shared.is_empty())
        .then_some("`None` for ids that a type of HubSpot and one of the account share.");
    let id_docs = ["The label with this id, such as one of `AssociatedRecord::types`."];
    let id_docs = docs(id_docs.into_iter().chain(note));
    let own = own.into_iter().map(|(association, names)| {
        let id = Literal::i32_unsuffixed(association.type_id);
        let variant = &names.variant;
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

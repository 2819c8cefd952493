//! The traits of scopes, and the catalogue that the macros read.
//!
//! In: the scopes and the requirements with alternatives. Out: `scopes.rs`. Refuses nothing.
//!
//! What implies what is a supertrait: a scope that satisfies a requirement by itself has the requirement's trait as a
//! supertrait, and so has a requirement that implies another.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;
use proc_macro2::TokenStream;
use quote::quote;

use super::text::docs;
use super::{Context, File, ident};
use crate::model::Composite;

/// How many scopes a message lists.
const MOST_LISTED: usize = 5;

pub(super) fn file(context: Context<'_>) -> File<'_> {
    let title = "The scopes that HubSpot knows, as traits, and the requirements with alternatives."
        .to_owned();
    File::new("scopes.rs".to_owned(), title, move || items(context))
}

fn items(context: Context<'_>) -> TokenStream {
    let composites = context.names.composites.values().collect::<Vec<_>>();
    let implications = Implications::of(&composites);
    let scopes = context
        .names
        .scopes
        .iter()
        .map(|(scope, name)| scope_trait(context, scope, name, &implications));
    let requirements = (0..composites.len()).map(|index| composite_trait(index, &implications));
    let unchecked = context.names.scopes.values().map(String::as_str);
    let unchecked = unchecked.chain(explicit(&composites)).map(ident);
    let blankets = composites
        .iter()
        .filter_map(|composite| blanket(context, composite));
    let catalogue = catalogue(context, &composites);
    quote! {
        use crate::scopes::Unchecked;
        use crate::scopes::__private::{BY_SCOPE_SET, ByScopeSet};

        /// One trait for each scope, and for each requirement with alternatives.
        pub mod grants {
            use crate::scopes::__private::ByScopeSet;

            #(#scopes)*
            #(#requirements)*
        }

        macro_rules! unchecked {
            ($($grant:ident)*) => {
                $(
                    #[diagnostic::do_not_recommend]
                    impl grants::$grant for Unchecked {
                        const WRITTEN_BY_SCOPE_SET: ByScopeSet = BY_SCOPE_SET;
                    }
                )*
            };
        }

        unchecked!(#(#unchecked)*);

        #(#blankets)*

        #catalogue
    }
}

fn scope_trait(
    context: Context<'_>,
    scope: &str,
    name: &str,
    implications: &Implications<'_>,
) -> TokenStream {
    let known = context.config.scopes.get(scope);
    let description = known.and_then(|known| known.description.as_deref());
    let official = format!("HubSpot's name: `{scope}`.");
    let note = known.and_then(|known| known.note.as_deref());
    let docs = docs(
        description
            .into_iter()
            .chain([official.as_str()])
            .chain(note),
    );
    let supertraits = implications.of_scope(scope);
    let name = ident(name);
    let message = format!("`{{Self}}` does not declare the OAuth scope `{scope}`");
    let label = format!("this HubSpot call needs `{scope}`");
    let declaration = format!(
        "if `scope_set!` declares `{{Self}}`: add \"{scope}\" to it, and to the app's scopes in HubSpot"
    );
    let attribute = format!(
        "if `{{Self}}` is a type parameter: state the scope with `#[hubspot_scopes(\"{scope}\")]` on the function"
    );
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #declaration, note = #attribute)]
        pub trait #name #supertraits {
            #[doc(hidden)]
            const WRITTEN_BY_SCOPE_SET: ByScopeSet;
        }
    }
}

fn composite_trait(index: usize, implications: &Implications<'_>) -> TokenStream {
    let composite = implications.composites[index];
    let scopes = composite.requirement.describe(MOST_LISTED);
    let docs = docs([format!("{scopes}.").as_str()]);
    let supertraits = implications.of_composite(index);
    let name = ident(&composite.ident);
    let label = format!("this HubSpot call needs {scopes}");
    let attribute = format!(
        "if `{{Self}}` is a type parameter: state one of them on the function, as in `#[hubspot_scopes({})]`",
        example(&composite.requirement)
    );
    quote! {
        #docs
        #[diagnostic::on_unimplemented(
            message = "`{Self}` declares none of the OAuth scopes that this HubSpot call accepts",
            label = #label,
            note = "if `scope_set!` declares `{Self}`: add one of them to it, and to the app's scopes in HubSpot",
            note = #attribute
        )]
        #[doc(hidden)]
        pub trait #name #supertraits {
            #[doc(hidden)]
            const WRITTEN_BY_SCOPE_SET: ByScopeSet;
        }
    }
}

/// The alternative with the least power, as the only one.
fn example(requirement: &Requirement) -> Requirement {
    Requirement::new(requirement.alternatives().first().cloned())
}

/// Which requirements with alternatives imply which.
struct Implications<'a> {
    composites: &'a [&'a Composite],
    /// By requirement, the others that it implies.
    implied: Vec<BTreeSet<usize>>,
    /// By scope, those that it satisfies by itself.
    by_scope: BTreeMap<&'a str, BTreeSet<usize>>,
}

impl<'a> Implications<'a> {
    fn of(composites: &'a [&'a Composite]) -> Self {
        let numbered = || composites.iter().enumerate();
        let implied = numbered().map(|(index, one)| {
            let others = numbered().filter(|(other_index, other)| {
                index != *other_index && one.requirement.implies(&other.requirement)
            });
            others.map(|(other, _)| other).collect()
        });
        let implied = implied.collect();
        let mut by_scope = BTreeMap::<&str, BTreeSet<usize>>::new();
        for (index, composite) in numbered() {
            for alternative in composite.requirement.alternatives() {
                if let [scope] = Vec::from_iter(alternative.scopes()).as_slice() {
                    by_scope.entry(scope).or_default().insert(index);
                }
            }
        }
        Self {
            composites,
            implied,
            by_scope,
        }
    }

    fn of_scope(&self, scope: &str) -> Option<TokenStream> {
        self.supertraits(self.by_scope.get(scope)?)
    }

    fn of_composite(&self, index: usize) -> Option<TokenStream> {
        self.supertraits(&self.implied[index])
    }

    /// The traits of these, without those that another of them implies.
    fn supertraits(&self, implied: &BTreeSet<usize>) -> Option<TokenStream> {
        let is_nearest = |one: &&usize| {
            !implied
                .iter()
                .any(|&other| self.implied[other].contains(one))
        };
        let nearest = implied.iter().filter(is_nearest);
        let mut names = nearest.map(|&index| ident(&self.composites[index].ident));
        let first = names.next()?;
        Some(quote!(: #first #(+ #names)*))
    }
}

/// The alternative of several scopes, if it is the only one of its requirement: a supertrait cannot say it, an
/// implementation for every type that has them can.
fn joint(composite: &Composite) -> Option<&hubspot_scopes::Alternative> {
    let mut joint = composite
        .requirement
        .alternatives()
        .iter()
        .filter(|alternative| alternative.scopes().len() > 1);
    joint.next().filter(|_| joint.next().is_none())
}

/// The requirements that no such implementation covers.
fn explicit<'a>(composites: &'a [&'a Composite]) -> impl Iterator<Item = &'a str> {
    composites
        .iter()
        .filter(|composite| joint(composite).is_none())
        .map(|composite| composite.ident.as_str())
}

fn blanket(context: Context<'_>, composite: &Composite) -> Option<TokenStream> {
    let scopes = joint(composite)?
        .scopes()
        .iter()
        .filter_map(|scope| context.names.scopes.get(scope));
    let scopes = scopes.map(|scope| ident(scope));
    let name = ident(&composite.ident);
    Some(quote! {
        #[diagnostic::do_not_recommend]
        impl<S: #(grants::#scopes)+*> grants::#name for S {
            const WRITTEN_BY_SCOPE_SET: ByScopeSet = BY_SCOPE_SET;
        }
    })
}

fn catalogue(context: Context<'_>, composites: &[&Composite]) -> TokenStream {
    let scopes = context
        .names
        .scopes
        .keys()
        .map(|scope| format!("scope {scope}\n"));
    let requirements = composites
        .iter()
        .map(|composite| format!("composite {} {}\n", composite.ident, composite.requirement));
    let text = scopes.chain(requirements).collect::<String>();
    quote! {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! __scope_catalogue {
            ({ $($callback:tt)* } $($input:tt)*) => {
                $($callback)* ! { [$crate #text] $($input)* }
            };
        }
    }
}

//! The traits of scopes and of requirements with alternatives, and the catalogue that the macros read: `scopes.rs`.
//!
//! What implies what is a supertrait: a scope that satisfies a requirement by itself has the requirement's trait as a
//! supertrait, and so has a requirement that implies another.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Alternative, Requirement, message};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::roots::Roots;
use super::text::docs;
use super::{File, module, separated};
use crate::config::{Home, Scope};
use crate::join::Code;
use crate::model::{Composite, Identifier};

/// How many scopes a message lists.
const MOST_LISTED: usize = 5;

pub(super) fn file<'a>(code: &'a Code<'a>) -> File<'a> {
    let title = "The scopes that HubSpot knows, as traits, and the requirements with alternatives.";
    File::new("scopes.rs", title, move || items(code))
}

fn items(code: &Code<'_>) -> TokenStream {
    let composites = code.composites.iter().map(|of| of.composite);
    let composites = composites.collect::<Vec<_>>();
    if code.scopes.is_empty() && code.home == &Home::Client {
        let grants = quote! {
            /// No operation needs a scope.
            pub mod grants {}
        };
        return separated([grants, catalogue(code)]);
    }
    let grants = grants(code, &composites);
    let explicit = code.composites.iter().filter(|of| of.joint.is_none());
    let unchecked = code.scopes.iter().map(|(_, name, _)| *name);
    let unchecked = unchecked.chain(explicit.map(|of| &of.composite.ident));
    let blankets = code.composites.iter().filter_map(|of| {
        let joint = of.joint.as_ref()?;
        Some(blanket(of.composite, joint))
    });
    let runtime = Roots::of(code.home).runtime();
    let items = [
        quote! {
            use #runtime::scopes::Unchecked;
            use #runtime::scopes::__private::{BY_SCOPE_SET, ByScopeSet};
        },
        quote! {
            /// One trait for each scope, and for each requirement with alternatives.
            pub mod grants { #grants }
        },
        quote! {
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
        },
        quote!(unchecked!(#(#unchecked)*);),
    ];
    let catalogue = catalogue(code);
    separated(items.into_iter().chain(blankets).chain([catalogue]))
}

/// The traits.
fn grants(code: &Code<'_>, composites: &[&Composite]) -> TokenStream {
    let implications = Implications::of(composites);
    let scopes = code.scopes.iter();
    let advice = Advice(code.home);
    let scopes = scopes.map(|(scope, name, known)| {
        let advice = advice.for_scope(scope);
        scope_trait(scope, name, *known, &implications, &advice)
    });
    let requirements = (0..composites.len()).map(|index| {
        let advice = advice.for_requirement(&composites[index].requirement);
        composite_trait(index, &implications, &advice)
    });
    let of_client = match code.home {
        Home::Client => TokenStream::new(),
        Home::Module(_) => module::grants_of_client(Roots::of(code.home)),
    };
    let runtime = Roots::of(code.home).runtime();
    let uses = quote!(
        #of_client
        use #runtime::scopes::__private::ByScopeSet;
    );
    separated([uses].into_iter().chain(scopes).chain(requirements))
}

/// What the compiler replaces by the name of the type.
const SELF: &str = "{Self}";

fn scope_trait(
    scope: &str,
    name: &Identifier,
    known: Option<&Scope>,
    implications: &Implications<'_>,
    [declaration, attribute]: &[String; 2],
) -> TokenStream {
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
    let message = message::undeclared(SELF, scope);
    let label = message::needs(&Requirement::all_of([scope]).describe(MOST_LISTED));
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #declaration, note = #attribute)]
        pub trait #name #supertraits {
            #[doc(hidden)]
            const WRITTEN_BY_SCOPE_SET: ByScopeSet;
        }
    }
}

fn composite_trait(
    index: usize,
    implications: &Implications<'_>,
    [declaration, attribute]: &[String; 2],
) -> TokenStream {
    let composite = implications.composites[index];
    let scopes = composite.requirement.describe(MOST_LISTED);
    let docs = docs([format!("{scopes}.").as_str()]);
    let supertraits = implications.of_composite(index);
    let name = &composite.ident;
    let message = message::undeclared_any(SELF);
    let label = message::needs(&scopes);
    quote! {
        #docs
        #[diagnostic::on_unimplemented(
            message = #message,
            label = #label,
            note = #declaration,
            note = #attribute
        )]
        #[doc(hidden)]
        pub trait #name #supertraits {
            #[doc(hidden)]
            const WRITTEN_BY_SCOPE_SET: ByScopeSet;
        }
    }
}

/// What the messages about a missing scope advise: for a scope set, and for a type parameter.
struct Advice<'a>(&'a Home);

impl Advice<'_> {
    fn for_scope(&self, scope: &str) -> [String; 2] {
        let attribute = self.attribute(&format!("\"{scope}\""));
        [
            self.declaration(&format!("\"{scope}\"")),
            format!(
                "if `{{Self}}` is a type parameter: state the scope with {attribute} on the function"
            ),
        ]
    }

    fn for_requirement(&self, requirement: &Requirement) -> [String; 2] {
        let one = if requirement.depends_on_type() {
            "the scope of the call's object type"
        } else {
            "one of them"
        };
        let attribute = match self.0 {
            Home::Client => {
                let example = Requirement::new(requirement.example().cloned());
                let attribute = self.attribute(&example.to_string());
                format!("state {one} on the function, as in {attribute}")
            }
            // A trait of the client cannot have one of another crate as its supertrait.
            Home::Module(_) => {
                let attribute = self.attribute(&requirement.to_string());
                format!(
                    "state all of them, since one alone does not imply this requirement: {attribute}"
                )
            }
        };
        [
            self.declaration(one),
            format!("if `{{Self}}` is a type parameter: {attribute}"),
        ]
    }

    fn declaration(&self, what: &str) -> String {
        match self.0 {
            Home::Client => format!(
                "if `scope_set!` declares `{{Self}}`: add {what} to it, and to the app's scopes in HubSpot"
            ),
            Home::Module(module) => format!(
                "if `scope_set!` declares `{{Self}}`: add {what} to it, and to the app's scopes in HubSpot; only \
                 `{}::scope_set!` knows the scopes of this API",
                module.shown()
            ),
        }
    }

    fn attribute(&self, stated: &str) -> String {
        match self.0 {
            Home::Client => format!("`#[hubspot_scopes({stated})]`"),
            Home::Module(module) => {
                format!("`#[hubspot_scopes(crate = {}, {stated})]`", module.shown())
            }
        }
    }
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
        let mut names = nearest.map(|&index| &self.composites[index].ident);
        let first = names.next()?;
        Some(quote!(: #first #(+ #names)*))
    }
}

/// The implementation of a requirement for whatever has all scopes of its only alternative of several: a supertrait cannot
/// say it.
fn blanket(composite: &Composite, joint: &[&Identifier]) -> TokenStream {
    let name = &composite.ident;
    quote! {
        #[diagnostic::do_not_recommend]
        impl<S: #(grants::#joint)+*> grants::#name for S {
            const WRITTEN_BY_SCOPE_SET: ByScopeSet = BY_SCOPE_SET;
        }
    }
}

/// A requirement in the grammar of `#[hubspot_scopes]`.
pub(super) fn requirement(requirement: &Requirement) -> TokenStream {
    match requirement.alternatives() {
        [] => TokenStream::new(),
        [only] if only.logins().only().is_none() => {
            let scopes = only.scopes();
            quote!(#(#scopes),*)
        }
        [only] => alternative(only),
        several => {
            let several = several.iter().map(alternative);
            quote!(any(#(#several),*))
        }
    }
}

fn alternative(alternative: &Alternative) -> TokenStream {
    let scopes = alternative.scopes();
    let group = match alternative.logins().only() {
        Some(login) => login.name(),
        None if scopes.len() == 1 => return quote!(#(#scopes)*),
        None => "all",
    };
    let group = Ident::new(group, Span::call_site());
    quote!(#group(#(#scopes),*))
}

/// The catalogue as the macros read it.
pub(super) fn catalogue_text(code: &Code<'_>) -> String {
    let scopes = code.scopes.iter();
    let scopes = scopes.map(|(scope, ..)| format!("scope {scope}\n"));
    let composites = code.composites.iter().map(|of| of.composite);
    let requirements = composites
        .map(|composite| format!("composite {} {}\n", composite.ident, composite.requirement));
    scopes.chain(requirements).collect()
}

fn catalogue(code: &Code<'_>) -> TokenStream {
    let text = catalogue_text(code);
    if let Home::Module(of) = code.home {
        return module::catalogue(&text, of, Roots::of(code.home));
    }
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

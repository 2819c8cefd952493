//! Objects as structs.
//!
//! In: an object's fields. Out: its struct, and for one that is sent its constructor and setters. Refuses nothing.
//!
//! What HubSpot sends may leave out lists, maps and flags whatever its documents say, so those of answers are never
//! refused: absent and `null` are empty, and `false`. What is sent leaves out what was not set.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::text::{code, docs};
use super::super::types::{Argument, Scope};
use super::super::{Context, ident};
use super::{Item, type_docs};
use crate::model::{Direction, Field, Type};
use crate::name::{plain, setter};

/// A constructor takes at most this many lists and maps: with more they start empty and are set by name.
const MOST_LISTS: usize = 2;

/// A field, and everything that its forms in Rust depend on.
struct Member<'a> {
    context: Context<'a>,
    field: &'a Field,
    name: TokenStream,
    /// Its name in text.
    plain: &'a str,
    direction: Direction,
    is_secret: bool,
    is_boxed: bool,
    /// Whether a response is read without it, although the document calls it required.
    is_informational: bool,
}

pub(super) fn object(
    context: Context<'_>,
    item: &Item<'_>,
    fields: &[Field],
    cfg: &TokenStream,
) -> TokenStream {
    let direction = context
        .analysis
        .directions
        .get(item.id)
        .copied()
        .unwrap_or_default();
    let members = fields
        .iter()
        .filter_map(|field| Member::new(context, item, field, direction))
        .collect::<Vec<_>>();
    let arguments = arguments(&members);
    let can_default = arguments.is_empty();
    let derives = [
        (can_default, quote!(Default)),
        (direction.request, quote!(serde::Serialize)),
        (direction.response, quote!(serde::Deserialize)),
    ];
    let derives = derives
        .into_iter()
        .filter(|(applies, _)| *applies)
        .map(|(_, derive)| derive);
    let camel_case = is_camel_case(&members);
    let rename_all = camel_case.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let name = ident(&item.name.ident);
    let docs = type_docs(item);
    let declared = members.iter().map(|member| member.declaration(camel_case));
    let constructor = constructor(&members, &arguments, direction);
    // The fields of a response are public, so that tests can set them.
    let setters = members
        .iter()
        .filter(|member| direction.request && !arguments.contains(&member.plain))
        .map(Member::setter);
    quote! {
        #docs
        #cfg
        #[derive(Clone, Debug, PartialEq #(, #derives)*)]
        #rename_all
        #[non_exhaustive]
        pub struct #name { #(#declared,)* }
        #cfg
        impl #name { #constructor #(#setters)* }
    }
}

/// The fields that a constructor takes: those without which the object means nothing.
///
/// For a response those that it is not read without, and enums, which are never `Default`.
fn arguments<'a>(members: &[Member<'a>]) -> Vec<&'a str> {
    let lists = members
        .iter()
        .filter(|member| member.field.required && member.is_list())
        .count();
    let is_argument = |member: &&Member<'_>| {
        if member.direction.request {
            let by_name =
                member.field.ty == Type::Boolean || (member.is_list() && lists > MOST_LISTS);
            return member.field.required && !by_name;
        }
        let has_empty = member.is_list()
            || member.is_option()
            || matches!(member.field.ty, Type::Boolean | Type::DateTime);
        !has_empty
    };
    members
        .iter()
        .filter(is_argument)
        .map(|member| member.plain)
        .collect()
}

/// The order of arguments: where there is a name, it comes first, and other texts follow it.
fn order(members: &[&Member<'_>], member: &Member<'_>) -> (bool, bool) {
    let is_name = |member: &&Member<'_>| member.field.name == "name";
    let has_name = members.iter().any(is_name);
    let is_text = member.field.ty == Type::String;
    (!is_name(&member), has_name && !is_text)
}

fn constructor(members: &[Member<'_>], arguments: &[&str], direction: Direction) -> TokenStream {
    let for_tests = "For tests of code that handles responses; every field can be assigned.";
    let purpose = (!direction.request).then_some(for_tests);
    if arguments.is_empty() {
        let docs = docs(
            ["Creates one with no field set."]
                .into_iter()
                .chain(purpose),
        );
        return quote! {
            #docs
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let (mut taken, rest): (Vec<_>, Vec<_>) = members
        .iter()
        .partition(|member| arguments.contains(&member.plain));
    let all = taken.clone();
    taken.sort_by_key(|member| order(&all, member));
    let parameters = taken.iter().map(|member| {
        let (name, ty) = (&member.name, member.argument().ty);
        quote!(#name: #ty)
    });
    let given = taken.iter().map(|member| {
        let (name, value) = (&member.name, member.boxed(member.argument().value));
        if value.to_string() == name.to_string() {
            quote!(#name)
        } else {
            quote!(#name: #value)
        }
    });
    let empty = rest.iter().map(|member| {
        let (name, value) = (&member.name, member.empty());
        quote!(#name: #value)
    });
    let what = if rest.is_empty() {
        "Creates one with these fields."
    } else {
        "Creates one with these fields; all others are unset."
    };
    let docs = docs([what].into_iter().chain(purpose));
    quote! {
        #docs
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#given,)* #(#empty,)* }
        }
    }
}

/// Whether one attribute for all fields says more than an attribute for each.
fn is_camel_case(members: &[Member<'_>]) -> bool {
    let fits = members
        .iter()
        .filter(|member| camel_case(member.plain) == member.field.name)
        .count();
    let same = members
        .iter()
        .filter(|member| member.plain == member.field.name)
        .count();
    fits > same
}

/// What serde makes of a field's name under `rename_all = "camelCase"`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |joined, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        joined + &head.into_iter().chain(letters).collect::<String>()
    })
}

impl<'a> Member<'a> {
    fn new(
        context: Context<'a>,
        item: &Item<'a>,
        field: &'a Field,
        direction: Direction,
    ) -> Option<Self> {
        let name = item.name.members.get(&field.name)?;
        let plain = plain(name);
        let identifier = ident(name);
        Some(Self {
            context,
            field,
            plain,
            name: quote!(#identifier),
            direction,
            is_secret: context.is_secret(field, item.definition),
            is_boxed: context
                .analysis
                .boxed
                .contains(&(item.id.clone(), field.name.clone())),
            is_informational: context.is_informational(item.id, field),
        })
    }

    fn is_list(&self) -> bool {
        matches!(self.field.ty, Type::Array(_) | Type::Map { .. })
    }

    /// Whether absence is `None`, and not an empty list or `false`.
    fn is_option(&self) -> bool {
        if self.is_informational {
            return true;
        }
        let has_empty = self.is_list() || (self.field.ty == Type::Boolean && self.field.required);
        if self.direction.request {
            !self.field.required || (self.field.nullable && !has_empty)
        } else {
            !has_empty && (!self.field.required || self.field.nullable)
        }
    }

    /// The type of its values.
    fn value_type(&self) -> TokenStream {
        if self.is_secret {
            quote!(Secret)
        } else if self.field.is_properties() {
            quote!(Properties)
        } else {
            self.context.rust_type(&self.field.ty, Scope::Models)
        }
    }

    fn declaration(&self, camel_case_applies: bool) -> TokenStream {
        let name = &self.name;
        let value = self.value_type();
        let value = if self.is_boxed {
            quote!(Box<#value>)
        } else {
            value
        };
        let ty = if self.is_option() {
            quote!(Option<#value>)
        } else {
            value
        };
        let fallback = format!("HubSpot's {}.", code(&self.field.name));
        let advice = self
            .field
            .deprecated
            .then_some("HubSpot advises against it.");
        let description = self.field.notes.description.as_deref().unwrap_or(&fallback);
        let docs = docs([description].into_iter().chain(advice));
        let serde = self.serde(camel_case_applies);
        quote!(#docs #serde pub #name: #ty)
    }

    fn serde(&self, camel_case_applies: bool) -> TokenStream {
        let wire = &self.field.name;
        let derived = if camel_case_applies {
            camel_case(self.plain)
        } else {
            self.plain.to_owned()
        };
        let mut settings = Vec::new();
        if derived != *wire {
            settings.push(quote!(rename = #wire));
        }
        if self.direction.response
            && !self.is_option()
            && (self.is_list() || self.field.ty == Type::Boolean)
        {
            settings.push(quote!(default));
            settings.push(quote!(deserialize_with = "crate::values::null_as_default"));
        }
        if self.direction.request && !self.field.required {
            settings.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        if settings.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[serde(#(#settings),*)])
        }
    }

    /// How a constructor or a setter takes its value.
    fn argument(&self) -> Argument {
        let (name, ty) = (&self.name, self.value_type());
        match &self.field.ty {
            _ if self.is_secret || self.field.is_properties() => Argument::into(&ty, name),
            _ if self.field.required && self.is_option() => {
                Argument::plain(quote!(Option<#ty>), name)
            }
            Type::String => Argument::into(&ty, name),
            Type::Array(item) => {
                let item_type = self.context.rust_type(item, Scope::Models);
                Argument::list(item, &item_type, name)
            }
            _ => Argument::plain(ty, name),
        }
    }

    fn boxed(&self, value: TokenStream) -> TokenStream {
        match (self.is_boxed, self.field.required && self.is_option()) {
            (false, _) => value,
            (true, false) => quote!(Box::new(#value)),
            (true, true) => quote!(#value.map(Box::new)),
        }
    }

    fn empty(&self) -> TokenStream {
        match &self.field.ty {
            _ if self.is_option() => quote!(None),
            Type::Boolean => quote!(false),
            Type::Array(_) => quote!(Vec::new()),
            Type::DateTime => quote!(DateTime::default()),
            _ if self.field.is_properties() => quote!(Properties::default()),
            _ => quote!(BTreeMap::new()),
        }
    }

    fn setter(&self) -> TokenStream {
        let (name, method) = (&self.name, ident(&setter(self.plain)));
        let Argument { ty, value } = self.argument();
        let value = self.boxed(value);
        let value = if self.is_option() && !self.field.required {
            quote!(Some(#value))
        } else {
            value
        };
        let docs = docs([format!("Sets [`{0}`](#structfield.{0}).", self.plain).as_str()]);
        quote! {
            #docs
            pub fn #method(mut self, #name: #ty) -> Self {
                self.#name = #value;
                self
            }
        }
    }
}

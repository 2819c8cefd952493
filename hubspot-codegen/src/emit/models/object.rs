//! Objects as structs, with constructors, and with setters for those that are sent.
//!
//! What HubSpot sends may leave out lists, maps and flags whatever its documents say: absent and `null` are empty, and
//! `false`. What is sent leaves out what was not set.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::super::roots::Roots;
use super::super::separated;
use super::super::text::{DEPRECATED, code, docs};
use super::super::types::{Argument, Scope, rust_type};
use super::type_docs;
use crate::join::{Member, Type};
use crate::model::{Direction, Identifier, Type as Of};

/// A constructor takes at most this many lists and maps: with more they start empty and are set by name.
const MOST_LISTS: usize = 2;

/// A field of an object that travels in one direction or both.
struct Field<'a> {
    member: &'a Member<'a>,
    direction: Direction,
    roots: Roots<'a>,
}

/// The struct, the methods on it, and how it is read and written.
pub(super) fn object(
    of: &Type<'_>,
    members: &[Member<'_>],
    cfg: &TokenStream,
    roots: Roots<'_>,
) -> Vec<TokenStream> {
    let direction = of.direction;
    let fields = members.iter().map(|member| Field {
        member,
        direction,
        roots,
    });
    let fields = fields.collect::<Vec<_>>();
    let most_lists = fields
        .iter()
        .filter(|field| field.is_required_list())
        .count()
        <= MOST_LISTS;
    let (arguments, rest): (Vec<_>, Vec<_>) = fields
        .iter()
        .partition(|field| field.is_argument(most_lists));
    let default = arguments.is_empty().then(|| quote!(, Default));
    let rename_all = of.is_camel_case.then(|| quote!(rename_all = "camelCase"));
    // What serde calls the tag of a struct.
    let tags = of
        .constants()
        .map(|(name, value)| quote!(tag = #name, rename = #value));
    let settings = rename_all.into_iter().chain(tags);
    let name = &of.name.ident;
    let docs = type_docs(of);
    let declared = fields.iter().map(|field| field.declaration(of.has_files()));
    // The fields of a response are public, so that tests can set them.
    let setters = rest.iter().filter(|_| direction.request);
    let setters = setters.map(|field| field.setter());
    let constructor = constructor(name, arguments, &rest, (cfg, roots));
    let setters = separated(setters);
    let setters = (!setters.is_empty()).then(|| quote!(#cfg impl #name { #setters }));
    let serde = (!of.has_files()).then(|| {
        let settings = settings.map(|setting| roots.set_serde(&setting));
        let derive = roots.derive_serde();
        quote!(#derive #(#settings)*)
    });
    let declaration = [
        quote! {
            #docs
            #cfg
            #[derive(Clone, Debug, PartialEq #default)]
            #serde
            #[non_exhaustive]
            pub struct #name { #(#declared,)* }
        },
        constructor,
    ];
    declaration
        .into_iter()
        .chain(setters)
        .chain(json(of, &fields, (cfg, roots)))
        .collect()
}

/// How it is read and written, for the directions that it goes in.
fn json(
    of: &Type<'_>,
    fields: &[Field<'_>],
    (cfg, roots): (&TokenStream, Roots<'_>),
) -> impl Iterator<Item = TokenStream> {
    let (name, runtime) = (&of.name.ident, roots.runtime());
    // Required by the document, so that it is written as `null` rather than left out.
    let nulls = fields
        .iter()
        .filter(|field| field.is_required() && field.is_option());
    let nulls = nulls
        .map(|field| &field.member.field.name)
        .collect::<Vec<_>>();
    let nulls = (!nulls.is_empty()).then(|| quote!(; null #(#nulls)*));
    let constants = of.constants().collect::<Vec<_>>();
    let constants = (!constants.is_empty()).then(|| {
        let constants = constants.iter().map(|(name, value)| quote!(#name #value));
        quote!(; const #(#constants)*)
    });
    let form = of.is_form.then(|| {
        let parts = fields.iter().map(|field| {
            let (wire, name) = (&field.member.field.name, field.member.ident);
            let kind = field.kind_of_part();
            quote!(#wire #kind #name)
        });
        quote!(#cfg #runtime::upload::multipart!(#name; #(#parts),*);)
    });
    let fields = fields.iter().map(|field| {
        let (wire, name) = (&field.member.field.name, field.member.ident);
        quote!(#wire #name)
    });
    let fields = quote!(#(#fields),*);
    let is_written = of.direction.request && !of.has_files();
    let written = quote!(#fields #nulls #constants);
    let json = match (of.direction.response, is_written) {
        (true, true) => Some(("values", written)),
        (true, false) => Some(("decode", fields)),
        (false, true) => Some(("encode", written)),
        (false, false) => None,
    };
    let json = json.map(|(module, fields)| {
        let model = roots.of_models(module, "model");
        quote!(#cfg #model!(#name; #fields);)
    });
    json.into_iter().chain(form)
}

/// Fields that a model has to have are arguments; all others start empty.
fn constructor(
    of: &Identifier,
    mut arguments: Vec<&Field<'_>>,
    rest: &[&Field<'_>],
    (cfg, roots): (&TokenStream, Roots<'_>),
) -> TokenStream {
    let runtime = roots.runtime();
    if arguments.is_empty() {
        return quote!(#cfg #runtime::values::constructor!(#of););
    }
    // Where there is a name, it comes first, and other texts follow it.
    let has_name = arguments.iter().any(|field| field.is_name());
    arguments.sort_by_key(|field| (!field.is_name(), has_name && field.member.ty != Of::String));
    let arguments = arguments.iter().map(|field| {
        let (name, argument) = (field.member.ident, field.argument());
        let (ty, value) = (&argument.ty, field.boxed(&argument));
        quote!(#name: #ty = #value)
    });
    let rest = rest.iter().map(|field| field.member.ident);
    let rest = rest.collect::<Vec<_>>();
    let rest = (!rest.is_empty()).then(|| quote!(; #(#rest)*));
    quote!(#cfg #runtime::values::constructor!(#of; #(#arguments),* #rest);)
}

impl Field<'_> {
    /// How it is part of a multipart form.
    fn kind_of_part(&self) -> TokenStream {
        let is_list = match &self.member.ty {
            Of::Binary => false,
            Of::Array(item) if **item == Of::Binary => true,
            _ => return quote!(text),
        };
        match (is_list, self.is_option()) {
            (false, false) => quote!(file),
            (true, true) => quote!(optional_files),
            _ => quote!(files),
        }
    }

    fn is_name(&self) -> bool {
        self.member.field.name == "name"
    }

    fn is_required(&self) -> bool {
        self.member.field.required
    }

    fn is_list(&self) -> bool {
        matches!(self.member.ty, Of::Array(_) | Of::Map { .. })
    }

    fn is_required_list(&self) -> bool {
        self.is_required() && self.is_list()
    }

    /// Returns whether a constructor takes it: a field without which the object means nothing.
    ///
    /// For a response those that it is not read without, and enums, which are never `Default`.
    fn is_argument(&self, with_lists: bool) -> bool {
        if self.direction.request {
            let by_name = self.member.ty == Of::Boolean || (self.is_list() && !with_lists);
            return self.is_required() && !by_name;
        }
        let has_empty = self.is_list()
            || self.is_option()
            || matches!(self.member.ty, Of::Boolean | Of::DateTime);
        !has_empty
    }

    /// Returns whether absence is `None`, and not an empty list or `false`.
    fn is_option(&self) -> bool {
        if self.member.is_informational {
            return true;
        }
        let is_flag = self.member.ty == Of::Boolean && self.is_required();
        let has_empty = self.is_list() || is_flag;
        if self.direction.request {
            !self.is_required() || (self.member.field.nullable && !has_empty)
        } else {
            !has_empty && (!self.is_required() || self.member.field.nullable)
        }
    }

    /// The type of its values.
    fn value_type(&self) -> TokenStream {
        if self.member.is_secret {
            quote!(Secret)
        } else if self.member.field.is_properties() {
            quote!(Properties)
        } else {
            rust_type(&self.member.ty, Scope::Models(self.roots))
        }
    }

    fn declaration(&self, has_files: bool) -> TokenStream {
        let (name, field) = (self.member.ident, self.member.field);
        let value = self.value_type();
        let value = if self.member.is_boxed {
            quote!(Box<#value>)
        } else {
            value
        };
        let ty = if self.is_option() {
            quote!(Option<#value>)
        } else {
            value
        };
        let fallback = format!("HubSpot's {}.", code(&field.name));
        let advice = field.deprecated.then_some(DEPRECATED);
        let description = field.notes.description.as_deref().unwrap_or(&fallback);
        let docs = docs([description].into_iter().chain(advice));
        let serde = (!has_files).then(|| self.serde());
        quote!(#docs #serde pub #name: #ty)
    }

    fn serde(&self) -> TokenStream {
        let mut settings = Vec::new();
        if self.member.is_renamed {
            let wire = &self.member.field.name;
            settings.push(quote!(rename = #wire));
        }
        if self.direction.response
            && !self.is_option()
            && (self.is_list() || self.member.ty == Of::Boolean)
        {
            settings.push(quote!(default));
        }
        if self.direction.request && !self.is_required() {
            settings.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        if settings.is_empty() {
            TokenStream::new()
        } else {
            self.roots.set_serde(&quote!(#(#settings),*))
        }
    }

    /// How a constructor or a setter takes its value.
    fn argument(&self) -> Argument {
        let (name, ty) = (self.member.ident.to_token_stream(), self.value_type());
        match &self.member.ty {
            _ if self.member.is_secret || self.member.field.is_properties() => {
                Argument::into(&ty, &name)
            }
            _ if self.is_required() && self.is_option() => Argument::new(quote!(Option<#ty>), name),
            Of::String => Argument::into(&ty, &name),
            Of::Array(item) => Argument::list(item, &name, Scope::Models(self.roots)),
            _ => Argument::new(ty, name),
        }
    }

    /// The value of an argument as the field holds it.
    fn boxed(&self, argument: &Argument) -> TokenStream {
        let value = &argument.value;
        match (self.member.is_boxed, self.is_required() && self.is_option()) {
            (false, _) => quote!(#value),
            (true, false) => quote!(Box::new(#value)),
            (true, true) => quote!(#value.map(Box::new)),
        }
    }

    fn setter(&self) -> TokenStream {
        let (name, setter) = (self.member.ident, &self.member.setter);
        let argument = self.argument();
        let (ty, value) = (&argument.ty, self.boxed(&argument));
        let value = if self.is_option() && !self.is_required() {
            quote!(Some(#value))
        } else {
            value
        };
        let plain = name.plain();
        let docs = docs([format!("Sets [`{plain}`](#structfield.{plain}).").as_str()]);
        quote! {
            #docs
            pub fn #setter(mut self, #name: #ty) -> Self {
                self.#name = #value;
                self
            }
        }
    }
}

//! `#[derive(Record)]`: the handle, the patch, the constants and the table of a struct.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Error, Fields, Result};

use super::fields::{self, Container, IdField, Property};
use super::group::{Group, Setter, groups};
use super::handle::Handle;
use super::object_type;
use super::setter::setters_differ;

/// The type parameters of the methods that the derive writes.
const PARAMETERS: [&str; 3] = ["S", "U", "V"];

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let expanded = syn::parse2(input).and_then(|input| expand_parsed(&input));
    expanded.unwrap_or_else(Error::into_compile_error)
}

fn expand_parsed(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(
            input.ident.span(),
            "a record is a struct with named fields",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(
            input.ident.span(),
            "a record is a struct with named fields",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "a record has no parameters",
        ));
    }
    if PARAMETERS.iter().any(|parameter| input.ident == parameter) {
        let message = format!(
            "a record cannot be called `{}`: give it a longer name",
            input.ident
        );
        return Err(Error::new(input.ident.span(), message));
    }
    let container = Container::parse(&input.attrs, &input.ident)?;
    let (ty, path) = object_type::named(&container.object)?;
    let (id, properties) = fields::parse(fields.named.iter())?;
    setters_differ(&properties)?;
    let root = container.client.as_ref();
    let root = root.map_or_else(
        || quote!(::hubspot_generated),
        quote::ToTokens::to_token_stream,
    );
    let patch_name = format_ident!("{}Patch", input.ident);
    let records = format_ident!("{}Records", input.ident);
    let runtime = quote!(#root::__rt);
    let names = [&input.ident, &patch_name];
    let handle = Handle::new(names, &runtime, &container, (ty, &path), &properties)?;
    let record = RecordOf {
        input,
        id: id.as_ref(),
        properties: &properties,
        handle: &handle,
        records: &records,
    };
    let parts = [
        record.patch(),
        record.conversions(),
        record.handle(),
        record.properties(),
        record.debug(),
    ];
    Ok(parts.into_iter().collect())
}

struct RecordOf<'a> {
    input: &'a DeriveInput,
    id: Option<&'a IdField<'a>>,
    properties: &'a [Property<'a>],
    handle: &'a Handle<'a>,
    records: &'a Ident,
}

impl RecordOf<'_> {
    /// The patch, without its setters.
    fn patch(&self) -> TokenStream {
        let Handle {
            record,
            patch_name: patch,
            runtime,
            ..
        } = self.handle;
        let (visibility, r) = (&self.input.vis, quote!(#runtime::record));
        quote! {
            /// Values to write to a record. What is not set stays as it is.
            #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default)]
            #[must_use = "a patch does nothing until it is sent"]
            #visibility struct #patch(#r::Patch);

            #[automatically_derived]
            #[allow(dead_code, deprecated)]
            impl #patch {
                /// Creates an empty patch.
                pub fn new() -> Self {
                    Self(::core::default::Default::default())
                }

                /// Clears the value of a property.
                pub fn clear<V>(mut self, property: #r::Property<#record, V>) -> Self {
                    self.0.clear(property.name());
                    self
                }

                /// Associates a record that is created with another. Updates and upserts ignore it.
                pub fn associated_with<U: #r::Record>(
                    mut self,
                    ty: #r::AssociationType<#record, U>,
                    id: impl ::core::convert::Into<#r::RecordId>,
                ) -> Self {
                    self.0.associate(ty, id.into());
                    self
                }

                /// Returns whether nothing is set or cleared.
                pub fn is_empty(&self) -> bool {
                    self.0.is_empty()
                }
            }
        }
    }

    /// What a patch can be made from, and what it becomes.
    fn conversions(&self) -> TokenStream {
        let Handle {
            record,
            patch_name: patch,
            runtime,
            ..
        } = self.handle;
        let r = quote!(#runtime::record);
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::convert::From<#r::Patch> for #patch {
                fn from(patch: #r::Patch) -> Self {
                    Self(patch)
                }
            }

            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::convert::From<#patch> for #r::Patch {
                fn from(patch: #patch) -> Self {
                    patch.0
                }
            }

            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::convert::AsRef<#r::Patch> for #patch {
                fn as_ref(&self) -> &#r::Patch {
                    &self.0
                }
            }

            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::convert::From<#record> for #patch {
                fn from(record: #record) -> Self {
                    <Self as ::core::convert::From<&#record>>::from(&record)
                }
            }
        }
    }

    fn handle(&self) -> TokenStream {
        let Handle {
            record,
            runtime,
            path,
            ..
        } = self.handle;
        let (visibility, records) = (&self.input.vis, self.records);
        let docs = format!("Operations on `{path}` as [`{record}`]s.");
        let methods = self.handle.methods();
        quote! {
            #[doc = #docs]
            #visibility struct #records<S> {
                client: #runtime::client::Client<S>,
            }

            #runtime::client::handle!(#records);

            #[automatically_derived]
            #[allow(dead_code, deprecated)]
            impl<S> #records<S> {
                #methods
            }
        }
    }

    /// The parts with something for each property: the runtime's macro writes them.
    fn properties(&self) -> TokenStream {
        let Handle {
            record,
            patch_name: patch,
            runtime,
            path,
            ..
        } = self.handle;
        let records = self.records;
        let id = self.id.map(|id| id.ident);
        let groups = groups(self.properties);
        let constants = groups.iter().map(Group::constants);
        let [values, updates, lists] = [Setter::Value, Setter::Update, Setter::List]
            .map(|kind| groups.iter().filter_map(move |group| group.setters(kind)));
        let required = groups.iter().filter_map(Group::required);
        let others = groups.iter().filter_map(Group::others);
        let write = groups.iter().filter_map(Group::write);
        let names = self.properties.iter().map(|property| &property.name);
        let sensitive = self.properties.iter().enumerate();
        let sensitive = sensitive.filter(|(_, property)| property.sensitivity.is_some());
        let sensitive = sensitive.map(|(index, _)| index);
        quote! {
            #runtime::record::derived! {
                #record #patch #records #path
                names [#(#names)*]
                sensitive [#(#sensitive)*]
                constants [#(#constants)*]
                values [#(#values)*] updates [#(#updates)*] lists [#(#lists)*]
                read [#id] [#(#required)*] [#(#others)*]
                write [#(#write)*]
            }
        }
    }

    /// `Debug` for a record with sensitive properties, which does not show their values. A derived one would, and cannot
    /// be beside this one.
    fn debug(&self) -> TokenStream {
        let is_sensitive = |property: &Property<'_>| property.sensitivity.is_some();
        if !self.properties.iter().any(is_sensitive) {
            return TokenStream::new();
        }
        let record = self.handle.record;
        let id = self.id.map(|id| (id.ident, false));
        let properties = self.properties.iter();
        let properties = properties.map(|property| (property.ident, is_sensitive(property)));
        let fields = id
            .into_iter()
            .chain(properties)
            .map(|(ident, is_sensitive)| {
                let name = ident.unraw().to_string();
                if is_sensitive {
                    quote!(.field(#name, &::core::format_args!("redacted")))
                } else {
                    quote!(.field(#name, &self.#ident))
                }
            });
        let name = record.to_string();
        quote! {
            /// Does not show the values of sensitive properties.
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::fmt::Debug for #record {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(#name) #(#fields)* .finish()
                }
            }
        }
    }
}

//! Where the paths of the generated code begin, and what it has of serde: other in the client's crate than in a module of
//! another crate, which stands on the client's runtime, [`hubspot_generated::__rt`](super::module), and has no features.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::config::{Home, Module};

/// The beginnings of paths.
#[derive(Clone, Copy)]
pub(super) struct Roots<'a>(&'a Home);

impl<'a> Roots<'a> {
    pub(super) const fn of(home: &'a Home) -> Self {
        Self(home)
    }

    /// Where the runtime is: `crate`, or `::hubspot_generated::__rt`.
    pub(super) fn runtime(self) -> TokenStream {
        match self.0 {
            Home::Client => quote!(crate),
            Home::Module(module) => {
                let client = absolute(&module.client);
                quote!(#client::__rt)
            }
        }
    }

    /// Where the generated code is: `crate::generated`, or `crate::hubspot`.
    pub(super) fn generated(self) -> TokenStream {
        match self.0 {
            Home::Client => quote!(crate::generated),
            Home::Module(module) => {
                let path = absolute(&module.path);
                quote!(crate #path)
            }
        }
    }

    /// Where the traits of scopes are.
    pub(super) fn grants(self) -> TokenStream {
        match self.0 {
            Home::Client => quote!(crate::scopes::grants),
            Home::Module(_) => {
                let generated = self.generated();
                quote!(#generated::scopes::grants)
            }
        }
    }

    pub(super) fn serde_json(self) -> TokenStream {
        match self.0 {
            Home::Client => quote!(serde_json),
            Home::Module(_) => {
                let runtime = self.runtime();
                quote!(#runtime::serde_json)
            }
        }
    }

    /// A macro of the runtime that defines models: the one that implements serde's traits too where the module asks for it.
    pub(super) fn of_models(self, module: &str, name: &str) -> TokenStream {
        let runtime = self.runtime();
        let module = Ident::new(module, Span::call_site());
        let name = match self.0 {
            Home::Module(Module { serde: true, .. }) => format_ident!("{name}_with_serde"),
            _ => format_ident!("{name}"),
        };
        quote!(#runtime::#module::#name)
    }

    /// The attributes that derive serde's traits, if models implement them.
    pub(super) fn derive_serde(self) -> TokenStream {
        match self.0 {
            Home::Client => {
                quote!(#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))])
            }
            Home::Module(Module { serde: true, .. }) => {
                let runtime = self.runtime();
                let path = quote!(#runtime::serde).to_string().replace(' ', "");
                quote! {
                    #[derive(#runtime::serde::Serialize, #runtime::serde::Deserialize)]
                    #[serde(crate = #path)]
                }
            }
            Home::Module(_) => TokenStream::new(),
        }
    }

    /// The attribute with settings of serde's derives, if models implement serde's traits.
    pub(super) fn set_serde(self, settings: &TokenStream) -> TokenStream {
        match self.0 {
            Home::Client => quote!(#[cfg_attr(feature = "serde", serde(#settings))]),
            Home::Module(Module { serde: true, .. }) => quote!(#[serde(#settings)]),
            Home::Module(_) => TokenStream::new(),
        }
    }
}

/// `::api::hubspot` for `api::hubspot`.
pub(super) fn absolute(path: &str) -> TokenStream {
    let parts = path.split("::");
    let parts = parts.map(|part| Ident::new(part, Span::call_site()));
    parts.map(|part| quote!(::#part)).collect()
}

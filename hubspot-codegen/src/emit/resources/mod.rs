//! The handles of resources, whose methods are the operations: a file for each in each version.

mod arguments;

use proc_macro2::TokenStream;
use quote::quote;

use self::arguments::Arguments;
pub(super) use self::arguments::query_argument;
use super::roots::Roots;
use super::scopes::requirement;
use super::text::{aliases, code, docs, own_docs};
use super::types::{Scope, rust_type};
use super::{File, operations, separated};
use crate::config::Home;
use crate::join::{Code, Operation, Optional, Resource};
use crate::model::Encoding;
use crate::name::extension;

pub(super) fn files<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let resources = code.versions.iter().flat_map(|version| &version.resources);
    let file = |resource: &'a Resource<'a>| {
        let name = resource.name;
        let path = format!("{}/{}.rs", name.module.plain(), name.file.plain());
        let title = format!(
            "Operations on `{}` in API version {}.",
            resource.model.name, resource.model.version
        );
        File::new(path, title, move || items(resource, code.home))
    };
    resources.map(file).collect()
}

fn items(resource: &Resource<'_>, home: &Home) -> TokenStream {
    let operations = resource.for_readers();
    let handle = &resource.name.handle;
    let argument = resource.handle_argument();
    let argument = argument.as_slice();
    let summary = format!("Operations on `{}`.", resource.model.name);
    let paragraphs = [summary.as_str()].into_iter();
    let docs = docs(paragraphs.chain(resource.model.description.as_deref()));
    let methods = |with_key: bool| {
        let own = operations.iter();
        let own = own.filter(|operation| operation.takes_developer_key() == with_key);
        separated(own.map(|operation| method(resource, operation, home)))
    };
    let (methods, with_key) = (methods(false), methods(true));
    let roots = Roots::of(home);
    let runtime = roots.runtime();
    let methods = (!methods.is_empty()).then(|| quote!(impl<S> #handle<S> { #methods }));
    let with_key =
        (!with_key.is_empty()).then(|| quote!(impl #handle<#runtime::DeveloperKey> { #with_key }));
    separated([
        uses(&operations, roots),
        quote! {
            #docs
            pub struct #handle<S> {
                client: Client<S>,
                #(#argument: String,)*
            }
        },
        quote!(#runtime::client::handle!(#handle #(, #argument)*);),
        methods.unwrap_or_default(),
        with_key.unwrap_or_default(),
        operations::module(&operations, roots),
    ])
}

fn uses(operations: &[&Operation<'_>], roots: Roots<'_>) -> TokenStream {
    let (runtime, generated) = (roots.runtime(), roots.generated());
    let any = |uses: fn(&Operation<'_>) -> bool, import: TokenStream| {
        let applies = operations.iter().any(|operation| uses(operation));
        applies.then_some(import)
    };
    let requests = any(
        |operation| operation.optional.is_some(),
        quote!(
            use #generated::requests;
        ),
    );
    let macros = any(
        |operation| !operation.name.grants.is_empty(),
        quote!(
            use #runtime::hubspot_scopes;
        ),
    );
    let models = any(
        |operation| operation.types().any(|ty| ty.generated().is_some()),
        quote!(
            use super::models;
        ),
    );
    quote! {
        use #runtime::client::Client;
        #requests
        #macros
        use #runtime::request::Request;
        #models
    }
}

fn method(resource: &Resource<'_>, operation: &Operation<'_>, home: &Home) -> TokenStream {
    let docs = method_docs(operation, home);
    let name = operation.name;
    let (method, constant) = (&name.method, &name.constant);
    let aliases = aliases(operation.model.hubspot_name.as_deref(), method);
    let roots = Roots::of(home);
    let scopes = scopes(operation, home);
    let types = types_of_request(operation, roots);
    let Arguments {
        declarations,
        in_path,
        settings,
    } = Arguments::of(resource, operation, roots);
    let read = match operation.model.response_encoding {
        Encoding::Text => quote!(.read_text()),
        Encoding::Bytes => quote!(.read_bytes()),
        Encoding::Json | Encoding::Form | Encoding::Multipart => TokenStream::new(),
    };
    // What is generic is compiled where it is used in any case.
    let inline = operation.takes_developer_key().then(|| quote!(#[inline]));
    quote! {
        #docs
        #aliases
        #scopes
        #inline
        pub fn #method(&self #(, #declarations)*) -> Request<#types> {
            self.client.__call(&operations::#constant, &[#(#in_path),*]) #read #(#settings)*
        }
    }
}

/// What the document says of an operation, then what the client knows of it: its optional parameters, whether it is
/// retried, and an example.
fn method_docs(of: &Operation<'_>, home: &Home) -> TokenStream {
    let operation = of.model;
    let route = code(&operation.key());
    let texts = [
        operation.summary.as_deref(),
        operation.description.as_deref(),
        operation.deprecated.then_some("Deprecated by HubSpot."),
        of.takes_developer_key()
            .then_some("Authenticated with a developer API key."),
        Some(route.as_str()),
    ];
    let docs = docs(texts.into_iter().flatten());
    let optional = of.optional.as_ref().map(|optional| {
        let setters = optional.set.setters.iter();
        let setters = setters.map(|(setter, _)| format!("`{}`", setter.plain()));
        let setters = setters.collect::<Vec<_>>().join(", ");
        let target = match home {
            Home::Client => format!("crate::Request#impl-Request%3CT,+{}%3E", optional.set.ident),
            Home::Module(module) => {
                let (version, name) = (&optional.set.module, extension(&optional.set.ident));
                format!("{}::requests::{version}::{name}", module.shown())
            }
        };
        format!("Optional parameters, set on the request: [{setters}]({target}).")
    });
    let retries = if of.is_idempotent {
        "The client retries this call after temporary failures; repeating it has no further effect."
    } else {
        "The client does not retry this call if HubSpot may already have acted on it; repeating it could take effect twice."
    };
    let example = of.example.map(|example| {
        format!(
            "# Example\n\n```no_run\n\
             # use hubspot_generated::{{Client, Error, Unchecked, models}};\n\
             # async fn example(hubspot: Client<Unchecked>) -> Result<(), Error> {{\n\
             {}\n# Ok(())\n# }}\n```",
            example.trim_end()
        )
    });
    let own = optional.as_deref().into_iter().chain([retries]);
    let own = own_docs(own.chain(example.as_deref()));
    quote!(#docs #own)
}

/// What the response is read as, and the set of optional parameters.
fn types_of_request(operation: &Operation<'_>, roots: Roots<'_>) -> TokenStream {
    let runtime = roots.runtime();
    let response = match &operation.response {
        Some(_) if operation.model.response_encoding == Encoding::Bytes => {
            quote!(#runtime::Download)
        }
        Some(response) => rust_type(response, Scope::Resources(roots)),
        None => quote!(()),
    };
    let set = operation.optional.as_ref().map(parameter_set);
    let set = set.map(|set| quote!(, #set));
    quote!(#response #set)
}

/// The bound on the client's scope set, and the operation's note for the audit.
fn scopes(of: &Operation<'_>, home: &Home) -> Option<TokenStream> {
    let effect = if of.is_read_only { "reads" } else { "writes" };
    let operation = format!("{} {effect} {}", of.name.id, of.model.key());
    if of.takes_developer_key() {
        // A module has no feature for the audit.
        let note = format!("hubspot-scopes: {operation} ");
        return (home == &Home::Client)
            .then(|| quote!(#[cfg_attr(feature = "scope-audit", deprecated(note = #note))]));
    }
    let traits = Roots::of(home).grants();
    let (first, grants) = of.name.grants.split_first()?;
    let requirement = requirement(&of.model.requirement);
    Some(quote! {
        #[hubspot_scopes(
            grant = #traits::#first #(+ #traits::#grants)*,
            operation = #operation,
            #requirement
        )]
    })
}

fn parameter_set(optional: &Optional<'_>) -> TokenStream {
    let (module, ident) = (&optional.set.module, &optional.set.ident);
    if optional.is_current {
        quote!(requests::#ident)
    } else {
        quote!(requests::#module::#ident)
    }
}

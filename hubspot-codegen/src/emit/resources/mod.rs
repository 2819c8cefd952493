//! The handles of resources, whose methods are the operations.
//!
//! In: the resources and their operations. Out: a file for each in each version. Refuses nothing.

mod arguments;

use std::collections::BTreeMap;

use hubspot_scopes::Requirement;
use proc_macro2::TokenStream;
use quote::quote;

use self::arguments::Arguments;
pub(super) use self::arguments::query_argument;
use super::text::{aliases, code, docs, own_docs};
use super::types::Scope;
use super::{Context, File, ident, operations};
use crate::model::{Endpoint, Operation, OperationName, Resource, ResourceName, Type, TypeName};
use crate::name::{plain, rank};

pub(super) fn files(context: Context<'_>) -> Vec<File<'_>> {
    let file = |(resource, name): (&'_ Resource, &'_ ResourceName)| {
        let path = format!("{}/{}.rs", name.module, plain(&name.method));
        (
            path,
            format!(
                "The calls of `{}` in API version {}.",
                resource.name, resource.version
            ),
        )
    };
    let files = context.resources().map(|(resource, name)| {
        let (path, title) = file((resource, name));
        File::new(path, title, move || items(context, resource, name))
    });
    files.collect()
}

fn items(context: Context<'_>, resource: &Resource, name: &ResourceName) -> TokenStream {
    let endpoints = endpoints(context, resource);
    let requirements = requirements(&endpoints);
    let methods = endpoints.iter().map(|(endpoint, name)| {
        let requirement = &requirements[&endpoint.operation.requirement];
        method(context, endpoint, name, requirement)
    });
    let handle = ident(&name.handle);
    let summary = format!("The calls of `{}`.", resource.name);
    let docs = docs(
        [summary.as_str()]
            .into_iter()
            .chain(resource.description.as_deref()),
    );
    let operations = operations::module(context, &endpoints);
    let uses = uses(context, &endpoints);
    quote! {
        #uses

        #docs
        pub struct #handle<S> {
            client: Client<S>,
        }

        crate::client::handle!(#handle);

        impl<S> #handle<S> { #(#methods)* }

        #operations
    }
}

/// The requirements as the attribute has them: few for many operations, and some are long.
fn requirements<'a>(
    endpoints: &[(&'a Endpoint, &OperationName)],
) -> BTreeMap<&'a Requirement, TokenStream> {
    let mut requirements = BTreeMap::new();
    for (endpoint, _) in endpoints {
        let requirement = &endpoint.operation.requirement;
        let tokens = || requirement.to_string().parse().unwrap_or_default();
        requirements.entry(requirement).or_insert_with(tokens);
    }
    requirements
}

/// The operations of a resource in the order in which a reader looks for them.
fn endpoints<'a>(
    context: Context<'a>,
    resource: &Resource,
) -> Vec<(&'a Endpoint, &'a OperationName)> {
    let own = context.model.operations.iter().filter(|endpoint| {
        endpoint.version == resource.version && endpoint.resource == resource.name
    });
    let named =
        own.filter_map(|endpoint| Some((endpoint, context.names.operations.get(&endpoint.id)?)));
    let mut endpoints = named.collect::<Vec<_>>();
    endpoints.sort_by_key(|(_, name)| (rank(&name.method), &name.method));
    endpoints
}

fn uses(context: Context<'_>, endpoints: &[(&Endpoint, &OperationName)]) -> TokenStream {
    let any = |uses: fn(Context<'_>, &Endpoint, &OperationName) -> bool| {
        endpoints
            .iter()
            .any(|(endpoint, name)| uses(context, endpoint, name))
    };
    let macros = any(|_, _, name| !name.grants.is_empty()).then(|| {
        quote!(
            use crate::hubspot_scopes;
        )
    });
    let models =
        any(|context, endpoint, _| types(endpoint).any(|ty| context.is_model(ty))).then(|| {
            quote!(
                use super::models;
            )
        });
    let requests = any(|_, _, name| name.parameter_set.is_some()).then(|| {
        quote!(
            use crate::generated::requests;
        )
    });
    quote! {
        use crate::client::Client;
        #requests
        #macros
        use crate::request::Request;
        #models
    }
}

/// The types that the signature of a method mentions.
fn types(endpoint: &Endpoint) -> impl Iterator<Item = &Type> {
    let operation = &endpoint.operation;
    let parameters = operation
        .path_parameters
        .iter()
        .chain(operation.required_query());
    let body = operation.body.iter().map(|body| &body.ty);
    parameters
        .map(|parameter| &parameter.ty)
        .chain(body)
        .chain(&operation.answer)
}

fn method(
    context: Context<'_>,
    endpoint: &Endpoint,
    name: &OperationName,
    requirement: &TokenStream,
) -> TokenStream {
    let operation = &endpoint.operation;
    let route = code(&operation.key());
    let texts = [
        operation.summary.as_deref(),
        operation.description.as_deref(),
        operation
            .deprecated
            .then_some("HubSpot advises against it."),
        Some(route.as_str()),
    ];
    let docs = docs(texts.into_iter().flatten());
    let notes = notes(context, endpoint, name);
    let method = ident(&name.method);
    let aliases = aliases(operation.hubspot_name.as_deref(), &name.method);
    let scopes = scopes(name, requirement);
    let types = types_of_request(context, operation, name);
    let constant = ident(&name.constant);
    let Arguments {
        declarations,
        in_path,
        settings,
    } = Arguments::of(context, operation, name);
    let new = quote!(Request::new(self.client.core(), &operations::#constant, &[#(#in_path),*]));
    let request = if settings.is_empty() {
        new
    } else {
        quote!(let request = #new; request #(#settings)*)
    };
    quote! {
        #docs
        #notes
        #aliases
        #scopes
        #[inline]
        pub fn #method(&self #(, #declarations)*) -> Request<#types> {
            #request
        }
    }
}

/// What the client knows of the call: its optional parameters, whether it is retried, and an example.
fn notes(context: Context<'_>, endpoint: &Endpoint, name: &OperationName) -> TokenStream {
    let set = name.parameter_set.as_ref();
    let set = set.and_then(|set| Some((set, context.names.parameter_sets.get(set)?)));
    let optional = set.map(|(set, parameters)| {
        let setters = parameters.setters.iter();
        let setters = setters.map(|(setter, _)| format!("`{}`", plain(setter)));
        let setters = setters.collect::<Vec<_>>().join(", ");
        let target = format!("crate::Request#impl-Request%3CT,+{}%3E", set.ident);
        format!("Optional parameters, set on the request: [{setters}]({target}).")
    });
    let retries = if context.analysis.idempotent.contains(&endpoint.id) {
        "The client retries this call after temporary failures; repeating it has no further effect."
    } else {
        "The client does not retry this call if HubSpot may already have acted on it; repeating it could take effect twice."
    };
    let example = context.config.apis.examples.get(&name.id);
    let example = example.map(|example| {
        format!(
            "# Example\n\n```no_run\n\
             # use hubspot_generated::{{Client, Error, Unchecked, models}};\n\
             # async fn example(hubspot: Client<Unchecked>) -> Result<(), Error> {{\n\
             {}\n# Ok(())\n# }}\n```",
            example.trim_end()
        )
    });
    let paragraphs = optional.as_deref().into_iter().chain([retries]);
    own_docs(paragraphs.chain(example.as_deref()))
}

/// What the answer is read as, and the set of optional parameters.
fn types_of_request(
    context: Context<'_>,
    operation: &Operation,
    name: &OperationName,
) -> TokenStream {
    let answer = operation.answer.as_ref();
    let answer = answer.map_or_else(
        || quote!(()),
        |answer| context.rust_type(answer, Scope::Resources),
    );
    let set = name.parameter_set.as_ref();
    let set = set.map(|set| parameter_set(context, set));
    set.map_or_else(|| answer.clone(), |set| quote!(#answer, #set))
}

/// The bound on the client's scope set.
fn scopes(name: &OperationName, requirement: &TokenStream) -> Option<TokenStream> {
    let mut grants = name.grants.iter().map(|grant| {
        let grant = ident(grant);
        quote!(crate::scopes::grants::#grant)
    });
    let first = grants.next()?;
    let id = &name.id;
    Some(quote!(#[hubspot_scopes(grant = #first #(+ #grants)*, operation = #id, #requirement)]))
}

fn parameter_set(context: Context<'_>, set: &TypeName) -> TokenStream {
    let ident_of_set = ident(&set.ident);
    let current = context.config.apis.version(&context.config.apis.current);
    if current.is_some_and(|current| current.module == set.module) {
        return quote!(requests::#ident_of_set);
    }
    let module = ident(&set.module);
    quote!(requests::#module::#ident_of_set)
}

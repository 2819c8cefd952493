//! The handles of resources, whose methods are the operations.
//!
//! In: the resources and their operations. Out: a file for each in each version. Refuses nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::{aliases, docs};
use super::types::Scope;
use super::{Context, File, ident, operations};
use crate::model::{
    Encoding, Endpoint, OperationName, Parameter, Resource, ResourceName, Type, TypeName,
};
use crate::name::rank;

pub(super) fn files(context: Context<'_>) -> Vec<File<'_>> {
    let file = |(resource, name): (&'_ Resource, &'_ ResourceName)| {
        let path = format!(
            "{}/{}.rs",
            name.module,
            name.method.trim_start_matches("r#")
        );
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
    let methods = endpoints
        .iter()
        .map(|(endpoint, name)| method(context, endpoint, name));
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
    let macros = any(|_, endpoint, _| !endpoint.operation.requirement.is_none()).then(|| {
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

fn method(context: Context<'_>, endpoint: &Endpoint, name: &OperationName) -> TokenStream {
    let operation = &endpoint.operation;
    let route = format!("`{} {}`", operation.method, operation.path);
    let advice = operation
        .deprecated
        .then_some("HubSpot advises against it.");
    let texts = [
        operation.summary.as_deref(),
        operation.description.as_deref(),
        advice,
        Some(route.as_str()),
    ];
    let docs = docs(texts.into_iter().flatten());
    let method = ident(&name.method);
    let aliases = aliases(operation.hubspot_name.as_deref(), &name.method);
    let scopes = scopes(context, endpoint, name);
    let constant = ident(&name.constant);

    let (in_path, in_query) = name
        .arguments
        .split_at(operation.path_parameters.len().min(name.arguments.len()));
    let in_path = in_path.iter().zip(&operation.path_parameters);
    let in_path = in_path
        .map(|(argument, parameter)| Argument::of(context, argument, parameter))
        .collect::<Vec<_>>();
    let in_query = in_query.iter().zip(operation.required_query());
    let in_query = in_query
        .map(|(argument, parameter)| (parameter, Argument::of(context, argument, parameter)));
    let in_query = in_query.collect::<Vec<_>>();
    let path_values = in_path.iter().map(|argument| &argument.text);
    let query_values = in_query.iter().map(|(parameter, argument)| {
        let (wire, value) = (&parameter.name, &argument.value);
        if argument.is_list {
            quote!(.parameter_list(#wire, #value))
        } else {
            quote!(.parameter(#wire, #value))
        }
    });
    let body = operation
        .body
        .as_ref()
        .map(|body| (context.rust_type(&body.ty, Scope::Resources), body.encoding));
    let body_argument = body.as_ref().map(|(ty, _)| quote!(body: #ty));
    let body_call = body.as_ref().map(|(_, encoding)| match encoding {
        Encoding::Json => quote!(.json(body)),
        Encoding::Form => quote!(.form(body)),
    });
    let arguments = in_path
        .iter()
        .chain(in_query.iter().map(|(_, argument)| argument))
        .map(|argument| &argument.declaration);
    let arguments = arguments.cloned().chain(body_argument);

    let answer = operation.answer.as_ref();
    let answer = answer.map_or_else(
        || quote!(()),
        |answer| context.rust_type(answer, Scope::Resources),
    );
    let set = name
        .parameter_set
        .as_ref()
        .map(|set| parameter_set(context, set));
    let types = set.map_or_else(|| answer.clone(), |set| quote!(#answer, #set));
    let new =
        quote!(Request::new(self.client.core(), &operations::#constant, &[#(#path_values),*]));
    let settings = quote!(#(#query_values)* #body_call);
    let request = if settings.is_empty() {
        new
    } else {
        quote!(let request = #new; request #settings)
    };
    quote! {
        #docs
        #aliases
        #scopes
        #[inline]
        pub fn #method(&self #(, #arguments)*) -> Request<#types> {
            #request
        }
    }
}

/// The bound on the client's scope set.
fn scopes(context: Context<'_>, endpoint: &Endpoint, name: &OperationName) -> Option<TokenStream> {
    let requirement = &endpoint.operation.requirement;
    let union = requirement.ignoring_schemes();
    let grants = match union.alternatives() {
        [] => return None,
        [alternative] => alternative
            .scopes()
            .iter()
            .filter_map(|scope| context.names.scopes.get(scope))
            .collect(),
        _ => vec![&context.names.composites.get(&union.to_string())?.ident],
    };
    let grants = grants.into_iter().map(|grant| ident(grant));
    let text = requirement
        .to_string()
        .parse::<TokenStream>()
        .unwrap_or_default();
    let id = &name.id;
    Some(
        quote!(#[hubspot_scopes(grant = #(crate::scopes::grants::#grants)+*, operation = #id, #text)]),
    )
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

/// An argument of a method for a parameter.
struct Argument {
    /// `object_id: impl AsRef<str>`.
    declaration: TokenStream,
    /// As text, for a path.
    text: TokenStream,
    /// As a value of the query.
    value: TokenStream,
    is_list: bool,
}

impl Argument {
    fn of(context: Context<'_>, name: &str, parameter: &Parameter) -> Self {
        let name = ident(name);
        match &parameter.ty {
            Type::String => Self {
                declaration: quote!(#name: impl AsRef<str>),
                text: quote!(#name.as_ref()),
                value: quote!(#name.as_ref()),
                is_list: false,
            },
            Type::Array(item) if **item == Type::String => Self {
                declaration: quote!(#name: impl IntoIterator<Item = impl AsRef<str>>),
                text: quote!(""),
                value: quote!(#name),
                is_list: true,
            },
            Type::Array(item) => {
                let item = context.rust_type(item, Scope::Resources);
                Self {
                    declaration: quote!(#name: impl IntoIterator<Item = #item>),
                    text: quote!(""),
                    value: quote!(#name.into_iter().map(|value| value.to_string())),
                    is_list: true,
                }
            }
            ty => {
                let ty = context.rust_type(ty, Scope::Resources);
                let (declaration, text) = (quote!(#name: #ty), quote!(&#name.to_string()));
                Self {
                    declaration,
                    text,
                    value: quote!(#name),
                    is_list: false,
                }
            }
        }
    }
}

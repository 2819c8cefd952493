//! The table of operations by which the mock routes, asks for scopes, and checks what it is sent.
//!
//! In: the operations of every document, and the types that are sent. Out: a file for each resource in each version,
//! whose constants are the operations; `models/`, whose statics are the types; and `mod.rs`, which lists the operations.
//! What an operation and a type consist of is in `hubspot-mock/src/table.rs`. Refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::text::{code, docs};
use super::{Context, File, ident};
use crate::model::{
    Body, Budget, Encoding, Endpoint, Field, Operation, OperationName, Parameter, Resource,
    ResourceName, Shape, Type, TypeDefinition, TypeName,
};
use crate::name::plain;

/// A requirement of more characters than this stands once in a file.
const LONG: usize = 120;

/// A type that is sent.
type Model<'a> = (&'a TypeDefinition, &'a TypeName);

/// The types that are sent, by version module.
type Models<'a> = BTreeMap<&'a str, Vec<Model<'a>>>;

pub(super) fn files(context: Context<'_>) -> Vec<File<'_>> {
    let models = models(context);
    let modules = models.keys().copied().collect::<Vec<_>>();
    let title = "Every operation of every document, and what it takes.".to_owned();
    let mut files = vec![File::new("mod.rs".to_owned(), title, move || {
        root(context, &modules)
    })];
    for (resource, name) in context.resources() {
        let path = format!("{}/{}.rs", name.module, plain(&name.method));
        let title = format!(
            "The operations of `{}` in API version {}.",
            resource.name, resource.version
        );
        files.push(File::new(path, title, move || {
            of_resource(context, resource)
        }));
    }
    for (module, models) in models {
        let path = format!("models/{module}.rs");
        let title = format!("What is sent: the types that `{module}` defines.");
        files.push(File::new(path, title, move || of_models(context, &models)));
    }
    files
}

fn root(context: Context<'_>, models: &[&str]) -> TokenStream {
    let models = models.iter().map(|module| ident(module));
    let versions = context.names.versions.iter().map(|version| {
        let module = ident(&version.module);
        let of_version = |name: &&ResourceName| name.module == version.module;
        let resources = context.names.resources.iter().filter(of_version);
        let resources = resources.map(|name| ident(&name.method));
        quote!(mod #module { #(pub(super) mod #resources;)* })
    });
    let constants = context.resources().flat_map(|(resource, name)| {
        let (module, file) = (ident(&name.module), ident(&name.method));
        endpoints(context, resource).map(move |(_, name)| {
            let constant = ident(&name.constant);
            quote!(#module::#file::#constant)
        })
    });
    quote! {
        use crate::table::Endpoint;

        mod models { #(pub(super) mod #models;)* }
        #(#versions)*

        /// Every operation, by version (newest first), resource, path and method.
        pub(crate) static ENDPOINTS: &[Endpoint] = &[#(#constants),*];
    }
}

/// The types that are sent. One of the client's own runtime has no shape that could be checked.
fn models(context: Context<'_>) -> Models<'_> {
    let mut models = Models::new();
    for (id, direction) in &context.analysis.directions {
        if let Some((definition, name)) = context.named(id)
            && direction.request
            && definition.version.is_some()
        {
            let of_module = models.entry(&name.module).or_default();
            of_module.push((definition, name));
        }
    }
    models
}

fn endpoints<'a>(
    context: Context<'a>,
    resource: &Resource,
) -> impl Iterator<Item = (&'a Endpoint, &'a OperationName)> {
    let (version, resource) = (resource.version.clone(), resource.name.clone());
    let own =
        move |endpoint: &&Endpoint| endpoint.version == version && endpoint.resource == resource;
    let endpoints = context.model.operations.iter().filter(own);
    endpoints
        .filter_map(move |endpoint| Some((endpoint, context.names.operations.get(&endpoint.id)?)))
}

fn of_resource(context: Context<'_>, resource: &Resource) -> TokenStream {
    let operations = || endpoints(context, resource).map(|(endpoint, _)| &endpoint.operation);
    let mut uses = BTreeSet::from(["Endpoint"]);
    let mut types = Vec::new();
    for operation in operations() {
        let parameters = operation.path_parameters.iter();
        for parameter in parameters.chain(&operation.query_parameters) {
            uses.extend(["Parameter", "Type"]);
            types.push(&parameter.ty);
        }
        if let Some(body) = &operation.body {
            uses.extend(["Body", "Encoding", "Type"]);
            types.push(&body.ty);
        }
    }
    let uses = self::uses(context, &uses, types);
    let shared = shared_requirements(operations());
    let constants = shared
        .iter()
        .map(|(text, name)| quote!(const #name: &str = #text;));
    let operations = endpoints(context, resource)
        .map(|(endpoint, name)| operation(context, endpoint, name, &shared));
    quote! {
        use hubspot_generated::Budget;
        #uses
        #(#constants)*
        #(#operations)*
    }
}

/// The long requirements that several operations have, and the constants for them.
fn shared_requirements<'a>(
    operations: impl Iterator<Item = &'a Operation>,
) -> BTreeMap<String, Ident> {
    let mut counts = BTreeMap::<String, usize>::new();
    for operation in operations {
        let text = operation.requirement.to_string();
        *counts.entry(text).or_default() += 1;
    }
    let shared = counts
        .into_iter()
        .filter(|(text, count)| *count > 1 && text.len() > LONG);
    (1..)
        .zip(shared)
        .map(|(number, (text, _)): (u32, _)| (text, ident(&format!("REQUIREMENT_{number}"))))
        .collect()
}

fn of_models(context: Context<'_>, models: &[Model<'_>]) -> TokenStream {
    let fields = models
        .iter()
        .flat_map(|(definition, _)| definition.fields());
    let types = fields.map(|field| &field.ty).collect::<Vec<_>>();
    let mut uses = BTreeSet::from(["Schema", "Shape"]);
    if !types.is_empty() {
        uses.extend(["Field", "Type"]);
    }
    let uses = self::uses(context, &uses, types);
    let schemas = models.iter().map(|model| schema(context, *model));
    quote! {
        #uses
        #(#schemas)*
    }
}

/// What a file takes of `table.rs`, and the modules of the types that it mentions, if it mentions any.
fn uses<'a>(
    context: Context<'_>,
    names: &BTreeSet<&str>,
    types: impl IntoIterator<Item = &'a Type>,
) -> TokenStream {
    let names = names.iter().map(|name| ident(name));
    let mentions = types.into_iter().any(|ty| context.is_model(ty));
    let models = mentions.then(|| {
        quote!(
            use crate::generated::models;
        )
    });
    quote! {
        #models
        use crate::table::{#(#names),*};
    }
}

fn operation(
    context: Context<'_>,
    endpoint: &Endpoint,
    name: &OperationName,
    shared: &BTreeMap<String, Ident>,
) -> TokenStream {
    let operation = &endpoint.operation;
    let (method, path) = (&operation.method, &operation.path);
    let docs = docs([code(&operation.key()).as_str()]);
    let (constant, id, action) = (ident(&name.constant), &name.id, plain(&name.method));
    let (version, resource) = (&endpoint.version, &endpoint.resource);
    let requirement = operation.requirement.to_string();
    let requirement = shared
        .get(&requirement)
        .map_or_else(|| quote!(#requirement), |name| quote!(#name));
    let authenticated = operation.authenticated;
    let budget = match operation.budget {
        Budget::TenSecondly => quote!(TenSecondly),
        Budget::Secondly => quote!(Secondly),
    };
    let parameters = |parameters: &[Parameter]| {
        let parameters = parameters.iter().map(|parameter| {
            let (name, ty) = (&parameter.name, ty(context, &parameter.ty));
            let required = parameter.required;
            quote!(Parameter { name: #name, ty: #ty, required: #required })
        });
        quote!(&[#(#parameters),*])
    };
    let path_parameters = parameters(&operation.path_parameters);
    let query_parameters = parameters(&operation.query_parameters);
    let body = body(context, operation.body.as_ref());
    quote! {
        #docs
        pub(crate) const #constant: Endpoint = Endpoint {
            id: #id,
            version: #version,
            resource: #resource,
            action: #action,
            method: #method,
            path: #path,
            requirement: #requirement,
            authenticated: #authenticated,
            budget: Budget::#budget,
            path_parameters: #path_parameters,
            query_parameters: #query_parameters,
            body: #body,
        };
    }
}

fn body(context: Context<'_>, body: Option<&Body>) -> TokenStream {
    let Some(body) = body else {
        return quote!(None);
    };
    let encoding = match body.encoding {
        Encoding::Json => quote!(Json),
        Encoding::Form => quote!(Form),
    };
    let (ty, required) = (ty(context, &body.ty), body.required);
    quote! {
        Some(Body {
            encoding: Encoding::#encoding,
            ty: #ty,
            required: #required,
        })
    }
}

fn schema(context: Context<'_>, (definition, name): Model<'_>) -> TokenStream {
    let (constant, ident_text) = (ident(&name.constant), &name.ident);
    let shape = match &definition.shape {
        Shape::Enum(values) => quote!(Enum(&[#(#values),*])),
        Shape::Object(_) | Shape::Alias(_) => {
            let fields = definition.fields().iter().map(|field| {
                let Field {
                    name,
                    required,
                    nullable,
                    ..
                } = field;
                let ty = field_type(context, field);
                quote!(Field { name: #name, ty: #ty, required: #required, nullable: #nullable })
            });
            quote!(Object(&[#(#fields),*]))
        }
    };
    quote! {
        pub(crate) static #constant: Schema = Schema {
            name: #ident_text,
            shape: Shape::#shape,
        };
    }
}

/// The type of a field. A property may be `null` whatever a document says.
fn field_type(context: Context<'_>, field: &Field) -> TokenStream {
    match &field.ty {
        Type::Map { value, .. } if field.is_properties() => {
            let value = value.clone();
            ty(
                context,
                &Type::Map {
                    value,
                    nullable: true,
                },
            )
        }
        other => ty(context, other),
    }
}

fn ty(context: Context<'_>, of: &Type) -> TokenStream {
    let ty = match of {
        Type::String => quote!(String),
        Type::Boolean => quote!(Boolean),
        Type::Int32 => quote!(Int32),
        Type::Int64 => quote!(Int64),
        Type::Double => quote!(Double),
        Type::DateTime => quote!(DateTime),
        Type::Any => quote!(Any),
        Type::Array(item) => {
            let item = ty(context, item);
            quote!(Array(&#item))
        }
        Type::Map { value, nullable } => {
            let value = ty(context, value);
            quote!(Map { value: &#value, nullable: #nullable })
        }
        Type::Named(id) => {
            let is_ours = |(definition, _): &Model<'_>| definition.version.is_some();
            let model = context.named(id).filter(is_ours);
            model.map_or_else(
                || quote!(Any),
                |(_, name)| {
                    let (module, constant) = (ident(&name.module), ident(&name.constant));
                    quote!(Named(&models::#module::#constant))
                },
            )
        }
    };
    quote!(Type::#ty)
}

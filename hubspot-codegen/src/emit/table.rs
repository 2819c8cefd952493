//! The table of operations by which the mock routes, asks for scopes, and checks what it is sent.
//!
//! A file for each resource in each version has its operations as constants; `models/` has the types of bodies as
//! statics, in the same files as the client's types; `scopes.rs` has what scopes allow; `mod.rs` lists the operations. What an
//! operation and a type consist of is in `hubspot-mock/src/table.rs`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::operations::{authentication, budget};
use super::text::{code, docs};
use super::{File, separated};
use crate::join::{Body, Code, Form, Member, Named, Operation, Resource, Type, TypeOf};
use crate::model::{self, Encoding, Identifier, Parameter};

/// A requirement of more characters than this stands once in a file.
const LONG: usize = 120;

pub(super) fn files<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let mut models = BTreeMap::<_, Vec<&Type<'_>>>::new();
    for ty in &code.types {
        let place = (&ty.name.module, &ty.name.file);
        models.entry(place).or_default().push(ty);
    }
    let mut modules = BTreeMap::<_, Vec<_>>::new();
    for (module, file) in models.keys() {
        modules.entry(*module).or_default().push(*file);
    }
    let title = "Every operation of every document, with its parameters and bodies.";
    let mut files = vec![File::new("mod.rs", title, move || root(code, &modules))];
    files.push(File::new("scopes.rs", "What scopes allow.", || {
        descriptions(code)
    }));
    for resource in code.versions.iter().flat_map(|version| &version.resources) {
        let (module, file) = (&resource.name.module, &resource.name.file);
        let path = format!("{}/{}.rs", module.plain(), file.plain());
        let title = format!(
            "The operations of `{}` in API version {}.",
            resource.model.name, resource.model.version
        );
        files.push(File::new(path, title, move || of_resource(resource)));
    }
    for ((module, file), models) in models {
        let path = format!("models/{}/{}.rs", module.plain(), file.plain());
        let title = format!("The types of bodies that `{module}` defines for `{file}`.");
        files.push(File::new(path, title, move || of_models(&models)));
    }
    files
}

fn root(code: &Code<'_>, models: &BTreeMap<&Identifier, Vec<&Identifier>>) -> TokenStream {
    let versions = code.versions.iter().map(|version| {
        let module = &version.name.module;
        let resources = version.resources.iter().map(|resource| &resource.name.file);
        quote!(mod #module { #(pub(super) mod #resources;)* })
    });
    let resources = code.versions.iter().flat_map(|version| &version.resources);
    let constants = resources.flat_map(|resource| {
        let (module, file) = (&resource.name.module, &resource.name.file);
        resource.operations.iter().map(move |operation| {
            let constant = &operation.name.constant;
            quote!(#module::#file::#constant)
        })
    });
    let list = quote! {
        /// Every operation, by version (newest first), resource, path and method.
        pub(crate) static ENDPOINTS: &[Endpoint] = &[#(#constants),*];
    };
    let models = models.iter().map(|(module, files)| {
        quote! {
            pub(super) mod #module {
                #(mod #files;)*
                #(pub(in crate::generated) use self::#files::*;)*
            }
        }
    });
    let current = code.versions.iter().filter(|version| version.is_current);
    let current = current.map(|version| {
        let name = &version.name.name;
        quote! {
            /// The current version of the APIs.
            pub(crate) const CURRENT: &str = #name;
        }
    });
    let items = [
        quote!(
            use crate::table::Endpoint;
        ),
        quote!(mod models { #(#models)* }),
        quote!(
            pub(crate) mod scopes;
        ),
    ];
    let items = items.into_iter().chain(versions).chain(current);
    separated(items.chain([list]))
}

/// The descriptions of scopes.
fn descriptions(code: &Code<'_>) -> TokenStream {
    let known = code.scopes.iter().filter_map(|(name, _, scope)| {
        let description = scope.as_ref()?.description.as_ref()?;
        Some(quote!((#name, #description)))
    });
    quote! {
        /// Scopes with what they allow, in the order of their names. Those without a description are left out.
        pub(crate) static DESCRIPTIONS: &[(&str, &str)] = &[#(#known),*];
    }
}

fn of_resource(resource: &Resource<'_>) -> TokenStream {
    let mut names = BTreeSet::from(["Endpoint"]);
    let mut types = Vec::new();
    for operation in &resource.operations {
        let in_path = operation.in_path.iter().map(|argument| &argument.ty);
        let parameters = in_path.chain(operation.query.iter().map(|(_, ty)| ty));
        for ty in parameters {
            names.extend(["Parameter", "Type"]);
            types.push(ty);
        }
        if let Some(body) = &operation.body {
            names.extend(["Body", "Encoding", "Type"]);
            types.push(&body.ty);
        }
        if let Some(response) = response(operation) {
            names.insert("Type");
            types.push(response);
        }
    }
    let shared = shared_requirements(resource);
    let uses = uses(&names, types);
    let uses = quote!(use hubspot_generated::{Authentication, Budget}; #uses);
    let constants = shared
        .iter()
        .map(|(text, name)| quote!(const #name: &str = #text;));
    let operations = resource.operations.iter();
    let operations = operations.map(|operation| endpoint(resource, operation, &shared));
    separated([uses].into_iter().chain(constants).chain(operations))
}

/// The long requirements that several operations have, and the constants for them.
fn shared_requirements(resource: &Resource<'_>) -> BTreeMap<String, Ident> {
    let mut counts = BTreeMap::<String, usize>::new();
    for operation in &resource.operations {
        let text = operation.model.requirement.to_string();
        *counts.entry(text).or_default() += 1;
    }
    let shared = counts
        .into_iter()
        .filter(|(text, count)| *count > 1 && text.len() > LONG);
    let name = |number: u32| Ident::new(&format!("REQUIREMENT_{number}"), Span::call_site());
    (1..)
        .zip(shared)
        .map(|(number, (text, _))| (text, name(number)))
        .collect()
}

fn of_models(models: &[&Type<'_>]) -> TokenStream {
    let types = models.iter().flat_map(|model| match &model.form {
        Form::Object(members) => members.iter().map(|member| &member.ty).collect(),
        Form::Union(variants) => variants.iter().map(|variant| &variant.ty).collect(),
        Form::Enum(_) => Vec::new(),
    });
    let types = types.collect::<Vec<_>>();
    let mut names = BTreeSet::from(["Schema", "Shape"]);
    if !types.is_empty() {
        names.insert("Type");
    }
    for model in models {
        match model.form {
            Form::Object(_) if !model.definition.fields().is_empty() => {
                names.extend(["Field", "Type"]);
            }
            Form::Union(_) => drop(names.insert("Variant")),
            _ => {}
        }
    }
    let schemas = models.iter().map(|model| schema(model));
    separated([uses(&names, types)].into_iter().chain(schemas))
}

/// What a file takes of `table.rs`, and the modules of the types that it mentions, if it mentions any.
fn uses<'a>(
    names: &BTreeSet<&str>,
    types: impl IntoIterator<Item = &'a TypeOf<'a>>,
) -> TokenStream {
    let names = names.iter().map(|name| Ident::new(name, Span::call_site()));
    let mentions = types.into_iter().any(|ty| ty.generated().is_some());
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

fn endpoint(
    resource: &Resource<'_>,
    of: &Operation<'_>,
    shared: &BTreeMap<String, Ident>,
) -> TokenStream {
    let operation = of.model;
    let (method, path) = (&operation.method, &operation.path);
    let docs = docs([code(&operation.key()).as_str()]);
    let (constant, id, action) = (&of.name.constant, &of.name.id, of.name.method.plain());
    let (version, resource) = (&resource.model.version, &resource.model.name);
    let requirement = operation.requirement.to_string();
    let requirement = shared
        .get(&requirement)
        .map_or_else(|| quote!(#requirement), |name| quote!(#name));
    let authentication = authentication(operation.authentication);
    let read_only = of.is_read_only;
    let budget = budget(operation.budget);
    let in_path = of.in_path.iter();
    let in_path = in_path.map(|argument| parameter(argument.parameter, &argument.ty));
    let query = of.query.iter().map(|(of, ty)| parameter(of, ty));
    let body = body(of.body.as_ref());
    let response = response(of).map_or_else(
        || quote!(None),
        |response| {
            let ty = ty(response);
            quote!(Some(#ty))
        },
    );
    // Without a listed success, as most operations have it.
    let usual = if operation.response.is_some() {
        200
    } else {
        204
    };
    let status = Literal::u16_unsuffixed(operation.success.unwrap_or(usual));
    quote! {
        #docs
        pub(crate) const #constant: Endpoint = Endpoint {
            id: #id,
            version: #version,
            resource: #resource,
            action: #action,
            read_only: #read_only,
            method: #method,
            path: #path,
            requirement: #requirement,
            authentication: #authentication,
            budget: #budget,
            path_parameters: &[#(#in_path),*],
            query_parameters: &[#(#query),*],
            body: #body,
            status: #status,
            response: #response,
        };
    }
}

/// The type of the JSON of a success.
fn response<'a>(operation: &'a Operation<'_>) -> Option<&'a TypeOf<'a>> {
    let response = operation.response.as_ref();
    response.filter(|_| operation.model.response_encoding == Encoding::Json)
}

fn parameter(parameter: &Parameter, of: &TypeOf<'_>) -> TokenStream {
    let (name, required, ty) = (&parameter.name, parameter.required, ty(of));
    quote!(Parameter { name: #name, ty: #ty, required: #required })
}

fn body(body: Option<&Body<'_>>) -> TokenStream {
    let Some(body) = body else {
        return quote!(None);
    };
    let encoding = match body.encoding {
        Encoding::Json => quote!(Json),
        Encoding::Form => quote!(Form),
        Encoding::Multipart => quote!(Multipart),
        Encoding::Text => quote!(Text),
        Encoding::Bytes => quote!(Bytes),
    };
    let (ty, required) = (ty(&body.ty), body.required);
    quote! {
        Some(Body {
            encoding: Encoding::#encoding,
            ty: #ty,
            required: #required,
        })
    }
}

fn schema(model: &Type<'_>) -> TokenStream {
    let (constant, name) = (&model.name.constant, model.name.ident.plain());
    let shape = match &model.form {
        Form::Enum(values) => {
            let values = values.iter().map(|(_, value)| value);
            quote!(Enum(&[#(#values),*]))
        }
        Form::Object(members) => {
            let constants = model
                .constants()
                .map(|(name, value)| quote!(Field::required(#name, Type::Constant(#value))));
            let fields = constants.chain(members.iter().map(field));
            quote!(Object(&[#(#fields),*]))
        }
        Form::Union(variants) => {
            let variants = variants.iter().map(|variant| {
                let (field, ty) = (&variant.of.field, ty(&variant.ty));
                let value = variant.of.value.as_ref();
                let value = value.map_or_else(|| quote!(None), |value| quote!(Some(#value)));
                quote!(Variant { field: #field, value: #value, ty: #ty })
            });
            quote!(Union(&[#(#variants),*]))
        }
    };
    quote! {
        pub(crate) static #constant: Schema = Schema {
            name: #name,
            shape: Shape::#shape,
        };
    }
}

/// A field. A property may be `null` whatever a document says.
fn field(member: &Member<'_>) -> TokenStream {
    let field = member.field;
    let (name, required, nullable) = (&field.name, field.required, field.nullable);
    let ty = if field.is_properties() {
        quote!(Type::Map {
            value: &Type::String,
            nullable: true
        })
    } else {
        ty(&member.ty)
    };
    let nullable = nullable.then(|| quote!(.nullable()));
    let field = if required {
        quote!(required)
    } else {
        quote!(optional)
    };
    quote!(Field::#field(#name, #ty) #nullable)
}

fn ty(of: &TypeOf<'_>) -> TokenStream {
    use model::Type;
    let ty = match of {
        Type::String => quote!(String),
        Type::Constant(value) => quote!(Constant(#value)),
        Type::Binary => quote!(Binary),
        Type::Boolean => quote!(Boolean),
        Type::Int32 => quote!(Int32),
        Type::Int64 => quote!(Int64),
        Type::Double => quote!(Double),
        Type::DateTime => quote!(DateTime),
        // One of the client's own runtime has no shape that could be checked.
        Type::Any | Type::Named(Named::Runtime(_)) => quote!(Any),
        Type::Array(item) => {
            let item = ty(item);
            quote!(Array(&#item))
        }
        Type::Map { value, nullable } => {
            let value = ty(value);
            quote!(Map { value: &#value, nullable: #nullable })
        }
        Type::Named(Named::Generated(name)) => {
            let (module, constant) = (&name.module, &name.constant);
            quote!(Named(&models::#module::#constant))
        }
    };
    quote!(Type::#ty)
}

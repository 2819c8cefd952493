//! The code, file by file.
//!
//! In: the model, its names and its analysis. Out: [`File`]s whose tokens are made when they are asked for, so that
//! files can be made on several threads. Refuses nothing: every refusal came before, and names are identifiers.

mod gates;
mod models;
mod operations;
mod requests;
mod resources;
mod scopes;
mod table;
mod text;
mod types;
mod versions;

use proc_macro2::{Ident, Span, TokenStream};

pub(crate) use self::text::inner_docs;
use crate::config::Config;
use crate::model::{
    Analysis, Model, Names, Resource, ResourceName, Type, TypeDefinition, TypeId, TypeName,
};

/// A file below `src/generated/`.
pub struct File<'a> {
    /// `models/v3/objects.rs`.
    pub path: String,
    /// What is in it, as Markdown.
    pub title: String,
    /// Makes its items.
    pub items: Box<dyn Fn() -> TokenStream + Send + Sync + 'a>,
}

impl<'a> File<'a> {
    pub(crate) fn new(
        path: String,
        title: String,
        items: impl Fn() -> TokenStream + Send + Sync + 'a,
    ) -> Self {
        Self {
            path,
            title,
            items: Box::new(items),
        }
    }
}

/// What the emitters read.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The types and operations.
    pub model: &'a Model,
    /// What they are called.
    pub names: &'a Names,
    /// What else is known of them.
    pub analysis: &'a Analysis,
    /// What features and secrets there are.
    pub config: &'a Config,
}

/// Lists every file of the mock's table.
pub fn emit_table(context: Context<'_>) -> Vec<File<'_>> {
    table::files(context)
}

/// Lists every file of the client.
pub fn emit(context: Context<'_>) -> Vec<File<'_>> {
    let mut files = vec![
        scopes::file(context),
        operations::file(context),
        requests::file(context),
    ];
    files.extend(models::files(context));
    files.extend(resources::files(context));
    files.extend(versions::files(context));
    files
}

/// An identifier out of [`Names`], which may be raw.
fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

impl<'a> Context<'a> {
    /// The resources and what they are called.
    fn resources(self) -> impl Iterator<Item = (&'a Resource, &'a ResourceName)> {
        self.model.resources.iter().zip(&self.names.resources)
    }

    /// Whether a type mentions one that is generated.
    fn is_model(self, ty: &Type) -> bool {
        match ty {
            Type::Named(id) => self
                .named(id)
                .is_some_and(|(definition, _)| definition.version.is_some()),
            Type::Array(inner) | Type::Map { value: inner, .. } => self.is_model(inner),
            _ => false,
        }
    }

    /// A type and its name.
    fn named(self, id: &TypeId) -> Option<(&'a TypeDefinition, &'a TypeName)> {
        Some((self.model.types.get(id)?, self.names.types.get(id)?))
    }
}

//! The code, file by file. Tokens are made when they are asked for, so that files can be made on several threads.

mod models;
mod module;
mod operations;
mod page;
mod records;
mod requests;
mod resources;
mod roots;
mod scopes;
mod table;
mod text;
mod types;
mod versions;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::text::{code, docs, header};
use crate::join::Code;

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
        path: impl Into<String>,
        title: impl Into<String>,
        items: impl Fn() -> TokenStream + Send + Sync + 'a,
    ) -> Self {
        Self {
            path: path.into(),
            title: title.into(),
            items: Box::new(items),
        }
    }
}

/// Lists every file of the mock's table.
pub fn emit_table<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    table::files(code)
}

/// Lists the files of the table of operations that `#[derive(Record)]` knows.
pub fn emit_records<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    vec![records::file(code)]
}

/// Lists every file of the client, or of a module of another crate.
pub fn emit<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let mut files = vec![
        scopes::file(code),
        operations::file(code),
        requests::file(code),
    ];
    files.extend(models::files(code));
    files.extend(resources::files(code));
    files.extend(versions::files(code));
    files
}

/// The page of the documentation that lists the APIs of the client.
pub fn page(code: &Code<'_>) -> String {
    page::page(code)
}

/// What code in other crates has to know of the client: the catalogue of its scopes, and the methods for its handles.
pub fn facts(code: &Code<'_>) -> String {
    let methods = code.versions.iter().flat_map(|version| {
        let resources = version.resources.iter();
        let at_top = resources.filter(|_| version.is_current);
        let at_top = at_top.map(|resource| match &resource.name.area {
            Some(area) => &area.method,
            None => &resource.name.method,
        });
        at_top.chain((!version.is_current).then_some(&version.name.module))
    });
    let methods = methods.collect::<BTreeSet<_>>().into_iter();
    let methods = methods.map(|method| format!("method {}\n", method.plain()));
    scopes::catalogue_text(code) + &methods.collect::<String>()
}

/// The attributes of a module in a user's crate, which is generated for all uses, of which a program has some.
pub(crate) fn unlinted() -> TokenStream {
    quote! {
        #[allow(warnings, clippy::all, clippy::pedantic, missing_docs, unreachable_pub, unused)]
        #[rustfmt::skip]
    }
}

/// Items with an empty line between each two of them. Those without tokens are left out.
pub(crate) fn separated(items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut all = TokenStream::new();
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        if !all.is_empty() {
            all.extend(quote!(__empty_line!();));
        }
        all.extend(item);
    }
    all
}

/// The line that [`separated`] emits for an empty one, as prettyplease writes it.
pub(crate) const EMPTY_LINE: &str = "__empty_line!();";

//! The code, file by file. Tokens are made when they are asked for, so that files can be made on several threads.

mod models;
mod operations;
mod requests;
mod resources;
mod scopes;
mod table;
mod text;
mod types;
mod versions;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::text::header;
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

/// Lists every file of the client.
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

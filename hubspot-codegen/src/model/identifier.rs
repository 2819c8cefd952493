//! Rust identifiers and paths.

use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};
use serde::{Serialize, Serializer};

/// A Rust identifier. Only the naming stage makes one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    plain: String,
    is_raw: bool,
}

impl Identifier {
    /// An identifier that is no keyword.
    pub(crate) const fn new(plain: String) -> Self {
        let is_raw = false;
        Self { plain, is_raw }
    }

    /// A keyword as an identifier: `r#type`.
    pub(crate) const fn raw(plain: String) -> Self {
        let is_raw = true;
        Self { plain, is_raw }
    }

    /// Its name outside of Rust: without `r#`.
    pub fn plain(&self) -> &str {
        &self.plain
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.is_raw { "r#" } else { "" };
        write!(formatter, "{prefix}{}", self.plain)
    }
}

impl Serialize for Identifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToTokens for Identifier {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let span = Span::call_site();
        tokens.append(if self.is_raw {
            Ident::new_raw(&self.plain, span)
        } else {
            Ident::new(&self.plain, span)
        });
    }
}

/// A path such as `crate::error::BatchError`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustPath(pub(crate) Vec<Identifier>);

impl fmt::Display for RustPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            let colons = if index > 0 { "::" } else { "" };
            write!(formatter, "{colons}{part}")?;
        }
        Ok(())
    }
}

impl Serialize for RustPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToTokens for RustPath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = &self.0;
        tokens.extend(quote!(#(#parts)::*));
    }
}

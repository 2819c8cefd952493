//! Files in memory, for tests that need documents.

use std::collections::BTreeMap;
use std::io;

use hubspot_codegen::config::Config;
use hubspot_codegen::error::Errors;
use hubspot_codegen::load::{Origin, Sources, load};

/// Reads the documents of `config` out of `files`, which are paths and texts.
pub(crate) fn load_from(config: &Config, files: &[(&str, &str)]) -> Result<Sources, Errors> {
    let files = files.iter().copied().collect::<BTreeMap<_, _>>();
    load(config, Origin::Own, &|path| match files.get(path) {
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(io::Error::from(io::ErrorKind::NotFound)),
    })
}

/// Each error as a line.
pub(crate) fn lines(errors: &Errors) -> Vec<String> {
    errors.to_string().lines().map(str::to_owned).collect()
}

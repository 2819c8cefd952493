//! Files as text: formatted, under a header that says where they come from.

use std::collections::BTreeMap;

use crate::config::Home;
use crate::emit::{EMPTY_LINE, File, header};
use crate::error::{Error, Errors, Problem};
use crate::parallel;

/// The text of each file, by path.
pub fn render(files: &[File<'_>], home: &Home) -> Result<BTreeMap<String, String>, Errors> {
    render_module(files, home.origin(), matches!(home, Home::Module(_)))
}

/// The text of each file, by path. `origin` says in the header where the files come from; `is_module` is whether the
/// folder is a module of the user's crate.
pub(crate) fn render_module(
    files: &[File<'_>],
    origin: &str,
    is_module: bool,
) -> Result<BTreeMap<String, String>, Errors> {
    let mut texts = BTreeMap::new();
    let mut errors = Vec::new();
    for (file, text) in files
        .iter()
        .zip(parallel::map(files, |file| text(file, origin, is_module)))
    {
        match text {
            Ok(text) => _ = texts.insert(file.path.clone(), text),
            Err(cause) => errors.push(Error::in_file(
                &file.path,
                Problem::NotAllowed(cause.to_string()),
            )),
        }
    }
    Errors::check(errors)?;
    Ok(texts)
}

fn text(file: &File<'_>, origin: &str, is_module: bool) -> Result<String, syn::Error> {
    let items = prettyplease::unparse(&syn::parse2((file.items)())?);
    // The root of a module is also what a build script's output is included by, where inner comments are not allowed.
    let is_root = is_module && file.path == "mod.rs";
    let comment = if is_root { "//" } else { "//!" };
    let mut text = header(comment, &[&file.title, origin]);
    for line in items.lines() {
        if line.trim_start() != EMPTY_LINE {
            text.push_str(line);
        }
        text.push('\n');
    }
    Ok(text)
}

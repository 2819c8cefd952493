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
    let items = with_enums(&items);
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

/// What declares an enum of texts.
const ENUM: &str = "string_enum!(";

/// The widest line of such a declaration.
const WIDTH: usize = 88;

/// The code with declarations of enums as a reader expects them: with doc comments, and broken between variants. The
/// formatter keeps attributes in macros as they are, and breaks their lines anywhere.
fn with_enums(code: &str) -> String {
    let mut text = String::new();
    let mut rest = code;
    while let Some(start) = declaration(rest) {
        let (before, mut inside) = rest.split_at(start);
        text.push_str(before);
        while let Some((comment, after)) = comment(inside) {
            text.push_str("\n    ///");
            text.push_str(&comment);
            inside = after;
        }
        let (variants, after) = inside.split_at(end(inside));
        let mut line = "   ".to_owned();
        for word in words(variants) {
            if line.len() + 1 + word.len() > WIDTH && !line.trim().is_empty() {
                text.push('\n');
                text.push_str(&line);
                "   ".clone_into(&mut line);
            }
            line.push(' ');
            line.push_str(&word);
        }
        for part in ["\n", &line, "\n"] {
            text.push_str(part);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Where the content of the first declaration begins. What a document says of itself in a comment is none.
fn declaration(code: &str) -> Option<usize> {
    let is_path = |character: char| character.is_alphanumeric() || "_:".contains(character);
    let mut found = code.match_indices(ENUM).map(|(at, _)| at);
    let at = found.find(|at| {
        let line = code[..*at].rsplit('\n').next();
        line.is_some_and(|line| line.chars().all(is_path))
    })?;
    Some(at + ENUM.len())
}

/// Where the parenthesis closes.
fn end(code: &str) -> usize {
    let mut unquoted = unquoted(code);
    let closing = unquoted.find(|(_, character)| *character == ')');
    closing.map_or(code.len(), |(at, _)| at)
}

/// What stands between breaks of a declaration: its name, and each of its variants.
fn words(variants: &str) -> Vec<String> {
    let joined = variants
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let mut words = Vec::new();
    let mut start = 0;
    let breaks = unquoted(&joined).filter(|(_, character)| ",;".contains(*character));
    for end in breaks.map(|(at, _)| at + 1).chain([joined.len()]) {
        words.push(joined[start..end].trim().to_owned());
        start = end;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The characters of code that are not within texts, with their positions.
fn unquoted(code: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quoted, mut escaped) = (false, false);
    code.char_indices().filter(move |(_, character)| {
        let was_quoted = quoted;
        if *character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = *character == '\\' && !escaped;
        !was_quoted && !quoted
    })
}

/// The text of an attribute `doc` that can be a comment, and what follows it.
fn comment(code: &str) -> Option<(String, &str)> {
    let value = code.trim_start().strip_prefix("#[doc")?.trim_start();
    let literal = value.strip_prefix('=')?.trim_start();
    let mut escaped = false;
    let end = literal.char_indices().skip(1).find(|(_, character)| {
        let ends = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        ends
    })?;
    let (literal, rest) = literal.split_at(end.0 + 1);
    let text = syn::parse_str::<syn::LitStr>(literal).ok()?.value();
    let is_comment = !text.starts_with('/') && !text.contains(['\n', '\r']);
    is_comment.then_some((text, rest.trim_start().strip_prefix(']')?))
}

//! What a package's code says of records: the structs that derive `Record`, and the names in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use hubspot_codegen::{folder::has_mark, records::MARK};
use hubspot_scopes::Sensitivity;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::meta::ParseNestedMeta;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, GenericArgument, Lit, PathArguments, Token, Type,
    token,
};

use crate::folder::{Links, files};
use crate::tokens;

/// What a package's code says.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) records: Vec<Record>,
    /// Every identifier, and every string that is one or several names, outside of generated files.
    pub(super) names: BTreeSet<String>,
}

/// A struct with `#[hubspot(object = "…")]`.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) object: String,
    /// `src/lead.rs:8`
    pub(super) place: String,
    /// Whether it is in a file that `cargo hubspot types` has written.
    pub(super) is_generated: bool,
    /// Whether it has `#[derive(Debug)]`.
    pub(super) derives_debug: bool,
    pub(super) fields: Vec<Field>,
}

/// A field for a property.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) property: String,
    pub(super) sensitivity: Option<Sensitivity>,
    pub(super) read_only: bool,
    /// Whether its values are text, which reads values of every type.
    pub(super) is_text: bool,
    /// `src/lead.rs:12`
    pub(super) place: String,
}

/// Reads the Rust files of the package in `folder`. Names in generated files do not count.
pub(super) fn read(folder: &Path) -> Result<Source> {
    let is_own = |inside: &Path| !inside.join("Cargo.toml").exists();
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut source = Source::default();
    for path in files(folder, Links::Skip, is_own) {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let shown = shown(folder, &path);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{shown}`"))?;
        // A file that is no Rust is the compiler's to report.
        let Ok(tokens) = tokens::parse(&text) else {
            continue;
        };
        let file = File {
            shown,
            is_generated: has_mark(&text, MARK),
        };
        if !file.is_generated {
            add_names(tokens.clone(), &mut source.names);
        }
        if text.contains("hubspot") {
            file.add_records(tokens, &mut source.records);
        }
    }
    Ok(source)
}

fn shown(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

fn add_names(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                names.insert(name.unraw().to_string());
            }
            TokenTree::Literal(literal) => {
                let text = tokens::string(&literal).unwrap_or_default();
                names.extend(text.split(',').map(|name| name.trim().to_owned()));
            }
            TokenTree::Group(group) => add_names(group.stream(), names),
            TokenTree::Punct(_) => {}
        }
    }
}

/// A source file.
struct File {
    shown: String,
    is_generated: bool,
}

impl File {
    /// Adds the structs with `#[hubspot(object = "…")]`, wherever they are.
    fn add_records(&self, tokens: TokenStream, records: &mut Vec<Record>) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        // Where the attributes of the item begin.
        let mut start = None;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let group = |delimiter| tokens::group(&tokens, at + 1, delimiter).is_some();
            match token {
                sign if tokens::is(sign, '#') && group(Delimiter::Bracket) => {
                    start.get_or_insert(at);
                    at += 2;
                    continue;
                }
                TokenTree::Ident(word) if word == "pub" => {
                    at += 1 + usize::from(group(Delimiter::Parenthesis));
                    continue;
                }
                TokenTree::Ident(word) if word == "struct" => {
                    let rest = tokens.iter().enumerate().skip(at);
                    let mut ends = rest.filter(|(_, token)| ends_struct(token));
                    if let (Some(start), Some((end, _))) = (start, ends.next()) {
                        let item = tokens.iter().take(end + 1).skip(start).cloned();
                        records.extend(self.record(item.collect()));
                        at = end;
                    }
                }
                TokenTree::Group(group) => self.add_records(group.stream(), records),
                _ => {}
            }
            start = None;
            at += 1;
        }
    }

    fn record(&self, item: TokenStream) -> Option<Record> {
        let input = syn::parse2::<DeriveInput>(item).ok()?;
        let object = options(&input.attrs).text("object")?;
        let Data::Struct(data) = input.data else {
            return None;
        };
        let fields = data.fields.into_iter();
        Some(Record {
            place: self.place(&input.ident),
            name: input.ident.to_string(),
            object,
            derives_debug: derives_debug(&input.attrs),
            is_generated: self.is_generated,
            fields: fields.filter_map(|field| self.field(&field)).collect(),
        })
    }

    fn field(&self, field: &syn::Field) -> Option<Field> {
        let ident = field.ident.as_ref()?;
        let options = options(&field.attrs);
        let name = ident.unraw().to_string();
        let named = options.text("name");
        // The record's own id.
        if named.is_none() && (name == "id" || options.has("id")) {
            return None;
        }
        let given = Sensitivity::ALL.iter().copied();
        let sensitivity = given.filter(|of| options.has(of.name())).max();
        Some(Field {
            property: named.unwrap_or_else(|| name.clone()),
            sensitivity,
            read_only: options.has("read_only"),
            is_text: is_text(&field.ty),
            place: self.place(ident),
            name,
        })
    }

    fn place(&self, ident: &Ident) -> String {
        format!("{}:{}", self.shown, ident.span().start().line)
    }
}

fn derives_debug(attributes: &[Attribute]) -> bool {
    let mut derives_debug = false;
    for attribute in attributes {
        if attribute.path().is_ident("derive") {
            // What cannot be parsed is the compiler's to report.
            let _ = attribute.parse_nested_meta(|meta| {
                let last = meta.path.segments.last();
                derives_debug |= last.is_some_and(|last| last.ident == "Debug");
                Ok(())
            });
        }
    }
    derives_debug
}

/// Returns whether a type is `String`, or one with a parameter that is, such as `Option<String>`.
fn is_text(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        PathArguments::AngleBracketed(generic) => {
            generic.args.iter().any(|argument| match argument {
                GenericArgument::Type(ty) => is_text(ty),
                _ => false,
            })
        }
        // `DateTime` keeps its text.
        _ => last.ident == "String" || last.ident == "DateTime",
    }
}

/// Returns whether a token is the body of a struct, or ends one without a body.
fn ends_struct(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => tokens::is(token, ';'),
    }
}

/// What the `#[hubspot(…)]` attributes of an item say.
struct Options(Vec<(String, Option<String>)>);

impl Options {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        let mut options = self.0.iter();
        options.find_map(|(known, text)| (known == name).then(|| text.clone()).flatten())
    }
}

fn options(attributes: &[Attribute]) -> Options {
    let mut found = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("hubspot") {
            // What cannot be parsed is the derive's to report.
            let _ = attribute.parse_nested_meta(|meta| {
                let text = value(&meta)?;
                let name = meta.path.get_ident().map(ToString::to_string);
                found.extend(name.map(|name| (name, text)));
                Ok(())
            });
        }
    }
    Options(found)
}

/// The text of an option, such as `object = "deals"`.
fn value(meta: &ParseNestedMeta<'_>) -> syn::Result<Option<String>> {
    if meta.input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<TokenStream>()?;
        return Ok(None);
    }
    if !meta.input.peek(Token![=]) {
        return Ok(None);
    }
    match meta.value()?.parse()? {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Ok(Some(text.value())),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_wherever_they_are() {
        let source = r#"
            mod inner {
                /// A lead.
                #[derive(Clone, Record)]
                #[hubspot(object = "contacts", other(1, 2))]
                pub(crate) struct Lead<T> where T: Copy {
                    pub id: RecordId,
                    #[hubspot(id)] record: Id,
                    #[hubspot(name = "numberofemployees")] employees: Option<BTreeMap<i64, T>>,
                    #[hubspot(sensitive)] r#type: String,
                    #[hubspot(highly_sensitive, multi)] ssn: Vec<String>,
                    #[hubspot(name = "id")] other: String,
                }
                struct Plain { email: String }
                #[hubspot(value = "x")] struct Unit;
            }
            fn f() { #[hubspot(object = "deals")] #[derive(std::fmt::Debug)] struct Deal { amount: f64 } }
        "#;
        let mut records = Vec::new();
        let file = File {
            shown: "a.rs".to_owned(),
            is_generated: false,
        };
        file.add_records(source.parse().unwrap(), &mut records);
        let found: Vec<_> = records
            .iter()
            .map(|record| {
                let fields = record.fields.iter();
                let fields = fields.map(|field| (&*field.property, field.sensitivity));
                (&*record.name, &*record.object, fields.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            found,
            [
                (
                    "Lead",
                    "contacts",
                    vec![
                        ("numberofemployees", None),
                        ("type", Some(Sensitivity::Sensitive)),
                        ("ssn", Some(Sensitivity::HighlySensitive)),
                        ("id", None),
                    ]
                ),
                ("Deal", "deals", vec![("amount", None)]),
            ]
        );
        assert_eq!(records[0].place, "a.rs:6");
        assert_eq!(records[0].fields[0].place, "a.rs:9");
        assert!(!records[0].derives_debug && records[1].derives_debug);
    }

    #[test]
    fn names_are_identifiers_and_strings() {
        let mut names = BTreeSet::new();
        let source = r#"deal.amount; f("dealname, close_date", [b"no"]); Deal::STAGE; "a b""#;
        add_names(source.parse().unwrap(), &mut names);
        for name in ["amount", "dealname", "close_date", "STAGE", "a b"] {
            assert!(names.contains(name), "{name}: {names:?}");
        }
        assert!(!names.contains("no"));
    }
}

//! A first document of our own from one that `HubSpot` publishes: its facts, words by rule, and `TODO` where a person has to
//! write.
//!
//! The document is read as it stands, so that one which the generator refuses can be imported too. Nothing of `HubSpot`'s
//! text is kept.

mod due;
mod facts;
mod security;
mod shared;
mod words;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use self::facts::Importer;
use self::yaml::{Node, field};
use crate::config::Api;
use crate::error::{Error, Problem};

pub use self::due::{Due, due, unwritten};
pub use self::shared::Components;
pub use self::words::TODO;

/// A document to import.
pub struct Request<'a> {
    /// The API that it is of.
    pub api: &'a Api,
    /// Its version.
    pub version: &'a str,
    /// Where it is, for messages.
    pub path: &'a str,
    /// Its content, with corrections applied.
    pub document: &'a Value,
    /// What it may refer to.
    pub components: &'a Components,
}

/// What a document has become.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// The text of our document.
    pub text: String,
    /// The scopes that it names, with the kinds of login that it names each for.
    pub scopes: BTreeMap<String, BTreeSet<String>>,
    /// What a person has to decide.
    pub decisions: Vec<String>,
}

/// Imports a document.
///
/// # Errors
///
/// Fails if it has no paths.
pub fn import(request: &Request<'_>) -> Result<Imported, Error> {
    let paths = request.document.get("paths").and_then(Value::as_object);
    let Some(paths) = paths.filter(|paths| !paths.is_empty()) else {
        let problem = Problem::Unsupported("a document without paths".to_owned());
        return Err(Error::in_file(request.path, problem));
    };
    let many = words::words(&request.api.nouns.many);
    let mut importer = Importer {
        document: request.document,
        components: request.components,
        version: request.version,
        many: &many,
        reached: BTreeMap::new(),
        parameters: BTreeMap::new(),
        security: BTreeMap::new(),
    };
    let operations = paths.values().filter_map(Value::as_object).flatten();
    let operations = operations.map(|(_, operation)| operation);
    let operations = operations.filter(|operation| operation.get("responses").is_some());
    let operations = operations.collect::<Vec<_>>();
    importer.count(&operations);
    let sorted = paths.iter().collect::<BTreeMap<_, _>>();
    let items = sorted
        .into_iter()
        .map(|(path, item)| field(path, importer.path_item(path, item)));
    let items = Node::Spaced(items.collect());
    let components = components(&mut importer, &operations);
    let document = Node::Spaced(vec![
        field("openapi", Node::text("3.0.3")),
        field("info", info(&many, request.version)),
        field(
            "servers",
            Node::List(vec![Node::single(
                "url",
                Node::text("https://api.hubapi.com"),
            )]),
        ),
        field("paths", items),
        field("components", components),
    ]);
    let title = format!(
        "# {} in API version {}.\n\n",
        capital(&many),
        request.version
    );
    Ok(Imported {
        text: title + &document.write(),
        scopes: scopes(&operations),
        decisions: decisions(paths, &importer),
    })
}

fn info(many: &str, version: &str) -> Node {
    Node::Map(vec![
        field("title", Node::text(capital(many))),
        field("version", Node::text(version)),
        field("description", Node::text(TODO)),
    ])
}

/// Parameters that several operations have, the kinds of login, and every schema that is reached and not shared.
fn components(importer: &mut Importer<'_>, operations: &[&Value]) -> Node {
    let parameters = importer.parameters.clone().into_iter();
    let parameters =
        parameters.map(|(name, parameter)| field(&name, importer.parameter(&parameter)));
    let parameters = parameters.collect::<Vec<_>>();
    let mut schemas = BTreeMap::new();
    loop {
        let mut due = importer.reached.iter().filter(|(_, file)| file.is_none());
        let Some(name) = due.find(|(name, _)| !schemas.contains_key(*name)) else {
            break;
        };
        let name = name.0.clone();
        let schema = importer
            .document
            .pointer(&format!("/components/schemas/{name}"));
        let schema = schema.cloned().unwrap_or_else(|| json!({}));
        let node = importer.schema(&schema, Some(words::of_schema(&name)));
        schemas.insert(name, node);
    }
    let logins = operations.iter().flat_map(|operation| logins(operation));
    let logins = logins.map(|(login, _)| login).collect::<BTreeSet<_>>();
    let logins = logins.iter().map(|login| {
        let place = "../components/security.yaml#/components/securitySchemes";
        field(login, Node::reference(format!("{place}/{login}")))
    });
    let parts = [
        ("parameters", parameters),
        ("schemas", schemas.into_iter().collect()),
        ("securitySchemes", logins.collect()),
    ];
    let parts = parts.into_iter().filter(|(_, fields)| !fields.is_empty());
    Node::Spaced(
        parts
            .map(|(name, fields)| field(name, Node::Spaced(fields)))
            .collect(),
    )
}

/// The kinds of login of an operation, each with its scopes.
fn logins(operation: &Value) -> Vec<(String, Vec<String>)> {
    let alternatives = operation.get("security").and_then(Value::as_array);
    let alternatives = alternatives
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    let logins = alternatives.flatten().map(|(login, scopes)| {
        let scopes = scopes.as_array().into_iter().flatten();
        (
            login.clone(),
            scopes
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        )
    });
    logins.collect()
}

fn scopes(operations: &[&Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for (login, scopes) in operations.iter().flat_map(|operation| logins(operation)) {
        for scope in scopes {
            found.entry(scope).or_default().insert(login.clone());
        }
    }
    found
}

/// Names that no rule makes good ones of, and operations that name no scopes.
fn decisions(paths: &serde_json::Map<String, Value>, importer: &Importer<'_>) -> Vec<String> {
    let mut decisions = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let is_open = match operation.get("security") {
                Some(Value::Array(alternatives)) => alternatives.is_empty(),
                _ => operation.get("responses").is_some(),
            };
            if is_open {
                let method = method.to_uppercase();
                decisions.push(format!(
                    "{method} {path} names no scopes: `[public]`, or an overlay"
                ));
            }
        }
    }
    let own = importer.reached.iter().filter(|(_, file)| file.is_none());
    let odd = own.filter(|(name, _)| name.len() > 30 || ODD.iter().any(|odd| name.contains(odd)));
    decisions.extend(odd.map(|(name, _)| format!("schema {name}: a name of ours in `[rename]`?")));
    decisions
}

/// What stands in names of schemas that say more of their making than of their meaning.
const ODD: [&str; 5] = ["BatchInput", "BatchResponse", "Egg", "VNext", "IF"];

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

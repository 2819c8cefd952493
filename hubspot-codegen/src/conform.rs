//! Compares two sets of documents: a [`Difference`] is a fact that one states and the other does not. Descriptions are not
//! compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use crate::model::{
    Authentication, Body, Document, Field, Operation, Parameter, Place, Schema, Shape, Type,
    Variant,
};

/// A fact that one side states and the other does not.
///
/// ```
/// use hubspot_codegen::conform::compare;
/// use hubspot_codegen::model::{Document, Notes};
///
/// let ours = Document {
///     api: "contacts".into(),
///     version: "2026-09".into(),
///     path: "2026-09/contacts.yaml".into(),
///     notes: Notes::default(),
///     operations: Vec::new(),
///     schemas: [].into(),
/// };
/// assert!(compare(&[ours.clone()], &[ours.clone()]).is_empty());
/// assert_eq!(compare(&[ours], &[])[0].to_string(), "2026-09/contacts.yaml: only here: document `2026-09/contacts`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Where it is stated: in our document, where both state something.
    pub place: Place,
    /// What differs.
    pub what: String,
}

impl Display for Difference {
    /// One line, with document and pointer.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

/// Every difference between our documents and HubSpot's, in order of place.
pub fn compare(ours: &[Document], published: &[Document]) -> Vec<Difference> {
    let all = |documents: &[Document]| Stated {
        place: Place::default(),
        facts: Vec::new(),
        parts: documents.iter().map(of_document).collect(),
    };
    let mut differences = Vec::new();
    all(ours).compare(all(published), &mut differences);
    differences.sort();
    differences
}

/// Every difference between our documents and further ones of HubSpot, which state a part of what ours do: nothing that only
/// ours state is a difference.
pub fn compare_parts(ours: &[Document], further: &[Document]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for part in further {
        let own = ours.iter().filter(|own| own.id() == part.id());
        let own = own.map(|own| common(own, part)).collect::<Vec<_>>();
        differences.extend(compare(&own, std::slice::from_ref(part)));
    }
    differences.sort();
    differences
}

/// What a document has of another one.
fn common(document: &Document, other: &Document) -> Document {
    let mut document = document.clone();
    let operations = other.operations.iter().map(Operation::key);
    let operations = operations.collect::<BTreeSet<_>>();
    document
        .operations
        .retain(|operation| operations.contains(&operation.key()));
    document
        .schemas
        .retain(|name, _| other.schemas.contains_key(name));
    document
}

/// What a set of documents states at a place.
struct Stated {
    place: Place,
    /// Facts by name.
    facts: Vec<(&'static str, String)>,
    /// What is stated of its parts, by kind and name: "schema `Thing`".
    parts: BTreeMap<String, Stated>,
}

impl Stated {
    fn compare(self, mut other: Self, differences: &mut Vec<Difference>) {
        let mut add = |place: Place, what| differences.push(Difference { place, what });
        for ((name, here), (_, there)) in self.facts.iter().zip(&other.facts) {
            if here != there {
                let what = format!("{name} is {here} here and {there} at {}", other.place);
                add(self.place.clone(), what);
                if *name == SCHEMA {
                    return;
                }
            }
        }
        let mut both = Vec::new();
        for (name, part) in self.parts {
            match other.parts.remove(&name) {
                Some(same) => both.push((part, same)),
                None => add(part.place, format!("only here: {name}")),
            }
        }
        for (name, part) in other.parts {
            add(part.place, format!("only here: {name}"));
        }
        for (one, other) in both {
            one.compare(other, differences);
        }
    }
}

/// The fact that says what a schema looks like. Fields of two that differ in it are not compared.
const SCHEMA: &str = "the schema";

fn of_document(document: &Document) -> (String, Stated) {
    let place = Place {
        document: document.path.clone(),
        pointer: String::new(),
    };
    let operations = document.operations.iter().map(of_operation);
    let schemas = document.schemas.iter().map(of_schema);
    let stated = Stated {
        place,
        facts: Vec::new(),
        parts: operations.chain(schemas).collect(),
    };
    (format!("document `{}`", document.id()), stated)
}

fn of_operation(operation: &Operation) -> (String, Stated) {
    let parameters = |kind: &'static str, parameters: &[Parameter]| {
        let parameters = parameters.iter();
        let stated = parameters.map(move |parameter| of_parameter(kind, parameter));
        stated.collect::<Vec<_>>()
    };
    let in_path = parameters("path parameter", &operation.path_parameters);
    let in_query = parameters("query parameter", &operation.query_parameters);
    let stated = Stated {
        place: operation.place.clone(),
        facts: vec![
            ("the name", optional(operation.hubspot_name.as_ref())),
            ("`deprecated`", operation.deprecated.to_string()),
            ("the response", response(operation)),
            (
                "the encoding of the response",
                format!("{:?}", operation.response_encoding),
            ),
            ("the status", optional(operation.success.as_ref())),
            ("the body", optional(operation.body.as_ref())),
            ("the requirement", access(operation)),
            ("the budget", format!("{:?}", operation.budget)),
        ],
        parts: in_path.into_iter().chain(in_query).collect(),
    };
    (format!("operation `{}`", operation.key()), stated)
}

fn of_parameter(kind: &str, parameter: &Parameter) -> (String, Stated) {
    let stated = Stated {
        place: parameter.notes.place.clone(),
        facts: vec![
            ("the type", parameter.ty.to_string()),
            ("`required`", parameter.required.to_string()),
            ("`default`", optional(parameter.default.as_ref())),
            ("the style of lists", format!("{:?}", parameter.list)),
            ("`deprecated`", parameter.deprecated.to_string()),
        ],
        parts: BTreeMap::new(),
    };
    (format!("{kind} `{}`", parameter.name), stated)
}

fn of_schema((name, schema): (&String, &Schema)) -> (String, Stated) {
    let fields = schema.shape.fields().iter().map(of_field);
    let variants = schema.shape.variants().iter().map(of_variant);
    let stated = Stated {
        place: schema.place.clone(),
        facts: vec![(SCHEMA, schema.shape.to_string())],
        parts: fields.chain(variants).collect(),
    };
    (format!("schema `{name}`"), stated)
}

fn of_field(field: &Field) -> (String, Stated) {
    let stated = Stated {
        place: field.notes.place.clone(),
        facts: vec![
            ("the type", field.ty.to_string()),
            ("`required`", field.required.to_string()),
            ("`nullable`", field.nullable.to_string()),
            ("`deprecated`", field.deprecated.to_string()),
        ],
        parts: BTreeMap::new(),
    };
    (format!("field `{}`", field.name), stated)
}

fn of_variant(variant: &Variant) -> (String, Stated) {
    let stated = Stated {
        place: variant.notes.place.clone(),
        facts: vec![
            ("the type", variant.ty.to_string()),
            ("the field that marks it", variant.field.clone()),
        ],
        parts: BTreeMap::new(),
    };
    (format!("variant `{}`", variant.name), stated)
}

fn optional(fact: Option<&impl Display>) -> String {
    fact.map_or_else(|| "absent".to_owned(), ToString::to_string)
}

fn response(operation: &Operation) -> String {
    operation
        .response
        .as_ref()
        .map_or_else(|| "empty".to_owned(), ToString::to_string)
}

fn access(operation: &Operation) -> String {
    match operation.authentication {
        Authentication::None => "to send no token".to_owned(),
        Authentication::DeveloperKey => "a developer API key".to_owned(),
        Authentication::AccessToken if operation.requirement.is_none() => "a token".to_owned(),
        Authentication::AccessToken => operation.requirement.to_string(),
    }
}

impl Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let required = if self.required {
            "required"
        } else {
            "optional"
        };
        write!(formatter, "{} as {:?}, {required}", self.ty, self.encoding)
    }
}

impl Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(_) => formatter.write_str("an object"),
            Self::Union(_) => formatter.write_str("one of several objects"),
            Self::Enum(values) => write!(formatter, "one of {}", values.join(", ")),
            Self::Alias(ty) => ty.fmt(formatter),
        }
    }
}

impl Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => formatter.write_str("string"),
            Self::Boolean => formatter.write_str("boolean"),
            Self::Int32 => formatter.write_str("int32"),
            Self::Int64 => formatter.write_str("int64"),
            Self::Double => formatter.write_str("double"),
            Self::DateTime => formatter.write_str("date-time"),
            Self::Any => formatter.write_str("anything"),
            Self::Binary => formatter.write_str("a file"),
            Self::Constant(value) => write!(formatter, "the text `{value}`"),
            Self::Array(element) => write!(formatter, "list of {element}"),
            Self::Map {
                value,
                nullable: false,
            } => write!(formatter, "map to {value}"),
            Self::Map {
                value,
                nullable: true,
            } => write!(formatter, "map to {value} or null"),
            Self::Named(name) => write!(formatter, "`{name}`"),
        }
    }
}

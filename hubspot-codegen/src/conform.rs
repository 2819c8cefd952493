//! Compares two sets of documents: a [`Difference`] is a fact that one states and the other does not. Descriptions are not
//! compared.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use crate::model::{Body, Document, Field, Operation, Parameter, Place, Schema, Shape, Type};

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
    let ours = ours.iter().map(|ours| (ours.id(), ours)).collect();
    let theirs = published.iter();
    let theirs = theirs.map(|theirs| (theirs.id(), theirs)).collect();
    let place = |document: &Document| Place {
        document: document.path.clone(),
        pointer: String::new(),
    };
    let mut comparison = Comparison::default();
    for (ours, theirs) in comparison.pairs("document", ours, theirs, place) {
        comparison.document(ours, theirs);
    }
    comparison.differences.sort();
    comparison.differences
}

#[derive(Default)]
struct Comparison {
    differences: Vec<Difference>,
}

/// The place of a fact in both sets.
#[derive(Clone, Copy)]
struct Places<'a> {
    ours: &'a Place,
    theirs: &'a Place,
}

impl Comparison {
    /// Pairs what has one name on both sides, and reports what only one of them has.
    fn pairs<'a, T>(
        &mut self,
        kind: &str,
        ours: BTreeMap<String, &'a T>,
        mut theirs: BTreeMap<String, &'a T>,
        place: impl Fn(&T) -> Place,
    ) -> Vec<(&'a T, &'a T)> {
        let mut pairs = Vec::new();
        for (name, one) in ours {
            match theirs.remove(&name) {
                Some(other) => pairs.push((one, other)),
                None => self.add(place(one), format!("only here: {kind} `{name}`")),
            }
        }
        for (name, one) in theirs {
            self.add(place(one), format!("only here: {kind} `{name}`"));
        }
        pairs
    }

    fn fact(&mut self, places: Places<'_>, name: &str, ours: impl Display, theirs: impl Display) {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        if ours != theirs {
            self.add(
                places.ours.clone(),
                format!("{name} is {ours} here and {theirs} at {}", places.theirs),
            );
        }
    }

    fn add(&mut self, place: Place, what: String) {
        self.differences.push(Difference { place, what });
    }

    fn document(&mut self, ours: &Document, theirs: &Document) {
        fn operations(document: &Document) -> BTreeMap<String, &Operation> {
            let name = |operation: &Operation| format!("{} {}", operation.method, operation.path);
            document
                .operations
                .iter()
                .map(|operation| (name(operation), operation))
                .collect()
        }
        fn schemas(document: &Document) -> BTreeMap<String, &Schema> {
            document
                .schemas
                .iter()
                .map(|(name, schema)| (name.clone(), schema))
                .collect()
        }
        let place = |operation: &Operation| operation.place.clone();
        for (ours, theirs) in self.pairs("operation", operations(ours), operations(theirs), place) {
            self.operation(ours, theirs);
        }
        let place = |schema: &Schema| schema.place.clone();
        for (ours, theirs) in self.pairs("schema", schemas(ours), schemas(theirs), place) {
            self.schema(ours, theirs);
        }
    }

    fn operation(&mut self, ours: &Operation, theirs: &Operation) {
        let places = Places {
            ours: &ours.place,
            theirs: &theirs.place,
        };
        self.fact(
            places,
            "the name",
            optional(ours.hubspot_name.as_ref()),
            optional(theirs.hubspot_name.as_ref()),
        );
        self.fact(places, "`deprecated`", ours.deprecated, theirs.deprecated);
        self.fact(places, "the answer", answer(ours), answer(theirs));
        self.fact(
            places,
            "the body",
            optional(ours.body.as_ref()),
            optional(theirs.body.as_ref()),
        );
        self.fact(places, "the requirement", access(ours), access(theirs));
        self.fact(
            places,
            "the budget",
            format!("{:?}", ours.budget),
            format!("{:?}", theirs.budget),
        );
        self.parameters(
            "path parameter",
            &ours.path_parameters,
            &theirs.path_parameters,
        );
        self.parameters(
            "query parameter",
            &ours.query_parameters,
            &theirs.query_parameters,
        );
    }

    fn parameters(&mut self, kind: &str, ours: &[Parameter], theirs: &[Parameter]) {
        fn by_name(parameters: &[Parameter]) -> BTreeMap<String, &Parameter> {
            parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), parameter))
                .collect()
        }
        let place = |parameter: &Parameter| parameter.notes.place.clone();
        for (ours, theirs) in self.pairs(kind, by_name(ours), by_name(theirs), place) {
            let places = Places {
                ours: &ours.notes.place,
                theirs: &theirs.notes.place,
            };
            self.fact(places, "the type", &ours.ty, &theirs.ty);
            self.fact(places, "`required`", ours.required, theirs.required);
            self.fact(
                places,
                "`default`",
                optional(ours.default.as_ref()),
                optional(theirs.default.as_ref()),
            );
        }
    }

    fn schema(&mut self, ours: &Schema, theirs: &Schema) {
        fn by_name(fields: &[Field]) -> BTreeMap<String, &Field> {
            fields
                .iter()
                .map(|field| (field.name.clone(), field))
                .collect()
        }
        let places = Places {
            ours: &ours.place,
            theirs: &theirs.place,
        };
        let (Shape::Object(our_fields), Shape::Object(their_fields)) = (&ours.shape, &theirs.shape)
        else {
            return self.fact(places, "the schema", &ours.shape, &theirs.shape);
        };
        let place = |field: &Field| field.notes.place.clone();
        for (ours, theirs) in self.pairs("field", by_name(our_fields), by_name(their_fields), place)
        {
            let places = Places {
                ours: &ours.notes.place,
                theirs: &theirs.notes.place,
            };
            self.fact(places, "the type", &ours.ty, &theirs.ty);
            self.fact(places, "`required`", ours.required, theirs.required);
            self.fact(places, "`nullable`", ours.nullable, theirs.nullable);
            self.fact(places, "`deprecated`", ours.deprecated, theirs.deprecated);
        }
    }
}

fn optional(fact: Option<&impl Display>) -> String {
    fact.map_or_else(|| "absent".to_owned(), ToString::to_string)
}

fn answer(operation: &Operation) -> String {
    operation
        .answer
        .as_ref()
        .map_or_else(|| "empty".to_owned(), ToString::to_string)
}

fn access(operation: &Operation) -> String {
    match (operation.authenticated, operation.requirement.is_none()) {
        (false, _) => "to send no token".to_owned(),
        (true, true) => "a token".to_owned(),
        (true, false) => operation.requirement.to_string(),
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

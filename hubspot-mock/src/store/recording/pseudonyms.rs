//! Replaces what tells about people and companies in a recording: the values whose place says what they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::definitions::{PropertyType, is_email, moment, number, standard};
use crate::values::form;

/// Fields outside `properties` whose texts are replaced.
const NAMES: [&str; 33] = [
    "address",
    "authorName",
    "city",
    "company",
    "companyName",
    "contactName",
    "displayName",
    "exportName",
    "fileName",
    "firstName",
    "first_name",
    "firstname",
    "fullName",
    "full_name",
    "fullname",
    "hub_domain",
    "importName",
    "lastName",
    "last_name",
    "lastname",
    "listName",
    "mobilephone",
    "name__icontains",
    "phone",
    "phoneNumber",
    "q",
    "query",
    "senderName",
    "user",
    "userEmail",
    "userName",
    "username",
    "zip",
];

/// Fields with values of a property.
pub(super) const VALUES: [&str; 7] = [
    "highValue",
    "lowerBound",
    "propertyValue",
    "upperBound",
    "value",
    "values",
    "website",
];

/// The parts of paths below which a `name` is one that a user has chosen.
const NAMED: [&str; 3] = ["exports", "imports", "lists"];

/// Fields with people, whose `name` is replaced.
const PEOPLE: [&str; 16] = [
    "attendees",
    "author",
    "authors",
    "bcc",
    "cc",
    "contact",
    "createdBy",
    "host",
    "hosts",
    "owner",
    "participants",
    "recipients",
    "sender",
    "senders",
    "updatedBy",
    "users",
];

/// The fields with the id of a record.
const IDS: [&str; 3] = ["id", "objectId", "recordId"];

/// What is known about the values of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// Any text.
    Text,
    /// Numbers, dates or options of a property that HubSpot has.
    Plain,
    /// The property is none of HubSpot's.
    Unknown,
}

/// HubSpot's own properties. One that is a text for some object type counts as text.
pub(super) static VALUE_KINDS: LazyLock<BTreeMap<String, ValueKind>> = LazyLock::new(|| {
    let mut kinds = BTreeMap::new();
    for ty in standard::object_types() {
        for (_, property) in ty.properties() {
            let kind = kinds
                .entry(property.name.clone())
                .or_insert(ValueKind::Plain);
            if is_free(property.ty) {
                *kind = ValueKind::Text;
            }
        }
    }
    kinds
});

/// Whether values can be any text.
const fn is_free(ty: PropertyType) -> bool {
    matches!(
        ty,
        PropertyType::Text | PropertyType::Email | PropertyType::Phone
    )
}

impl ValueKind {
    fn of(property: &str) -> Self {
        VALUE_KINDS.get(property).copied().unwrap_or(Self::Unknown)
    }

    /// The kind of the property that an object names, such as a filter or the definition of a property.
    pub(super) fn named(fields: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let defined = || text("name").filter(|_| fields.contains_key("options"));
        let name = text("propertyName").or_else(|| text("property"));
        name.or_else(defined).map(Self::of)
    }

    fn replaces(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Plain => false,
            Self::Unknown => !is_scalar(text),
        }
    }
}

/// The object or array that a text consists of.
pub(super) fn json_in(text: &str) -> Option<Value> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    is_json.then(|| serde_json::from_str(text).ok())?
}

/// Whether a text is a number, a date or a flag. Phone numbers and postal codes that look otherwise are none.
pub(super) fn is_scalar(text: &str) -> bool {
    let mut digits = text.bytes();
    let is_code = text.starts_with('+')
        || digits.next() == Some(b'0') && digits.next().is_some_and(|next| next.is_ascii_digit());
    let is_flag = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    is_flag || !is_code && (number(text).is_some() || moment(text).is_some())
}

fn is_phone(field: &str) -> bool {
    matches!(field, "mobilephone" | "phone" | "phoneNumber")
}

/// The replaced values with their replacements.
#[derive(Default)]
pub(super) struct Pseudonyms {
    pub(super) replacements: BTreeMap<String, String>,
    /// The replacements, which are not replaced again.
    own: BTreeSet<String>,
}

/// Where a value is.
#[derive(Clone, Copy)]
struct Position<'a> {
    field: &'a str,
    /// Of the property that is named around it.
    kind: ValueKind,
    /// Whether `name` is replaced.
    names: bool,
}

impl Pseudonyms {
    /// The body with other values. A body that is not JSON is dropped.
    pub(super) fn body(&mut self, target: &str, text: &str) -> String {
        let Ok(mut json) = serde_json::from_str::<Value>(text) else {
            return String::new();
        };
        let path = target.split('?').next().unwrap_or_default();
        let place = Position {
            field: "",
            kind: ValueKind::Unknown,
            names: path.split('/').any(|part| NAMED.contains(&part)),
        };
        self.replace(&mut json, place);
        json.to_string()
    }

    /// Adds the values that are in a path or query only.
    pub(super) fn learn(&mut self, target: &str) {
        for part in parts(target) {
            let kind = part.kind.filter(|kind| kind.replaces(&part.decoded));
            if kind.is_some() && !part.decoded.is_empty() {
                self.of(&part.decoded);
            }
        }
    }

    /// The replacement of a text, the same one each time. Email addresses are equal in any case.
    pub(super) fn of(&mut self, text: &str) -> String {
        if self.own.contains(text) {
            return text.to_owned();
        }
        let is_email = is_email(text);
        let key = if is_email {
            text.to_lowercase()
        } else {
            text.to_owned()
        };
        let number = self.replacements.len() + 1;
        let replacement = self.replacements.entry(key).or_insert_with(|| {
            if is_email {
                format!("person{number}@example.com")
            } else {
                format!("text {number}")
            }
        });
        self.own.insert(replacement.clone());
        replacement.clone()
    }

    /// The replacement of a text that has one.
    pub(super) fn known(&self, text: &str) -> Option<&String> {
        self.replacements.get(text)
    }

    /// Whether a text is a replacement.
    pub(super) fn is_own(&self, text: &str) -> bool {
        self.own.contains(text)
    }

    fn replace(&mut self, json: &mut Value, place: Position<'_>) {
        let is_value = VALUES.contains(&place.field);
        let is_name = NAMES.contains(&place.field) || place.names && place.field == "name";
        match json {
            Value::Object(fields) => self.replace_fields(fields, place),
            Value::Array(values) => {
                for value in values {
                    self.replace(value, place);
                }
            }
            Value::String(text)
                if !text.is_empty()
                    && (is_name || is_value && place.kind.replaces(text) || is_email(text)) =>
            {
                *text = self.of(text);
            }
            Value::String(text) => {
                if let Some(mut inner) = json_in(text) {
                    self.replace(&mut inner, Position { field: "", ..place });
                    *text = inner.to_string();
                }
            }
            Value::Number(number)
                if is_value && place.kind == ValueKind::Text
                    || is_name && is_phone(place.field) =>
            {
                *json = self.of(&number.to_string()).into();
            }
            _ => {}
        }
    }

    fn replace_fields(&mut self, fields: &mut Map<String, Value>, place: Position<'_>) {
        let kind = ValueKind::named(fields).unwrap_or(place.kind);
        let place = Position {
            names: place.names || PEOPLE.contains(&place.field),
            ..place
        };
        let id_property = fields.get("idProperty").and_then(Value::as_str);
        let of_id = id_property.map(|name| Position {
            field: "value",
            kind: ValueKind::of(name),
            ..place
        });
        for (name, value) in fields {
            let place = Position {
                field: name,
                kind,
                ..place
            };
            match (name.as_str(), value, of_id) {
                ("properties" | "propertiesWithHistory", Value::Object(values), _) => {
                    for (property, value) in values {
                        let (field, kind) = ("value", ValueKind::of(property));
                        self.replace(
                            value,
                            Position {
                                field,
                                kind,
                                ..place
                            },
                        );
                    }
                }
                (name, value, Some(of_id)) if IDS.contains(&name) => self.replace(value, of_id),
                ("inputs", Value::Array(inputs), Some(of_id)) => {
                    for input in inputs {
                        if let Some(id) = input.get_mut("id") {
                            self.replace(id, of_id);
                        }
                        self.replace(input, place);
                    }
                }
                (_, value, _) => self.replace(value, place),
            }
        }
    }
}

/// A part of a path or query.
pub(super) struct Part<'a> {
    /// As it is in the target.
    pub(super) text: &'a str,
    pub(super) decoded: String,
    /// The separator after it.
    pub(super) end: &'a str,
    /// If it is a value.
    pub(super) kind: Option<ValueKind>,
    /// The name of the query parameter; empty in a path.
    pub(super) field: String,
}

/// The segments of the path, and the names and values of the query. Values of several items are split at commas.
pub(super) fn parts(target: &str) -> Vec<Part<'_>> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let decoded = form::decode(query).unwrap_or_default();
    let mut decoded = decoded.iter();
    let id_property = decoded.find(|(name, _)| name == "idProperty");
    let id_kind = id_property.map(|(_, property)| ValueKind::of(property));
    let mut parts = Vec::<Part<'_>>::new();
    for segment in path.split_inclusive('/') {
        let is_name = parts.last().is_some_and(|before| before.text == "name");
        let is_last = !segment.ends_with('/');
        let kind = if is_name {
            Some(ValueKind::Text)
        } else {
            id_kind.filter(|_| is_last)
        };
        parts.push(Part::path(segment, kind));
    }
    if let Some(last) = parts.last_mut().filter(|_| target.len() > path.len()) {
        last.end = "?";
    }
    for pair in query.split_inclusive('&') {
        let (name, value) = pair.split_at(pair.find('=').map_or(pair.len(), |end| end + 1));
        let name = Part::query(name, "", &['=', '&'], None);
        let field = name.decoded.clone();
        parts.push(name);
        if NAMES.contains(&field.as_str()) || field == "email" {
            parts.push(Part::query(value, &field, &['&'], Some(ValueKind::Text)));
        } else {
            let items = value.split_inclusive(',');
            parts.extend(items.map(|item| Part::query(item, &field, &[',', '&'], None)));
        }
    }
    parts
}

impl<'a> Part<'a> {
    fn path(segment: &'a str, kind: Option<ValueKind>) -> Self {
        let text = segment.strip_suffix('/').unwrap_or(segment);
        Self {
            text,
            decoded: percent_decode_str(text).decode_utf8_lossy().into_owned(),
            end: &segment[text.len()..],
            kind,
            field: String::new(),
        }
    }

    fn query(text: &'a str, field: &str, ends: &[char], kind: Option<ValueKind>) -> Self {
        let (text, end) = text.split_at(text.trim_end_matches(ends).len());
        let spaced = text.replace('+', " ");
        Self {
            text,
            decoded: percent_decode_str(&spaced).decode_utf8_lossy().into_owned(),
            end,
            kind,
            field: field.to_owned(),
        }
    }
}

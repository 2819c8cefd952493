//! The facts of a published document, in the structure of ours: operations, parameters and schemas, with words by rule and
//! `TODO` where there is no rule.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::security::{anchor, key, sorted};
use super::shared::{self, Components};
use super::words::{Called, TODO, of_field, of_parameter, of_status, summary};
use super::yaml::{Node, field};
use crate::config::parameter_name;
use crate::lower::hubspot_name_of;

/// Keys of a schema, in the order in which they are written.
const BEFORE_FIELDS: [&str; 13] = [
    "type",
    "format",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "maxLength",
    "minLength",
    "maximum",
    "minimum",
    "maxItems",
    "minItems",
];

/// The methods of a path item, in the order in which they are written.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

pub(super) type Fields = Vec<(String, Node)>;

/// Collects the facts of a document.
pub(super) struct Importer<'a> {
    pub(super) document: &'a Value,
    pub(super) components: &'a Components,
    pub(super) version: &'a str,
    /// What the API is about, in plural.
    pub(super) many: &'a str,
    /// The schemas that it refers to, by name; with the file of `components/` that has one already.
    pub(super) reached: BTreeMap<String, Option<String>>,
    /// Parameters that several operations have, by name.
    pub(super) parameters: BTreeMap<String, Value>,
    /// Lists of scopes: how often each occurs, and its anchor once it was written.
    pub(super) security: BTreeMap<String, (usize, Option<String>)>,
}

impl Importer<'_> {
    /// The operations of a path item.
    pub(super) fn path_item(&mut self, path: &str, item: &Value) -> Node {
        let mut operations = Vec::new();
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.push((method.to_owned(), self.operation(method, path, operation)));
            }
        }
        Node::Spaced(operations)
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) -> Node {
        let lists = self.lists(operation);
        let called = Called {
            method,
            path,
            lists,
            many: self.many,
        };
        let mut fields = vec![
            field("summary", Node::text(summary(&called))),
            field("description", Node::text(TODO)),
        ];
        if let Some(name) = operation.get("operationId").and_then(Value::as_str)
            && let Some(name) = hubspot_name_of(name)
        {
            fields.push(field("x-hubspot-operation-id", Node::text(name)));
        }
        for key in ["deprecated", "x-hubspot-rate-limit-exemptions"] {
            if let Some(value) = operation.get(key) {
                fields.push(field(key, plain(value)));
            }
        }
        if let Some(Value::Array(alternatives)) = operation.get("security") {
            fields.push(field("security", self.security(alternatives)));
        }
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let parameters = in_order(path, parameters.map_or(&[], Vec::as_slice));
        if !parameters.is_empty() {
            let parameters = parameters
                .into_iter()
                .map(|one| self.parameter_or_reference(one));
            fields.push(field("parameters", Node::List(parameters.collect())));
        }
        if let Some(body) = operation.get("requestBody") {
            fields.push(field("requestBody", self.body(body)));
        }
        if let Some(Value::Object(responses)) = operation.get("responses") {
            fields.push(field("responses", self.responses(responses)));
        }
        Node::Map(fields)
    }

    fn security(&mut self, alternatives: &[Value]) -> Node {
        let list = sorted(alternatives);
        let key = key(&list);
        let names = self.security.values().filter_map(|(_, name)| name.clone());
        let taken = names.collect::<BTreeSet<_>>();
        let node = Node::List(list.iter().map(|(_, node)| node.clone()).collect());
        match self.security.get_mut(&key) {
            Some((_, Some(name))) => Node::Alias(name.clone()),
            Some((count, name)) if *count > 1 => {
                let anchor = anchor(&key, &taken);
                *name = Some(anchor.clone());
                Node::Anchor(anchor, Box::new(node))
            }
            _ => node,
        }
    }

    /// Counts how often each list of scopes and each parameter occurs.
    pub(super) fn count(&mut self, operations: &[&Value]) {
        let mut known = BTreeMap::<String, BTreeMap<String, (usize, Value)>>::new();
        for operation in operations {
            if let Some(Value::Array(alternatives)) = operation.get("security")
                && alternatives.len() > 1
            {
                let key = key(&sorted(alternatives));
                self.security.entry(key).or_default().0 += 1;
            }
            let parameters = operation.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                let name = parameter
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let same = known.entry(name.to_owned()).or_default();
                same.entry(essence(parameter))
                    .or_insert((0, parameter.clone()))
                    .0 += 1;
            }
        }
        for (name, ways) in known {
            let most = ways.into_values().max_by_key(|(count, _)| *count);
            if let Some((2.., parameter)) = most {
                self.parameters.insert(name, parameter);
            }
        }
    }

    fn parameter_or_reference(&mut self, parameter: &Value) -> Node {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match self.parameters.get(name) {
            Some(shared) if essence(shared) == essence(parameter) => {
                Node::reference(format!("#/components/parameters/{name}"))
            }
            _ => self.parameter(parameter),
        }
    }

    pub(super) fn parameter(&mut self, parameter: &Value) -> Node {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut fields = vec![field("name", Node::text(name))];
        for key in ["in", "required", "deprecated"] {
            if let Some(value) = parameter.get(key).filter(|value| **value != json!(false)) {
                fields.push(field(key, plain(value)));
            }
        }
        fields.push(field("description", Node::text(of_parameter(name))));
        if let Some(schema) = parameter.get("schema") {
            fields.push(field("schema", self.schema(schema, None)));
        }
        Node::Map(fields)
    }

    fn body(&mut self, body: &Value) -> Node {
        let mut fields = Vec::new();
        if let Some(required) = body.get("required") {
            fields.push(field("required", plain(required)));
        }
        if let Some(Value::Object(content)) = body.get("content") {
            fields.push(field("content", self.content(content)));
        }
        Node::Map(fields)
    }

    fn content(&mut self, content: &Map<String, Value>) -> Node {
        let only = content.len() == 1;
        let media = content.iter().map(|(kind, media)| {
            let kind = if only && kind == "*/*" {
                "application/json"
            } else {
                kind
            };
            let schema = media.get("schema");
            let schema = schema.map(|schema| field("schema", self.schema(schema, None)));
            field(kind, Node::Map(schema.into_iter().collect()))
        });
        Node::Map(media.collect())
    }

    fn responses(&mut self, responses: &Map<String, Value>) -> Node {
        let mut fields = Vec::new();
        for (status, response) in responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'))
        {
            let mut parts = vec![field("description", Node::text(of_status(status)))];
            if let Some(Value::Object(content)) = response.get("content")
                && !content.is_empty()
            {
                parts.push(field("content", self.content(content)));
            }
            fields.push(field(status, Node::Map(parts)));
        }
        if responses.contains_key("default") {
            let error = "../components/errors.yaml#/components/responses/Error";
            fields.push(field("default", Node::reference(error.to_owned())));
        }
        Node::Map(fields)
    }

    /// Returns whether the success of an operation is a list, or has one under `results`.
    fn lists(&self, operation: &Value) -> bool {
        let schema = operation
            .pointer("/responses/200/content")
            .and_then(Value::as_object);
        let schema = schema.and_then(|content| content.values().next()?.get("schema"));
        let schema = schema.and_then(|schema| match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')),
            None => Some(schema),
        });
        schema.is_some_and(|schema| {
            schema.get("type") == Some(&json!("array"))
                || schema.pointer("/properties/results").is_some()
        })
    }

    /// A schema, with a description of its own if it is a field or has a name.
    pub(super) fn schema(&mut self, schema: &Value, description: Option<String>) -> Node {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let reference = self.reference(reference);
            return match description {
                None => reference,
                Some(text) => Node::Map(vec![
                    field("description", Node::text(text)),
                    field("allOf", Node::List(vec![reference])),
                ]),
            };
        }
        let mut fields = Vec::new();
        for key in BEFORE_FIELDS {
            if let Some(value) = schema.get(key) {
                fields.push(field(key, plain(value)));
            }
        }
        if let Some(text) = description {
            // Behind what says which type it is.
            let named = |(name, _): &&(String, Node)| name == "type" || name == "format";
            let at = fields.iter().take_while(named).count();
            fields.insert(at, field("description", Node::text(text)));
        }
        if let Some(values) = schema.get("enum") {
            fields.push(field("enum", plain(values)));
        }
        for key in ["items", "additionalProperties"] {
            match schema.get(key) {
                Some(value @ Value::Bool(_)) => fields.push(field(key, plain(value))),
                Some(inside) => fields.push(field(key, self.schema(inside, None))),
                None => {}
            }
        }
        let mut composed = false;
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some(Value::Array(parts)) = schema.get(key) {
                let parts = parts.iter().map(|part| self.schema(part, None)).collect();
                fields.push(field(key, Node::List(parts)));
                composed = true;
            }
        }
        self.fields(schema, composed, &mut fields);
        Node::Map(fields)
    }

    /// The fields of an object, sorted, and which of them are required.
    fn fields(&mut self, schema: &Value, composed: bool, fields: &mut Fields) {
        if let Some(Value::Array(required)) = schema.get("required") {
            let mut names = required.clone();
            names.sort_by_key(Value::to_string);
            fields.push(field("required", plain(&Value::Array(names))));
        }
        let Some(Value::Object(properties)) = schema.get("properties") else {
            return;
        };
        if composed && properties.is_empty() {
            return;
        }
        let sorted = properties.iter().collect::<BTreeMap<_, _>>();
        let sorted = sorted
            .into_iter()
            .map(|(name, inside)| (name.clone(), self.schema(inside, Some(of_field(name)))));
        fields.push(field("properties", Node::Map(sorted.collect())));
    }

    fn reference(&mut self, reference: &str) -> Node {
        let Some(name) = reference.strip_prefix("#/components/schemas/") else {
            return Node::reference(reference.to_owned());
        };
        let (document, components, version) = (self.document, self.components, self.version);
        let known = self.reached.entry(name.to_owned());
        let file = known.or_insert_with(|| shared::find(document, name, components, version));
        let file = file
            .as_ref()
            .map_or_else(String::new, |file| format!("../{file}"));
        Node::reference(format!("{file}{reference}"))
    }
}

/// A value of facts alone.
pub(super) fn plain(value: &Value) -> Node {
    match value {
        Value::Array(items) => Node::List(items.iter().map(plain).collect()),
        Value::Object(fields) => Node::Map(
            fields
                .iter()
                .map(|(name, value)| field(name, plain(value)))
                .collect(),
        ),
        scalar => Node::Value(scalar.clone()),
    }
}

/// A parameter without its words.
fn essence(parameter: &Value) -> String {
    let part = |key: &str| parameter.get(key).map(Value::to_string).unwrap_or_default();
    [part("name"), part("in"), part("required"), part("schema")].join(" ")
}

/// Path parameters in the order of the path, then the others by name.
fn in_order<'a>(path: &str, parameters: &'a [Value]) -> Vec<&'a Value> {
    let names = path
        .split('/')
        .filter_map(parameter_name)
        .collect::<Vec<_>>();
    let mut parameters = parameters.iter().collect::<Vec<_>>();
    parameters.sort_by_key(|parameter| {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let position = names.iter().position(|known| *known == name);
        (position.unwrap_or(usize::MAX), name.to_owned())
    });
    parameters
}

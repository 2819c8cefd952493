//! Lowers the parameters of operations.
//!
//! Errors are those that a call cannot express yet: of headers and cookies, and values that are written in other ways than
//! those for text and lists.

use std::collections::BTreeMap;

use openapiv3::{
    Parameter as Described, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr,
};
use serde_json::Value;

use super::operation::{Lowering, Written};
use super::path;
use super::resolve::{At, resolve};
use crate::error::{Error, Problem};
use crate::model::{ListStyle, Notes, Parameter, Type};

const IN_HEADER: &str = "a header parameter: remove it with an overlay, and set it with the method `header` of the request";

impl<'a> Lowering<'a, '_> {
    /// Path parameters in the order of the template, and query parameters in the order of their names.
    pub(super) fn parameters(
        &mut self,
        written: &Written<'a>,
        name: &str,
    ) -> Result<(Vec<Parameter>, Vec<Parameter>), Error> {
        let mut in_path = BTreeMap::new();
        let mut in_query = BTreeMap::new();
        let (item_at, item) = &written.item;
        // Those of the operation replace those of the path item.
        for (at, parameters) in [
            (item_at, &item.parameters),
            (&written.at, &written.operation.parameters),
        ] {
            for (index, node) in parameters.iter().enumerate() {
                let at = at.child("parameters").child(&index.to_string());
                let (at, parameter) = resolve(self.files, at, node)?;
                let data = parameter.parameter_data_ref();
                let table = match parameter {
                    Described::Path { .. } => &mut in_path,
                    Described::Query { .. } => &mut in_query,
                    Described::Header { .. } => return Err(at.unsupported(IN_HEADER)),
                    Described::Cookie { .. } => return Err(at.unsupported("a cookie parameter")),
                };
                let list = list_style(&at, parameter)?;
                let parameter = self.parameter(&at, data, name, list)?;
                table.insert(data.name.clone(), parameter);
            }
        }
        let mut ordered = Vec::with_capacity(in_path.len());
        for name in path::parameters(&written.path) {
            if ordered.iter().any(|one: &Parameter| one.name == name) {
                return Err(written.at.error(Problem::PathParameter(name.to_owned())));
            }
            // One that is not described is text.
            let text = || Parameter {
                name: name.to_owned(),
                ty: Type::String,
                required: true,
                default: None,
                list: ListStyle::default(),
                deprecated: false,
                notes: Notes {
                    description: None,
                    place: written.at.place(),
                },
            };
            ordered.push(in_path.remove(name).unwrap_or_else(text));
        }
        if let Some((name, _)) = in_path.pop_first() {
            return Err(written.at.error(Problem::PathParameter(name)));
        }
        Ok((ordered, in_query.into_values().collect()))
    }

    fn parameter(
        &mut self,
        at: &At<'a>,
        data: &'a ParameterData,
        parent: &str,
        list: ListStyle,
    ) -> Result<Parameter, Error> {
        let ParameterSchemaOrContent::Schema(_) = &data.format else {
            return Err(at.unsupported("a parameter with `content`"));
        };
        let inside = at.child("schema");
        let name = format!("{parent}/{}", data.name);
        // `null` is never sent: the parameter is left out.
        let ty = if self.is_choice_of_texts(&inside)? {
            Type::String
        } else {
            self.schemas.typed(&inside, &name)?.ty
        };
        let is_list = matches!(ty, Type::Array(_) | Type::Named(_));
        let default = match inside.schema()? {
            ReferenceOr::Item(schema) => schema.schema_data.default.as_ref().map(Value::to_string),
            ReferenceOr::Reference { .. } => None,
        };
        Ok(Parameter {
            name: data.name.clone(),
            ty,
            required: data.required,
            default,
            list: Some(list).filter(|_| is_list).unwrap_or_default(),
            deprecated: data.deprecated.unwrap_or_default(),
            notes: Notes {
                description: data.description.clone(),
                place: at.place(),
            },
        })
    }

    /// Returns whether a schema is a choice among texts, numbers and flags, which are all text in a URL.
    fn is_choice_of_texts(&self, at: &At<'a>) -> Result<bool, Error> {
        let mut some = false;
        for keyword in ["oneOf", "anyOf"] {
            for index in 0..at.members(keyword) {
                let member = at.child(keyword).child(&index.to_string());
                let (member, _) = resolve(self.files, member.clone(), member.schema()?)?;
                let ty = member.value.and_then(|value| value.get("type")?.as_str());
                if !matches!(ty, Some("boolean" | "integer" | "number" | "string")) {
                    return Ok(false);
                }
                some = true;
            }
        }
        Ok(some)
    }
}

/// How a list is written, as `style` and `explode` say.
fn list_style(at: &At<'_>, parameter: &Described) -> Result<ListStyle, Error> {
    let explode = parameter.parameter_data_ref().explode;
    let style = match parameter {
        Described::Query { style, .. } => style,
        Described::Path { style, .. } if *style != PathStyle::Simple => {
            return Err(at
                .child("style")
                .unsupported("a path parameter with another `style` than `simple`"));
        }
        _ => return Ok(ListStyle::default()),
    };
    match (style, explode) {
        (QueryStyle::Form, None | Some(true)) => Ok(ListStyle::Repeated),
        (QueryStyle::Form, Some(false)) => Ok(ListStyle::Commas),
        (QueryStyle::SpaceDelimited, None | Some(false)) => Ok(ListStyle::Spaces),
        (QueryStyle::PipeDelimited, None | Some(false)) => Ok(ListStyle::Pipes),
        (QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited, Some(true)) => Err(at
            .child("explode")
            .unsupported("`explode: true` with another `style` than `form`")),
        (QueryStyle::DeepObject, _) => Err(at.child("style").unsupported("`style: deepObject`")),
    }
}

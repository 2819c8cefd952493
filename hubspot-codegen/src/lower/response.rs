//! Lowers the responses of operations to what a success brings.
//!
//! Successes of which only some are JSON are an error.

use std::collections::BTreeMap;

use openapiv3::{Response, Responses, StatusCode};
use serde_json::Value;

use super::operation::{Content, Lowering};
use super::resolve::{At, resolve};
use crate::error::Error;
use crate::model::{Encoding, Place, Type};

impl<'a> Lowering<'a, '_> {
    /// What a success brings.
    ///
    /// Successes of different JSON are any value, `null` for an empty body. One whose fields are all in 207, which also says
    /// what went wrong in part, does not differ from it.
    ///
    /// Where no success is listed, nothing if `default` has no content, and else any value, `null` for an empty body.
    pub(super) fn response(
        &mut self,
        at: &At<'a>,
        responses: &'a Responses,
        name: &str,
    ) -> Result<(Option<Type>, Encoding), Error> {
        const NOTHING: (Option<Type>, Encoding) = (None, Encoding::Json);
        const ANYTHING: (Option<Type>, Encoding) = (Some(Type::Any), Encoding::Json);
        let mut found = Vec::<(Option<&Value>, (Option<Type>, Encoding))>::new();
        for (status, inside, success) in self.successes(at, responses)? {
            let content = inside.child("content").value;
            if found.iter().any(|(other, _)| *other == content) {
                continue;
            }
            let name = if found.is_empty() {
                format!("{name}/response")
            } else {
                format!("{name}/response/{status}")
            };
            let response =
                match self.content(&inside, &success.content, &name, Content::Response)? {
                    Some((_, Encoding::Form | Encoding::Multipart, _)) => {
                        return Err(inside.unsupported("a response that is a form"));
                    }
                    Some((_, encoding, ty)) => (Some(ty), encoding),
                    None => NOTHING,
                };
            found.push((content, response));
        }
        let mut found = found.into_iter().map(|(_, response)| response);
        let Some(first) = found.next() else {
            let Some(node) = &responses.default else {
                return Ok(ANYTHING);
            };
            let (_, default) = resolve(self.files, at.child("default"), node)?;
            let is_empty = default.content.is_empty();
            return Ok(if is_empty { NOTHING } else { ANYTHING });
        };
        let mut others = found.filter(|response| *response != first).peekable();
        if others.peek().is_none() {
            return Ok(first);
        }
        if first.1 == Encoding::Json && others.all(|(_, encoding)| encoding == Encoding::Json) {
            return Ok(ANYTHING);
        }
        Err(at.unsupported("successes with different responses"))
    }

    /// The lowest status of a success that is listed. `2XX` counts as 200.
    pub(super) fn success(responses: &Responses) -> Option<u16> {
        let statuses = responses.responses.keys();
        let successes = statuses.filter_map(|status| match status {
            StatusCode::Code(status @ 200..=299) => Some(*status),
            StatusCode::Range(2) => Some(200),
            StatusCode::Code(_) | StatusCode::Range(_) => None,
        });
        successes.min()
    }

    /// The successes that are listed, without those whose fields are all in 207.
    fn successes(
        &self,
        at: &At<'a>,
        responses: &'a Responses,
    ) -> Result<Vec<(&'a StatusCode, At<'a>, &'a Response)>, Error> {
        let all = responses.responses.iter();
        let all = all.filter(|(status, _)| {
            matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2))
        });
        let all = all.map(|(status, node)| {
            let (inside, response) = resolve(self.files, at.child(&status.to_string()), node)?;
            Ok((status, inside, response))
        });
        let mut all = all.collect::<Result<Vec<_>, Error>>()?;
        let mut in_part = all.iter().filter(|(status, ..)| **status == IN_PART);
        let Some(in_part) = in_part.next().map(|(_, inside, _)| self.fields(inside)) else {
            return Ok(all);
        };
        all.retain(|(status, inside, _)| {
            let fields = self.fields(inside);
            let is_there = |(name, field)| in_part.get(name) == Some(field);
            **status == IN_PART || fields.is_empty() || !fields.iter().all(is_there)
        });
        Ok(all)
    }

    /// What the fields of a response's object look like.
    fn fields(&self, response: &At<'a>) -> BTreeMap<String, Value> {
        let content = response.child("content");
        let media_types = content.value.and_then(Value::as_object);
        let first = media_types.and_then(|media_types| media_types.keys().next());
        let mut fields = BTreeMap::new();
        if let Some(media_type) = first {
            let schema = content.child(media_type).child("schema");
            self.add_fields(&schema, &mut Vec::new(), &mut fields);
        }
        fields
    }

    fn add_fields(
        &self,
        at: &At<'a>,
        passed: &mut Vec<Place>,
        fields: &mut BTreeMap<String, Value>,
    ) {
        // What is wrong with a schema is reported where it is lowered.
        let Ok((at, _)) = at
            .schema()
            .and_then(|node| resolve(self.files, at.clone(), node))
        else {
            return;
        };
        if passed.contains(&at.place()) {
            return;
        }
        passed.push(at.place());
        for index in 0..at.members("allOf") {
            let part = at.child("allOf").child(&index.to_string());
            self.add_fields(&part, passed, fields);
        }
        let own = at.child("properties").value.and_then(Value::as_object);
        let own = own.into_iter().flatten();
        fields.extend(own.map(|(name, schema)| (name.clone(), without_texts(schema))));
    }
}

const IN_PART: StatusCode = StatusCode::Code(207);

/// A schema without what says nothing of its shape.
fn without_texts(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let is_text = |name: &str, value: &Value| {
                matches!(name, "description" | "example" | "title") && !value.is_object()
            };
            let fields = fields.iter().filter(|(name, value)| !is_text(name, value));
            let fields = fields.map(|(name, value)| (name.clone(), without_texts(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(without_texts).collect(),
        other => other.clone(),
    }
}

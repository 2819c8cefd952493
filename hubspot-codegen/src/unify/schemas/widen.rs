//! Schemas of one name of which one has all fields of the others, and only optional ones besides.

use std::collections::BTreeMap;

use super::Schemas;
use crate::error::Error;
use crate::model::{Field, Shape};

impl Schemas<'_> {
    /// Lets the schemas that lack optional fields of another of their name and version be that one.
    pub(super) fn widen(&mut self) {
        let mut by_name = BTreeMap::<(&str, &str), Vec<usize>>::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if node.runtime.is_none() {
                let key = (node.document.version.as_str(), node.name.as_str());
                by_name.entry(key).or_default().push(index);
            }
        }
        let mut wider = BTreeMap::new();
        for indices in by_name.into_values().filter(|indices| indices.len() > 1) {
            let most = indices.iter().max_by_key(|index| {
                let fields = self.nodes[**index].schema.shape.fields();
                (fields.len(), std::cmp::Reverse(**index))
            });
            let Some(&most) = most else { continue };
            let narrow = indices.into_iter().filter(|&index| {
                let fields = |index: usize| self.nodes[index].schema.shape.fields().len();
                let name = |index: usize| self.nodes[index].hubspot_name;
                name(index) != name(most)
                    && fields(index) < fields(most)
                    && self.is_part(index, most)
            });
            wider.extend(narrow.map(|index| (index, most)));
        }
        for target in self.index.values_mut() {
            *target = *wider.get(target).unwrap_or(target);
        }
        for (narrow, most) in wider {
            let node = &self.nodes[narrow];
            let found = (node.hubspot_name, node.document);
            self.nodes[most].others.push(found);
            self.nodes[narrow].replaced_by = Some(most);
        }
    }

    /// Returns whether one schema has nothing but fields of another, and the other only optional ones besides.
    fn is_part(&self, one: usize, other: usize) -> bool {
        let name = |index: usize| {
            let node = &self.nodes[index];
            move |field: &Field| {
                let named = |name: &String| {
                    let target = self
                        .index
                        .get(&(node.document.path.as_str(), name.as_str()));
                    Ok::<_, Error>(
                        target.map_or_else(|| name.clone(), |&of| self.nodes[of].name.clone()),
                    )
                };
                field.ty.map(&named).ok()
            }
        };
        let is_object = |index: usize| matches!(self.nodes[index].schema.shape, Shape::Object(_));
        if !is_object(one) || !is_object(other) {
            return false;
        }
        let (in_one, in_other) = (name(one), name(other));
        let part = self.nodes[one].schema.shape.fields();
        self.nodes[other].schema.shape.fields().iter().all(|field| {
            let same = part.iter().find(|part| part.name == field.name);
            same.map_or(!field.required, |same| {
                (same.required, same.nullable) == (field.required, field.nullable)
                    && in_one(same) == in_other(field)
            })
        }) && part.iter().all(|part| {
            let others = self.nodes[other].schema.shape.fields();
            others.iter().any(|field| field.name == part.name)
        })
    }
}

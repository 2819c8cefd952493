//! Updates custom object types.

use serde::Deserialize;

use crate::behavior::common::body;
use crate::behavior::schemas::create::check_listed;
use crate::behavior::schemas::{find, missing, view};
use crate::behavior::{Call, Response};
use crate::definitions::{Labels, ObjectType, RequiredProperties};
use crate::store::Store;
use crate::values::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Patch<'a> {
    labels: Option<Labels>,
    description: Option<String>,
    clear_description: Option<bool>,
    required_properties: Option<Vec<String>>,
    #[serde(borrow)]
    searchable_properties: Option<Vec<&'a str>>,
    primary_display_property: Option<String>,
    secondary_display_properties: Option<Vec<String>>,
    allows_sensitive_properties: Option<bool>,
}

pub(super) fn handle(call: &Call, store: &mut Store, hub_id: u64) -> Result<Response, Refusal> {
    let patch: Patch<'_> = body(call)?;
    let id = find(store, call.path("objectType"), false)?;
    let ty = &mut store.records_mut(id)?.ty;
    patch.check(ty)?;
    patch.apply(ty, call.now.as_millisecond());
    let mut json = view::definition(ty).ok_or_else(|| missing(&ty.id))?;
    json["portalId"] = hub_id.into();
    Response::json(200, &json)
}

impl Patch<'_> {
    fn check(&self, ty: &ObjectType) -> Result<(), Refusal> {
        if self.clear_description == Some(true) && self.description.is_some() {
            return Err(Refusal::validation(
                "description and clearDescription cannot be combined",
            ));
        }
        let required = self
            .required_properties
            .iter()
            .flatten()
            .map(String::as_str);
        let secondary = self
            .secondary_display_properties
            .iter()
            .flatten()
            .map(String::as_str);
        let searchable = self.searchable_properties.iter().flatten().copied();
        let primary = self.primary_display_property.as_deref();
        check_listed(
            ty,
            required.chain(secondary).chain(searchable).chain(primary),
        )
    }

    fn apply(self, ty: &mut ObjectType, now: i64) {
        if let Some(names) = self.required_properties {
            ty.required = RequiredProperties::AllOf(names);
        }
        if let Some(names) = self.searchable_properties {
            ty.searched = names.iter().filter_map(|name| ty.find(name)).collect();
        }
        let Some(schema) = &mut ty.custom else { return };
        if let Some(labels) = self.labels {
            // A missing label stays as it is.
            let present = std::mem::take(&mut schema.labels);
            schema.labels = Labels {
                singular: labels.singular.or(present.singular),
                plural: labels.plural.or(present.plural),
            };
        }
        if self.clear_description == Some(true) {
            schema.description = None;
        }
        schema.description = self.description.or(schema.description.take());
        schema.primary_display_property = self
            .primary_display_property
            .or(schema.primary_display_property.take());
        if let Some(names) = self.secondary_display_properties {
            schema.secondary_display_properties = names;
        }
        if let Some(allows) = self.allows_sensitive_properties {
            schema.allows_sensitive_properties = allows;
        }
        schema.updated_at = now;
    }
}

//! The properties API: properties of object types, and their groups.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{
    LONGEST, Outcomes, Page, PropertyInput, body, check_length, flag, inputs, property_json,
    unknown,
};
use crate::behavior::{Call, Context, Response};
use crate::definitions::{Group, ObjectType, Property};
use crate::store::Store;
use crate::values::{PropertyId, Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let id = store.object_type(call.path("objectType"))?;
    let ty = &mut store.records_mut(id)?.ty;
    match call.endpoint.action {
        "list" => list(call, ty),
        "get" => get(call, ty),
        "create" => {
            let input: PropertyInput<'_> = body(call)?;
            Response::json(201, &create(call, store, id, &input)?)
        }
        "update" => update(call, store, id),
        "archive" => {
            let id = archivable(ty, call.path("propertyName"))?;
            ty.archive(id, call.now.as_millisecond());
            Ok(Response::empty())
        }
        "batch_create" => {
            let inputs: Vec<PropertyInput<'_>> = inputs(call, LONGEST)?;
            let created = inputs.iter().map(|input| create(call, store, id, input));
            created.collect::<Outcomes<_>>().respond(call, 201)
        }
        "batch_read" => batch_read(call, ty),
        "batch_archive" => {
            let inputs: Vec<Named<'_>> = inputs(call, LONGEST)?;
            // What does not exist need not be archived.
            let known = inputs.iter().filter(|input| ty.find(input.name).is_some());
            let known = known.map(|input| archivable(ty, input.name));
            for id in known.collect::<Result<Vec<_>, _>>()? {
                ty.archive(id, call.now.as_millisecond());
            }
            Ok(Response::empty())
        }
        "list_groups" => {
            let groups = ty.groups.iter().map(group_json);
            Response::json(200, &Page::new(groups.collect(), None))
        }
        "get_group" => Response::json(200, &group_json(group(call, ty)?)),
        "create_group" => create_group(call, ty),
        "update_group" => update_group(call, ty),
        "archive_group" => archive_group(call, ty),
        _ => Err(unknown(call)),
    }
}

#[derive(Deserialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct BatchRead<'a> {
    #[serde(default)]
    archived: bool,
    #[serde(borrow)]
    inputs: Vec<Named<'a>>,
}

fn list(call: &Call, ty: &ObjectType) -> Result<Response, Refusal> {
    let wanted = call.query_list("properties").collect::<Vec<_>>();
    let is_wanted =
        |property: &&Property| wanted.is_empty() || wanted.contains(&property.name.as_str());
    let properties = of(ty, flag(call, "archived", false)).filter(is_wanted);
    let results = properties.map(|property| property_json(ty, property));
    Response::json(200, &Page::new(results.collect(), None))
}

/// The properties that are archived, or those that are not.
fn of(ty: &ObjectType, archived: bool) -> Box<dyn Iterator<Item = &Property> + '_> {
    if archived {
        return Box::new(ty.archived_properties());
    }
    Box::new(ty.properties().map(|(_, property)| property))
}

fn named<'a>(ty: &'a ObjectType, name: &str, archived: bool) -> Result<&'a Property, Refusal> {
    let mut properties = of(ty, archived);
    let found = properties.find(|property| property.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| missing("Property", name))
}

fn missing(what: &str, name: &str) -> Refusal {
    Refusal::not_found(format!("{what} {name} does not exist")).context("name", [name.to_owned()])
}

fn get(call: &Call, ty: &ObjectType) -> Result<Response, Refusal> {
    let archived = flag(call, "archived", false);
    let property = named(ty, call.path("propertyName"), archived)?;
    Response::json(200, &property_json(ty, property))
}

fn batch_read(call: &Call, ty: &ObjectType) -> Result<Response, Refusal> {
    let read: BatchRead<'_> = body(call)?;
    check_length(read.inputs.len(), LONGEST)?;
    let properties = read.inputs.iter();
    let properties =
        properties.map(|input| Ok(property_json(ty, named(ty, input.name, read.archived)?)));
    properties.collect::<Outcomes<_>>().respond(call, 200)
}

fn create(
    call: &Call,
    store: &mut Store,
    id: TypeId,
    input: &PropertyInput<'_>,
) -> Result<Value, Refusal> {
    let ty = &store.records(id)?.ty;
    if ty.find(input.name).is_some() {
        let message = format!("A property named '{}' already exists.", input.name);
        return Err(Refusal::new(409, "OBJECT_ALREADY_EXISTS", message)
            .context("name", [input.name.to_owned()]));
    }
    check_group(ty, input.group_name.unwrap_or_default())?;
    let property = input.define("", call.now.as_millisecond())?;
    define(store, id, property)
}

/// Fails if a group does not exist.
fn check_group(ty: &ObjectType, name: &str) -> Result<(), Refusal> {
    if ty.groups.iter().any(|group| group.name == name) {
        return Ok(());
    }
    let message = format!("The property group {name:?} does not exist: create it first");
    Err(Refusal::validation(message).context("groupName", [name.to_owned()]))
}

/// Defines or redefines a property, and returns its JSON.
fn define(store: &mut Store, id: TypeId, property: Property) -> Result<Value, Refusal> {
    let (object_type, name) = (store.records(id)?.ty.id.clone(), property.name.clone());
    store.define_property(&object_type, property)?;
    let ty = &store.records(id)?.ty;
    Ok(property_json(ty, named(ty, &name, false)?))
}

/// Updates a property: the request is laid over the definition, and the whole is checked as a new one.
fn update(call: &Call, store: &mut Store, id: TypeId) -> Result<Response, Refusal> {
    let ty = &store.records(id)?.ty;
    let known = named(ty, call.path("propertyName"), false)?.clone();
    let mut json = property_json(ty, &known);
    for (name, value) in call.json().as_object().into_iter().flatten() {
        if name != "name" && !value.is_null() {
            json[name] = value.clone();
        }
    }
    let input = PropertyInput::deserialize(&json);
    let input =
        input.map_err(|cause| Refusal::validation(format!("Invalid input JSON: {cause}")))?;
    check_group(ty, input.group_name.unwrap_or_default())?;
    let now = call.now.as_millisecond();
    let changed = input.define("", now)?;
    if known.hubspot_defined && changed.ty.wire() != known.ty.wire() {
        let message = format!(
            "The type of HubSpot's property {} cannot be changed",
            known.name
        );
        return Err(Refusal::validation(message));
    }
    let property = Property {
        updated_at: Some(now),
        label: changed.label,
        description: changed.description,
        group: changed.group,
        ty: if changed.field == known.field && changed.ty.wire() == known.ty.wire() {
            // Emails are texts with a text field, too.
            known.ty
        } else {
            changed.ty
        },
        field: changed.field,
        options: changed.options,
        hidden: changed.hidden,
        form_field: changed.form_field,
        display_order: changed.display_order,
        ..known
    };
    Response::json(200, &define(store, id, property)?)
}

/// Finds a property that the account has defined.
fn archivable(ty: &ObjectType, name: &str) -> Result<PropertyId, Refusal> {
    let (id, property) = ty.named(name).ok_or_else(|| missing("Property", name))?;
    if property.hubspot_defined {
        let message = format!("{name} is defined by HubSpot and cannot be archived");
        return Err(Refusal::validation(message).context("name", [name.to_owned()]));
    }
    if ty.schema_names(name) {
        let message = format!("{name} is required or shown by the schema of its object type");
        return Err(Refusal::validation(message).context("name", [name.to_owned()]));
    }
    Ok(id)
}

fn group_json(group: &Group) -> Value {
    json!({
        "name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": false,
    })
}

fn group<'a>(call: &Call, ty: &'a ObjectType) -> Result<&'a Group, Refusal> {
    let name = call.path("groupName");
    let found = ty.groups.iter().find(|group| group.name == name);
    found.ok_or_else(|| missing("Property group", name))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupInput {
    name: Option<String>,
    label: Option<String>,
    display_order: Option<i64>,
}

fn create_group(call: &Call, ty: &mut ObjectType) -> Result<Response, Refusal> {
    let input: GroupInput = body(call)?;
    let name = input.name.unwrap_or_default();
    if ty.groups.iter().any(|group| group.name == name) {
        let message = format!("A property group named '{name}' already exists.");
        return Err(Refusal::new(409, "OBJECT_ALREADY_EXISTS", message).context("name", [name]));
    }
    let group = Group {
        label: input.label.unwrap_or_default(),
        display_order: input.display_order.unwrap_or(-1),
        name,
    };
    let json = group_json(&group);
    ty.groups.push(group);
    Response::json(201, &json)
}

fn update_group(call: &Call, ty: &mut ObjectType) -> Result<Response, Refusal> {
    let input: GroupInput = body(call)?;
    let name = call.path("groupName");
    let found = ty.groups.iter_mut().find(|group| group.name == name);
    let group = found.ok_or_else(|| missing("Property group", name))?;
    group.label = input.label.unwrap_or_else(|| group.label.clone());
    group.display_order = input.display_order.unwrap_or(group.display_order);
    Response::json(200, &group_json(group))
}

fn archive_group(call: &Call, ty: &mut ObjectType) -> Result<Response, Refusal> {
    let name = group(call, ty)?.name.clone();
    let members = ty
        .properties()
        .filter(|(_, property)| property.group == name);
    if members.count() > 0 {
        let message = format!("The property group {name} still has properties");
        return Err(Refusal::validation(message).context("groupName", [name]));
    }
    ty.groups.retain(|group| group.name != name);
    Ok(Response::empty())
}

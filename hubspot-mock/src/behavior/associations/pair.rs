//! Associations of two records, and of one record with all others.

use serde::Serialize;

use crate::behavior::associations::object_types;
use crate::behavior::common::{Outcomes, Page, Paging, Text, body, cursor, limit, live, named};
use crate::behavior::{Call, Response};
use crate::definitions::{AssociationType, Category, Spec};
use crate::store::{Neighbours, Store};
use crate::values::{RecordKey, Refusal, TypeId, TypeIndex};

/// The default and maximum number of associated records of a page, from HubSpot's guide to associations.
pub(super) const PAGE: usize = 500;

/// Two records and the labels between them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Labels {
    from_object_type_id: String,
    from_object_id: Text,
    to_object_type_id: String,
    to_object_id: Text,
    #[serde(rename = "labels")]
    names: Vec<String>,
}

/// An unlabeled association in one direction.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Default {
    from: Id,
    to: Id,
    association_spec: Spec,
}

#[derive(Debug, Serialize)]
pub(super) struct Id {
    pub(super) id: Text,
}

/// A record that is associated with another.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Associated<'a> {
    to_object_id: Text,
    association_types: Vec<Labelled<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Labelled<'a> {
    category: Category,
    type_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
}

pub(super) fn list(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let (from, to) = object_types(call, store)?;
    let node = named_node(store, from, call.path("objectId"))?;
    let limit = limit(call.query("limit"), PAGE, PAGE)?;
    let (results, paging) = page(store, node, to, call.query("after"), limit)?;
    Response::json(200, &Page::new(results, paging))
}

/// The record whose associations a request asks for. The old id of a merged record stays as it is: it has no associations.
/// Fails with 404.
pub(super) fn named_node(store: &Store, ty: TypeId, id: &str) -> Result<RecordKey, Refusal> {
    live(store.records(ty)?, id)?;
    Ok((ty, id.parse().unwrap_or_default()))
}

/// A page of live records that are associated with a record. The cursor is the id of the next record.
pub(super) fn page<'a>(
    store: &'a Store,
    node: RecordKey,
    to: TypeId,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<Associated<'a>>, Option<Paging>), Refusal> {
    let after = cursor(after)?;
    let targets = store.records(to)?;
    let empty = Neighbours::new();
    let around = store.associations.neighbours(node, to).unwrap_or(&empty);
    let around = around.range(after..);
    let mut around = around.filter(|(id, _)| targets.get(**id, false).is_some());
    let results = around.by_ref().take(limit);
    let results = results.map(|(id, types)| Associated {
        to_object_id: Text(*id),
        association_types: labelled(store, types),
    });
    let results = results.collect();
    let paging = around.next().map(|(id, _)| Paging::next(id));
    Ok((results, paging))
}

fn labelled<'a>(store: &'a Store, types: &[TypeIndex]) -> Vec<Labelled<'a>> {
    let types = types.iter().filter_map(|index| {
        let ty = store.associations.get(*index)?;
        Some(Labelled {
            category: ty.category,
            type_id: ty.number,
            label: ty.label.as_deref(),
        })
    });
    types.collect()
}

pub(super) fn set(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let specs: Vec<Spec> = body(call)?;
    let (from, to) = path_nodes(call, store, "objectId")?;
    let types = types(store, from.0, to.0, &specs)?;
    store.associations.link(from, to, &types);
    Response::json(201, &labels(store, from, to, &types)?)
}

pub(super) fn set_default(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let (from, to) = path_nodes(call, store, "fromObjectId")?;
    let made = make_default(store, from, to)?;
    let outcomes = made.into_iter().map(Ok).collect::<Outcomes<_>>();
    outcomes.respond(call, 200)
}

pub(super) fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let (from, to) = path_nodes(call, store, "objectId")?;
    store.associations.unlink(from, to, None);
    Ok(Response::empty())
}

/// Finds the two records that the path names.
fn path_nodes(call: &Call, store: &Store, from: &str) -> Result<(RecordKey, RecordKey), Refusal> {
    let types = object_types(call, store)?;
    let (from, to) = (call.path(from), call.path("toObjectId"));
    nodes(store, (types.0, from), (types.1, to))
}

/// Finds two live records. Fails if they are the same.
pub(super) fn nodes(
    store: &Store,
    from: (TypeId, &str),
    to: (TypeId, &str),
) -> Result<(RecordKey, RecordKey), Refusal> {
    let node = |(ty, id)| Ok::<_, Refusal>((ty, live(store.records(ty)?, id)?));
    let (from, to) = (node(from)?, node(to)?);
    if from == to {
        return Err(Refusal::validation(
            "A record cannot be associated with itself",
        ));
    }
    Ok((from, to))
}

/// Finds the association types that a request names for two object types. Fails with 400.
pub(super) fn types(
    store: &Store,
    from: TypeId,
    to: TypeId,
    specs: &[Spec],
) -> Result<Vec<TypeIndex>, Refusal> {
    if specs.is_empty() {
        return Err(Refusal::validation(
            "An association needs at least one type",
        ));
    }
    let types = specs.iter().map(|spec| {
        let index = named(store, from, *spec)?;
        let fits = store.associations.get(index).is_some_and(|ty| ty.to == to);
        fits.then_some(index).ok_or_else(|| {
            let number = spec.number.to_string();
            Refusal::validation(format!(
                "Association type {number} does not belong to these object types"
            ))
            .context("associationTypeId", [number])
        })
    });
    types.collect()
}

/// Associates two records without a label, in both directions.
pub(super) fn make_default(
    store: &mut Store,
    from: RecordKey,
    to: RecordKey,
) -> Result<[Default; 2], Refusal> {
    let unlabeled = store.associations.unlabeled(from.0, to.0).ok_or_else(|| {
        let (from, to) = (store.plural(from.0), store.plural(to.0));
        Refusal::validation(format!("Records of {from} and {to} cannot be associated"))
    })?;
    store.associations.link(from, to, &[unlabeled]);
    let missing = || Refusal::internal(&"the association type does not exist");
    let ty = |index| store.associations.get(index).ok_or_else(missing);
    let there = ty(unlabeled)?;
    let created = |from: RecordKey, to: RecordKey, ty: &AssociationType| Default {
        from: Id { id: Text(from.1) },
        to: Id { id: Text(to.1) },
        association_spec: Spec {
            category: ty.category,
            number: ty.number,
        },
    };
    let back = ty(there.inverse)?;
    Ok([created(from, to, there), created(to, from, back)])
}

/// Two records and the labels of these association types.
pub(super) fn labels(
    store: &Store,
    from: RecordKey,
    to: RecordKey,
    types: &[TypeIndex],
) -> Result<Labels, Refusal> {
    let labels = types
        .iter()
        .filter_map(|index| store.associations.get(*index)?.label.clone());
    Ok(Labels {
        from_object_type_id: store.records(from.0)?.ty.id.clone(),
        from_object_id: Text(from.1),
        to_object_type_id: store.records(to.0)?.ty.id.clone(),
        to_object_id: Text(to.1),
        names: labels.collect(),
    })
}

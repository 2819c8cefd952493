//! Rules for values that depend on the account, on other values of the record or on its present values.

use std::borrow::Cow;

use crate::definitions::{
    BadValue, Choices, ObjectType, PipelineProperties, Property, number, value as values,
};
use crate::store::{Record, Source, Store};
use crate::values::PropertyId;

/// Normalized values. An empty text clears the property.
pub(super) type Checked = Vec<(PropertyId, String)>;

/// The name of line items in paths.
const LINE_ITEMS: &str = "line_items";

/// Fails if a value names an owner or a pipeline that does not exist. [`check_stage`] checks stages.
pub(super) fn check_choice(
    store: &Store,
    ty: &ObjectType,
    property: &Property,
    text: &str,
) -> Result<(), BadValue> {
    let exists = match property.choices {
        Choices::Options | Choices::Stages => true,
        Choices::Owners => store.owners.assignable(text).is_some(),
        Choices::Pipelines => ty.pipelines.iter().any(|pipeline| pipeline.id == text),
    };
    if exists {
        return Ok(());
    }
    let known: Vec<Cow<'_, str>> = match property.choices {
        Choices::Owners => {
            let owners = store.owners.iter().filter(|known| !known.owner.archived);
            owners.map(|known| known.id.to_string().into()).collect()
        }
        _ => ty
            .pipelines
            .iter()
            .map(|known| known.id.as_str().into())
            .collect(),
    };
    Err(not_allowed(text, known.iter().map(AsRef::as_ref)))
}

/// Fails unless the stage that a record will have belongs to its pipeline. A record with a stage and no pipeline gets the
/// first pipeline.
pub(super) fn check_stage(
    ty: &ObjectType,
    checked: &mut Checked,
    present: Option<&Record>,
) -> Result<(), (String, BadValue)> {
    let Some(PipelineProperties { pipeline, stage }) = ty.pipeline_properties else {
        return Ok(());
    };
    let given = |id: PropertyId| {
        let value = checked.iter().find(|(known, _)| *known == id);
        value.map(|(_, text)| text.as_str())
    };
    if given(pipeline).is_none() && given(stage).is_none() {
        return Ok(());
    }
    let stored = |id| present.and_then(|record| record.stored(id));
    let text = |id| given(id).or_else(|| stored(id)).unwrap_or_default();
    if text(stage).is_empty() {
        return Ok(());
    }
    let own = match text(pipeline) {
        "" => ty.pipelines.first(),
        id => ty.pipelines.iter().find(|known| known.id == id),
    };
    // Another pipeline than those that there are is refused already, and one that was archived has no stages.
    if own.is_none() && given(pipeline).is_some() {
        return Ok(());
    }
    let stages = own.iter().flat_map(|own| &own.stages);
    let stages = stages.map(|known| known.id.as_str());
    if !stages.clone().any(|known| known == text(stage)) {
        let name = ty.property(stage).map(|property| property.name.clone());
        return Err((name.unwrap_or_default(), not_allowed(text(stage), stages)));
    }
    if let Some(own) = own
        && text(pipeline).is_empty()
    {
        checked.push((pipeline, own.id.clone()));
    }
    Ok(())
}

fn not_allowed<'a>(text: &str, allowed: impl Iterator<Item = &'a str>) -> BadValue {
    let allowed = allowed.collect::<Vec<_>>().join(", ");
    BadValue {
        code: "INVALID_OPTION",
        message: format!("{text} was not one of the allowed options: [{allowed}]"),
    }
}

/// Whether HubSpot ignores a value: an earlier option of a property that moves forward only.
pub(super) fn is_ignored(
    property: &Property,
    id: PropertyId,
    text: &str,
    present: Option<&Record>,
) -> bool {
    if !property.forward_only {
        return false;
    }
    let place = |text: &str| {
        property
            .options
            .iter()
            .position(|option| option.value == text)
    };
    let stored = present.and_then(|record| record.stored(id));
    stored
        .and_then(place)
        .zip(place(text))
        .is_some_and(|(now, then)| then < now)
}

/// Computes the values that follow from others, and returns their properties.
pub(super) fn compute(
    store: &Store,
    ty: &ObjectType,
    record: &mut Record,
    now: i64,
) -> Vec<PropertyId> {
    let mut computed = team(store, ty, record).into_iter().collect::<Vec<_>>();
    if ty.is(LINE_ITEMS) {
        computed.extend(line_item(ty, record));
    }
    computed.retain(|(id, text)| record.stored(*id).unwrap_or_default() != text);
    for (id, text) in &computed {
        record.set(*id, text, now, Source::System);
    }
    computed.into_iter().map(|(id, _)| id).collect()
}

/// The primary team of the owner.
fn team(store: &Store, ty: &ObjectType, record: &Record) -> Option<(PropertyId, String)> {
    let team = ty.find("hubspot_team_id")?;
    let owner = ty.find("hubspot_owner_id").and_then(|id| record.stored(id));
    let owner = owner.and_then(|id| store.owners.assignable(id));
    let name = owner.and_then(|known| known.owner.teams.first());
    let id = name.and_then(|name| store.owners.team_id(name));
    Some((team, id.map_or_else(String::new, |id| id.to_string())))
}

/// The amounts of a line item. Without a price, a written `amount` stays.
fn line_item(ty: &ObjectType, record: &Record) -> Vec<(PropertyId, String)> {
    let value = |name: &str| number(record.stored(ty.find(name)?)?);
    let Some(price) = value("price") else {
        return Vec::new();
    };
    let quantity = value("quantity").unwrap_or(1.0);
    let before = price * quantity;
    let discount = match (value("discount"), value("hs_discount_percentage")) {
        (Some(discount), _) => discount * quantity,
        (None, Some(percentage)) => before * percentage / 100.0,
        (None, None) => 0.0,
    };
    let amounts = [
        ("hs_pre_discount_amount", before),
        ("hs_total_discount", discount),
        ("amount", before - discount),
    ];
    let amounts = amounts.into_iter();
    amounts
        // A product of large numbers may be infinite.
        .filter(|(_, amount)| amount.is_finite())
        .filter_map(|(name, amount)| Some((ty.find(name)?, values::decimal(amount))))
        .collect()
}

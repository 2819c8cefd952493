//! Validates and writes the values of records. A write that fails changes nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::behavior::common::missing;
use crate::behavior::objects::rules::{self, Checked};
use crate::behavior::{Call, Context};
use crate::definitions::{
    BadValue, ConflictBody, Identity, Key, Property, PropertyType, RequiredProperties, Role,
    check_rules, normalize, rule as validation, value as values,
};
use crate::store::{Collection, Record, Source, Store};
use crate::values::{Detail, PropertyId, Refusal, TypeId};

/// The object type of contacts.
const CONTACTS: &str = "contacts";

/// Values by property name. `None` stands for `null`, which HubSpot ignores.
pub(crate) type Values<'a> = BTreeMap<&'a str, Option<&'a str>>;

/// The source of a write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer {
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    source: Source,
    /// Whether validation rules are enforced.
    rules: bool,
    conflict_body: ConflictBody,
    /// The id of the account, for errors.
    hub_id: u64,
}

impl Writer {
    /// A request to an operation.
    pub(crate) fn call(call: &Call, context: &Context<'_>) -> Self {
        Self {
            now: call.now.as_millisecond(),
            source: Source::Api,
            rules: validation::enforced_in(call.endpoint.version),
            conflict_body: context.state.conflict_body,
            hub_id: context.account.map_or(0, |account| account.hub_id),
        }
    }

    /// A test or a seed, which may set read-only properties.
    pub(crate) fn seed(now: Timestamp) -> Self {
        Self {
            now: now.as_millisecond(),
            source: Source::Seed,
            rules: false,
            conflict_body: ConflictBody::Short,
            hub_id: 0,
        }
    }

    /// An import of a file. `rules` tells whether validation rules are enforced.
    pub(crate) const fn import(now: i64, rules: bool) -> Self {
        Self {
            now,
            source: Source::Import,
            rules,
            conflict_body: ConflictBody::Short,
            hub_id: 0,
        }
    }

    fn may_write(self, property: &Property) -> bool {
        match property.role {
            Role::Plain => true,
            Role::ReadOnly | Role::Created | Role::Updated => self.source == Source::Seed,
            Role::Id => false,
        }
    }
}

/// The outcome of a write.
#[derive(Debug)]
pub(crate) struct Written {
    /// The record.
    pub(crate) id: u64,
    /// What was set or cleared.
    pub(crate) properties: Vec<PropertyId>,
}

/// Returns the values of the product that a line item names in `hs_product_id`, which the line item starts from.
///
/// HubSpot does not document which values are copied; these are the properties that both object types have.
pub(crate) fn product_values(
    store: &Store,
    ty: TypeId,
    given: &Values<'_>,
) -> Option<Vec<(&'static str, String)>> {
    const SHARED: [&str; 6] = [
        "name",
        "description",
        "price",
        "hs_sku",
        "hs_cost_of_goods_sold",
        "hs_recurring_billing_period",
    ];
    let named = given.get("hs_product_id").copied().flatten();
    let named = named.filter(|_| store.resolve_type("line_items") == Some(ty))?;
    let products = store.collection(store.resolve_type("products")?)?;
    let product = products.get(named.trim().parse().ok()?, false)?;
    let values = SHARED.iter().filter_map(|name| {
        let text = product.stored(products.ty.find(name)?)?;
        Some((*name, text.to_owned()))
    });
    Some(values.collect())
}

/// Creates a record.
pub(crate) fn create(
    store: &mut Store,
    ty: TypeId,
    values: &Values<'_>,
    writer: Writer,
) -> Result<Written, Refusal> {
    let collection = store.records(ty)?;
    let checked = check(store, collection, values, None, writer)?;
    check_required(collection, &checked)?;
    check_unique(collection, &checked, None, writer)?;
    let id = store.next_id();
    let mut record = Record::new(id, writer.now);
    record.reserve(checked.len());
    let properties = apply(&mut record, store, store.records(ty)?, &checked, writer);
    store.records_mut(ty)?.insert(record);
    Ok(Written { id, properties })
}

/// Updates a live record.
pub(crate) fn update(
    store: &mut Store,
    ty: TypeId,
    id: u64,
    values: &Values<'_>,
    writer: Writer,
) -> Result<Written, Refusal> {
    let collection = store.records(ty)?;
    let record = collection.get(id, false);
    let record = record.ok_or_else(|| missing(collection, &id.to_string()))?;
    let checked = check(store, collection, values, Some(record), writer)?;
    check_unique(collection, &checked, Some(record.id), writer)?;
    let mut changed = record.clone();
    changed.updated_at = writer.now.max(record.updated_at);
    let properties = apply(&mut changed, store, collection, &checked, writer);
    let id = changed.id;
    store
        .records_mut(ty)?
        .change(id, |record| *record = changed);
    Ok(Written { id, properties })
}

fn apply(
    record: &mut Record,
    store: &Store,
    collection: &Collection,
    checked: &Checked,
    writer: Writer,
) -> Vec<PropertyId> {
    for (id, text) in checked {
        let Some(property) = collection.ty.property(*id) else {
            continue;
        };
        match (property.role, values::key(property.ty, text)) {
            (Role::Created, Some(Key::Moment(moment))) => record.created_at = moment,
            (Role::Updated, Some(Key::Moment(moment))) => record.updated_at = moment,
            _ => record.set(*id, text, writer.now, writer.source),
        }
    }
    let written = checked.iter().map(|(id, _)| *id);
    let computed = rules::compute(store, &collection.ty, record, writer.now);
    written.chain(computed).collect()
}

/// Validates all values, and fails with all errors at once.
fn check(
    store: &Store,
    collection: &Collection,
    values: &Values<'_>,
    present: Option<&Record>,
    writer: Writer,
) -> Result<Checked, Refusal> {
    let mut checked = Checked::with_capacity(values.len());
    let mut faults = Vec::new();
    for (name, value) in values {
        let Some(text) = value else { continue };
        match check_one(store, collection, name, text, present, writer) {
            Ok(value) => checked.extend(value),
            Err(fault) => faults.push(Detail::of_property(name, fault.code, fault.message)),
        }
    }
    // If a property is named twice in different case, the later value wins.
    checked.sort_by_key(|(id, _)| *id);
    checked.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
    if let Err((name, fault)) = rules::check_stage(&collection.ty, &mut checked, present) {
        faults.push(Detail::of_property(&name, fault.code, fault.message));
    }
    if faults.is_empty() {
        return Ok(checked);
    }
    let invalid = faults
        .iter()
        .map(|fault| InvalidValue::new(fault, writer.hub_id));
    let list = serde_json::to_string(&invalid.collect::<Vec<_>>());
    let list = list.map_err(|cause| Refusal::internal(&cause))?;
    let refusal = Refusal::validation(format!("Property values were not valid: {list}"));
    Err(refusal.details(faults))
}

/// An error in the list that HubSpot embeds in the message. Programs parse it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvalidValue<'a> {
    is_valid: bool,
    message: &'a str,
    error: Option<&'a str>,
    name: Option<&'a str>,
    localized_error_message: &'a str,
    portal_id: u64,
}

impl<'a> InvalidValue<'a> {
    fn new(fault: &'a Detail, portal_id: u64) -> Self {
        Self {
            is_valid: false,
            message: &fault.message,
            error: fault.code,
            name: fault.place.as_deref(),
            localized_error_message: &fault.message,
            portal_id,
        }
    }
}

/// Validates the values of a new record or, with `target`, of an update, without writing them.
pub(crate) fn check_values(
    store: &Store,
    ty: TypeId,
    target: Option<u64>,
    values: &Values<'_>,
    writer: Writer,
) -> Result<(), Refusal> {
    let collection = store.records(ty)?;
    let present = target.and_then(|id| collection.get(id, false));
    check(store, collection, values, present, writer).map(drop)
}

/// Validates a value; `None` if HubSpot ignores it.
fn check_one(
    store: &Store,
    collection: &Collection,
    name: &str,
    text: &str,
    present: Option<&Record>,
    writer: Writer,
) -> Result<Option<(PropertyId, String)>, BadValue> {
    let Some((id, property)) = collection.ty.named(name) else {
        return Err(BadValue {
            code: "PROPERTY_DOESNT_EXIST",
            message: format!("Property \"{name}\" does not exist"),
        });
    };
    if !writer.may_write(property) {
        return Err(BadValue {
            code: "READ_ONLY_VALUE",
            message: format!("\"{name}\" is a read only property; its value cannot be set."),
        });
    }
    if text.is_empty() {
        return Ok(Some((id, String::new())));
    }
    let text = append(property, id, text, present);
    let text = normalize(property, &text)?;
    rules::check_choice(store, &collection.ty, property, &text)?;
    if writer.rules {
        check_rules(property, &text)?;
    }
    if property.ty == PropertyType::Email && collection.blocked.contains(text.as_ref()) {
        return Err(BadValue {
            code: "BLOCKLISTED_EMAIL",
            message: format!("{text} was deleted for data protection and may not be added again"),
        });
    }
    let ignored = rules::is_ignored(property, id, &text, present);
    Ok((!ignored).then(|| (id, text.into_owned())))
}

/// Options with a leading `;` are added to those that the record has. HubSpot's documents do not mention it.
fn append(property: &Property, id: PropertyId, text: &str, present: Option<&Record>) -> String {
    let stored = present.and_then(|record| record.stored(id));
    match (property.ty, stored) {
        (PropertyType::Checkboxes, Some(stored)) if text.starts_with(';') => {
            format!("{stored}{text}")
        }
        _ => text.to_owned(),
    }
}

/// Fails if a new record lacks required properties.
fn check_required(collection: &Collection, checked: &Checked) -> Result<(), Refusal> {
    let ty = &collection.ty;
    let given = |name: &str| {
        let id = ty.find(name);
        let mut values = checked.iter();
        values.any(|(known, text)| Some(*known) == id && !text.is_empty())
    };
    let (lacking, wording) = match &ty.required {
        RequiredProperties::AnyOf(names)
            if names.is_empty() || names.iter().any(|name| given(name)) =>
        {
            return Ok(());
        }
        RequiredProperties::AnyOf(names) => {
            let names = names.iter().map(|name| (*name).to_owned());
            (
                names.collect::<Vec<_>>(),
                "one of these properties must be set",
            )
        }
        RequiredProperties::AllOf(names) => {
            let names = names.iter().filter(|name| !given(name)).cloned();
            (
                names.collect::<Vec<_>>(),
                "some required properties were not set",
            )
        }
    };
    if lacking.is_empty() {
        return Ok(());
    }
    let message = format!(
        "Error creating {}: {wording}: {}",
        ty.singular,
        lacking.join(", ")
    );
    let details = lacking.iter().map(|name| {
        let message = format!("Property \"{name}\" is not set");
        Detail::of_property(name, "MISSING_REQUIRED_PROPERTY", message)
    });
    let details = details.collect::<Vec<_>>();
    Err(Refusal::validation(message)
        .context("properties", lacking)
        .details(details))
}

/// Fails if another record has a unique value.
fn check_unique(
    collection: &Collection,
    checked: &Checked,
    except: Option<u64>,
    writer: Writer,
) -> Result<(), Refusal> {
    for (id, text) in checked {
        let property = collection.ty.property(*id);
        let unique = property.is_some_and(|property| property.identity == Identity::Unique);
        if !unique || text.is_empty() {
            continue;
        }
        if let Some(holder) = collection.holder(*id, text, except) {
            let name = capitalized(&collection.ty.singular);
            let message = format!("{name} already exists. Existing ID: {holder}");
            let refusal = Refusal::conflict(message);
            return Err(match writer.conflict_body {
                ConflictBody::Long if collection.ty.is(CONTACTS) => {
                    refusal.contact_exists(holder, text, writer.now)
                }
                _ => refusal,
            });
        }
    }
    Ok(())
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

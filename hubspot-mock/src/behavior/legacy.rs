//! Operations that the toolkit has no documents of: users, and companies, deals, properties and pipelines in the versions v1
//! and v2, which extract programs still call. The responses have what those programs read.

use serde_json::{Map, Value, json};

use crate::behavior::common::{Page, limit, live, missing, property_json, unknown};
use crate::behavior::{Call, Context, Origin, Response};
use crate::definitions::{ObjectType, Pipeline, Stage, fixed_answer, moment};
use crate::store::{KnownOwner, Owners, Record, Store};
use crate::values::{Refusal, TypeId};

/// The default number of records of a page, and the maximum.
const PAGE: usize = 100;
const LONGEST_PAGE: usize = 250;

/// What the versions v1 and v2 call the parts of a response.
struct Names {
    object_type: &'static str,
    /// The records of a page.
    records: &'static str,
    id: &'static str,
    has_more: &'static str,
}

const COMPANIES: Names = Names {
    object_type: "companies",
    records: "companies",
    id: "companyId",
    has_more: "has-more",
};

const DEALS: Names = Names {
    object_type: "deals",
    records: "deals",
    id: "dealId",
    has_more: "hasMore",
};

/// Performs a request to one of these versions.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &*context.store()?;
    let hub_id = context.account()?.hub_id;
    match call.endpoint.action {
        "companies" => page(call, store, hub_id, &COMPANIES, false),
        "deals" => page(call, store, hub_id, &DEALS, false),
        "recent_companies" => page(call, store, hub_id, &COMPANIES, true),
        "recent_deals" => page(call, store, hub_id, &DEALS, true),
        "company" => one(call, store, hub_id, &COMPANIES),
        "deal" => one(call, store, hub_id, &DEALS),
        "company_properties" => properties(store, "companies"),
        "object_properties" => properties(store, call.path("objectType")),
        "deal_pipelines" => Response::json(200, &pipelines(store, "deals")?),
        "pipelines" => {
            let results = pipelines(store, call.path("objectType"))?;
            Response::json(200, &json!({"results": results}))
        }
        "users" => {
            let users = active(store).map(|known| user_json(&store.owners, known));
            Response::json(200, &Page::new(users.collect(), None))
        }
        "user" => {
            let wanted = call.path("userId");
            let by_email = call.query("idProperty") == Some("EMAIL");
            let found = active(store).find(|known| {
                let is_named = known.owner.email.eq_ignore_ascii_case(wanted);
                (by_email && is_named) || known.user_id.to_string() == wanted
            });
            let missing = || Refusal::not_found(format!("User not found: {wanted}"));
            Response::json(200, &user_json(&store.owners, found.ok_or_else(missing)?))
        }
        "teams" => teams(store),
        _ => match fixed_answer(call.endpoint) {
            Some(answer) => Ok(Response {
                origin: Origin::Schema,
                ..Response::json(200, &answer)?
            }),
            None => Err(unknown(call)),
        },
    }
}

/// The users of the account who are active.
fn active(store: &Store) -> impl Iterator<Item = &KnownOwner> {
    store.owners.iter().filter(|known| !known.owner.archived)
}

fn user_json(owners: &Owners, known: &KnownOwner) -> Value {
    let teams = known.owner.teams.iter();
    let mut teams = teams.filter_map(|name| Some(owners.team_id(name)?.to_string()));
    json!({
        "id": known.user_id.to_string(),
        "email": known.owner.email,
        "firstName": known.owner.first_name,
        "lastName": known.owner.last_name,
        "superAdmin": false,
        "roleIds": [],
        "primaryTeamId": teams.next(),
        "secondaryTeamIds": teams.collect::<Vec<_>>(),
    })
}

/// The teams of the account, with the users whose primary and whose other teams they are.
fn teams(store: &Store) -> Result<Response, Refusal> {
    let results = store.owners.teams().map(|(id, name)| {
        let of = |primary: bool| {
            let members = active(store).filter(move |known| {
                let place = known.owner.teams.iter().position(|team| team == name);
                place.is_some_and(|place| (place == 0) == primary)
            });
            members.map(|known| known.user_id.to_string()).collect::<Vec<_>>()
        };
        json!({"id": id.to_string(), "name": name, "userIds": of(true), "secondaryUserIds": of(false)})
    });
    Response::json(200, &Page::new(results.collect(), None))
}

fn properties(store: &Store, object_type: &str) -> Result<Response, Refusal> {
    let ty = &store.records(store.object_type(object_type)?)?.ty;
    let properties = ty
        .properties()
        .map(|(_, property)| property_json(ty, property));
    Response::json(200, &properties.collect::<Vec<_>>())
}

/// A page of records, in the order of their ids or with those first that were changed last. `offset` counts records.
fn page(
    call: &Call,
    store: &Store,
    hub_id: u64,
    names: &Names,
    recent: bool,
) -> Result<Response, Refusal> {
    let given = call.query("limit").or_else(|| call.query("count"));
    let limit = limit(given, PAGE, LONGEST_PAGE)?;
    let offset = call.query("offset").unwrap_or("0");
    let invalid = || Refusal::validation(format!("offset must be a number: {offset}"));
    let offset = offset.parse::<usize>().map_err(|_| invalid())?;
    let ty = store.object_type(names.object_type)?;
    let collection = store.records(ty)?;
    let since = call.query("since").and_then(moment).filter(|_| recent);
    let records = collection.from(0, false);
    let mut records = records
        .filter(|record| since.is_none_or(|since| record.updated_at >= since))
        .collect::<Vec<_>>();
    if recent {
        records.sort_by_key(|record| std::cmp::Reverse(record.updated_at));
    }
    let page = records.iter().skip(offset).take(limit);
    let page = page.map(|record| record_json(call, store, hub_id, names, (ty, record)));
    let page = page.collect::<Vec<_>>();
    let end = offset.saturating_add(page.len());
    let (key, has_more) = if recent {
        ("results", "hasMore")
    } else {
        (names.records, names.has_more)
    };
    let mut json = json!({"offset": end, "total": records.len()});
    json[key] = Value::Array(page);
    json[has_more] = json!(end < records.len());
    Response::json(200, &json)
}

fn one(call: &Call, store: &Store, hub_id: u64, names: &Names) -> Result<Response, Refusal> {
    let ty = store.object_type(names.object_type)?;
    let collection = store.records(ty)?;
    let id = live(collection, call.path("objectId"))?;
    let record = collection.get(id, false);
    let record = record.ok_or_else(|| missing(collection, call.path("objectId")))?;
    Response::json(200, &record_json(call, store, hub_id, names, (ty, record)))
}

/// A record with the properties that the request names, or with all.
fn record_json(
    call: &Call,
    store: &Store,
    hub_id: u64,
    names: &Names,
    (ty, record): (TypeId, &Record),
) -> Value {
    let wanted = call.query_list("properties");
    let wanted = wanted.chain(call.query_list("propertiesWithHistory"));
    let wanted = wanted.collect::<Vec<_>>();
    let properties = store.definition(ty).into_iter();
    let properties = properties.flat_map(ObjectType::properties);
    let properties = properties
        .filter(|(_, property)| wanted.is_empty() || wanted.contains(&property.name.as_str()));
    let values = properties.filter_map(|(id, property)| {
        let value = record.text(id, property)?;
        // Times are milliseconds since 1970 here.
        let value = match property.ty.wire() {
            "date" | "datetime" => {
                moment(&value).map_or(value.to_string(), |time| time.to_string())
            }
            _ => value.to_string(),
        };
        let entry = record
            .history(id, property)
            .first()
            .map(|entry| entry.set_at);
        let timestamp = entry.unwrap_or(record.updated_at);
        let json =
            json!({"value": value, "timestamp": timestamp, "source": "API", "sourceId": null});
        Some((property.name.clone(), json))
    });
    let mut json = json!({
        "portalId": hub_id,
        "isDeleted": false,
        "properties": values.collect::<Map<_, _>>(),
    });
    json[names.id] = json!(record.id);
    if names.id == DEALS.id {
        let ids = |name: &str| {
            let to = store.resolve_type(name);
            let around = to.and_then(|to| store.associations.neighbours((ty, record.id), to));
            around
                .into_iter()
                .flatten()
                .map(|(id, _)| *id)
                .collect::<Vec<_>>()
        };
        json["associations"] = json!({
            "associatedVids": ids("contacts"),
            "associatedCompanyIds": ids("companies"),
            "associatedDealIds": ids("deals"),
        });
    }
    json
}

fn pipelines(store: &Store, object_type: &str) -> Result<Vec<Value>, Refusal> {
    let ty = &store.records(store.object_type(object_type)?)?.ty;
    let of_stage = |stage: &Stage| {
        let probability = stage.metadata.get("probability");
        let probability = probability.and_then(|text| text.parse::<f64>().ok());
        json!({
            "stageId": stage.id, "label": stage.label, "displayOrder": stage.display_order, "active": true,
            "probability": probability, "closedWon": probability.is_some_and(|value| value >= 1.0),
            "metadata": stage.metadata,
        })
    };
    let of_pipeline = |pipeline: &Pipeline| {
        json!({
            "pipelineId": pipeline.id, "label": pipeline.label, "displayOrder": pipeline.display_order, "active": true,
            "stages": pipeline.stages.iter().map(of_stage).collect::<Vec<_>>(),
        })
    };
    Ok(ty.pipelines.iter().map(of_pipeline).collect())
}

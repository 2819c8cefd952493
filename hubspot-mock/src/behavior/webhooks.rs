//! Webhooks of apps: settings and subscriptions. Nothing is ever reported to an app.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::behavior::common::unknown;
use crate::behavior::{Call, Context, Response};
use crate::store::AppWebhooks;
use crate::values::{Refusal, sync};

/// Performs an operation on the webhooks of an app. Every app has some, whatever its id.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let mut apps = sync::lock(&context.state.webhooks);
    let app = apps.entry(call.path("appId").to_owned()).or_default();
    let now = call.now.to_string();
    match call.endpoint.action {
        "get_settings" => Response::json(200, app.settings.as_ref().ok_or_else(missing)?),
        "set_settings" => {
            let mut settings = call.json().clone();
            let earlier = app.settings.as_ref();
            let created =
                earlier.map_or_else(|| json!(now), |earlier| earlier["createdAt"].clone());
            settings["createdAt"] = created;
            settings["updatedAt"] = json!(now);
            Response::json(200, app.settings.insert(settings))
        }
        "archive_settings" => {
            app.settings.take().ok_or_else(missing)?;
            Ok(Response::empty())
        }
        "list_subscriptions" => {
            let results = app.subscriptions.values().collect::<Vec<_>>();
            Response::json(200, &json!({ "results": results }))
        }
        "create_subscription" => {
            app.last += 1;
            let mut subscription = call.json().as_object().cloned().unwrap_or_default();
            subscription.insert("id".to_owned(), json!(app.last.to_string()));
            subscription.insert("createdAt".to_owned(), json!(now));
            Response::json(
                201,
                app.subscriptions.entry(app.last).or_insert(subscription),
            )
        }
        "get_subscription" => Response::json(200, subscription(app, call.path("subscriptionId"))?),
        "update_subscription" => {
            let subscription = subscription(app, call.path("subscriptionId"))?;
            Response::json(200, update(subscription, &call.json()["active"], &now))
        }
        "archive_subscription" => {
            let id = call.path("subscriptionId").parse::<u64>().ok();
            let removed = id.and_then(|id| app.subscriptions.remove(&id));
            removed.ok_or_else(missing).map(|_| Response::empty())
        }
        "batch_update_subscriptions" => batch_update(app, &call.json()["inputs"], &now),
        _ => Err(unknown(call)),
    }
}

fn batch_update(app: &mut AppWebhooks, inputs: &Value, now: &str) -> Result<Response, Refusal> {
    let inputs = inputs.as_array().map_or(&[][..], Vec::as_slice);
    let changed = inputs.iter().map(|input| {
        let subscription = subscription(app, &input["id"].to_string())?;
        Ok(update(subscription, &input["active"], now).clone())
    });
    // HubSpot documents no outcome for single inputs here, so all of them fail with one.
    let results = changed.collect::<Result<Vec<_>, Refusal>>()?;
    let response = json!({
        "status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now,
    });
    Response::json(200, &response)
}

type Subscription = Map<String, Value>;

fn subscription<'a>(app: &'a mut AppWebhooks, id: &str) -> Result<&'a mut Subscription, Refusal> {
    let subscriptions: &mut BTreeMap<u64, _> = &mut app.subscriptions;
    let found = id
        .parse()
        .ok()
        .and_then(|id: u64| subscriptions.get_mut(&id));
    found.ok_or_else(missing)
}

fn update<'a>(subscription: &'a mut Subscription, active: &Value, now: &str) -> &'a Subscription {
    if active.is_boolean() {
        subscription.insert("active".to_owned(), active.clone());
        subscription.insert("updatedAt".to_owned(), json!(now));
    }
    subscription
}

fn missing() -> Refusal {
    Refusal::new(
        404,
        "OBJECT_NOT_FOUND",
        "There are no such settings or subscriptions.",
    )
}

//! The property validations API: rules that an account sets for the values of properties.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{Page, body, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::Property;
use crate::definitions::rule::Rule;
use crate::store::Store;
use crate::values::{Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let ty = store.object_type(call.path("objectTypeId"))?;
    match call.endpoint.action {
        "list" => {
            let properties = store.records(ty)?.ty.properties();
            let with_rules = properties.filter(|(_, property)| !property.rules.is_empty());
            let results = with_rules.map(|(_, property)| {
                json!({"propertyName": property.name, "propertyValidationRules": rules(property)})
            });
            Response::json(200, &Page::new(results.collect(), None))
        }
        "list_for_property" => {
            let property = find(call, store, ty)?;
            Response::json(200, &Page::new(rules(property), None))
        }
        "get_rule" => {
            let property = find(call, store, ty)?;
            let wanted = call.path("ruleType");
            let rule = property.rules.iter().find(|rule| rule.ty == wanted);
            let missing = || {
                let name = &property.name;
                Refusal::not_found(format!("The property {name} has no rule {wanted}"))
                    .context("ruleType", [wanted.to_owned()])
            };
            Response::json(200, &json(rule.ok_or_else(missing)?))
        }
        "replace_rule" => replace(call, store, ty),
        _ => Err(unknown(call)),
    }
}

fn find<'a>(call: &Call, store: &'a Store, ty: TypeId) -> Result<&'a Property, Refusal> {
    let name = call.path("propertyName");
    let found = store.records(ty)?.ty.named(name);
    let missing = || {
        Refusal::not_found(format!("Property {name} does not exist"))
            .context("propertyName", [name.to_owned()])
    };
    Ok(found.ok_or_else(missing)?.1)
}

fn rules(property: &Property) -> Vec<Value> {
    property.rules.iter().map(json).collect()
}

fn json(rule: &Rule) -> Value {
    let mut json = json!({"ruleType": rule.ty, "ruleArguments": rule.arguments});
    if let Some(normalizes) = rule.normalizes {
        json["shouldApplyNormalization"] = normalizes.into();
    }
    json
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleInput {
    rule_arguments: Vec<String>,
    should_apply_normalization: Option<bool>,
}

fn replace(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let input: RuleInput = body(call)?;
    let rule = Rule {
        ty: call.path("ruleType").to_owned(),
        arguments: input.rule_arguments,
        normalizes: input.should_apply_normalization,
    };
    if let Some(what) = rule.invalid_arguments() {
        let message = format!("The rule {} {what} in ruleArguments", rule.ty);
        return Err(Refusal::validation(message).context("ruleArguments", rule.arguments));
    }
    let mut property = find(call, store, ty)?.clone();
    property.rules.retain(|known| known.ty != rule.ty);
    property.rules.push(rule);
    let object_type = store.records(ty)?.ty.id.clone();
    store.define_property(&object_type, property)?;
    Ok(Response::empty())
}

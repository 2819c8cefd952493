//! Requests whose path names the object type: `/crm/v3/objects/{objectType}/…`.
//!
//! The documents list the scopes of all object types for these paths; HubSpot requires those of the type that is named.

use std::sync::LazyLock;

use hubspot_scopes::Requirement;

use crate::pipeline::router::{Route, router};
use crate::store::account::Account;
use crate::values::refusal::Refusal;
use crate::values::sync;

/// What paths that name their type are generated as.
const RESOURCE: &str = "custom_objects";

/// The path parameter that names the type.
const PARAMETER: &str = "objectType";

/// The types that have paths of their own in every version.
const WITH_OWN_PATHS: [&str; 3] = ["companies", "contacts", "line_items"];

/// What a custom type is looked up as.
const CUSTOM: &str = "custom";

/// Scopes by type, to read and to write. Those of tickets and products are called otherwise.
const SCOPES: [(&str, &str, &str); 4] = [
    (
        CUSTOM,
        r#""crm.objects.custom.read""#,
        r#""crm.objects.custom.write""#,
    ),
    (
        "deals",
        r#""crm.objects.deals.read""#,
        r#""crm.objects.deals.write""#,
    ),
    (
        "products",
        r#"any("crm.objects.products.read", "e-commerce")"#,
        r#"any("crm.objects.products.write", "e-commerce")"#,
    ),
    ("tickets", r#""tickets""#, r#""tickets""#),
];

/// Actions that change nothing.
const READING: [&str; 4] = ["batch_read", "get", "list", "search"];

/// The same, read.
static REQUIREMENTS: LazyLock<Vec<(&str, [Requirement; 2])>> = LazyLock::new(|| {
    let read =
        |(ty, read, write): (_, &str, &str)| Some((ty, [read.parse().ok()?, write.parse().ok()?]));
    SCOPES.into_iter().filter_map(read).collect()
});

/// What a call required_scopes.
#[derive(Debug)]
pub(crate) enum RequiredScopes {
    /// What its operation required_scopes.
    OfOperation,
    /// What its object type required_scopes.
    OfType(&'static Requirement),
}

/// Makes of a call that names its type the call of the type's own path, where there is one, and says what it required_scopes.
pub(crate) fn specialize(route: &mut Route, account: &Account) -> Result<RequiredScopes, Refusal> {
    let endpoint = route.operation.endpoint;
    if endpoint.resource != RESOURCE {
        return Ok(RequiredScopes::OfOperation);
    }
    let named = route.path.iter().find(|(name, _)| *name == PARAMETER);
    let Some(ty) = named.and_then(|(_, name)| type_of(account, name)) else {
        // Who may call is judged first; then the type is told to be unknown.
        return Ok(RequiredScopes::OfOperation);
    };
    if let Some(own) = router().operation(endpoint.version, &ty, endpoint.action) {
        route.operation = own;
        route.path.retain(|(name, _)| *name != PARAMETER);
        // The same parameters in the same order, by other names: `objectId` is v3's `contactId`.
        for ((name, _), parameter) in route.path.iter_mut().zip(own.endpoint.path_parameters) {
            *name = parameter.name;
        }
        return Ok(RequiredScopes::OfOperation);
    }
    if WITH_OWN_PATHS.contains(&ty.as_str()) {
        let message = format!("There is no {} of {ty}.", endpoint.action);
        return Err(Refusal::new(404, "", message));
    }
    let known = REQUIREMENTS.iter().find(|(known, _)| *known == ty);
    Ok(
        known.map_or(RequiredScopes::OfOperation, |(_, [read, write])| {
            let reads = READING.contains(&endpoint.action);
            RequiredScopes::OfType(if reads { read } else { write })
        }),
    )
}

/// The plural name of a type of HubSpot's own, or [`CUSTOM`].
fn type_of(account: &Account, name: &str) -> Option<String> {
    let store = sync::lock(&account.crm);
    let definition = store.definition(store.resolve_type(name)?)?;
    Some(if definition.is_custom() {
        CUSTOM.to_owned()
    } else {
        definition.plural.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_can_be_read() {
        assert_eq!(REQUIREMENTS.len(), SCOPES.len());
    }
}

//! Requests whose path names the object type: `/crm/v3/objects/{objectType}/…`.
//!
//! The documents list the scopes of all object types for these paths; HubSpot requires those of the type that is named.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hubspot_scopes::Requirement;

use crate::generated_object_types::{CUSTOM_SCOPES, OBJECT_TYPES};
use crate::pipeline::router::{Route, router};
use crate::store::Account;
use crate::values::{Refusal, sync};

/// The resource of paths that name their object type.
const RESOURCE: &str = "objects";

/// The path parameter that names the type.
const PARAMETER: &str = "objectType";

/// The key of custom object types in [`REQUIREMENTS`].
const CUSTOM: &str = "custom";

/// The scopes that reading and writing require, by the path of the object type.
static REQUIREMENTS: LazyLock<BTreeMap<&str, [Requirement; 2]>> = LazyLock::new(|| {
    let own = OBJECT_TYPES
        .iter()
        .map(|facts| (facts.path, [facts.read, facts.write]));
    let all = own.chain([(CUSTOM, CUSTOM_SCOPES)]);
    all.filter_map(|(path, [read, write])| Some((path, [read.parse().ok()?, write.parse().ok()?])))
        .collect()
});

/// The scopes that a request requires.
#[derive(Debug)]
pub(crate) enum RequiredScopes {
    OfOperation,
    OfType(&'static Requirement),
}

/// Routes a request that names its object type to the operation of the type's own path, if there is one. Returns the scopes
/// that it requires. Fails with 501 if the type has paths of its own, but no such operation.
pub(crate) fn specialize(route: &mut Route, account: &Account) -> Result<RequiredScopes, Refusal> {
    let endpoint = route.operation.endpoint;
    if endpoint.resource != RESOURCE {
        return Ok(RequiredScopes::OfOperation);
    }
    let named = route.path.iter().find(|(name, _)| *name == PARAMETER);
    let Some(ty) = named.and_then(|(_, name)| type_of(account, name)) else {
        // Scopes are checked first; the operation itself fails for the unknown type.
        return Ok(RequiredScopes::OfOperation);
    };
    let resource = resource(&ty);
    if let Some(own) = router().operation(endpoint.version, resource, endpoint.action) {
        route.operation = own;
        route.path.retain(|(name, _)| *name != PARAMETER);
        // The same parameters in the same order, by other names: `objectId` is v3's `contactId`.
        for ((name, _), parameter) in route.path.iter_mut().zip(own.endpoint.path_parameters) {
            *name = parameter.name;
        }
        return Ok(RequiredScopes::OfOperation);
    }
    if router()
        .operation(endpoint.version, resource, "list")
        .is_some()
    {
        let (action, version) = (endpoint.action, endpoint.version);
        let message = format!(
            "hubspot-mock has no operation at this path: {ty} have no {action} in version {version}."
        );
        return Err(Refusal::new(501, "", message));
    }
    let known = REQUIREMENTS.get(ty.as_str());
    Ok(known.map_or(RequiredScopes::OfOperation, |[read, write]| {
        RequiredScopes::OfType(if endpoint.read_only { read } else { write })
    }))
}

/// The resource of an object type that may have operations of its own.
fn resource(path: &str) -> &str {
    let mut types = OBJECT_TYPES.iter();
    types
        .find(|facts| facts.path == path)
        .map_or(path, |facts| facts.resource)
}

/// The path of one of HubSpot's own object types, or [`CUSTOM`]; `None` if the account has no such type.
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
    use crate::definitions::Operation;
    use crate::generated::CURRENT;

    #[test]
    fn every_requirement_can_be_parsed() {
        assert_eq!(REQUIREMENTS.len(), OBJECT_TYPES.len() + 1);
    }

    /// Types with paths of their own have their scopes in the documents, too.
    #[test]
    fn the_facts_agree_with_the_operations() {
        let mut compared = 0;
        for facts in OBJECT_TYPES {
            let operation = |action| router().operation(CURRENT, facts.resource, action);
            let (Some(list), Some(create)) = (operation("list"), operation("create")) else {
                continue;
            };
            let [read, write] = &REQUIREMENTS[facts.path];
            let requirement =
                |operation: &'static Operation| operation.requirement().unwrap().ignoring_logins();
            assert_eq!(&requirement(list), read, "{}", facts.path);
            assert_eq!(&requirement(create), write, "{}", facts.path);
            assert_eq!(operation("merge").is_some(), facts.merge, "{}", facts.path);
            let gdpr_delete = operation("gdpr_delete").is_some();
            assert_eq!(gdpr_delete, facts.gdpr_delete, "{}", facts.path);
            compared += 1;
        }
        assert_eq!(
            compared,
            OBJECT_TYPES.len() - 1,
            "surveys create feedback submissions"
        );
    }
}

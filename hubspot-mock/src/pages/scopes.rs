//! Describes scopes in words, for the consent page.

use hubspot_scopes::Sensitivity;

/// Derives the kind of access from the name of a scope. Returns its label, and the style class of the label.
pub(super) fn access(scope: &str) -> (&'static str, &'static str) {
    let has = |part: &str| scope.split(['.', '-', '_']).any(|known| known == part);
    if Sensitivity::of_scope(scope).is_some() {
        ("Sensitive", "bad")
    } else if has("write") || has("delete") {
        ("Write", "warn")
    } else if has("read") {
        ("Read", "good")
    } else {
        ("Access", "accent")
    }
}

/// Describes what a scope allows; `None` if its name follows no known pattern.
pub(super) fn describe(scope: &str) -> Option<String> {
    let parts: Vec<&str> = scope.split('.').collect();
    let parts = parts.strip_suffix(&["v2"]).unwrap_or(&parts);
    match parts {
        ["oauth"] => Some("Be connected to this account".to_owned()),
        ["contacts"] => Some("Read and write contacts, companies and deals".to_owned()),
        ["tickets"] => Some("Read and write tickets".to_owned()),
        ["e-commerce"] => Some("Read and write products, line items and orders".to_owned()),
        ["tickets", sensitivity] => Some(format!(
            "Read and write {} properties of tickets",
            words(sensitivity)
        )),
        ["crm", "schemas", object, access] => {
            let verb = verb(access)?;
            Some(format!(
                "{verb} the definitions of {} and their properties",
                plural(object)
            ))
        }
        ["crm", "objects", object, access] => Some(format!("{} {}", verb(access)?, plural(object))),
        ["crm", "objects", object, sensitivity, access] => {
            let verb = verb(access)?;
            let kind = words(sensitivity);
            Some(format!("{verb} {kind} properties of {}", plural(object)))
        }
        _ => None,
    }
}

fn verb(access: &str) -> Option<&'static str> {
    match access {
        "read" => Some("Read"),
        "write" => Some("Create, change and delete"),
        _ => None,
    }
}

fn plural(object: &str) -> String {
    match object {
        "custom" => "records of custom object types".to_owned(),
        "users" => "users, as records".to_owned(),
        _ => words(object),
    }
}

fn words(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::{access, describe};

    #[test]
    fn scopes_are_described() {
        for (scope, words) in [
            ("crm.objects.contacts.read", "Read contacts"),
            (
                "crm.objects.line_items.write",
                "Create, change and delete line items",
            ),
            (
                "crm.objects.custom.read",
                "Read records of custom object types",
            ),
            (
                "crm.objects.deals.highly_sensitive.read.v2",
                "Read highly sensitive properties of deals",
            ),
            (
                "crm.schemas.contacts.read",
                "Read the definitions of contacts and their properties",
            ),
        ] {
            assert_eq!(describe(scope).as_deref(), Some(words));
        }
        assert_eq!(describe("media_bridge.read"), None);
        assert_eq!(describe("crm.objects.contacts.admire"), None);
        assert_eq!(describe(""), None);
    }

    #[test]
    fn the_access_follows_from_the_name() {
        for (scope, label) in [
            ("crm.objects.contacts.read", "Read"),
            ("price-book-write", "Write"),
            ("crm.objects.deals.highly_sensitive.read", "Sensitive"),
            ("automation", "Access"),
        ] {
            assert_eq!(access(scope).0, label);
        }
    }
}

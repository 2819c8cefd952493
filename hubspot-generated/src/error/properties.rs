//! Which properties an error is about.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Error;
use super::body::ErrorDetail;

impl Error {
    /// The names of the properties that HubSpot refuses, each once. Empty if HubSpot names none.
    pub fn properties(&self) -> Vec<String> {
        let body = self.body();
        body.map_or_else(Vec::new, |body| {
            properties(body.message.as_deref(), &body.context, &body.errors)
        })
    }
}

/// HubSpot names properties in `context`, in that of the individual errors, or in a JSON list at the end of the message.
pub(crate) fn properties(
    message: Option<&str>,
    context: &BTreeMap<String, Vec<String>>,
    errors: &[ErrorDetail],
) -> Vec<String> {
    let contexts = errors.iter().map(|error| &error.context).chain([context]);
    let values = contexts.filter_map(|context| context.get("propertyName"));
    let mut names: Vec<_> = values.flatten().cloned().collect();
    let list =
        message.and_then(|message| serde_json::from_str(&message[message.find('[')?..]).ok());
    let list: Vec<Value> = list.unwrap_or_default();
    for error in list {
        names.extend(error["name"].as_str().map(str::to_owned));
    }
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_named_wherever_hubspot_names_them() {
        let context = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            BTreeMap::from([("propertyName".to_owned(), names)])
        };
        let detail = ErrorDetail {
            context: context(&["b", "a"]),
            ..ErrorDetail::default()
        };
        let message = r#"Property values were not valid: [{"name":"zz","message":"[x]"},{"name":"b"},{"error":1}]"#;
        for (message, expected) in [
            (message, "a b c zz"),
            ("Property values were not valid: [{\"name\":", "a b c"),
            ("[1, \"x\"]", "a b c"),
            ("no list", "a b c"),
        ] {
            let names = properties(
                Some(message),
                &context(&["c"]),
                std::slice::from_ref(&detail),
            );
            assert_eq!(names.join(" "), expected, "{message}");
        }
        assert!(properties(None, &BTreeMap::new(), &[]).is_empty());
    }
}

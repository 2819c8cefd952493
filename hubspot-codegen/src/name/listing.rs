//! Every name as a user of the client sees it, to be read through.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rank;
use crate::model::{Identifier, Model, Names};

/// The longest name of a method that a user should have to read, and of a type.
const LONGEST: (usize, usize) = (35, 45);

/// Longer names of methods, setters of optional parameters, types and sets of optional parameters, with what is named. Those
/// in `allowed`, which has a reason for each, are left out; an entry of it that is no long name is a fault, too.
///
/// Setters of the fields of bodies are not looked at: they are named after HubSpot's fields, so that both are found by one
/// word.
pub fn too_long(names: &Names, allowed: &BTreeMap<String, String>) -> Vec<String> {
    let mut long = BTreeMap::new();
    let mut add = |kind, key: String, name: &Identifier, most| {
        if name.plain().len() > most {
            long.insert(key, kind);
        }
    };
    for name in names.operations.values() {
        add("method", name.id.clone(), &name.method, LONGEST.0);
    }
    for name in names.types.values() {
        add(
            "type",
            name.ident.plain().to_owned(),
            &name.ident,
            LONGEST.1,
        );
    }
    for set in names.parameter_sets.values() {
        let ident = set.ident.plain();
        add("parameter set", ident.to_owned(), &set.ident, LONGEST.1);
        for (setter, _) in &set.setters {
            add("setter", setter.plain().to_owned(), setter, LONGEST.0);
        }
    }
    let unused = allowed.keys().filter(|key| !long.contains_key(*key));
    let unused = unused.map(|key| format!("`{key}` of `[long_names]`, which is no long name"));
    let unused = unused.collect::<Vec<_>>();
    long.retain(|key, _| !allowed.contains_key(key));
    let long = long.into_iter();
    let long = long.map(|(key, kind)| format!("the {kind} `{key}`"));
    long.chain(unused).collect()
}

/// The calls of each handle with what they send, then the types with `HubSpot`'s names for them.
pub fn listing(model: &Model, names: &Names) -> String {
    let mut text = String::new();
    for (resource, name) in model.resources.iter().zip(&names.resources) {
        let area = name.area.as_ref();
        let area = area.map(|area| format!("{}().", area.method.plain()));
        let (area, method) = (area.unwrap_or_default(), name.method.plain());
        let _ = writeln!(text, "\n{}: {area}{method}()", resource.version);
        let mut calls = model
            .operations_of(resource)
            .filter_map(|endpoint| {
                let name = names.operations.get(&endpoint.id)?;
                let method = name.method.plain();
                let arguments = name.arguments.iter().map(Identifier::plain);
                let arguments = arguments.collect::<Vec<_>>().join(", ");
                let set = name.parameter_set.as_ref();
                let set = set.map_or(String::new(), |(_, set)| format!("  [{set}]"));
                let call = format!("{method}({arguments})");
                let line = format!("    {call:<50} {}{set}", endpoint.operation.key());
                Some((rank(method), line))
            })
            .collect::<Vec<_>>();
        calls.sort();
        for (_, line) in calls {
            let _ = writeln!(text, "{line}");
        }
    }
    let _ = writeln!(text, "\ntypes");
    let mut types = names.types.iter().collect::<Vec<_>>();
    types.sort_by_key(|(_, name)| (&name.module, &name.ident));
    for (id, name) in types {
        let hubspot = model.types.get(id).map(|definition| {
            let names = definition.hubspot_names.iter().map(String::as_str);
            names.collect::<Vec<_>>().join(", ")
        });
        let path = format!("{}::{}", name.module, name.ident);
        let _ = writeln!(text, "    {path:<50} {}", hubspot.unwrap_or_default());
    }
    text
}

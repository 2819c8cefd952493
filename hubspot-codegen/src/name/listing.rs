//! Every name as a user of the client sees it, to be read through.

use std::fmt::Write as _;

use super::rank;
use crate::model::{Identifier, Model, Names};

/// The longest name of a method that a user should have to read, and of a type.
const LONGEST: (usize, usize) = (35, 45);

/// The methods and types with longer names, with what is named.
pub fn too_long(names: &Names) -> Vec<String> {
    let methods = names
        .operations
        .values()
        .map(|name| (&name.id, &name.method));
    let methods = methods.filter(|(_, method)| method.plain().len() > LONGEST.0);
    let methods = methods.map(|(id, _)| format!("the method `{id}`"));
    let types = names.types.values().map(|name| name.ident.plain());
    let types = types.filter(|name| name.len() > LONGEST.1);
    methods
        .chain(types.map(|name| format!("the type `{name}`")))
        .collect()
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

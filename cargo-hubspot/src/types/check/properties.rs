//! What has changed in the properties.

use hubspot_codegen::records::{Object, Property, variants};

use super::super::lock::Selection;
use super::super::source::{Field, Record};
use super::code::{Code, place};
use super::{Difference, breaking, harmless, if_breaking};

/// What has changed in the properties.
pub(super) fn compare(
    before: &Object,
    now: &Object,
    code: &Code<'_>,
    selection: Selection,
    found: &mut Vec<Difference>,
) {
    for (name, old) in &before.properties {
        let touched = code.touched(name);
        match now.properties.get(name) {
            None => {
                let places = touched.into_iter().map(place).collect();
                found.push(breaking(format!("property `{name}` is gone"), places));
            }
            Some(new) => {
                let types = code.types(name);
                found.extend(differences(name, [old, new], types, &touched));
            }
        }
    }
    if selection == Selection::All {
        let added = now.properties.keys();
        let added = added.filter(|name| !before.properties.contains_key(*name));
        found.extend(added.map(|name| harmless(format!("property `{name}` was added"))));
    }
}

/// What has changed in a property, whose generated fields have the first type and will have the second.
fn differences(
    name: &str,
    [old, new]: [&Property; 2],
    types: [Option<&str>; 2],
    touched: &[(&Record, &Field)],
) -> Vec<Difference> {
    let mut found = Vec::new();
    // A generated field is written again with the new definition.
    let places_if = |breaks: fn(&Field) -> bool| {
        let touched = touched.iter();
        let touched = touched.filter(|(record, field)| record.is_generated || breaks(field));
        touched.copied().map(place).collect()
    };
    let breaks_if = |text: String, breaks: fn(&Field) -> bool| breaking(text, places_if(breaks));
    found.extend(type_difference(name, [old, new], types, touched));
    for (value, label) in &old.options {
        if !new.options.contains_key(value) {
            let text = format!("option `{value}` ({label}) of property `{name}` is gone");
            found.push(breaks_if(text, |field| !field.is_text));
        }
    }
    let (old_variants, new_variants) = (variants(old), variants(new));
    for (value, old) in &old_variants {
        if let Some(new) = new_variants.get(value).filter(|new| *new != old) {
            let text = format!(
                "the variant `{old}` of option `{value}` of property `{name}` will be `{new}`"
            );
            found.extend(if_breaking(text, places_if(|_| false)));
        }
    }
    for (value, label) in &new.options {
        if !old.options.contains_key(value) {
            let text = format!("option `{value}` ({label}) of property `{name}` was added");
            found.push(harmless(text));
        }
    }
    found.extend(flag_differences(name, old, new, breaks_if));
    found
}

/// What has changed in the type of a property. The fields of the code break if they have another one in Rust.
fn type_difference(
    name: &str,
    [old, new]: [&Property; 2],
    types: [Option<&str>; 2],
    touched: &[(&Record, &Field)],
) -> Option<Difference> {
    let shown = |property: &Property| format!("`{}` ({})", property.ty, property.field_type);
    let is_defined_otherwise = (&old.ty, &old.field_type) != (&new.ty, &new.field_type);
    // The first option makes an enum of text, whatever the definition says of the type.
    let has_same_type = (old.kind(), old.has_enum()) == (new.kind(), new.has_enum());
    let change = match (is_defined_otherwise, has_same_type) {
        (true, _) => format!("is {} and was {}", shown(new), shown(old)),
        (false, false) => "has another type because of its options".to_owned(),
        (false, true) => return None,
    };
    let text = format!("property `{name}` {change}");
    if has_same_type {
        return Some(harmless(text));
    }
    // Dates and times are both text in generated code, and may be of two types in other code.
    let [was, now] = types;
    let is_rewritten = was.is_none() || was != now;
    let now = now.filter(|_| is_rewritten);
    let now = now.map_or_else(String::new, |ty| format!(": now `{ty}`"));
    let touched = touched.iter().copied();
    let touched = touched.filter(|(record, field)| {
        if record.is_generated {
            is_rewritten
        } else {
            !field.is_text
        }
    });
    Some(breaking(text + &now, touched.map(place).collect()))
}

/// What has changed in whether a property is read-only or unique.
fn flag_differences(
    name: &str,
    old: &Property,
    new: &Property,
    breaks_if: impl Fn(String, fn(&Field) -> bool) -> Difference,
) -> impl Iterator<Item = Difference> {
    let read_only = match (old.read_only, new.read_only) {
        (false, true) => {
            let text = format!("property `{name}` became read-only");
            Some(breaks_if(text, |field| !field.read_only))
        }
        (true, false) => {
            let text = format!("property `{name}` is no longer read-only");
            Some(harmless(text))
        }
        _ => None,
    };
    let unique = match (old.unique, new.unique) {
        (false, true) => Some(harmless(format!("property `{name}` became unique"))),
        (true, false) => {
            let text = format!("property `{name}` is no longer unique");
            Some(breaks_if(text, |_| true))
        }
        _ => None,
    };
    read_only.into_iter().chain(unique)
}

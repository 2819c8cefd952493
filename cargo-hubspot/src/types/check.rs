//! `--check`: what has changed in an account since the lock file was written, and what that means for the package's code.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_codegen::records::{
    Association, AssociationNames, Object, Objects, Property, association_names, fields,
    is_readable, variants,
};
use hubspot_scopes::Sensitivity;

use super::catalogue::Catalogue;
use super::lock::{Lock, Selection};
use super::source::{Field, Record, Source};

/// A change, or a fault of a struct.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) breaks: bool,
    pub(super) text: String,
    /// The code that it is about: `Lead.employees at src/lead.rs:9`.
    pub(super) places: Vec<String>,
}

/// What was found, by object type.
pub(super) type Differences = BTreeMap<String, Vec<Difference>>;

/// What an account has.
pub(super) struct Account {
    pub(super) objects: Objects,
    pub(super) catalogue: Catalogue,
    /// Why each object type that the token may not read cannot be read.
    pub(super) forbidden: BTreeMap<String, String>,
    /// The pairs of types whose associations could not be read.
    pub(super) unread_pairs: BTreeSet<[String; 2]>,
}

impl Account {
    /// Returns whether the associations from one type to another are known.
    fn knows_pair(&self, from: &str, to: &str) -> bool {
        let pair = [from, to].map(str::to_owned);
        !self.forbidden.contains_key(to) && !self.unread_pairs.contains(&pair)
    }
}

/// Compares an account with the lock file and the package's code.
pub(super) fn check(lock: &Lock, account: &Account, source: &Source) -> Differences {
    let mut findings = Differences::new();
    let key_of = |record: &Record| {
        let object = &record.object;
        let mut locked = lock.objects.iter();
        let locked = locked.find(|(_, locked)| [&locked.object, &locked.id].contains(&object));
        locked.map_or_else(
            || super::definitions::key(&account.catalogue, object),
            |(key, _)| key.clone(),
        )
    };
    for (key, before) in &lock.objects {
        let records = source.records.iter();
        let code = Code {
            records: records.filter(|record| key_of(record) == *key).collect(),
            source,
        };
        let mut found = Vec::new();
        if let Some(now) = account.objects.get(key) {
            found.extend(code.other_id(before, now));
            changed(before, now, &code, lock.properties, &mut found);
            let is_known = |of: &Association| account.knows_pair(key, &of.to);
            associations(before, now, is_known, &code, &mut found);
            code.faults(before, now, &mut found);
        } else if let Some(error) = account.forbidden.get(key) {
            // Nobody knows whether it breaks code, so the check must not pass.
            found.push(Difference {
                breaks: true,
                text: format!("cannot be read: {error}"),
                places: code.records(|_| true),
            });
        } else {
            let text = "the object type is gone".to_owned();
            found.push(breaking(text, code.records(|_| true)));
        }
        if !found.is_empty() {
            // What breaks comes first.
            found.sort_by_key(|finding| !finding.breaks);
            findings.insert(key.clone(), found);
        }
    }
    for record in &source.records {
        let key = key_of(record);
        if !lock.objects.contains_key(&key) {
            let text = "not in the lock file: add it with `--only`".to_owned();
            let places = vec![format!("{} at {}", record.name, record.place)];
            let found = findings.entry(key).or_default();
            found.push(harmless_at(text, places));
        }
    }
    findings
}

/// A change that breaks code if it touches any.
fn breaking(text: String, places: Vec<String>) -> Difference {
    Difference {
        breaks: !places.is_empty(),
        text,
        places,
    }
}

/// The same, if it touches any.
fn if_breaking(text: String, places: Vec<String>) -> Option<Difference> {
    Some(breaking(text, places)).filter(|finding| finding.breaks)
}

fn harmless(text: String) -> Difference {
    harmless_at(text, Vec::new())
}

const fn harmless_at(text: String, places: Vec<String>) -> Difference {
    Difference {
        breaks: false,
        text,
        places,
    }
}

/// The code for an object type.
struct Code<'a> {
    records: Vec<&'a Record>,
    source: &'a Source,
}

impl<'a> Code<'a> {
    /// The structs that fit. Generated ones count if other code names them.
    fn records(&self, fits: impl Fn(&Record) -> bool) -> Vec<String> {
        let is_used =
            |record: &Record| !record.is_generated || self.source.names.contains(&record.name);
        let records = self.records.iter();
        let records = records.filter(|record| is_used(record) && fits(record));
        records
            .map(|record| format!("{} at {}", record.name, record.place))
            .collect()
    }

    fn fields(&self) -> impl Iterator<Item = (&'a Record, &'a Field)> {
        let records = self.records.iter().copied();
        records.flat_map(|record| record.fields.iter().map(move |field| (record, field)))
    }

    /// The fields for a property. Those of generated structs count if other code names them.
    fn touched(&self, property: &str) -> Vec<(&'a Record, &'a Field)> {
        let touched = self.fields().filter(|(record, field)| {
            field.property == property && (!record.is_generated || self.is_named(&field.name))
        });
        touched.collect()
    }

    fn is_named(&self, field: &str) -> bool {
        let names = &self.source.names;
        names.contains(field) || names.contains(&field.to_uppercase())
    }

    /// An object type that was created anew. It breaks structs that name the one that is gone.
    fn other_id(&self, before: &Object, now: &Object) -> Option<Difference> {
        let names = |object: &Object| [object.id.clone(), object.object.clone()];
        let (old, new) = (names(before), names(now));
        let places = self.records(|record| !new.contains(&record.object));
        let text = format!(
            "the object type is `{}` (`{}`) and was `{}` (`{}`)",
            new[0], new[1], old[0], old[1]
        );
        (old != new).then(|| breaking(text, places))
    }

    /// What is wrong with the structs, whatever has changed.
    fn faults(&self, before: &Object, now: &Object, found: &mut Vec<Difference>) {
        for (record, field) in self.fields() {
            let property = &field.property;
            let at = vec![place((record, field))];
            match now.properties.get(property) {
                None if !before.properties.contains_key(property) => {
                    found.push(breaking(format!("there is no property `{property}`"), at));
                }
                Some(definition) if definition.sensitivity > field.sensitivity => {
                    let kind = definition.sensitivity.map_or("", Sensitivity::name);
                    let mend = if !is_readable(now, definition) {
                        "HubSpot has no scope for such properties of this object type".to_owned()
                    } else if record.is_generated {
                        "write the types again".to_owned()
                    } else {
                        format!("add `#[hubspot({kind})]`")
                    };
                    let kind = kind.replace('_', " ");
                    found.push(breaking(
                        format!("property `{property}` is {kind}: {mend}"),
                        at,
                    ));
                }
                Some(definition) if definition.sensitivity < field.sensitivity => {
                    let kind = definition
                        .sensitivity
                        .map_or("not sensitive", |_| "sensitive only");
                    let text = format!(
                        "property `{property}` is {kind}: the attribute asks for a scope that is not needed"
                    );
                    found.push(harmless_at(text, at));
                }
                _ => {}
            }
        }
    }
}

fn place((record, field): (&Record, &Field)) -> String {
    format!("{}.{} at {}", record.name, field.name, field.place)
}

/// What has changed in the properties.
fn changed(
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
            Some(new) => found.extend(differences(name, old, new, &touched)),
        }
    }
    if selection == Selection::All {
        renamed(before, now, code, found);
        let added = now.properties.keys();
        let added = added.filter(|name| !before.properties.contains_key(*name));
        found.extend(added.map(|name| harmless(format!("property `{name}` was added"))));
    }
}

/// The generated fields that get other names, because others come before them or are gone.
fn renamed(before: &Object, now: &Object, code: &Code<'_>, found: &mut Vec<Difference>) {
    let new = fields(now);
    for (name, old) in fields(before) {
        if let Some(new) = new.get(name).filter(|new| **new != old) {
            let touched = code.touched(name).into_iter();
            let touched = touched.filter(|(record, _)| record.is_generated);
            let text = format!("the field `{old}` of property `{name}` will be `{new}`");
            found.extend(if_breaking(text, touched.map(place).collect()));
        }
    }
}

fn differences(
    name: &str,
    old: &Property,
    new: &Property,
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
    let ty = |property: &Property| format!("`{}` ({})", property.ty, property.field_type);
    if (&old.ty, &old.field_type) != (&new.ty, &new.field_type) {
        let text = format!("property `{name}` is {} and was {}", ty(new), ty(old));
        found.push(if old.kind() == new.kind() {
            harmless(text)
        } else {
            breaks_if(text, |field| !field.is_text)
        });
    }
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

/// What has changed in the associations. One that is gone, or whose constant gets another name, breaks code that names the
/// constant.
fn associations(
    before: &Object,
    now: &Object,
    is_known: impl Fn(&Association) -> bool,
    code: &Code<'_>,
    found: &mut Vec<Difference>,
) {
    let places = |names: &AssociationNames| {
        let AssociationNames {
            constant, label, ..
        } = names;
        let is_used = |name: &String| code.source.names.contains(name);
        let constant = is_used(constant).then(|| format!("the constant `{constant}`"));
        let label = label
            .iter()
            .all(is_used)
            .then(|| format!("`{}`", label.join("::")));
        constant.into_iter().chain(label).collect::<Vec<_>>()
    };
    let (names, renamed) = (association_names(before), association_names(now));
    for (old, names) in before.associations.iter().zip(names) {
        let mut same = now.associations.iter().zip(&renamed);
        let same = same.find(|(new, _)| is_same(old, new));
        let shown = shown(old);
        if !is_known(old) {
            let text = format!("{shown} cannot be read");
            found.extend(if_breaking(text, places(&names)));
            continue;
        }
        let Some((new, renamed)) = same else {
            found.push(breaking(format!("{shown} is gone"), places(&names)));
            continue;
        };
        if new.label != old.label {
            let label = new.label.as_deref().unwrap_or("none");
            found.push(harmless(format!("the label of {shown} is now {label}")));
        }
        if *renamed != names {
            let (constant, label) = (&renamed.constant, renamed.label.join("::"));
            let text = format!("{shown} will be `{constant}` and `{label}`");
            found.extend(if_breaking(text, places(&names)));
        }
    }
    let added = now.associations.iter();
    let added = added.filter(|new| !before.associations.iter().any(|old| is_same(old, new)));
    found.extend(added.map(|new| harmless(format!("{} was added", shown(new)))));
}

/// HubSpot and the account number their types apart. Without the category, the number tells.
fn is_same(old: &Association, new: &Association) -> bool {
    let categories = old.category.as_ref().zip(new.category.as_ref());
    (&old.to, old.type_id) == (&new.to, new.type_id)
        && categories.is_none_or(|(old, new)| old == new)
}

fn shown(association: &Association) -> String {
    let label = association.label.as_deref();
    let label = label.map_or_else(String::new, |label| format!(" ({label})"));
    let Association { to, type_id, .. } = association;
    format!("association type {type_id}{label} to `{to}`")
}

//! The package's code for an object type: which of its structs and fields a change touches.

use hubspot_codegen::records::{Object, Outline, is_readable};
use hubspot_scopes::Sensitivity;

use super::super::catalogue::is_same_object;
use super::super::source::{Field, Record, Source};
use super::{Difference, breaking, harmless_at, if_breaking};

/// The code for an object type.
pub(super) struct Code<'a> {
    pub(super) records: Vec<&'a Record>,
    pub(super) source: &'a Source,
    /// The generated code as the lock file has it.
    pub(super) before: &'a Outline,
    /// The generated code when it is written again, if the account has the object type.
    pub(super) now: Option<&'a Outline>,
}

impl<'a> Code<'a> {
    /// The structs that fit. Generated ones count if other code names them.
    pub(super) fn records(&self, fits: impl Fn(&Record) -> bool) -> Vec<String> {
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

    /// The fields for a property. Those of generated structs count if other code names them or the enum of their options.
    pub(super) fn touched(&self, property: &str) -> Vec<(&'a Record, &'a Field)> {
        let before = self.before.fields.get(property);
        let enumeration = before.and_then(|field| field.enumeration.as_ref());
        let names_enum = enumeration.is_some_and(|name| self.source.names.contains(name));
        let touched = self.fields().filter(|(record, field)| {
            let is_used = || names_enum || self.is_named(&field.name);
            field.property == property && (!record.is_generated || is_used())
        });
        touched.collect()
    }

    /// The type of a property in the generated code, and the one when it is written again.
    pub(super) fn types(&self, property: &str) -> [Option<&'a str>; 2] {
        [Some(self.before), self.now].map(|outline| {
            let field = outline?.fields.get(property)?;
            Some(field.ty.as_str())
        })
    }

    /// The generated names that get others, because others come before them or are gone.
    pub(super) fn renamed(&self, found: &mut Vec<Difference>) {
        let Some(now) = self.now else {
            return;
        };
        let names = &self.source.names;
        let Outline { module, record, .. } = self.before;
        if now.record != *record {
            let text = format!("the struct `{record}` will be `{}`", now.record);
            let places = self.records(|one| one.is_generated && one.name == *record);
            found.extend(if_breaking(text, places));
        }
        if now.module != *module && names.contains(module) {
            let text = format!("the module `{module}` will be `{}`", now.module);
            let places = self.records(|record| record.is_generated);
            found.extend(if_breaking(text, places));
        }
        for (property, old) in &self.before.fields {
            let Some(new) = now.fields.get(property) else {
                continue;
            };
            let generated = |is_used: bool| {
                let fields = self.fields().filter(|_| is_used);
                let fields = fields
                    .filter(|(record, field)| record.is_generated && field.property == *property);
                fields.map(place).collect()
            };
            let (was, will_be) = (&old.name, &new.name);
            if was != will_be {
                let text =
                    format!("the field `{was}` of property `{property}` will be `{will_be}`");
                found.extend(if_breaking(text, generated(self.is_named(was))));
            }
            // An enum that comes or goes changes the type of the field, which is told of the property.
            if let (Some(was), Some(will_be)) = (&old.enumeration, &new.enumeration)
                && was != will_be
            {
                let text = format!("the enum `{was}` of property `{property}` will be `{will_be}`");
                found.extend(if_breaking(text, generated(names.contains(was))));
            }
        }
    }

    fn is_named(&self, field: &str) -> bool {
        let names = &self.source.names;
        names.contains(field) || names.contains(&field.to_uppercase())
    }

    /// An object type that was created anew. It breaks structs that name the one that is gone.
    pub(super) fn other_id(&self, before: &Object, now: &Object) -> Option<Difference> {
        let names = |object: &Object| [object.id.clone(), object.object.clone()];
        let (old, new) = (names(before), names(now));
        let places = self.records(|record| {
            let is_meant = |name: &String| is_same_object(name, &record.object);
            !new.iter().any(is_meant)
        });
        let text = format!(
            "the object type is `{}` (`{}`) and was `{}` (`{}`)",
            new[0], new[1], old[0], old[1]
        );
        (old != new).then(|| breaking(text, places))
    }

    /// What is wrong with the structs, whatever has changed.
    pub(super) fn faults(&self, before: &Object, now: &Object, found: &mut Vec<Difference>) {
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
                    } else if record.derives_debug {
                        // The compiler refuses two.
                        format!(
                            "add `#[hubspot({kind})]`, and remove `Debug` from the struct's derives: `Record` writes one that \
                             hides the value"
                        )
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

pub(super) fn place((record, field): (&Record, &Field)) -> String {
    format!("{}.{} at {}", record.name, field.name, field.place)
}

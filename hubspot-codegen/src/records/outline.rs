//! The names and the types in the code of object types, without the code.

use std::collections::BTreeMap;

use super::{Objects, Style, emit};

/// What the code of an object type calls things.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outline {
    /// The module: `deals`.
    pub module: String,
    /// The struct: `Deal`.
    pub record: String,
    /// The fields, by property.
    pub fields: BTreeMap<String, FieldOutline>,
}

/// What the code calls a property.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldOutline {
    /// The field: `stage`.
    pub name: String,
    /// The type of the field: `Option<Stage>`.
    pub ty: String,
    /// The enum of the options, if there is one: `Stage`.
    pub enumeration: Option<String>,
}

/// The outline of the code of each object type. Names are those that [`generate`](super::generate) writes for all of them
/// together.
pub fn outlines<'a>(objects: &'a Objects, style: &Style) -> BTreeMap<&'a str, Outline> {
    let modules = emit::modules(objects);
    let outlines = modules.iter().map(|names| {
        let module = names.module(&modules, style);
        let fields = module.fields();
        let fields = fields.iter().map(|field| {
            let enumeration = field.choices.as_ref();
            let outline = FieldOutline {
                name: field.ident.plain().to_owned(),
                // Tokens of a type have spaces between them, and none is needed.
                ty: module.ty(field).to_string().replace(' ', ""),
                enumeration: enumeration.map(|name| name.plain().to_owned()),
            };
            (field.name.to_owned(), outline)
        });
        let outline = Outline {
            module: names.module.plain().to_owned(),
            record: names.record.plain().to_owned(),
            fields: fields.collect(),
        };
        (names.path, outline)
    });
    outlines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Dates, Object, Property};

    fn property(ty: &str, field_type: &str, options: &[&str]) -> Property {
        let options = options.iter();
        Property {
            ty: ty.to_owned(),
            field_type: field_type.to_owned(),
            options: options
                .map(|value| ((*value).to_owned(), String::new()))
                .collect(),
            ..Property::default()
        }
    }

    fn object(singular: &str, properties: &[(&str, Property)]) -> Object {
        let properties = properties.iter().cloned();
        Object {
            singular: singular.to_owned(),
            properties: properties
                .map(|(name, property)| (name.to_owned(), property))
                .collect(),
            ..Object::default()
        }
    }

    #[test]
    fn names_and_types_are_those_of_the_code() {
        let deal = [
            ("STAGE", property("enumeration", "select", &["won"])),
            ("stage", property("enumeration", "checkbox", &["won"])),
            ("closed", property("datetime", "date", &[])),
            ("type", property("string", "text", &[])),
        ];
        let objects = Objects::from([("deals".to_owned(), object("deal", &deal))]);
        let style = Style {
            dates: Dates::Chrono,
            ..Style::default()
        };
        let outlines = outlines(&objects, &style);
        let Outline {
            module,
            record,
            fields,
        } = &outlines["deals"];
        assert_eq!([module, record], ["deals", "Deal"]);
        let fields: Vec<_> = fields
            .values()
            .map(|field| (&*field.name, &*field.ty, field.enumeration.as_deref()))
            .collect();
        assert_eq!(
            fields,
            [
                ("stage_2", "Option<Stage>", Some("Stage")),
                ("closed", "Option<chrono::DateTime<chrono::Utc>>", None),
                ("stage", "Vec<Stage2>", Some("Stage2")),
                ("type", "Option<String>", None),
            ]
        );
    }

    /// The derive has type parameters of these names.
    #[test]
    fn no_record_is_called_like_a_parameter_of_the_derive() {
        let objects = ["s", "u", "v", "t"].map(|name| (name.to_owned(), object(name, &[])));
        let objects = Objects::from(objects);
        let outlines = outlines(&objects, &Style::default());
        let records: Vec<_> = outlines.values().map(|outline| &*outline.record).collect();
        assert_eq!(records, ["S2", "T", "U2", "V2"]);
    }
}

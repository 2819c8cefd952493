//! The code of object types: a file each, and `mod.rs`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::associations;
use super::is_readable;
use super::names::{Case, by_text, distinct};
use super::{Dates, Numbers, Object, Objects, Property, Style, ValueKind};
use crate::emit::{File, code, docs, separated, unlinted};
use crate::model::Identifier;

/// Types that the code of a module calls by these names.
const IMPORTED: [&str; 3] = ["PropertyEnum", "Record", "RecordId"];

/// Properties whose values are whole in every account.
const INTEGERS: [&str; 1] = ["hs_object_id"];

/// The names of an object type's module and struct.
pub(super) struct Names {
    module: Identifier,
    record: Identifier,
}

/// The names of each object type.
pub(super) fn modules(objects: &Objects) -> BTreeMap<&str, Names> {
    let modules = distinct(Case::Snake, by_text(objects.keys()), &["mod"]);
    let records = objects.iter();
    let records = records.map(|(name, object)| (name.as_str(), object.singular.as_str()));
    let records = distinct(Case::Type, records, &IMPORTED);
    let names = modules.into_iter().zip(records.into_values());
    names
        .map(|((name, module), record)| (name, Names { module, record }))
        .collect()
}

/// A file for each object type, and `mod.rs`.
pub(super) fn files<'a>(
    objects: &'a Objects,
    modules: &'a BTreeMap<&str, Names>,
    style: &'a Style,
) -> Vec<File<'a>> {
    let root = File::new("mod.rs", "The types of records.", || root(modules));
    let each = objects.iter().filter_map(|(path, object)| {
        let names = modules.get(path.as_str())?;
        let file = format!("{}.rs", names.module.plain());
        let title = format!("Records of {} ({}).", code(path), code(&object.id));
        let module = Module {
            name: path,
            object,
            record: &names.record,
            modules,
            style,
        };
        let items = move || module.items();
        Some(File::new(file, title, items))
    });
    std::iter::once(root).chain(each).collect()
}

fn root(modules: &BTreeMap<&str, Names>) -> TokenStream {
    let mut names: Vec<_> = modules.values().collect();
    names.sort_unstable_by_key(|names| &names.module);
    let declared = names.iter().map(|Names { module, .. }| {
        let unlinted = unlinted();
        quote! {
            #unlinted
            pub mod #module;
        }
    });
    let used = names.iter().map(|Names { module, record }| {
        quote! {
            #[allow(unreachable_pub, unused_imports)]
            pub use self::#module::#record;
        }
    });
    separated([declared.collect(), used.collect()])
}

/// The module of an object type.
struct Module<'a> {
    name: &'a str,
    object: &'a Object,
    record: &'a Identifier,
    modules: &'a BTreeMap<&'a str, Names>,
    style: &'a Style,
}

impl Module<'_> {
    fn items(&self) -> TokenStream {
        let fields = field_names(self.object);
        let properties = self.object.properties.iter();
        let with_options: Vec<_> = properties
            .filter(|(name, property)| has_enum(property) && fields.contains_key(name.as_str()))
            .collect();
        let derived = ["Patch", "Records"].map(|end| format!("{}{end}", self.record.plain()));
        let mut taken = IMPORTED.to_vec();
        taken.push(self.record.plain());
        taken.extend(derived.iter().map(String::as_str));
        let names = by_text(with_options.iter().map(|(name, _)| *name));
        let enums = distinct(Case::Type, names, &taken);
        let imports = if enums.is_empty() {
            quote!(
                use hubspot_generated::{Record, RecordId};
            )
        } else {
            quote!(
                use hubspot_generated::{PropertyEnum, Record, RecordId};
            )
        };
        let mut items = vec![imports, self.structure(&fields, &enums), self.unique()];
        items.extend(with_options.iter().filter_map(|(name, property)| {
            let ty = enums.get(name.as_str())?;
            Some(enumeration(name, property, ty))
        }));
        let records = |to: &str| Some(&self.modules.get(to)?.record);
        items.push(associations::module(
            self.name,
            self.object,
            self.record,
            records,
        ));
        separated(items)
    }

    fn structure(
        &self,
        names: &BTreeMap<&str, Identifier>,
        enums: &BTreeMap<&str, Identifier>,
    ) -> TokenStream {
        let fields = self
            .object
            .properties
            .iter()
            .filter_map(|(name, property)| {
                let field = names.get(name.as_str())?;
                let ty = self.ty(name, property, enums.get(name.as_str()));
                let docs = field_docs(property);
                let attribute = field_attribute(name, property, field);
                Some(quote! {
                    #docs
                    #attribute
                    pub #field: #ty,
                })
            });
        let title = format!("A record of {}.", code(self.name));
        let title = docs([title.as_str()]);
        let (record, object) = (self.record, &self.object.object);
        let mut properties = names.keys().map(|name| &self.object.properties[*name]);
        // Beside sensitive properties, `Record` implements `Debug` without their values.
        let derives = if properties.all(|property| property.sensitivity.is_none()) {
            quote!(#[derive(Clone, Debug, PartialEq, Record)])
        } else {
            quote!(#[derive(Clone, PartialEq, Record)])
        };
        quote! {
            #title
            #derives
            #[hubspot(object = #object)]
            pub struct #record {
                /// The record's id.
                pub id: RecordId,
                #(#fields)*
            }
        }
    }

    /// The type of a field.
    fn ty(&self, name: &str, property: &Property, choice: Option<&Identifier>) -> TokenStream {
        let full = format!("{}.{name}", self.name);
        let is_whole = || {
            let mut listed = self.style.integers.iter();
            INTEGERS.contains(&name) || listed.any(|listed| *listed == name || *listed == full)
        };
        let text = || quote!(String);
        let one = match (property.kind(), self.style.dates) {
            (ValueKind::Flag, _) => quote!(bool),
            (ValueKind::Number, _) if is_whole() => quote!(i64),
            (ValueKind::Number, _) if self.style.numbers == Numbers::Decimal => {
                quote!(rust_decimal::Decimal)
            }
            (ValueKind::Number, _) => quote!(f64),
            (ValueKind::Date, Dates::Jiff) => quote!(jiff::civil::Date),
            (ValueKind::Date, Dates::Chrono) => quote!(chrono::NaiveDate),
            (ValueKind::Date, Dates::Time) => quote!(time::Date),
            (ValueKind::Time, Dates::Jiff) => quote!(jiff::Timestamp),
            (ValueKind::Time, Dates::Chrono) => quote!(chrono::DateTime<chrono::Utc>),
            (ValueKind::Time, Dates::Time) => quote!(time::OffsetDateTime),
            (ValueKind::Choice | ValueKind::Choices, _) => {
                choice.map_or_else(text, |choice| quote!(#choice))
            }
            (ValueKind::Text | ValueKind::Date | ValueKind::Time, _) => text(),
        };
        if property.kind() == ValueKind::Choices {
            quote!(Vec<#one>)
        } else {
            quote!(Option<#one>)
        }
    }

    /// The constant with the properties that serve as `idProperty`.
    fn unique(&self) -> TokenStream {
        let properties = self.object.properties.iter();
        let unique = properties.filter(|(_, property)| property.unique);
        let unique: Vec<_> = unique.map(|(name, _)| name).collect();
        if unique.is_empty() {
            return TokenStream::new();
        }
        let record = self.record;
        quote! {
            impl #record {
                /// The properties whose values no two records share. They serve as `idProperty`.
                pub const UNIQUE_PROPERTIES: &'static [&'static str] = &[#(#unique),*];
            }
        }
    }
}

/// The name of each property's field. `id` is the record's own.
pub(super) fn field_names(object: &Object) -> BTreeMap<&str, Identifier> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let readable = object.properties.iter();
    let readable = readable.filter(|(_, property)| is_readable(object, property));
    let names = readable.map(|(name, _)| name);
    let names = names.filter(|name| !name.is_empty() && name.bytes().all(is_name));
    distinct(Case::Snake, by_text(names), &["id", "unique_properties"])
}

fn has_enum(property: &Property) -> bool {
    matches!(property.kind(), ValueKind::Choice | ValueKind::Choices)
        && property.choices().next().is_some()
}

fn field_attribute(name: &str, property: &Property, field: &Identifier) -> TokenStream {
    let mut keys = Vec::new();
    if field.plain() != name {
        keys.push(quote!(name = #name));
    }
    if property.kind() == ValueKind::Choices {
        keys.push(quote!(multi));
    }
    if property.read_only {
        keys.push(quote!(read_only));
    }
    if let Some(sensitivity) = property.sensitivity {
        let attribute = Identifier::new(sensitivity.name().to_owned());
        keys.push(quote!(#attribute));
    }
    if keys.is_empty() {
        return TokenStream::new();
    }
    quote!(#[hubspot(#(#keys),*)])
}

fn field_docs(property: &Property) -> TokenStream {
    let notes = [
        (property.read_only, "Read-only: HubSpot sets it."),
        (property.unique, "Unique: no two records share a value."),
    ];
    let notes = notes.iter().filter(|(applies, _)| *applies);
    let texts = [property.label.as_str(), property.description.as_str()];
    docs(texts.into_iter().chain(notes.map(|(_, note)| *note)))
}

/// The name of each option's variant.
pub(super) fn variant_names(property: &Property) -> BTreeMap<&str, Identifier> {
    let values = by_text(property.choices().map(|(value, _)| value));
    distinct(Case::Variant, values, &["Other"])
}

fn enumeration(name: &str, property: &Property, ty: &Identifier) -> TokenStream {
    let names = variant_names(property);
    let variants = property.choices().filter_map(|(value, label)| {
        let variant = names.get(value.as_str())?;
        let docs = docs([label.as_str()]);
        Some(quote! {
            #docs
            #[hubspot(name = #value)]
            #variant,
        })
    });
    let title = format!("The options of {}.", code(name));
    let title = docs([title.as_str(), property.label.as_str()]);
    quote! {
        #title
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PropertyEnum)]
        pub enum #ty {
            #(#variants)*
            /// A value that is not listed here.
            Other(String),
        }
    }
}

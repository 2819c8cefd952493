//! The code of object types: a file each, and `mod.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::associations;
use super::names::{Case, named};
use super::{Dates, Numbers, Object, Objects, Property, Style, ValueKind};
use super::{can_be_named, is_readable};
use crate::emit::{File, code, docs, separated, unlinted};
use crate::model::Identifier;

/// Types that the code of a module calls by these names.
const IMPORTED: [&str; 4] = ["DateTime", "PropertyEnum", "Record", "RecordId"];

/// The type parameters of the derive, which refuses structs of these names.
const PARAMETERS: [&str; 3] = ["S", "U", "V"];

/// Properties whose values are whole in every account.
const INTEGERS: [&str; 1] = ["hs_object_id"];

/// An object type, and what its module and its struct are called.
pub(super) struct Names<'a> {
    pub(super) path: &'a str,
    object: &'a Object,
    pub(super) module: Identifier,
    pub(super) record: Identifier,
}

impl<'a> Names<'a> {
    /// The module, among the others.
    pub(super) fn module(&'a self, modules: &'a [Self], style: &'a Style) -> Module<'a> {
        Module {
            name: self.path,
            object: self.object,
            record: &self.record,
            modules,
            style,
        }
    }
}

/// Each object type with its names.
pub(super) fn modules(objects: &Objects) -> Vec<Names<'_>> {
    let modules = named(Case::Snake, objects, |(path, _)| path.as_str(), &["mod"]);
    let singular = |((_, object), _): &((_, &Object), _)| object.singular.clone();
    let taken = [&IMPORTED[..], &PARAMETERS].concat();
    let names = named(Case::Type, modules, singular, &taken).into_iter();
    let names = names.map(|(((path, object), module), record)| Names {
        path,
        object,
        module,
        record,
    });
    names.collect()
}

/// A file for each object type, and `mod.rs`.
pub(super) fn files<'a>(modules: &'a [Names<'a>], style: &'a Style) -> Vec<File<'a>> {
    let root = File::new("mod.rs", "The types of records.", || root(modules));
    let each = modules.iter().map(|names| {
        let file = format!("{}.rs", names.module.plain());
        let id = code(&names.object.id);
        let title = format!("Records of {} ({id}).", code(names.path));
        let module = names.module(modules, style);
        File::new(file, title, move || module.items())
    });
    std::iter::once(root).chain(each).collect()
}

fn root(modules: &[Names<'_>]) -> TokenStream {
    let mut names: Vec<_> = modules.iter().collect();
    names.sort_unstable_by_key(|names| &names.module);
    let declared = names.iter().map(|Names { module, .. }| {
        let unlinted = unlinted();
        quote! {
            #unlinted
            pub mod #module;
        }
    });
    let used = names.iter().map(|Names { module, record, .. }| {
        quote! {
            #[allow(unreachable_pub, unused_imports)]
            pub use self::#module::#record;
        }
    });
    separated([declared.collect(), used.collect()])
}

/// The module of an object type.
pub(super) struct Module<'a> {
    name: &'a str,
    object: &'a Object,
    record: &'a Identifier,
    modules: &'a [Names<'a>],
    style: &'a Style,
}

impl Module<'_> {
    fn items(&self) -> TokenStream {
        let fields = self.fields();
        let enums = fields.iter();
        let enums = enums.filter_map(|field| Some((field, field.choices.as_ref()?)));
        let enums: Vec<_> = enums
            .map(|(field, ty)| enumeration(field.name, field.property, ty))
            .collect();
        let date_time = fields.iter().any(|field| self.is_date_time(field));
        let date_time = date_time.then(|| quote!(DateTime,));
        let property_enum = (!enums.is_empty()).then(|| quote!(PropertyEnum,));
        let imports = quote!(
            use hubspot_generated::{#date_time #property_enum Record, RecordId};
        );
        let records = |to: &str| {
            let mut modules = self.modules.iter();
            Some(&modules.find(|names| names.path == to)?.record)
        };
        let associations = associations::module(self.name, self.object, self.record, records);
        let items = [imports, self.structure(&fields), self.unique()];
        separated(items.into_iter().chain(enums).chain([associations]))
    }

    /// The fields, with the names of the enums that they have.
    pub(super) fn fields(&self) -> Vec<Field<'_>> {
        let mut fields = fields(self.object);
        let derived = ["Patch", "Records"].map(|end| format!("{}{end}", self.record.plain()));
        let mut taken = IMPORTED.to_vec();
        taken.push(self.record.plain());
        taken.extend(derived.iter().map(String::as_str));
        let with_options = fields.iter_mut().filter(|field| field.property.has_enum());
        for (field, ty) in named(Case::Type, with_options, |field| field.name, &taken) {
            field.choices = Some(ty);
        }
        fields
    }

    fn structure(&self, fields: &[Field<'_>]) -> TokenStream {
        let declared = fields.iter().map(|field| {
            let ty = self.ty(field);
            let docs = field_docs(field.property);
            let attribute = field_attribute(field);
            let ident = &field.ident;
            quote! {
                #docs
                #attribute
                pub #ident: #ty,
            }
        });
        let title = format!("A record of {}.", code(self.name));
        let title = docs([title.as_str()]);
        let (record, object) = (self.record, &self.object.object);
        let mut properties = fields.iter().map(|field| field.property);
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
                #(#declared)*
            }
        }
    }

    /// Whether a field is a date or a time without a library for them: text with an order.
    fn is_date_time(&self, field: &Field<'_>) -> bool {
        let is_date = matches!(field.property.kind(), ValueKind::Date | ValueKind::Time);
        is_date && self.style.dates == Dates::Text
    }

    /// The type of a field.
    pub(super) fn ty(&self, field: &Field<'_>) -> TokenStream {
        let (name, property) = (field.name, field.property);
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
                let choices = field.choices.as_ref();
                choices.map_or_else(text, |choices| quote!(#choices))
            }
            (ValueKind::Date | ValueKind::Time, Dates::Text) => quote!(DateTime),
            (ValueKind::Text, _) => text(),
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

/// A field of a struct.
pub(super) struct Field<'a> {
    /// The property that it is for.
    pub(super) name: &'a str,
    property: &'a Property,
    pub(super) ident: Identifier,
    /// The name of the enum of its options, if the struct has one.
    pub(super) choices: Option<Identifier>,
}

/// The fields of properties, without their enums. `id` is the record's own.
pub(super) fn fields(object: &Object) -> Vec<Field<'_>> {
    let properties = object.properties.iter();
    let properties =
        properties.filter(|(name, property)| is_readable(object, property) && can_be_named(name));
    let taken = ["id", "unique_properties"];
    let fields = named(Case::Snake, properties, |(name, _)| name.as_str(), &taken).into_iter();
    let fields = fields.map(|((name, property), ident)| Field {
        name,
        property,
        ident,
        choices: None,
    });
    fields.collect()
}

fn field_attribute(field: &Field<'_>) -> TokenStream {
    let (name, property) = (field.name, field.property);
    let mut keys = Vec::new();
    if field.ident.plain() != name {
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

/// The value and the label of each option, with the name of its variant.
pub(super) fn variants(property: &Property) -> Vec<((&str, &str), Identifier)> {
    let choices = property.choices();
    let choices = choices.map(|(value, label)| (value.as_str(), label.as_str()));
    named(Case::Variant, choices, |(value, _)| *value, &["Other"])
}

fn enumeration(name: &str, property: &Property, ty: &Identifier) -> TokenStream {
    let variants = variants(property).into_iter();
    let variants = variants.map(|((value, label), variant)| {
        let docs = docs([label]);
        quote! {
            #docs
            #[hubspot(name = #value)]
            #variant,
        }
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

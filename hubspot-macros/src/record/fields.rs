//! The attributes and types of a record's fields.

use std::collections::BTreeMap;

use hubspot_scopes::Sensitivity;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Field, GenericArgument, LitStr, Path, PathArguments, Result, Type};

use crate::declared::combine;

/// What the attribute on the struct says.
pub(super) struct Container {
    pub(super) object: LitStr,
    pub(super) client: Option<Path>,
}

/// A field with the record's id.
pub(super) struct IdField<'a> {
    pub(super) ident: &'a Ident,
}

/// A field with a property.
pub(super) struct Property<'a> {
    pub(super) ident: &'a Ident,
    /// The property's internal name.
    pub(super) name: String,
    /// Where the name stands.
    pub(super) place: Span,
    pub(super) shape: Shape<'a>,
    pub(super) sensitivity: Option<Sensitivity>,
    pub(super) read_only: bool,
}

/// How a field holds the property's value.
#[derive(Clone, Copy)]
pub(super) enum Shape<'a> {
    Required(&'a Type),
    Optional(&'a Type),
    /// `Option<Option<T>>`: the outer one is `None` if the response lacks the property.
    Tracked(&'a Type),
    Multi(&'a Type),
}

impl<'a> Shape<'a> {
    /// The type of a single value.
    pub(super) fn value(self) -> &'a Type {
        match self {
            Self::Required(ty) | Self::Optional(ty) | Self::Tracked(ty) | Self::Multi(ty) => ty,
        }
    }
}

impl Property<'_> {
    /// The name of the constant for the property.
    pub(super) fn constant(&self) -> Ident {
        let name = self.ident.unraw().to_string().to_uppercase();
        Ident::new(&name, self.ident.span())
    }
}

const CONTAINER_KEYS: &str = "the keys on a record are `object = \"contacts\"` and `crate = path`";
const ID_KEYS: &str = "the field of the record's id takes no other key";
const OPTIONAL_LIST: &str = "a list is empty if the property has no value: use `#[hubspot(multi)] Vec<…>`, without `Option`";
const NOT_THE_ID: &str = "`id` is the record's id, of the type `RecordId`\nfor another name of this type add \
     `#[hubspot(id)]`; for a property that is called `id` add `#[hubspot(name = \"id\")]`";

const FIELD_KEYS: &str = "the keys on a field are `name = \"…\"`, `id`, `multi`, `read_only`, `sensitive` and `highly_sensitive`";

/// Calls `parse` with each key in `#[hubspot(...)]`. A key stands there once.
pub(super) fn keys(
    attributes: &[Attribute],
    mut parse: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    let mut known = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("hubspot") {
            attribute.parse_nested_meta(|meta| {
                let key = meta.path.to_token_stream().to_string();
                if known.contains(&key) {
                    return Err(meta.error(format!("`{key}` is given twice")));
                }
                known.push(key);
                parse(meta)
            })?;
        }
    }
    Ok(())
}

impl Container {
    pub(super) fn parse(attributes: &[Attribute], name: &Ident) -> Result<Self> {
        let (mut object, mut client) = (None, None);
        keys(attributes, |meta| {
            if meta.path.is_ident("object") {
                object = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("crate") {
                client = Some(meta.value()?.parse()?);
            } else {
                return Err(meta.error(format!("unknown key; {CONTAINER_KEYS}")));
            }
            Ok(())
        })?;
        let missing = || {
            let message =
                "a record needs the object type that it is of: `#[hubspot(object = \"contacts\")]`";
            Error::new(name.span(), message)
        };
        Ok(Self {
            object: object.ok_or_else(missing)?,
            client,
        })
    }
}

/// The fields of a record: that of the id, and those of properties, sorted by name.
pub(super) fn parse<'a>(
    fields: impl Iterator<Item = &'a Field>,
) -> Result<(Option<IdField<'a>>, Vec<Property<'a>>)> {
    let mut id = None::<IdField<'a>>;
    let mut properties = Vec::new();
    let mut errors = Vec::new();
    for field in fields {
        match parse_field(field) {
            Ok(Parsed::Property(property)) => properties.push(property),
            Ok(Parsed::Id(found)) if id.is_some() => {
                errors.push(Error::new(
                    found.ident.span(),
                    "a record has one field for its id",
                ));
            }
            Ok(Parsed::Id(found)) => id = Some(found),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(repeated(&properties));
    properties.sort_by(|one, other| one.name.cmp(&other.name));
    combine(errors)?;
    Ok((id, properties))
}

enum Parsed<'a> {
    Id(IdField<'a>),
    Property(Property<'a>),
}

/// What the attribute on a field says.
#[derive(Default)]
struct Keys {
    name: Option<LitStr>,
    multi: Option<Span>,
    read_only: bool,
    is_id: bool,
    sensitivity: Option<Sensitivity>,
}

impl Keys {
    fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut of = Self::default();
        keys(attributes, |meta| {
            let key = meta.path.get_ident().map(ToString::to_string);
            match key.as_deref() {
                Some("name") => of.name = Some(meta.value()?.parse()?),
                Some("multi") => of.multi = Some(meta.path.span()),
                Some("read_only") => of.read_only = true,
                Some("id") => of.is_id = true,
                Some("sensitive") => {
                    of.sensitivity = of.sensitivity.max(Some(Sensitivity::Sensitive));
                }
                Some("highly_sensitive") => of.sensitivity = Some(Sensitivity::HighlySensitive),
                _ => return Err(meta.error(format!("unknown key; {FIELD_KEYS}"))),
            }
            Ok(())
        })?;
        Ok(of)
    }

    /// Returns whether the field is for the record's id. Neither a property named `id` nor the id of another record is taken
    /// for it by mistake.
    fn is_id(&self, field: &Field, ident: &Ident) -> Result<bool> {
        let is_bare = self.name.is_none() && self.multi.is_none() && !self.read_only;
        if self.is_id {
            let is_alone = is_bare && self.sensitivity.is_none();
            return is_alone
                .then_some(true)
                .ok_or_else(|| Error::new(ident.span(), ID_KEYS));
        }
        if self.name.is_some() {
            return Ok(false);
        }
        let is_of_type = last_segment(&field.ty).is_some_and(|(last, _)| last == "RecordId");
        match (ident == "id", is_of_type) {
            (true, true) if is_bare && self.sensitivity.is_none() => Ok(true),
            (true, _) => Err(Error::new(field.ty.span(), NOT_THE_ID)),
            (false, true) => {
                let message = format!(
                    "the field of the record's id is called `id`, or has `#[hubspot(id)]`\nfor a property with the id of \
                     another record add `#[hubspot(name = \"{}\")]`",
                    ident.unraw()
                );
                Err(Error::new(ident.span(), message))
            }
            (false, false) => Ok(false),
        }
    }
}

fn parse_field(field: &Field) -> Result<Parsed<'_>> {
    let Some(ident) = &field.ident else {
        return Err(Error::new(field.span(), "a field of a record needs a name"));
    };
    let keys = Keys::parse(&field.attrs)?;
    if keys.is_id(field, ident)? {
        return Ok(Parsed::Id(IdField { ident }));
    }
    let place = keys.name.as_ref().map_or(ident.span(), LitStr::span);
    let name = keys.name.as_ref();
    let name = name.map_or_else(|| ident.unraw().to_string(), LitStr::value);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || !name.bytes().all(is_name) {
        let message =
            "the internal name of a property has ASCII letters, digits, `_`, `-` and `.` only";
        return Err(Error::new(place, message));
    }
    Ok(Parsed::Property(Property {
        ident,
        name,
        place,
        shape: shape(&field.ty, keys.multi)?,
        sensitivity: keys.sensitivity,
        read_only: keys.read_only,
    }))
}

fn shape(ty: &Type, multi: Option<Span>) -> Result<Shape<'_>> {
    let inner = |ty| {
        let (last, argument) = last_segment(ty)?;
        Some((last.to_string(), argument?))
    };
    let outer = inner(ty);
    let of = |name| {
        let (last, argument) = outer.as_ref()?;
        (last == name).then_some(*argument)
    };
    match (of("Vec"), multi) {
        (Some(value), Some(_)) => return Ok(Shape::Multi(value)),
        (Some(_), None) => {
            let message =
                "a list is for properties with several checkboxes: add `#[hubspot(multi)]`";
            return Err(Error::new(ty.span(), message));
        }
        (None, Some(place)) => {
            return Err(Error::new(
                place,
                "`multi` is for fields of a type `Vec<…>`",
            ));
        }
        (None, None) => {}
    }
    let Some(value) = of("Option") else {
        return Ok(Shape::Required(ty));
    };
    if inner(value).is_some_and(|(last, _)| last == "Vec") {
        return Err(Error::new(ty.span(), OPTIONAL_LIST));
    }
    Ok(match inner(value) {
        Some((last, inner)) if last == "Option" => Shape::Tracked(inner),
        _ => Shape::Optional(value),
    })
}

/// The last part of a type's path, and its only type argument.
fn last_segment(ty: &Type) -> Option<(&Ident, Option<&Type>)> {
    let ty = match ty {
        Type::Group(group) => &*group.elem,
        other => other,
    };
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => {
            match arguments.args.first() {
                Some(GenericArgument::Type(ty)) => Some(ty),
                _ => None,
            }
        }
        _ => None,
    };
    Some((&last.ident, argument))
}

/// An error for each field whose property, or whose constant, another field has already.
fn repeated(properties: &[Property<'_>]) -> Vec<Error> {
    let (mut names, mut constants) = (BTreeMap::new(), BTreeMap::new());
    let mut errors = Vec::new();
    for property in properties {
        if let Some(other) = names.insert(&property.name, property.ident) {
            let message = format!(
                "the fields `{other}` and `{}` are for the same property, `{}`",
                property.ident, property.name
            );
            errors.push(Error::new(property.place, message));
        } else if let Some(other) =
            constants.insert(property.constant().to_string(), property.ident)
        {
            let message = format!(
                "the fields `{other}` and `{}` would have the same constant, `{}`",
                property.ident,
                property.constant()
            );
            errors.push(Error::new(property.ident.span(), message));
        }
    }
    errors
}

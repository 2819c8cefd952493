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

fn parse_field(field: &Field) -> Result<Parsed<'_>> {
    let Some(ident) = &field.ident else {
        return Err(Error::new(field.span(), "a field of a record needs a name"));
    };
    let (mut name, mut multi, mut read_only, mut is_id, mut sensitivity) =
        (None::<LitStr>, None, false, false, None);
    keys(&field.attrs, |meta| {
        let key = meta
            .path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        match &*key {
            "name" => name = Some(meta.value()?.parse()?),
            "multi" => multi = Some(meta.path.span()),
            "read_only" => read_only = true,
            "id" => is_id = true,
            "sensitive" => sensitivity = sensitivity.max(Some(Sensitivity::Sensitive)),
            "highly_sensitive" => sensitivity = Some(Sensitivity::HighlySensitive),
            _ => return Err(meta.error(format!("unknown key; {FIELD_KEYS}"))),
        }
        Ok(())
    })?;
    if is_id
        || (name.is_none() && last_segment(&field.ty).is_some_and(|(last, _)| last == "RecordId"))
    {
        return Ok(Parsed::Id(IdField { ident }));
    }
    let place = name.as_ref().map_or(ident.span(), LitStr::span);
    let name = name.map_or_else(|| ident.unraw().to_string(), |name| name.value());
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || !name.bytes().all(is_name) {
        let message = "the internal name of a property has ASCII letters, digits and `_` only";
        return Err(Error::new(place, message));
    }
    Ok(Parsed::Property(Property {
        ident,
        name,
        place,
        shape: shape(&field.ty, multi)?,
        sensitivity,
        read_only,
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

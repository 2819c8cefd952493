//! Compares the types of two operations by their shape: names of schemas do not matter, fields and values do.

use std::collections::BTreeSet;

use super::pairs::Pair;
use super::{ChangeKind, Found};
use crate::model::{Document, Field, Place, Shape, Type, Variant};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// From the program to HubSpot.
    Request,
    /// From HubSpot to the program.
    Response,
}

/// Walks through the types of two operations.
pub(super) struct Walk<'a, 'f> {
    old: &'a Document,
    new: &'a Document,
    operation: String,
    /// Schemas that were compared, by their names.
    seen: BTreeSet<(Direction, &'a str, &'a str)>,
    found: &'f mut Found,
}

/// Aliases of aliases are followed this far.
const MOST_ALIASES: usize = 64;

/// What a type is in its document.
enum Known<'a> {
    Named(&'a str, &'a Shape),
    Plain(&'a Type),
}

fn known<'a>(document: &'a Document, mut ty: &'a Type) -> Known<'a> {
    for _ in 0..MOST_ALIASES {
        let Type::Named(name) = ty else { break };
        match document.schemas.get(name).map(|schema| &schema.shape) {
            Some(Shape::Alias(target)) => ty = target,
            Some(shape) => return Known::Named(name, shape),
            None => break,
        }
    }
    Known::Plain(ty)
}

impl<'a, 'f> Walk<'a, 'f> {
    pub(super) fn new(pair: &Pair<'a>, found: &'f mut Found) -> Self {
        Self {
            old: pair.old.0,
            new: pair.new.0,
            operation: pair.label(),
            seen: BTreeSet::new(),
            found,
        }
    }

    pub(super) fn add(&mut self, kind: ChangeKind, what: &str, place: &Place) {
        self.found.add(kind, what, self.operation.clone(), place);
    }

    /// Compares two types. `at` says what has them.
    pub(super) fn types(
        &mut self,
        direction: Direction,
        old: &'a Type,
        new: &'a Type,
        at: &str,
        place: &Place,
    ) {
        match (known(self.old, old), known(self.new, new)) {
            (Known::Named(one, old), Known::Named(other, new)) => {
                if self.seen.insert((direction, one, other)) {
                    self.shapes(direction, (one, old), (other, new), at, place);
                }
            }
            (Known::Plain(Type::Array(old)), Known::Plain(Type::Array(new))) => {
                self.types(direction, old, new, &format!("{at}, each element"), place);
            }
            (
                Known::Plain(Type::Map {
                    value: old,
                    nullable: was,
                }),
                Known::Plain(Type::Map {
                    value: new,
                    nullable: is,
                }),
            ) => {
                let at = format!("{at}, each value");
                self.nullable(direction, *was, *is, &at, place);
                self.types(direction, old, new, &at, place);
            }
            (Known::Plain(one), Known::Plain(other)) if one == other => {}
            (one, other) => self.retyped(direction, &one, &other, at, place),
        }
    }

    fn shapes(
        &mut self,
        direction: Direction,
        (one, old): (&'a str, &'a Shape),
        (other, new): (&'a str, &'a Shape),
        at: &str,
        place: &Place,
    ) {
        match (old, new) {
            (Shape::Object(old), Shape::Object(new)) => {
                let owner = if one == other {
                    other.to_owned()
                } else {
                    format!("{other} (was {one})")
                };
                self.fields(direction, old, new, &owner);
            }
            (Shape::Enum(old), Shape::Enum(new)) => {
                let what = |value: &String| format!("the value `{value}` of `{other}`");
                self.listed(direction, old, new, &what, place);
            }
            (Shape::Union(old), Shape::Union(new)) => {
                let names = |variants: &[Variant]| {
                    let names = variants.iter().map(|variant| variant.name.clone());
                    names.collect::<Vec<_>>()
                };
                let what = |variant: &String| format!("the variant `{variant}` of `{other}`");
                self.listed(direction, &names(old), &names(new), &what, place);
                for (one, other) in old.iter().flat_map(|one| {
                    let same = new.iter().filter(|other| other.name == one.name);
                    same.map(move |other| (one, other))
                }) {
                    self.types(direction, &one.ty, &other.ty, at, &other.notes.place);
                }
            }
            (old, new) if old == new => {}
            (old, new) => {
                let (one, other) = (Known::Named(one, old), Known::Named(other, new));
                self.retyped(direction, &one, &other, at, place);
            }
        }
    }

    /// Compares lists of values or variants.
    fn listed(
        &mut self,
        direction: Direction,
        old: &[String],
        new: &[String],
        what: &dyn Fn(&String) -> String,
        place: &Place,
    ) {
        let (removed, added) = match direction {
            Direction::Request => (
                ChangeKind::RequestValueRemoved,
                ChangeKind::RequestValueAdded,
            ),
            Direction::Response => (
                ChangeKind::ResponseValueRemoved,
                ChangeKind::ResponseValueAdded,
            ),
        };
        for (kind, here, there) in [(removed, old, new), (added, new, old)] {
            for value in here.iter().filter(|value| !there.contains(value)) {
                self.add(kind, &what(value), place);
            }
        }
    }

    fn fields(&mut self, direction: Direction, old: &'a [Field], new: &'a [Field], owner: &str) {
        let at = |field: &Field| format!("the field `{}` of `{owner}`", field.name);
        let is_request = direction == Direction::Request;
        for field in old {
            let Some(now) = new.iter().find(|now| now.name == field.name) else {
                let kind = if is_request {
                    ChangeKind::RequestFieldRemoved
                } else {
                    ChangeKind::ResponseFieldRemoved
                };
                self.add(kind, &at(field), &field.notes.place);
                continue;
            };
            let (at, place) = (at(now), &now.notes.place);
            let required = match (is_request, field.required, now.required) {
                (true, false, true) => Some(ChangeKind::RequestFieldRequired),
                (true, true, false) => Some(ChangeKind::RequestFieldOptional),
                (false, false, true) => Some(ChangeKind::ResponseFieldRequired),
                (false, true, false) => Some(ChangeKind::ResponseFieldOptional),
                _ => None,
            };
            let deprecated = match (field.deprecated, now.deprecated) {
                (false, true) => Some(ChangeKind::FieldDeprecated),
                (true, false) => Some(ChangeKind::FieldRestored),
                _ => None,
            };
            for kind in required.into_iter().chain(deprecated) {
                self.add(kind, &at, place);
            }
            self.nullable(direction, field.nullable, now.nullable, &at, place);
            self.types(direction, &field.ty, &now.ty, &at, place);
        }
        for field in new {
            if old.iter().any(|before| before.name == field.name) {
                continue;
            }
            let kind = match (is_request, field.required) {
                (true, true) => ChangeKind::RequiredRequestFieldAdded,
                (true, false) => ChangeKind::RequestFieldAdded,
                (false, _) => ChangeKind::ResponseFieldAdded,
            };
            self.add(kind, &at(field), &field.notes.place);
        }
    }

    fn nullable(&mut self, direction: Direction, was: bool, is: bool, at: &str, place: &Place) {
        let kind = match (direction, was, is) {
            (Direction::Request, false, true) => ChangeKind::RequestFieldNullable,
            (Direction::Request, true, false) => ChangeKind::RequestFieldNotNullable,
            (Direction::Response, false, true) => ChangeKind::ResponseFieldNullable,
            (Direction::Response, true, false) => ChangeKind::ResponseFieldNotNullable,
            _ => return,
        };
        self.add(kind, at, place);
    }

    fn retyped(
        &mut self,
        direction: Direction,
        old: &Known<'_>,
        new: &Known<'_>,
        at: &str,
        place: &Place,
    ) {
        let kind = match direction {
            Direction::Request if contains(new, old) => ChangeKind::RequestWidened,
            Direction::Request => ChangeKind::RequestRetyped,
            Direction::Response if contains(old, new) => ChangeKind::ResponseNarrowed,
            Direction::Response => ChangeKind::ResponseRetyped,
        };
        let what = format!("{at}: {} instead of {}", shown(new), shown(old));
        self.add(kind, &what, place);
    }
}

/// Returns whether every value of the second type is one of the first.
fn contains(wide: &Known<'_>, narrow: &Known<'_>) -> bool {
    let Known::Plain(wide) = wide else {
        return false;
    };
    match (wide, narrow) {
        (Type::Any, _) | (Type::String, Known::Named(_, Shape::Enum(_))) => true,
        (wide, Known::Plain(narrow)) => matches!(
            (wide, narrow),
            (Type::String, Type::DateTime | Type::Constant(_))
                | (Type::Int64, Type::Int32)
                | (Type::Double, Type::Int32 | Type::Int64)
        ),
        _ => false,
    }
}

fn shown(known: &Known<'_>) -> String {
    match known {
        Known::Named(name, Shape::Object(_)) => format!("the object `{name}`"),
        Known::Named(name, _) => format!("`{name}`"),
        Known::Plain(ty) => ty.to_string(),
    }
}

//! The filters of a search.

use std::cmp::Ordering;

use serde::Deserialize;

use crate::behavior::objects::search::tokens::Pattern;
use crate::definitions::{Key, ObjectType, Property, PropertyType, Role, value as values};
use crate::store::{Record, Store};
use crate::values::{Detail, PropertyId, Refusal, TypeId};

/// A filter in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filter<'a> {
    property_name: &'a str,
    operator: Operator,
    value: Option<&'a str>,
    high_value: Option<&'a str>,
    #[serde(borrow, default)]
    values: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Operator {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
}

/// A validated filter.
#[derive(Debug)]
pub(crate) enum Condition<'a> {
    Property(PropertyTest<'a>),
    Association { to: TypeId, ids: Vec<u64> },
}

/// A property, and the test that its value has to pass.
#[derive(Debug)]
pub(crate) struct PropertyTest<'a> {
    pub(super) property: PropertyId,
    /// Whether values are lists of options, each of which is compared.
    several: bool,
    pub(super) test: Test<'a>,
}

/// The test that a value has to pass.
#[derive(Debug)]
pub(crate) enum Test<'a> {
    /// Between these ends; `true` if the end is included.
    Range {
        low: Option<(Key<'a>, bool)>,
        high: Option<(Key<'a>, bool)>,
    },
    /// One of these.
    In(Vec<Key<'a>>),
    /// A value other than these.
    NotIn(Vec<Key<'a>>),
    /// Any value.
    Filled,
    /// No value.
    Empty,
    /// A value with these words.
    Contains(Pattern),
    /// A value without these words.
    Lacks(Pattern),
}

impl<'a> Filter<'a> {
    /// Validates the filter.
    pub(crate) fn check(&self, store: &Store, ty: TypeId) -> Result<Condition<'a>, Refusal> {
        let name = self.property_name;
        if let Some(to) = name.strip_prefix("associations.") {
            return self.association(
                store
                    .resolve_type(to)
                    .ok_or_else(|| unknown_property(name))?,
            );
        }
        let ty = &store.records(ty)?.ty;
        let (id, property) = ty.named(name).ok_or_else(|| unknown_property(name))?;
        self.check_operator(property)?;
        let key = |text: Option<&'a str>, field| {
            let text = text.ok_or_else(|| self.lacks(field))?;
            self.key(property, text)
        };
        let one = || key(self.value, "value");
        let range = |low, high| Test::Range { low, high };
        let test = match self.operator {
            Operator::Eq => Test::In(vec![one()?]),
            Operator::Neq => Test::NotIn(vec![one()?]),
            Operator::Lt => range(None, Some((one()?, false))),
            Operator::Lte => range(None, Some((one()?, true))),
            Operator::Gt => range(Some((one()?, false)), None),
            Operator::Gte => range(Some((one()?, true)), None),
            Operator::Between => range(
                Some((one()?, true)),
                Some((key(self.high_value, "highValue")?, true)),
            ),
            Operator::In => Test::In(self.list(property)?),
            Operator::NotIn => Test::NotIn(self.list(property)?),
            Operator::HasProperty => Test::Filled,
            Operator::NotHasProperty => Test::Empty,
            Operator::ContainsToken => Test::Contains(self.pattern()?),
            Operator::NotContainsToken => Test::Lacks(self.pattern()?),
        };
        Ok(Condition::Property(PropertyTest {
            property: id,
            several: property.ty == PropertyType::Checkboxes,
            test,
        }))
    }

    /// Validates a filter on associated records, which HubSpot compares by id.
    fn association(&self, to: TypeId) -> Result<Condition<'a>, Refusal> {
        let texts = match self.operator {
            Operator::Eq => vec![self.value.ok_or_else(|| self.lacks("value"))?],
            Operator::In => self.values.clone(),
            operator => {
                let message = format!("Operator {operator:?} does not apply to associations");
                return Err(refused(message, "INVALID_OPERATOR", self.property_name));
            }
        };
        let id = |text: &&str| {
            let message = format!("\"{text}\" is not the id of a record");
            let parsed = text.trim().parse();
            parsed.map_err(|_| refused(message, "INVALID_VALUE", self.property_name))
        };
        let ids = texts.iter().map(id).collect::<Result<_, _>>()?;
        Ok(Condition::Association { to, ids })
    }

    /// Fails if the operator does not apply to the type of the property.
    fn check_operator(&self, property: &Property) -> Result<(), Refusal> {
        let suits = match self.operator {
            Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte | Operator::Between => {
                property.ty.is_ordered()
            }
            Operator::ContainsToken | Operator::NotContainsToken => property.ty.is_text(),
            _ => true,
        };
        if suits {
            return Ok(());
        }
        let message = format!(
            "Operator {:?} does not apply to property \"{}\" of type {}",
            self.operator,
            property.name,
            property.ty.wire()
        );
        Err(refused(message, "INVALID_OPERATOR", self.property_name))
    }

    fn key(&self, property: &Property, text: &'a str) -> Result<Key<'a>, Refusal> {
        values::key(property.ty, text).ok_or_else(|| {
            let message = format!(
                "\"{text}\" is not a value that property \"{}\" of type {} can be compared with",
                property.name,
                property.ty.wire()
            );
            refused(message, "INVALID_VALUE", self.property_name)
        })
    }

    /// The values of `IN` and `NOT_IN`. Text must be in lower case there to match, as with HubSpot.
    fn list(&self, property: &Property) -> Result<Vec<Key<'a>>, Refusal> {
        if self.values.is_empty() {
            return Err(self.lacks("values"));
        }
        let strict = matches!(
            property.ty,
            PropertyType::Text | PropertyType::Email | PropertyType::Phone
        );
        let keys = self.values.iter().map(|text| {
            if strict && property.role == Role::Plain {
                return Ok(Key::Text((*text).into()));
            }
            self.key(property, text)
        });
        keys.collect()
    }

    fn pattern(&self) -> Result<Pattern, Refusal> {
        self.value
            .map(Pattern::new)
            .ok_or_else(|| self.lacks("value"))
    }

    fn lacks(&self, field: &str) -> Refusal {
        let message = format!(
            "A filter with operator {:?} on \"{}\" needs {field}",
            self.operator, self.property_name
        );
        refused(message, "MISSING_VALUE", self.property_name)
    }
}

impl Condition<'_> {
    /// Whether a record of this type meets the condition.
    pub(crate) fn matches(&self, store: &Store, ty: TypeId, record: &Record) -> bool {
        match self {
            Self::Property(test) => {
                let definition = store.definition(ty);
                definition.is_some_and(|definition| test.matches(definition, record))
            }
            Self::Association { to, ids } => {
                let neighbours = store.associations.neighbours((ty, record.id), *to);
                neighbours.is_some_and(|known| ids.iter().any(|id| known.contains_key(id)))
            }
        }
    }
}

impl PropertyTest<'_> {
    /// Whether a record passes the test.
    fn matches(&self, ty: &ObjectType, record: &Record) -> bool {
        let property = ty.property(self.property);
        let key = property.and_then(|property| record.key(self.property, property));
        let Some(key) = key else {
            return matches!(self.test, Test::Empty);
        };
        match &self.test {
            Test::Filled => true,
            Test::Empty => false,
            Test::In(keys) => self.is_one_of(&key, keys),
            Test::NotIn(keys) => !self.is_one_of(&key, keys),
            Test::Range { .. } => self.position(&key) == Some(Ordering::Equal),
            Test::Contains(pattern) => text(&key).is_some_and(|text| pattern.is_in(text)),
            Test::Lacks(pattern) => text(&key).is_some_and(|text| !pattern.is_in(text)),
        }
    }

    /// Compares a value with the range of the test: `Less` is below it, `Equal` within. `None` if the test has no range.
    pub(super) fn position(&self, key: &Key<'_>) -> Option<Ordering> {
        match &self.test {
            Test::In(keys) => match keys.as_slice() {
                [only] if !self.several => Some(key.order(only)),
                _ => None,
            },
            Test::Range { low, high } => {
                let outside = |end: &Option<(Key<'_>, bool)>, direction| {
                    end.as_ref().is_some_and(|(end, closed)| {
                        let order = key.order(end);
                        order == direction || (order == Ordering::Equal && !closed)
                    })
                };
                Some(if outside(low, Ordering::Less) {
                    Ordering::Less
                } else if outside(high, Ordering::Greater) {
                    Ordering::Greater
                } else {
                    Ordering::Equal
                })
            }
            _ => None,
        }
    }

    fn is_one_of(&self, key: &Key<'_>, keys: &[Key<'_>]) -> bool {
        match key {
            Key::Text(text) if self.several => {
                let mut chosen = text.split(';');
                chosen.any(|chosen| {
                    keys.iter()
                        .any(|key| key.order(&Key::Text(chosen.into())) == Ordering::Equal)
                })
            }
            _ => keys.iter().any(|known| key.order(known) == Ordering::Equal),
        }
    }
}

fn text<'a>(key: &'a Key<'_>) -> Option<&'a str> {
    match key {
        Key::Text(text) => Some(text),
        Key::Number(_) | Key::Moment(_) => None,
    }
}

/// 400 for a property that does not exist.
pub(super) fn unknown_property(name: &str) -> Refusal {
    refused(
        format!("Property \"{name}\" does not exist"),
        "PROPERTY_DOESNT_EXIST",
        name,
    )
}

fn refused(message: String, code: &'static str, name: &str) -> Refusal {
    let refusal = Refusal::validation(format!("There was a problem with the request: {message}"));
    refusal.details([Detail::of_property(name, code, message)])
}

//! Requirements, lists and kinds of login as text in JSON, for `#[serde(with = "…")]`.

use hubspot_scopes::{LoginKind, Requirement, ScopeList};
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};
use serde_json::Value;

/// A type that is text in JSON, or `null`, or a list of texts.
pub(crate) trait Text: Sized {
    fn write(&self) -> Value;
    fn read(value: Value) -> Result<Self, String>;
}

macro_rules! text {
    ($($type:ty),*) => {
        $(impl Text for $type {
            fn write(&self) -> Value {
                self.to_string().into()
            }

            fn read(value: Value) -> Result<Self, String> {
                let text = value.as_str().unwrap_or_default();
                text.parse().map_err(|error| format!("{value}: {error}"))
            }
        })*
    };
}

text!(LoginKind, Requirement, ScopeList);

impl<T: Text> Text for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Text::write)
    }

    fn read(value: Value) -> Result<Self, String> {
        let value = (!value.is_null()).then_some(value);
        value.map(T::read).transpose()
    }
}

impl<T: Text> Text for Vec<T> {
    fn write(&self) -> Value {
        self.iter().map(Text::write).collect()
    }

    fn read(value: Value) -> Result<Self, String> {
        let values = serde_json::from_value::<Vec<Value>>(value);
        let values = values.map_err(|error| error.to_string())?;
        values.into_iter().map(T::read).collect()
    }
}

pub(crate) fn serialize<T: Text, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.write().serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::read(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

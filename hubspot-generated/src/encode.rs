//! Writes the JSON of requests.
//!
//! The text is what `serde_json` would write: no white space, control characters as escapes. A number that JSON does not
//! have is an error with its path.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Number, Value};

use crate::decode::{DecodeError, Decoded};
use crate::plain::plain_length;

/// A body that a request can be given; see [`Request::json`](crate::Request::json).
///
/// Implemented for every type that implements serde's `Serialize`, and for the models of this crate whether or not its
/// feature `serde` is enabled.
pub trait WriteBody: Sized {
    #[doc(hidden)]
    fn write_body(self) -> Decoded<Vec<u8>>;
}

impl<T: Serialize> WriteBody for T {
    #[inline]
    fn write_body(self) -> Decoded<Vec<u8>> {
        serde_json::to_vec(&self).map_err(|_| DecodeError::new("a value has no form in JSON"))
    }
}

/// A type that is written as JSON.
pub trait Encode {
    /// Appends the value to `json`.
    fn encode(&self, json: &mut String) -> Decoded;

    /// Whether an object leaves this field out.
    fn is_unset(&self) -> bool {
        false
    }
}

/// Writes a whole body.
pub fn encode(value: &dyn Encode) -> Decoded<Vec<u8>> {
    let mut json = String::with_capacity(1024);
    value.encode(&mut json)?;
    Ok(json.into_bytes())
}

/// Writes a member of an object that has others before it.
pub(crate) fn member(json: &mut String, name: &str, value: &dyn Encode) -> Decoded {
    json.push(',');
    text(json, name);
    json.push(':');
    value.encode(json)
}

/// A JSON object that has members, with another one.
pub(crate) fn with_member(object: &[u8], name: &str, value: &dyn Encode) -> Decoded<Vec<u8>> {
    let mut added = String::new();
    member(&mut added, name, value)?;
    let open = object.strip_suffix(b"}").unwrap_or(object);
    Ok([open, added.as_bytes(), b"}"].concat())
}

/// Writes an object whose `fields` are named by `names`. Unset fields are left out, except that `nulls` are `null`.
pub fn object(
    json: &mut String,
    names: &[&str],
    nulls: &[&str],
    fields: &[&dyn Encode],
) -> Decoded {
    let start = json.len();
    for (name, field) in names.iter().zip(fields) {
        if !field.is_unset() || nulls.contains(name) {
            json.push(if json.len() == start { '{' } else { ',' });
            entry(json, name, *field)?;
        }
    }
    if json.len() == start {
        json.push('{');
    }
    json.push('}');
    Ok(())
}

fn entry(json: &mut String, name: &str, value: &dyn Encode) -> Decoded {
    text(json, name);
    json.push(':');
    value.encode(json).map_err(|error| error.at_key(name))
}

/// Writes a string.
pub fn text(json: &mut String, text: &str) {
    json.reserve(text.len() + 2);
    json.push('"');
    let mut rest = text;
    loop {
        let at = plain_length(rest.as_bytes());
        json.push_str(&rest[..at]);
        let Some(&special) = rest.as_bytes().get(at) else {
            break;
        };
        let escape = match special {
            b'"' => '"',
            b'\\' => '\\',
            b'\x08' => 'b',
            b'\x0c' => 'f',
            b'\n' => 'n',
            b'\r' => 'r',
            b'\t' => 't',
            _ => 'u',
        };
        json.push('\\');
        json.push(escape);
        if escape == 'u' {
            let _ = write!(json, "{special:04x}");
        }
        rest = &rest[at + 1..];
    }
    json.push('"');
}

/// Implements [`Encode`] for a struct, whose fields are given with their names in JSON. Fields behind `null` are written
/// although they are unset; those behind `const` have a fixed text and are no fields of the struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode_fields {
    ($type:ident; $($name:literal $field:ident),* $(,)? $(; null $($null:literal)*)? $(; const $($const:literal $value:literal)*)?) => {
        impl $crate::__rt::encode::Encode for $type {
            #[inline]
            fn encode(&self, json: &mut String) -> $crate::__rt::decode::Decoded {
                let nulls: &[&str] = &[$($($null),*)?];
                $crate::__rt::encode::object(
                    json,
                    &[$($($const,)*)? $($name),*],
                    nulls,
                    &[$($(&$value,)*)? $(&self.$field),*],
                )
            }
        }
    };
}

/// Implements [`Encode`] and [`WriteBody`] for a model that does not implement serde's traits.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode_model {
    ($type:ident; $($fields:tt)*) => {
        $crate::__encode_fields!($type; $($fields)*);
        $crate::__write_body!($type);
    };
}

/// Implements [`WriteBody`] for a type that implements [`Encode`] and not serde's traits.
#[doc(hidden)]
#[macro_export]
macro_rules! __write_body {
    ($type:ident) => {
        impl $crate::__rt::encode::WriteBody for $type {
            #[inline]
            fn write_body(self) -> $crate::__rt::decode::Decoded<Vec<u8>> {
                $crate::__rt::encode::encode(&self)
            }
        }

        impl $crate::__rt::encode::WriteBody for &$type {
            #[inline]
            fn write_body(self) -> $crate::__rt::decode::Decoded<Vec<u8>> {
                $crate::__rt::encode::encode(self)
            }
        }
    };
}

// The same for a model of this crate, which implements serde's traits with the feature `serde`.
#[cfg(feature = "serde")]
pub(crate) use __encode_fields as model;
#[cfg(not(feature = "serde"))]
pub(crate) use __encode_model as model;

impl Encode for str {
    fn encode(&self, json: &mut String) -> Decoded {
        text(json, self);
        Ok(())
    }
}

/// A constant.
impl Encode for &'static str {
    fn encode(&self, json: &mut String) -> Decoded {
        text(json, self);
        Ok(())
    }
}

impl Encode for String {
    fn encode(&self, json: &mut String) -> Decoded {
        text(json, self);
        Ok(())
    }
}

impl Encode for f64 {
    fn encode(&self, json: &mut String) -> Decoded {
        let number =
            Number::from_f64(*self).ok_or_else(|| DecodeError::new("the number is not finite"))?;
        let _ = write!(json, "{number}");
        Ok(())
    }
}

/// What is written as it is displayed.
macro_rules! encode_displayed {
    ($($type:ident)*) => {$(
        impl Encode for $type {
            fn encode(&self, json: &mut String) -> Decoded {
                let _ = write!(json, "{self}");
                Ok(())
            }
        }
    )*};
}
encode_displayed! { bool i32 i64 Value }

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, json: &mut String) -> Decoded {
        if let Some(value) = self {
            return value.encode(json);
        }
        json.push_str("null");
        Ok(())
    }

    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, json: &mut String) -> Decoded {
        (**self).encode(json)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, json: &mut String) -> Decoded {
        json.push('[');
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            element
                .encode(json)
                .map_err(|error| error.at_index(index))?;
        }
        json.push(']');
        Ok(())
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, json: &mut String) -> Decoded {
        json.push('{');
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            entry(json, name, value)?;
        }
        json.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_serde_json_writes_them() {
        let text = (0..=0xff_u8).map(char::from).chain("€😀\u{2028}".chars());
        let text = text.collect::<String>();
        assert_eq!(encode(&text).unwrap(), serde_json::to_vec(&text).unwrap());
        for number in [0.0, -0.0, 1.5, 1e21, -2.5e-9, f64::MAX, f64::MIN_POSITIVE] {
            let json = serde_json::to_vec(&number).unwrap();
            assert_eq!(encode(&number).unwrap(), json);
        }
        let value = serde_json::json!({"a": [null, true, -1, 1.5, "x\""], "b": {}, "c": []});
        assert_eq!(encode(&value).unwrap(), serde_json::to_vec(&value).unwrap());
    }

    #[test]
    fn a_number_that_json_lacks_is_an_error_with_its_path() {
        let map = BTreeMap::from([("a".to_owned(), vec![Some(1.0), None, Some(f64::NAN)])]);
        let error = encode(&map).unwrap_err();
        assert_eq!(
            (error.path().as_str(), error.what()),
            ("a[2]", "the number is not finite")
        );
    }
}

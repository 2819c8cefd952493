//! Decodes the JSON of responses.
//!
//! HubSpot documents ids and cursors as text and sends some of them as numbers, and the other way round. A response that
//! took effect must not be lost to that, so this deserializer reads a number or a flag where a type wants text, and text
//! where it wants a number or a flag. Digits are copied, never converted through a float.
//!
//! It works on slices of the body that `serde_json` has validated, one level at a time. That keeps what is compiled for
//! each type small, and an error knows its path without a wrapper around every type.

mod entries;
mod error;
mod node;

use serde::de::DeserializeOwned;

pub(crate) use self::error::DecodeError;
use self::node::Node;

/// The name of a newtype for which [`Node`] hands out any scalar as its text.
pub(crate) const SCALAR: &str = "hubspot_generated::Scalar";

/// Decodes a whole body.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    T::deserialize(parse(body)?)
}

fn parse(body: &[u8]) -> Result<Node<'_>, DecodeError> {
    match serde_json::from_slice(body) {
        Ok(json) => Ok(Node::root(json)),
        Err(error) => Err(DecodeError::of_body(&error)),
    }
}

#[cfg(test)]
mod tests;

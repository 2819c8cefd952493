//! Tokens and client secrets.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::decode::{Decode, Decoded, Decoder};
use crate::encode::{Encode, text};

/// A token or a client secret. `Debug` does not show it, and its memory is zeroed when it is dropped.
///
/// ```
/// use hubspot_generated::Secret;
///
/// let secret = Secret::from("pat-na1-1234");
/// assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
/// assert_eq!(secret.expose_secret(), "pat-na1-1234");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Returns the secret itself.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([REDACTED])")
    }
}

/// Compares in constant time for equal lengths.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.expose_secret(), other.expose_secret());
        one.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        Self(text)
    }
}

impl From<Secret> for SecretString {
    fn from(secret: Secret) -> Self {
        secret.0
    }
}

impl Decode for Secret {
    fn empty() -> Self {
        Self::from("")
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        let mut text = String::new();
        text.decode(decoder)?;
        *self = Self::from(text);
        Ok(())
    }
}

/// Writes the secret itself, since it is sent to HubSpot.
impl Encode for Secret {
    fn encode(&self, json: &mut String) -> Decoded {
        text(json, self.expose_secret());
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error of a derived implementation would quote the value.
        String::deserialize(deserializer)
            .map(Self::from)
            .map_err(|_| serde::de::Error::custom("expected a string"))
    }
}

/// Writes the secret itself, since it is sent to HubSpot.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose_secret())
    }
}

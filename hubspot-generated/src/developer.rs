//! The API key of a developer account.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::secret::Secret;

/// The API key of a HubSpot developer account, which some operations on apps take instead of an access token.
///
/// HubSpot wants it in the query of a request, as `hapikey`. `Debug` does not show it, no error or span contains it, and
/// its memory is zeroed when it is dropped.
///
/// It is also the type that a [`Client`](crate::Client) with such a key has in place of a scope set. Only `Client<DeveloperKey>` has the
/// operations that take the key, so calling one with an access token does not compile:
///
/// ```
/// use hubspot_generated::{Client, DeveloperKey};
///
/// let key = DeveloperKey::from("6f0f9d3a-0000-4000-8000-000000000000");
/// assert_eq!(format!("{key:?}"), "DeveloperKey([REDACTED])");
/// let developer: Client<DeveloperKey> = Client::developer_builder(key).build()?;
/// # let _ = developer;
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[cfg_attr(
    feature = "webhooks",
    doc = "
Another client has no such operations:

```compile_fail,E0599
# use hubspot_generated::{Client, Unchecked};
fn webhooks(hubspot: &Client<Unchecked>) {
    let _ = hubspot.webhooks();
}
```

```
# use hubspot_generated::{Client, DeveloperKey};
fn webhooks(hubspot: &Client<DeveloperKey>) {
    let _ = hubspot.webhooks().list_subscriptions(7);
}
```"
)]
#[derive(Clone, PartialEq, Eq)]
pub struct DeveloperKey(Secret);

impl DeveloperKey {
    /// The name of the query parameter.
    pub(crate) const PARAMETER: &str = "hapikey";

    /// Returns the key itself.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }

    /// The key as a value that `Debug` does not show, or what is wrong with the key.
    pub(crate) fn checked(&self) -> Result<HeaderValue, &'static str> {
        let key = self.expose_secret();
        if key.is_empty() {
            return Err("the developer API key is empty");
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "the developer API key contains white space or other characters that keys do not have",
            );
        }
        let mut value = HeaderValue::from_str(key)
            .map_err(|_| "the developer API key has characters that keys do not have")?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for DeveloperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeveloperKey([REDACTED])")
    }
}

impl From<Secret> for DeveloperKey {
    fn from(key: Secret) -> Self {
        Self(key)
    }
}

impl From<String> for DeveloperKey {
    fn from(key: String) -> Self {
        Self(key.into())
    }
}

impl From<&str> for DeveloperKey {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_be_sent_is_an_error_that_does_not_show_it() {
        for key in ["", "secret key", "secret\nkey", "secret\r\n", "s\u{e9}cret"] {
            let fault = DeveloperKey::from(key).checked().unwrap_err();
            assert!(fault.starts_with("the developer API key"), "{fault}");
            assert!(!fault.contains("cret"), "{fault}");
        }
        let key = DeveloperKey::from("a-secret").checked().unwrap();
        assert!(!format!("{key:?}").contains("a-secret"));
    }
}

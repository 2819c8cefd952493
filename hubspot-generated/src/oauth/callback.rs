//! The callback.
//!
//! Comes in: the query that HubSpot sent the user back with, and the `state` of the link. Goes out: the authorization
//! code. Refuses: another `state`, a refusal of the user's, and whatever HubSpot does not send.

use oauth2::url::form_urlencoded;
use subtle::ConstantTimeEq;

use super::error::{Denial, OAuthError};
use crate::values::Secret;

/// How long a query may be, in bytes; HubSpot's are some hundred.
const MAX_QUERY: usize = 16 * 1024;

/// Reads the code out of the query of a callback. `callback` may also be the whole URL, or its path and query.
pub(super) fn read(callback: &str, state: &Secret) -> Result<Secret, OAuthError> {
    if callback.len() > MAX_QUERY {
        return Err(OAuthError::Callback("it is too long"));
    }
    let mut found = Found::default();
    for (name, value) in form_urlencoded::parse(query(callback).as_bytes()) {
        let Some(place) = found.place(&name) else {
            continue;
        };
        if place.replace(value.into_owned()).is_some() {
            return Err(OAuthError::Callback("a parameter stands there twice"));
        }
    }
    found.check(state)
}

/// The query of a URL, or of the end of one.
fn query(callback: &str) -> &str {
    let callback = callback.split('#').next().unwrap_or_default();
    let is_url = ["https://", "http://", "/"]
        .iter()
        .any(|start| callback.starts_with(start));
    if is_url {
        callback.split_once('?').map_or("", |(_, query)| query)
    } else {
        callback.strip_prefix('?').unwrap_or(callback)
    }
}

/// What a callback may have.
#[derive(Default)]
struct Found {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Found {
    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "code" => Some(&mut self.code),
            "state" => Some(&mut self.state),
            "error" => Some(&mut self.error),
            "error_description" => Some(&mut self.description),
            _ => None,
        }
    }

    fn check(self, state: &Secret) -> Result<Secret, OAuthError> {
        let same = |given: &str| {
            bool::from(given.as_bytes().ct_eq(state.expose_secret().as_bytes()))
                && !state.expose_secret().is_empty()
        };
        match (self.code, self.error) {
            (Some(_), Some(_)) => Err(OAuthError::Callback("it has both a code and an error")),
            // HubSpot need not repeat the state when it refuses; nothing is granted then.
            (None, Some(error)) => match self.state {
                Some(given) if !same(&given) => Err(OAuthError::ForgedState),
                _ => Err(OAuthError::Denied(Denial {
                    error,
                    description: self.description,
                })),
            },
            (Some(code), None) => match self.state {
                Some(given) if same(&given) => check_code(code),
                _ => Err(OAuthError::ForgedState),
            },
            (None, None) => Err(OAuthError::Callback("it has neither a code nor an error")),
        }
    }
}

fn check_code(code: String) -> Result<Secret, OAuthError> {
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OAuthError::Callback("its code is not one"));
    }
    Ok(code.into())
}

//! Reads callbacks.
//!
//! Anybody can call a redirect URI. A callback counts only if it has the `state` of the install link, whether it brings a
//! code or an error.

use oauth2::url::form_urlencoded;
use subtle::ConstantTimeEq;

use super::error::{Denial, OAuthError};
use crate::secret::Secret;

/// The longest query that is read, in bytes. HubSpot's have some hundred.
const MAX_QUERY: usize = 16 * 1024;
/// The parameters of a callback.
pub(super) const PARAMETERS: [&str; 4] = ["code", "state", "error", "error_description"];

/// Reads the code from the query of a callback. `callback` may also be the whole URL, or its path and query.
pub(super) fn read(callback: &str, state: &Secret) -> Result<Secret, OAuthError> {
    if callback.len() > MAX_QUERY {
        return Err(OAuthError::Callback("it is too long"));
    }
    let mut values = PARAMETERS.map(|_| None);
    for (name, value) in form_urlencoded::parse(query(callback).as_bytes()) {
        let Some(index) = PARAMETERS.iter().position(|other| *other == name) else {
            continue;
        };
        if values[index].replace(value.into_owned()).is_some() {
            return Err(OAuthError::Callback("a parameter is repeated"));
        }
    }
    let [code, given, error, description] = values;
    let expected = state.expose_secret().as_bytes();
    let is_same = given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(expected)));
    match (code, error) {
        (Some(_), Some(_)) => Err(OAuthError::Callback("it has both a code and an error")),
        (None, None) => Err(OAuthError::Callback("it has neither a code nor an error")),
        _ if !is_same || expected.is_empty() => Err(OAuthError::ForgedState),
        (Some(code), None) => check_code(code),
        (None, Some(error)) => Err(OAuthError::Denied(Denial { error, description })),
    }
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

fn check_code(code: String) -> Result<Secret, OAuthError> {
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OAuthError::Callback("its code is malformed"));
    }
    Ok(code.into())
}

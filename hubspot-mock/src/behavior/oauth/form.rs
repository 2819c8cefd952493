//! Reads the form of a token request and authenticates the app that sends it.

use std::sync::Arc;

use crate::behavior::{Call, Content};
use crate::definitions::App;
use crate::store::{Failure, Tokens};

/// Parameters that must not be in a URL, because URLs are logged.
const SECRETS: [&str; 5] = [
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
    "token",
];

/// The fields of a token request.
pub(super) struct Form<'a>(&'a [(String, String)]);

impl<'a> Form<'a> {
    /// Reads the body.
    pub(super) fn read(call: &'a Call) -> Result<Self, Failure> {
        if let Some(secret) = SECRETS.into_iter().find(|name| call.query(name).is_some()) {
            let what = format!("{secret} belongs in the body, not in the query");
            return Err(Failure::Request(what));
        }
        match &call.body {
            Content::Form(fields) => Ok(Self(fields)),
            Content::Empty => Ok(Self(&[])),
            _ => Err(Failure::Request("the body is a form, not JSON".to_owned())),
        }
    }

    /// A field. An empty one counts as missing (RFC 6749, section 3.2).
    pub(super) fn field(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Failure::Request(format!("{name} occurs more than once"))),
            (value, None) => {
                let value = value.map(|(_, value)| value.as_str());
                Ok(value.filter(|value| !value.is_empty()))
            }
        }
    }

    /// A required field.
    pub(super) fn required(&self, name: &str) -> Result<&'a str, Failure> {
        let missing = || Failure::Request(format!("{name} is missing"));
        self.field(name)?.ok_or_else(missing)
    }

    /// The app whose credentials are in the form.
    pub(super) fn app(&self, tokens: &Tokens) -> Result<Arc<App>, Failure> {
        let client_id = self.field("client_id")?.ok_or(Failure::ClientId)?;
        let app = tokens.app(client_id).ok_or(Failure::ClientId)?;
        match self.field("client_secret")? {
            Some(secret) if secret == app.client_secret => Ok(app),
            _ => Err(Failure::ClientSecret),
        }
    }
}

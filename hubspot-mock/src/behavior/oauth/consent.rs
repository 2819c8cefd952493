//! Validates install links against the settings of their app.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::store::{Account, Consent, InstallLink, Tokens};

/// The length of a PKCE challenge with S256: 32 bytes in base64 without padding.
const CHALLENGE_LENGTH: usize = 43;

/// Why an install link gets no consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkError {
    /// A parameter is missing.
    Missing(&'static str),
    /// A parameter occurs more than once.
    Repeated(&'static str),
    /// No app has this client id.
    UnknownApp,
    /// The redirect URI is not registered for the app.
    RedirectUri {
        /// The redirect URI of the link.
        requested: String,
        /// The redirect URIs of the app.
        registered: Vec<String>,
    },
    /// The scopes of the link differ from the app's settings.
    Scopes(Vec<Difference>),
    /// A parameter has a value that is not supported.
    Unsupported(&'static str, &'static str),
    /// The account lacks features that the app requires.
    Tier {
        account: String,
        /// The scopes that it cannot grant.
        scopes: Vec<String>,
    },
}

/// A difference between a link and its app's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    pub(crate) scope: String,
    /// The problem, to be read after the name of the scope.
    pub(crate) problem: &'static str,
}

impl InstallLink {
    /// Parses and validates the query of an authorization request.
    pub(crate) fn read(query: &[(String, String)], tokens: &Tokens) -> Result<Self, LinkError> {
        let client_id = required(query, "client_id")?;
        let app = tokens.app(client_id).ok_or(LinkError::UnknownApp)?;
        let redirect_uri = required(query, "redirect_uri")?;
        if !app.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(LinkError::RedirectUri {
                requested: redirect_uri.to_owned(),
                registered: app.redirect_uris.clone(),
            });
        }
        if parameter(query, "response_type")?.is_some_and(|kind| kind != "code") {
            return Err(LinkError::Unsupported("response_type", "code"));
        }
        let link = Self {
            redirect_uri: redirect_uri.to_owned(),
            scope: names(parameter(query, "scope")?),
            optional_scope: names(parameter(query, "optional_scope")?),
            state: parameter(query, "state")?.map(str::to_owned),
            challenge: challenge(query)?,
            app,
        };
        match link.differences() {
            none if none.is_empty() => Ok(link),
            differences => Err(LinkError::Scopes(differences)),
        }
    }

    /// The consent page of the link for an account.
    pub(crate) fn consent(
        self,
        account: &Arc<Account>,
        withheld: &BTreeSet<String>,
    ) -> Result<Consent, LinkError> {
        let lacking: Vec<String> = self.scope.intersection(withheld).cloned().collect();
        if !lacking.is_empty() {
            return Err(LinkError::Tier {
                account: account.name.clone(),
                scopes: lacking,
            });
        }
        Ok(Consent {
            optional: self.optional_scope.difference(withheld).cloned().collect(),
            account: Arc::clone(account),
            link: self,
            expires_at: Timestamp::MIN,
        })
    }

    /// How the scopes of the link differ from the app's settings. Conditional and optional scopes may be left out.
    fn differences(&self) -> Vec<Difference> {
        let app = &self.app;
        let mut found = Vec::new();
        let mut differs = |scope: &String, problem| {
            let scope = scope.clone();
            found.push(Difference { scope, problem });
        };
        for scope in app.scopes.required.difference(&self.scope) {
            let problem = if self.optional_scope.contains(scope) {
                "is required by the app's settings, but optional in the link"
            } else {
                "is required by the app's settings, but missing in scope"
            };
            differs(scope, problem);
        }
        for scope in &self.scope {
            if app.scopes.optional.contains(scope) {
                differs(
                    scope,
                    "is optional in the app's settings, but in scope in the link",
                );
            } else if !app.scopes.required.contains(scope)
                && !app.scopes.conditional.contains(scope)
            {
                differs(scope, "is in scope, but not in the app's settings");
            }
        }
        for scope in &self.optional_scope {
            if app.scopes.conditional.contains(scope) {
                differs(
                    scope,
                    "is conditionally required in the app's settings, but in optional_scope in the link",
                );
            } else if self.scope.contains(scope) {
                differs(scope, "is in both scope and optional_scope");
            } else if !app.scopes.optional.contains(scope) && !app.scopes.required.contains(scope) {
                differs(scope, "is in optional_scope, but not in the app's settings");
            }
        }
        found
    }
}

/// The PKCE challenge, if the link has one.
fn challenge(query: &[(String, String)]) -> Result<Option<String>, LinkError> {
    let method = parameter(query, "code_challenge_method")?;
    let Some(challenge) = parameter(query, "code_challenge")? else {
        return match method {
            None => Ok(None),
            Some(_) => Err(LinkError::Missing("code_challenge")),
        };
    };
    // In RFC 7636 a missing method means `plain`, which protects nothing.
    if method != Some("S256") {
        return Err(LinkError::Unsupported("code_challenge_method", "S256"));
    }
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != CHALLENGE_LENGTH || !challenge.bytes().all(base64) {
        let form = "43 characters of base64url, the SHA-256 hash of the verifier";
        return Err(LinkError::Unsupported("code_challenge", form));
    }
    Ok(Some(challenge.to_owned()))
}

fn required<'a>(query: &'a [(String, String)], name: &'static str) -> Result<&'a str, LinkError> {
    let value = parameter(query, name)?.filter(|value| !value.is_empty());
    value.ok_or(LinkError::Missing(name))
}

/// The value of a parameter. Fails if it occurs more than once.
fn parameter<'a>(
    query: &'a [(String, String)],
    name: &'static str,
) -> Result<Option<&'a str>, LinkError> {
    let mut values = query.iter().filter(|(known, _)| known == name);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(LinkError::Repeated(name)),
        (value, None) => Ok(value.map(|(_, value)| value.as_str())),
    }
}

/// The names in a scope parameter.
fn names(list: Option<&str>) -> BTreeSet<String> {
    let names = list.unwrap_or_default().split_whitespace();
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{InstallLink, LinkError};
    use crate::definitions::App;
    use crate::store::Tokens;

    const URI: &str = "https://app.example/callback";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// Reads a link with these parameters, on top of the client id and the redirect URI.
    fn read(parameters: &[(&str, &str)]) -> Result<InstallLink, LinkError> {
        let tokens = Tokens::default();
        let app = App::new("id", "secret")
            .redirect_uri(URI)
            .required(["oauth", "tickets"])
            .conditional(["files"])
            .optional(["forms"]);
        tokens.register(app).unwrap();
        let start = [("client_id", "id"), ("redirect_uri", URI)];
        let pairs = start.iter().chain(parameters);
        let query = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        InstallLink::read(&query.collect::<Vec<_>>(), &tokens)
    }

    #[test]
    fn a_link_that_matches_the_settings_is_accepted() {
        for parameters in [
            &[("scope", "oauth tickets")][..],
            &[("scope", "tickets  oauth files")],
            &[("scope", "oauth tickets"), ("optional_scope", "forms")],
            &[("scope", "oauth tickets"), ("response_type", "code")],
        ] {
            assert!(read(parameters).is_ok(), "{parameters:?}");
        }
    }

    #[test]
    fn differences_from_the_settings_are_listed() {
        for (scope, optional_scope, expected) in [
            (
                "oauth",
                "",
                "tickets is required by the app's settings, but missing in scope",
            ),
            (
                "oauth",
                "tickets",
                "tickets is required by the app's settings, but optional in the link",
            ),
            (
                "oauth tickets forms",
                "",
                "forms is optional in the app's settings, but in scope in the link",
            ),
            (
                "oauth tickets hubdb",
                "",
                "hubdb is in scope, but not in the app's settings",
            ),
            (
                "oauth tickets",
                "files",
                "files is conditionally required in the app's settings, but in optional_scope in the link",
            ),
            (
                "oauth tickets",
                "hubdb",
                "hubdb is in optional_scope, but not in the app's settings",
            ),
            (
                "oauth tickets",
                "tickets",
                "tickets is in both scope and optional_scope",
            ),
        ] {
            let link = read(&[("scope", scope), ("optional_scope", optional_scope)]);
            let Err(LinkError::Scopes(differences)) = link else {
                panic!("{link:?}");
            };
            let listed = differences.iter();
            let listed = listed.map(|found| format!("{} {}", found.scope, found.problem));
            assert_eq!(listed.collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn a_challenge_uses_s256() {
        let with = |challenge: Option<&str>, method: Option<&str>| {
            let challenge = challenge.map(|value| ("code_challenge", value));
            let method = method.map(|value| ("code_challenge_method", value));
            let scope = Some(("scope", "oauth tickets"));
            let parameters = [scope, challenge, method].into_iter().flatten();
            read(&parameters.collect::<Vec<_>>()).map(|link| link.challenge)
        };
        let accepted = with(Some(CHALLENGE), Some("S256"));
        assert_eq!(accepted.unwrap().as_deref(), Some(CHALLENGE));
        let method = LinkError::Unsupported("code_challenge_method", "S256");
        assert_eq!(with(Some(CHALLENGE), None), Err(method.clone()));
        assert_eq!(with(Some(CHALLENGE), Some("plain")), Err(method));
        let missing = LinkError::Missing("code_challenge");
        assert_eq!(with(None, Some("S256")), Err(missing));
        for malformed in ["", "short", &CHALLENGE.replace('-', "+")] {
            let link = with(Some(malformed), Some("S256"));
            let unsupported = matches!(link, Err(LinkError::Unsupported("code_challenge", _)));
            assert!(unsupported, "{malformed}");
        }
    }

    #[test]
    fn a_parameter_occurs_once() {
        let scope = ("scope", "oauth tickets");
        let repeated = read(&[scope, scope]).err();
        assert_eq!(repeated, Some(LinkError::Repeated("scope")));
    }
}

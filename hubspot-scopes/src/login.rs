//! The kinds of login that a scope requirement applies to. Credentials without scopes, such as `developer_hapikey`, are none.

use std::fmt;
use std::ops::BitOr;
use std::str::FromStr;

/// A kind of login whose tokens carry scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LoginKind {
    /// An app that accounts install through OAuth.
    OAuth2,
    /// A private app, or anything else with a static token.
    PrivateApps,
}

impl LoginKind {
    /// Both kinds, in the order in which they are printed.
    pub const ALL: &[Self] = &[Self::OAuth2, Self::PrivateApps];

    /// The kind that a security scheme of a HubSpot document stands for; its `_legacy` schemes count as their kind.
    ///
    /// `None` for a scheme that carries no scopes.
    ///
    /// ```
    /// use hubspot_scopes::LoginKind;
    ///
    /// assert_eq!(LoginKind::from_openapi("private_apps_legacy"), Some(LoginKind::PrivateApps));
    /// assert_eq!(LoginKind::from_openapi("developer_hapikey"), None);
    /// ```
    pub fn from_openapi(name: &str) -> Option<Self> {
        name.strip_suffix("_legacy").unwrap_or(name).parse().ok()
    }

    /// The kind of login of an app whose `app-hsmeta.json` has this `config.auth.type`: `oauth` or `static`.
    ///
    /// `None` for a type that is not known.
    pub fn from_app_file(kind: &str) -> Option<Self> {
        match kind {
            "oauth" => Some(Self::OAuth2),
            "static" => Some(Self::PrivateApps),
            _ => None,
        }
    }

    /// `oauth2` or `private_apps`, as in documents and attributes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OAuth2 => "oauth2",
            Self::PrivateApps => "private_apps",
        }
    }
}

impl fmt::Display for LoginKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for LoginKind {
    type Err = ParseLoginKindError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|login| login.name() == name)
            .ok_or_else(|| ParseLoginKindError(name.to_owned()))
    }
}

/// A name that is neither `oauth2` nor `private_apps`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseLoginKindError(String);

impl fmt::Display for ParseLoginKindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is not a kind of login with scopes: expected `oauth2` or `private_apps`",
            self.0
        )
    }
}

impl std::error::Error for ParseLoginKindError {}

/// One kind of login, or either of them; never none.
///
/// ```
/// use hubspot_scopes::{LoginKind, LoginKinds};
///
/// assert_eq!(LoginKinds::from(LoginKind::OAuth2) | LoginKind::PrivateApps.into(), LoginKinds::EITHER);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginKinds(Inner);

/// Declared in the order in which alternatives of equal scopes are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Inner {
    Either,
    Only(LoginKind),
}

impl LoginKinds {
    /// Both kinds.
    pub const EITHER: Self = Self(Inner::Either);

    /// Returns whether `login` is one of these.
    pub fn contains(self, login: LoginKind) -> bool {
        self.0 == Inner::Either || self.0 == Inner::Only(login)
    }

    /// The kind, where it is one only.
    pub const fn only(self) -> Option<LoginKind> {
        match self.0 {
            Inner::Either => None,
            Inner::Only(login) => Some(login),
        }
    }
}

impl From<LoginKind> for LoginKinds {
    fn from(login: LoginKind) -> Self {
        Self(Inner::Only(login))
    }
}

impl BitOr for LoginKinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        if self == other { self } else { Self::EITHER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for &login in LoginKind::ALL {
            assert_eq!(login.to_string().parse(), Ok(login));
            assert_eq!(
                LoginKind::from_openapi(&format!("{login}_legacy")),
                Some(login)
            );
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_choices() {
        let error = "private-app".parse::<LoginKind>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`private-app` is not a kind of login with scopes: expected `oauth2` or `private_apps`"
        );
    }

    #[test]
    fn either_contains_both() {
        for &login in LoginKind::ALL {
            assert!(LoginKinds::EITHER.contains(login));
            assert_eq!(LoginKinds::from(login).only(), Some(login));
        }
        assert!(!LoginKinds::from(LoginKind::OAuth2).contains(LoginKind::PrivateApps));
        assert_eq!(LoginKinds::EITHER.only(), None);
    }
}

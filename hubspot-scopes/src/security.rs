//! From the `security` of an OpenAPI document to a requirement.
//!
//! Each entry is an alternative. Where a document names one kind of login only, it speaks for both: HubSpot's documents
//! leave the other one out.

use crate::login::{LoginKind, LoginKinds};
use crate::requirement::{Alternative, Requirement};

/// The names of the scheme of developer API keys.
const DEVELOPER_KEY: [&str; 2] = ["developer_hapikey", "hapikey"];

/// An entry of `security`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry<'a> {
    /// `{}`: no credentials.
    Anonymous,
    /// A developer API key, which has no scopes. Beside entries with tokens it is ignored: such an operation is called with
    /// a token.
    DeveloperKey,
    /// A token of this kind of login with all of these scopes.
    Token(LoginKind, Vec<&'a str>),
    /// A scheme that HubSpot does not have.
    Unknown(&'a str),
    /// Several credentials at once, which no operation of HubSpot takes.
    Several,
}

impl<'a> Entry<'a> {
    /// Reads an entry: its schemes, each with its scopes.
    ///
    /// ```
    /// use hubspot_scopes::LoginKind;
    /// use hubspot_scopes::security::Entry;
    ///
    /// let entry = Entry::new([("private_apps_legacy", ["files"])]);
    /// assert_eq!(entry, Entry::Token(LoginKind::PrivateApps, vec!["files"]));
    /// ```
    pub fn new<S>(schemes: impl IntoIterator<Item = (&'a str, S)>) -> Self
    where
        S: IntoIterator<Item = &'a str>,
    {
        let mut schemes = schemes.into_iter();
        match (schemes.next(), schemes.next()) {
            (None, _) => Self::Anonymous,
            (Some((name, _)), None) if DEVELOPER_KEY.contains(&name) => Self::DeveloperKey,
            (Some((name, scopes)), None) => match LoginKind::from_openapi(name) {
                Some(login) => Self::Token(login, scopes.into_iter().collect()),
                None => Self::Unknown(name),
            },
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

/// The kinds of login that entries name.
pub fn logins<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Option<LoginKinds> {
    let logins = entries.into_iter().filter_map(|entry| match entry {
        Entry::Token(login, _) => Some(LoginKinds::from(*login)),
        _ => None,
    });
    logins.reduce(|one, other| one | other)
}

/// The scopes that the entries of an operation require. `spoken_for` are the kinds of login that its document names.
///
/// Returns `None` if a call takes no token: no entry is for a token, or one is for no credentials.
///
/// ```
/// use hubspot_scopes::security::{Entry, logins, requirement};
///
/// let entries = [Entry::new([("oauth2", ["a", "b"])]), Entry::new([("oauth2", ["c"])])];
/// let needs = requirement(&entries, logins(&entries));
/// assert_eq!(needs, r#"any("c", all("a", "b"))"#.parse().ok());
/// ```
pub fn requirement(entries: &[Entry<'_>], spoken_for: Option<LoginKinds>) -> Option<Requirement> {
    if entries.contains(&Entry::Anonymous) {
        return None;
    }
    let tokens = entries.iter().filter_map(|entry| match entry {
        Entry::Token(login, scopes) => Some((*login, scopes)),
        _ => None,
    });
    let alternatives = tokens.map(|(login, scopes)| {
        let logins = if spoken_for == Some(LoginKinds::EITHER) {
            login.into()
        } else {
            LoginKinds::EITHER
        };
        Alternative::all_of(scopes.iter().copied()).with_logins(logins)
    });
    let mut alternatives = alternatives.peekable();
    alternatives.peek()?;
    Some(Requirement::new(alternatives))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(schemes: &[(&'static str, &[&'static str])]) -> Entry<'static> {
        let schemes = schemes.iter();
        Entry::new(schemes.map(|(name, scopes)| (*name, scopes.iter().copied())))
    }

    fn needs(entries: &[Entry<'_>]) -> Option<String> {
        requirement(entries, logins(entries)).map(|needs| needs.to_string())
    }

    #[test]
    fn entries_are_told_apart() {
        assert_eq!(entry(&[]), Entry::Anonymous);
        assert_eq!(entry(&[("developer_hapikey", &[])]), Entry::DeveloperKey);
        assert_eq!(entry(&[("hapikey", &[])]), Entry::DeveloperKey);
        assert_eq!(entry(&[("basic", &[])]), Entry::Unknown("basic"));
        assert_eq!(
            entry(&[("oauth2", &["a"]), ("hapikey", &[])]),
            Entry::Several
        );
        let token = Entry::Token(LoginKind::OAuth2, vec!["a", "b"]);
        assert_eq!(entry(&[("oauth2_legacy", &["a", "b"])]), token);
    }

    #[test]
    fn one_kind_of_login_speaks_for_both() {
        let oauth = [entry(&[("oauth2", &["a"])])];
        assert_eq!(needs(&oauth).as_deref(), Some(r#""a""#));
        let of_both = requirement(&oauth, Some(LoginKinds::EITHER));
        assert_eq!(of_both, r#"oauth2("a")"#.parse().ok());
        let both = [
            entry(&[("oauth2", &["a"])]),
            entry(&[("private_apps", &["b", "c"])]),
            entry(&[("developer_hapikey", &[])]),
        ];
        let text = r#"any(oauth2("a"), private_apps("b", "c"))"#;
        assert_eq!(needs(&both).as_deref(), Some(text));
    }

    #[test]
    fn a_call_without_a_token_has_no_requirement() {
        for entries in [
            &[][..],
            &[entry(&[("developer_hapikey", &[])])],
            &[entry(&[("basic", &["a"])])],
            &[entry(&[("oauth2", &["a"])]), entry(&[])],
        ] {
            assert_eq!(needs(entries), None);
        }
        let without_scopes = [entry(&[("oauth2", &[])])];
        assert_eq!(needs(&without_scopes).as_deref(), Some(""));
    }
}

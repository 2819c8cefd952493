//! The lists in which an application declares its scopes.

use std::fmt;
use std::str::FromStr;

/// A list of scopes in a `scope_set!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeList {
    /// Scopes without which the app is not installed.
    Required,
    /// Scopes that must be granted if the install link asks for them.
    Conditional,
    /// Scopes that HubSpot leaves out where the account lacks the feature.
    Optional,
    /// Required scopes that the client's catalogue does not know.
    Unlisted,
    /// Scopes that an operation is documented to need, but that HubSpot does not ask for.
    Assume,
}

impl ScopeList {
    /// Every list, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Required,
        Self::Conditional,
        Self::Optional,
        Self::Unlisted,
        Self::Assume,
    ];

    /// The key of the list in a `scope_set!`.
    ///
    /// ```
    /// use hubspot_scopes::ScopeList;
    ///
    /// assert_eq!(ScopeList::Assume.key(), "assume");
    /// assert_eq!("assume".parse(), Ok(ScopeList::Assume));
    /// ```
    pub const fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::Optional => "optional",
            Self::Unlisted => "unlisted",
            Self::Assume => "assume",
        }
    }

    /// The key of the list in `config.auth` of an `app-hsmeta.json`.
    ///
    /// Unlisted scopes are required ones to HubSpot. `None` for assumed scopes, which HubSpot is not told.
    pub const fn key_in_app_file(self) -> Option<&'static str> {
        match self {
            Self::Required | Self::Unlisted => Some("requiredScopes"),
            Self::Conditional => Some("conditionallyRequiredScopes"),
            Self::Optional => Some("optionalScopes"),
            Self::Assume => None,
        }
    }
}

impl fmt::Display for ScopeList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

impl FromStr for ScopeList {
    type Err = ParseScopeListError;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let mut lists = Self::ALL.into_iter();
        lists
            .find(|list| list.key() == key)
            .ok_or(ParseScopeListError(()))
    }
}

/// A key that names no list of a `scope_set!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseScopeListError(());

impl fmt::Display for ParseScopeListError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "expected one of the lists `required`, `conditional`, `optional`, `unlisted` and `assume`",
        )
    }
}

impl std::error::Error for ParseScopeListError {}

/// Something for each list, by default the names of its scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScopeLists<L = Vec<String>> {
    /// Scopes without which the app is not installed.
    pub required: L,
    /// Scopes that must be granted if the install link asks for them.
    pub conditional: L,
    /// Scopes that HubSpot leaves out where the account lacks the feature.
    pub optional: L,
    /// Required scopes that the client's catalogue does not know.
    pub unlisted: L,
    /// Scopes that an operation is documented to need, but that HubSpot does not ask for: they satisfy the compiler and
    /// stay out of the install link.
    pub assumed: L,
}

impl<L> ScopeLists<L> {
    /// Every list with its content, in the order of [`ScopeList::ALL`].
    pub const fn each(&self) -> [(ScopeList, &L); 5] {
        [
            (ScopeList::Required, &self.required),
            (ScopeList::Conditional, &self.conditional),
            (ScopeList::Optional, &self.optional),
            (ScopeList::Unlisted, &self.unlisted),
            (ScopeList::Assume, &self.assumed),
        ]
    }

    /// The content of one list, to be changed.
    pub const fn get_mut(&mut self, list: ScopeList) -> &mut L {
        match list {
            ScopeList::Required => &mut self.required,
            ScopeList::Conditional => &mut self.conditional,
            ScopeList::Optional => &mut self.optional,
            ScopeList::Unlisted => &mut self.unlisted,
            ScopeList::Assume => &mut self.assumed,
        }
    }

    /// Every scope with its list.
    ///
    /// ```
    /// use hubspot_scopes::{ScopeList, ScopeLists};
    ///
    /// let lists = ScopeLists { optional: vec!["files"], ..ScopeLists::default() };
    /// assert_eq!(Vec::from_iter(lists.scopes()), [(ScopeList::Optional, &"files")]);
    /// ```
    pub fn scopes<'a, S: 'a>(&'a self) -> impl Iterator<Item = (ScopeList, &'a S)>
    where
        &'a L: IntoIterator<Item = &'a S>,
    {
        let lists = self.each().into_iter();
        lists.flat_map(|(list, scopes)| scopes.into_iter().map(move |scope| (list, scope)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        for list in ScopeList::ALL {
            assert_eq!(list.key().parse(), Ok(list));
        }
        let error = "assumed".parse::<ScopeList>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected one of the lists `required`, `conditional`, `optional`, `unlisted` and `assume`"
        );
    }

    #[test]
    fn every_list_is_reached_by_its_name() {
        let mut lists = ScopeLists::<Vec<&str>>::default();
        for list in ScopeList::ALL {
            lists.get_mut(list).push(list.key());
        }
        for (list, scopes) in lists.each() {
            assert_eq!(scopes, &[list.key()]);
        }
    }
}

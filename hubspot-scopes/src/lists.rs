//! The lists in which an application declares its scopes.

use std::fmt;
use std::str::FromStr;

/// A list of scopes in a `scope_set!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
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
    pub const ALL: &[Self] = &[
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

    /// Returns whether every client of a scope set has the scopes in this list: an account may do without the optional
    /// and the conditional ones.
    pub const fn is_granted(self) -> bool {
        match self {
            Self::Required | Self::Unlisted | Self::Assume => true,
            Self::Conditional | Self::Optional => false,
        }
    }

    /// Returns whether accounts are asked for the scopes in this list when they install the app: for all but the assumed
    /// ones.
    pub const fn is_requested(self) -> bool {
        self.in_app_file().is_some()
    }

    /// The list of an `app-hsmeta.json` that has the scopes in this list: `Required`, `Conditional` or `Optional`.
    ///
    /// Unlisted scopes are required ones to HubSpot. `None` for assumed scopes, which HubSpot is not told.
    ///
    /// ```
    /// use hubspot_scopes::ScopeList;
    ///
    /// assert_eq!(ScopeList::Unlisted.in_app_file(), Some(ScopeList::Required));
    /// assert_eq!(ScopeList::Assume.in_app_file(), None);
    /// ```
    pub const fn in_app_file(self) -> Option<Self> {
        match self {
            Self::Required | Self::Unlisted => Some(Self::Required),
            Self::Conditional => Some(Self::Conditional),
            Self::Optional => Some(Self::Optional),
            Self::Assume => None,
        }
    }

    /// The lists that an `app-hsmeta.json` has, each with its key there.
    pub fn in_every_app_file() -> impl Iterator<Item = (Self, &'static str)> {
        let lists = Self::ALL.iter().copied();
        let there = lists.filter(|list| list.in_app_file() == Some(*list));
        there.filter_map(|list| Some((list, list.key_in_app_file()?)))
    }

    /// The key of [`in_app_file`](Self::in_app_file) in `config.auth` of an `app-hsmeta.json`.
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
        let mut lists = Self::ALL.iter().copied();
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

    /// The lists whose scopes every client has.
    ///
    /// ```
    /// use hubspot_scopes::ScopeLists;
    ///
    /// let lists = ScopeLists { required: vec!["a"], optional: vec!["b"], assumed: vec!["c"], ..ScopeLists::default() };
    /// assert_eq!(Vec::from_iter(lists.granted().flatten()), [&"a", &"c"]);
    /// ```
    pub fn granted(&self) -> impl Iterator<Item = &L> {
        let granted = self
            .each()
            .into_iter()
            .filter(|(list, _)| list.is_granted());
        granted.map(|(_, content)| content)
    }

    /// The lists whose scopes accounts are asked for, each with the [list of an app file](ScopeList::in_app_file) that has
    /// them.
    ///
    /// ```
    /// use hubspot_scopes::{ScopeList, ScopeLists};
    ///
    /// let lists = ScopeLists { required: "a", conditional: "b", optional: "c", unlisted: "d", assumed: "e" };
    /// let requested = lists.requested().collect::<Vec<_>>();
    /// assert_eq!(requested.first(), Some(&(ScopeList::Required, &"a")));
    /// assert_eq!(requested.last(), Some(&(ScopeList::Required, &"d")));
    /// ```
    pub fn requested(&self) -> impl Iterator<Item = (ScopeList, &L)> {
        let lists = self.each().into_iter();
        lists.filter_map(|(list, content)| Some((list.in_app_file()?, content)))
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
        for &list in ScopeList::ALL {
            assert_eq!(list.key().parse(), Ok(list));
        }
        let error = "assumed".parse::<ScopeList>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected one of the lists `required`, `conditional`, `optional`, `unlisted` and `assume`"
        );
    }

    #[test]
    fn lists_are_granted_requested_both_or_neither() {
        let all = ScopeList::ALL.iter();
        let fates = all.map(|list| (list.is_granted(), list.is_requested()));
        assert_eq!(
            fates.collect::<Vec<_>>(),
            [
                (true, true),
                (false, true),
                (false, true),
                (true, true),
                (true, false)
            ]
        );
    }

    #[test]
    fn the_key_in_an_app_file_is_that_of_the_list_there() {
        for &list in ScopeList::ALL {
            let there = list.in_app_file();
            assert_eq!(
                list.key_in_app_file(),
                there.and_then(ScopeList::key_in_app_file)
            );
            assert_eq!(there, there.and_then(ScopeList::in_app_file));
        }
    }

    #[test]
    fn an_app_file_has_three_lists() {
        let there = ScopeList::in_every_app_file();
        assert_eq!(
            there.collect::<Vec<_>>(),
            [
                (ScopeList::Required, "requiredScopes"),
                (ScopeList::Conditional, "conditionallyRequiredScopes"),
                (ScopeList::Optional, "optionalScopes"),
            ]
        );
    }

    #[test]
    fn lists_by_what_becomes_of_them_keep_their_order() {
        let lists = ScopeLists {
            required: 1,
            conditional: 2,
            optional: 3,
            unlisted: 4,
            assumed: 5,
        };
        assert_eq!(lists.granted().collect::<Vec<_>>(), [&1, &4, &5]);
        let requested = lists.requested().collect::<Vec<_>>();
        assert_eq!(
            requested,
            [
                (ScopeList::Required, &1),
                (ScopeList::Conditional, &2),
                (ScopeList::Optional, &3),
                (ScopeList::Required, &4),
            ]
        );
    }

    #[test]
    fn every_list_is_reached_by_its_name() {
        let mut lists = ScopeLists::<Vec<&str>>::default();
        for &list in ScopeList::ALL {
            lists.get_mut(list).push(list.key());
        }
        for (list, scopes) in lists.each() {
            assert_eq!(scopes, &[list.key()]);
        }
    }
}

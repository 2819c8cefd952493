//! What is wrong with the scopes in the lists of an application: every reader of such lists refuses the same.

use std::collections::BTreeMap;

use crate::lists::{ScopeList, ScopeLists};

/// A scope that may not stand where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeFault<'a, S> {
    /// The list that has the scope.
    pub list: ScopeList,
    /// The scope, as it stands in the list.
    pub scope: &'a S,
    /// What is wrong with it.
    pub reason: ScopeFaultReason,
}

/// What is wrong with a scope in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeFaultReason {
    /// It is empty or has a space, as no name of a scope does.
    NotAName,
    /// It was listed before, in the same list or in another one.
    Repeated {
        /// The list that has it before.
        before: ScopeList,
    },
}

impl<L> ScopeLists<L> {
    /// Every scope that is empty, has a space or was listed before, in the order of the lists.
    ///
    /// ```
    /// use hubspot_scopes::{ScopeFaultReason, ScopeList, ScopeLists};
    ///
    /// let lists = ScopeLists { required: vec!["files"], optional: vec!["files"], ..ScopeLists::default() };
    /// let faults = lists.faults();
    /// assert_eq!((faults.len(), faults[0].list), (1, ScopeList::Optional));
    /// assert_eq!(faults[0].reason, ScopeFaultReason::Repeated { before: ScopeList::Required });
    /// ```
    pub fn faults<'a, S: AsRef<str> + 'a>(&'a self) -> Vec<ScopeFault<'a, S>>
    where
        &'a L: IntoIterator<Item = &'a S>,
    {
        let mut seen = BTreeMap::new();
        let scopes = self.scopes().filter_map(|(list, scope)| {
            let name = scope.as_ref();
            let reason = if name.is_empty() || name.contains(char::is_whitespace) {
                ScopeFaultReason::NotAName
            } else {
                let before = seen.insert(name, list)?;
                ScopeFaultReason::Repeated { before }
            };
            Some(ScopeFault {
                list,
                scope,
                reason,
            })
        });
        scopes.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_repeats_are_found_in_the_order_of_the_lists() {
        use ScopeFaultReason::{NotAName, Repeated};
        let lists = ScopeLists {
            required: vec!["a", "", "a"],
            optional: vec!["b\tc", "a", "a", "b"],
            assumed: vec!["b", "c"],
            ..ScopeLists::default()
        };
        let faults = lists.faults().into_iter();
        let faults: Vec<_> = faults
            .map(|fault| (fault.list, *fault.scope, fault.reason))
            .collect();
        let [required, optional, assume] =
            [ScopeList::Required, ScopeList::Optional, ScopeList::Assume];
        assert_eq!(
            faults,
            [
                (required, "", NotAName),
                (required, "a", Repeated { before: required }),
                (optional, "b\tc", NotAName),
                (optional, "a", Repeated { before: required }),
                (optional, "a", Repeated { before: optional }),
                (assume, "b", Repeated { before: optional }),
            ]
        );
    }

    #[test]
    fn names_that_are_listed_once_are_right() {
        let lists = ScopeLists {
            required: vec!["a"],
            unlisted: vec!["a.b", "a-b"],
            ..ScopeLists::default()
        };
        assert_eq!(lists.faults(), []);
    }
}

//! How sensitive the data is that a scope opens, or that a property holds.

/// How sensitive data is. Data that is not sensitive has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sensitivity {
    /// `sensitive`
    Sensitive,
    /// `highly_sensitive`
    HighlySensitive,
}

impl Sensitivity {
    /// Every sensitivity.
    pub const ALL: &[Self] = &[Self::Sensitive, Self::HighlySensitive];

    /// What HubSpot calls it in properties and scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sensitive => "sensitive",
            Self::HighlySensitive => "highly_sensitive",
        }
    }

    /// The sensitivity with this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|known| known.name() == name)
    }

    /// The sensitivity of the data that a scope opens, which is a part of the scope's name.
    ///
    /// ```
    /// use hubspot_scopes::Sensitivity;
    ///
    /// let of = Sensitivity::of_scope;
    /// assert_eq!(of("crm.objects.deals.sensitive.read.v2"), Some(Sensitivity::Sensitive));
    /// assert_eq!(of("tickets.highly_sensitive.v2"), Some(Sensitivity::HighlySensitive));
    /// assert_eq!(of("crm.objects.deals.read"), None);
    /// ```
    pub fn of_scope(scope: &str) -> Option<Self> {
        scope.split(['.', '-']).find_map(Self::named)
    }

    /// 1 for a scope that opens sensitive data, 2 if it is highly sensitive; else 0.
    pub(crate) fn weight_of(scope: &str) -> usize {
        Self::of_scope(scope).map_or(0, |of| 1 + of as usize)
    }
}

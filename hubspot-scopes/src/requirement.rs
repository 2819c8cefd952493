//! A requirement in normal form, so that equal requirements are equal values, and what it says of sets of scopes.

use std::collections::{BTreeMap, BTreeSet};

use crate::login::{LoginKind, LoginKinds};
use crate::weight::Weight;

/// Scopes that are needed together, by an app of one of the kinds in `logins`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alternative {
    scopes: BTreeSet<String>,
    logins: LoginKinds,
}

impl Alternative {
    /// All of `scopes`, whatever the kind of login.
    pub fn all_of<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self {
            scopes: scopes.into_iter().map(Into::into).collect(),
            logins: LoginKinds::EITHER,
        }
    }

    /// The same scopes, for the given kinds of login.
    pub fn with_logins(self, logins: impl Into<LoginKinds>) -> Self {
        Self {
            logins: logins.into(),
            ..self
        }
    }

    /// The scopes, all of which are needed.
    pub const fn scopes(&self) -> &BTreeSet<String> {
        &self.scopes
    }

    /// The kinds of login for which this is an alternative.
    pub const fn logins(&self) -> LoginKinds {
        self.logins
    }
}

/// What must be granted for an operation to be allowed: any of some alternatives.
///
/// Always in normal form: for each kind of login no alternative contains another, and all are sorted. So two
/// requirements are equal exactly when the same sets of scopes satisfy them.
///
/// `Display` and `FromStr` use the grammar of `#[hubspot_scopes(...)]`; nothing needed is the empty string:
///
/// ```
/// use hubspot_scopes::Requirement;
///
/// let requirement: Requirement = r#"any("c", all("b", "a"), all("c", "d"))"#.parse()?;
/// assert_eq!(requirement.to_string(), r#"any("c", all("a", "b"))"#);
/// assert_eq!("".parse(), Ok(Requirement::none()));
/// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Requirement {
    /// Empty when nothing is needed.
    pub(crate) alternatives: Vec<Alternative>,
}

impl Requirement {
    /// Nothing is needed.
    pub const fn none() -> Self {
        Self {
            alternatives: Vec::new(),
        }
    }

    /// Any of `alternatives`. None at all means that nothing is needed, as an empty `security` does in OpenAPI.
    pub fn new(alternatives: impl IntoIterator<Item = Alternative>) -> Self {
        let alternatives = alternatives.into_iter().collect::<Vec<_>>();
        let mut kept: BTreeMap<BTreeSet<String>, LoginKinds> = BTreeMap::new();
        for &login in LoginKind::ALL {
            for scopes in minimal(
                alternatives
                    .iter()
                    .filter(|a| a.logins.contains(login))
                    .map(|a| &a.scopes),
            ) {
                let only = LoginKinds::from(login);
                kept.entry(scopes.clone())
                    .and_modify(|logins| *logins = *logins | only)
                    .or_insert(only);
            }
        }
        if kept.get(&BTreeSet::new()) == Some(&LoginKinds::EITHER) {
            return Self::none();
        }
        let mut alternatives = kept
            .into_iter()
            .map(|(scopes, logins)| Alternative { scopes, logins })
            .collect::<Vec<_>>();
        // Alphabetical so far, and this keeps the order of equals.
        alternatives.sort_by_cached_key(|alternative| Weight::of_all(&alternative.scopes));
        Self { alternatives }
    }

    /// All of `scopes`.
    pub fn all_of<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self::new([Alternative::all_of(scopes)])
    }

    /// Returns whether nothing is needed, whatever the kind of login.
    pub const fn is_none(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// The alternatives, those with the least power first (in the order of [`least_privilege`](crate::least_privilege)).
    /// None when nothing is needed.
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// Every scope that occurs in an alternative.
    pub fn scopes(&self) -> BTreeSet<&str> {
        self.alternatives
            .iter()
            .flat_map(Alternative::scopes)
            .map(String::as_str)
            .collect()
    }

    /// Returns whether `granted` is enough for some kind of login: what the compiler checks.
    pub fn satisfied_by(&self, granted: &BTreeSet<String>) -> bool {
        self.is_none()
            || self
                .alternatives
                .iter()
                .any(|alternative| alternative.scopes.is_subset(granted))
    }

    /// Returns whether `granted` is enough for a token of the given kind.
    pub fn satisfied_by_as(&self, granted: &BTreeSet<String>, login: LoginKind) -> bool {
        self.is_none()
            || (self.alternatives.iter()).any(|alternative| {
                alternative.logins.contains(login) && alternative.scopes.is_subset(granted)
            })
    }

    /// The cheapest ways to satisfy this, whatever the kind of login: each set, added to `granted`, is enough, and none
    /// with fewer scopes is. Those with the least power come first (see [`least_privilege`](crate::least_privilege)).
    ///
    /// Empty when `granted` satisfies this already.
    ///
    /// ```
    /// use std::collections::BTreeSet;
    /// use hubspot_scopes::Requirement;
    ///
    /// let requirement: Requirement = r#"any("a.write", all("a.read", "b.read"))"#.parse()?;
    /// let granted = BTreeSet::from(["b.read".to_owned()]);
    /// let ways = requirement.missing_from(&granted);
    /// assert_eq!(ways, [BTreeSet::from(["a.read".to_owned()]), BTreeSet::from(["a.write".to_owned()])]);
    /// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
    /// ```
    pub fn missing_from(&self, granted: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
        if self.satisfied_by(granted) {
            return Vec::new();
        }
        let ways = self
            .alternatives
            .iter()
            .map(|a| &a.scopes - granted)
            .collect::<BTreeSet<_>>();
        let fewest = ways.iter().map(BTreeSet::len).min().unwrap_or_default();
        let mut ways = ways
            .into_iter()
            .filter(|way| way.len() == fewest)
            .collect::<Vec<_>>();
        ways.sort_by_cached_key(Weight::of_all);
        ways
    }

    /// The same requirement for any kind of login: satisfied by what satisfies it for some kind.
    pub fn ignoring_logins(&self) -> Self {
        Self::new(
            self.alternatives
                .iter()
                .cloned()
                .map(|alternative| alternative.with_logins(LoginKinds::EITHER)),
        )
    }

    /// Returns whether the scope that is needed depends on the type of the objects: the alternatives name three types or
    /// more, as those of an operation on records of any type do. HubSpot then asks for the scopes of the types at hand, and
    /// any one of the alternatives is not enough.
    ///
    /// ```
    /// use hubspot_scopes::Requirement;
    ///
    /// let of_any_type: Requirement = r#"any("crm.objects.a.read", "crm.objects.b.read", "crm.schemas.c.read")"#.parse()?;
    /// let of_one: Requirement = r#"any("crm.objects.a.read", "crm.schemas.a.read", "crm.objects.a.write")"#.parse()?;
    /// assert!(of_any_type.depends_on_type() && !of_one.depends_on_type());
    /// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
    /// ```
    pub fn depends_on_type(&self) -> bool {
        let object_type = |scope: &str| {
            let mut words = scope.split('.');
            let is_crm =
                words.next() == Some("crm") && matches!(words.next(), Some("objects" | "schemas"));
            is_crm.then(|| words.next().map(str::to_owned)).flatten()
        };
        let alternatives = self.alternatives.iter().flat_map(Alternative::scopes);
        let types: BTreeSet<_> = alternatives
            .filter_map(|scope| object_type(scope))
            .collect();
        self.alternatives.len() >= TYPES && types.len() >= TYPES
    }

    /// The alternative to show where one stands for all: the first, or that of a well-known type if the requirement
    /// [depends on the type](Self::depends_on_type) of the objects at hand. `None` if nothing is needed.
    ///
    /// ```
    /// use hubspot_scopes::Requirement;
    ///
    /// let either: Requirement = r#"any("a.read", "b.read")"#.parse()?;
    /// assert!(either.example().is_some_and(|one| one.scopes().contains("a.read")));
    /// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
    /// ```
    pub fn example(&self) -> Option<&Alternative> {
        let is_known = |one: &&Alternative| {
            let mut scopes = one.scopes.iter();
            scopes.any(|scope| scope.starts_with("crm.") && scope.contains(".deals."))
        };
        let known = self.alternatives.iter().find(is_known);
        known
            .filter(|_| self.depends_on_type())
            .or(self.alternatives.first())
    }

    /// The alternatives that are enough for every kind of login, without their kinds of login. Others are among them only if
    /// they are `there` and none of these is, or if there are no such ones.
    pub(crate) fn for_every_login(&self, there: &BTreeSet<String>) -> Self {
        let is_for_all = |one: &Alternative| {
            let mut logins = LoginKind::ALL.iter();
            logins.all(|&login| self.satisfied_by_as(&one.scopes, login))
        };
        let is_there = |one: &Alternative| one.scopes.is_subset(there);
        let alternatives = self.alternatives.iter().cloned();
        let (mut kept, others): (Vec<_>, Vec<_>) = alternatives.partition(is_for_all);
        if kept.is_empty() {
            return self.ignoring_logins();
        }
        if !kept.iter().any(is_there) {
            kept.extend(others.into_iter().filter(is_there));
        }
        Self::new(kept).ignoring_logins()
    }

    /// Returns whether every set of scopes that satisfies `self` satisfies `other` too, whatever the kind of login.
    ///
    /// ```
    /// use hubspot_scopes::Requirement;
    ///
    /// let one: Requirement = r#""a""#.parse()?;
    /// let either: Requirement = r#"any("a", "b")"#.parse()?;
    /// assert!(one.implies(&either) && !either.implies(&one));
    /// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
    /// ```
    pub fn implies(&self, other: &Self) -> bool {
        if self.is_none() {
            return other.satisfied_by(&BTreeSet::new());
        }
        self.alternatives
            .iter()
            .all(|alternative| other.satisfied_by(&alternative.scopes))
    }
}

/// The number of types from which on a requirement is one for objects of any type.
const TYPES: usize = 3;

/// The sets that contain no other one of `sets`.
fn minimal<'a>(sets: impl Iterator<Item = &'a BTreeSet<String>>) -> Vec<&'a BTreeSet<String>> {
    let sets = sets.collect::<BTreeSet<_>>();
    // Comparing sizes first is what makes the long lists quick: nearly all of their sets have one scope.
    let contains = |set: &BTreeSet<String>, other: &BTreeSet<String>| {
        other.len() < set.len() && other.is_subset(set)
    };
    let minimal = |set: &&BTreeSet<String>| !sets.iter().any(|other| contains(set, other));
    sets.iter().copied().filter(minimal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(text: &str) -> Requirement {
        text.parse().unwrap()
    }

    fn set(scopes: &[&str]) -> BTreeSet<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn nothing_needed_is_one_value() {
        let nothing = [
            Requirement::new([]),
            Requirement::all_of::<String>([]),
            Requirement::new([
                Alternative::all_of(["a"]),
                Alternative::all_of::<String>([]),
            ]),
            Requirement::default(),
        ];
        for requirement in nothing {
            assert_eq!(requirement, Requirement::none());
            assert!(requirement.is_none() && requirement.satisfied_by(&set(&[])));
        }
    }

    #[test]
    fn domination_stays_within_a_kind_of_login() {
        let mixed = requirement(r#"any(oauth2("a"), all("a", "b"))"#);
        assert_eq!(
            mixed.to_string(),
            r#"any(oauth2("a"), private_apps("a", "b"))"#
        );
        assert!(mixed.satisfied_by(&set(&["a"])));
        assert!(mixed.satisfied_by_as(&set(&["a"]), LoginKind::OAuth2));
        assert!(!mixed.satisfied_by_as(&set(&["a"]), LoginKind::PrivateApps));
        assert_eq!(mixed.ignoring_logins().to_string(), r#""a""#);
    }

    #[test]
    fn one_alternative_in_both_kinds_is_one() {
        assert_eq!(
            requirement(r#"any(oauth2("a"), private_apps("a"))"#),
            requirement(r#""a""#)
        );
    }

    #[test]
    fn nothing_needed_for_one_kind_is_kept_apart() {
        let free = requirement(r#"any(oauth2(), private_apps("a"))"#);
        assert!(!free.is_none() && free.ignoring_logins().is_none());
        assert!(free.satisfied_by_as(&set(&[]), LoginKind::OAuth2));
        assert!(!free.satisfied_by_as(&set(&[]), LoginKind::PrivateApps));
    }

    #[test]
    fn what_is_missing_is_the_cheapest_way() {
        let either = requirement(r#"any("b.write", "c.sensitive.read", "d.read", all("a", "x"))"#);
        let ways = [
            set(&["d.read"]),
            set(&["b.write"]),
            set(&["c.sensitive.read"]),
        ];
        assert_eq!(either.missing_from(&set(&[])), ways);
        assert_eq!(
            either.missing_from(&set(&["d.read"])),
            Vec::<BTreeSet<String>>::new()
        );
    }

    #[test]
    fn the_alternative_with_the_least_power_comes_first() {
        let sorted = requirement(r#"any(all("a", "b"), "c.sensitive.read", "d.write", "e.read")"#);
        assert_eq!(
            sorted.to_string(),
            r#"any("e.read", "d.write", "c.sensitive.read", all("a", "b"))"#
        );
    }

    #[test]
    fn scopes_are_the_union() {
        assert_eq!(
            requirement(r#"any("c", all("a", "b"))"#)
                .scopes()
                .into_iter()
                .collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
    }
}

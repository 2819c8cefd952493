//! The catalogues of crates with generated operations, parsed from the leading `[$crate "text"]` groups of a macro's input.
//!
//! The documentation of the crate has their format. Only a crate with a faulty catalogue can cause an error here, never its
//! users.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Requirement, trait_name};
use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Error, LitStr, Result, Token, bracketed, token};

/// All catalogues that the input came through; the client's is the first.
pub(crate) struct Catalogues(Vec<Catalogue>);

/// What one crate knows.
pub(crate) struct Catalogue {
    /// `$crate` of the crate that the catalogue belongs to.
    pub(crate) root: TokenStream,
    /// Whether it is the crate through which the macro was called: the last one.
    pub(crate) is_addressed: bool,
    /// The traits of the scopes, by scope.
    pub(crate) scopes: BTreeMap<String, String>,
    /// The traits of the composites, by requirement.
    pub(crate) composites: BTreeMap<Requirement, String>,
}

impl Parse for Catalogues {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut catalogues: Vec<Catalogue> = Vec::new();
        while input.peek(token::Bracket) {
            catalogues.push(input.parse()?);
        }
        let Some(last) = catalogues.last_mut() else {
            return Err(input.error("expected a scope catalogue; this macro is called through `__scope_catalogue!` only"));
        };
        last.is_addressed = true;
        Ok(Self(catalogues))
    }
}

impl Parse for Catalogue {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        bracketed!(content in input);
        let mut root = TokenStream::new();
        while !content.peek(LitStr) {
            root.extend([content.parse::<proc_macro2::TokenTree>()?]);
        }
        let text: LitStr = content.parse()?;
        content.parse::<Option<Token![,]>>()?;
        let (scopes, composites) = read(&text.value())
            .map_err(|fault| Error::new(text.span(), format!("scope catalogue: {fault}")))?;
        Ok(Self {
            root,
            is_addressed: false,
            scopes,
            composites,
        })
    }
}

type Entries = (BTreeMap<String, String>, BTreeMap<Requirement, String>);

fn read(text: &str) -> std::result::Result<Entries, String> {
    let mut entries = Entries::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_once(' ') {
            Some(("scope", scope)) => {
                let name = trait_name(scope).map_err(|error| error.to_string())?;
                entries.0.insert(scope.to_owned(), name);
            }
            Some(("composite", rest)) => {
                let (name, requirement) = rest
                    .split_once(' ')
                    .ok_or_else(|| format!("`{line}` has no requirement"))?;
                let requirement: Requirement = requirement
                    .parse()
                    .map_err(|error| format!("`{line}`: {error}"))?;
                entries.1.insert(requirement, name.to_owned());
            }
            _ => return Err(format!("`{line}` is neither a `scope` nor a `composite`")),
        }
    }
    Ok(entries)
}

impl Catalogues {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Catalogue> {
        self.0.iter()
    }

    /// `$crate` of the client.
    pub(crate) fn client(&self) -> &TokenStream {
        &self.0[0].root
    }

    pub(crate) fn knows(&self, scope: &str) -> bool {
        self.iter()
            .any(|catalogue| catalogue.scopes.contains_key(scope))
    }

    /// Every scope that exists.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = &str> {
        self.iter()
            .flat_map(|catalogue| catalogue.scopes.keys())
            .map(String::as_str)
    }

    /// Every requirement of more than one alternative that an operation has.
    pub(crate) fn composites(&self) -> impl Iterator<Item = &Requirement> {
        self.iter()
            .flat_map(|catalogue| catalogue.composites.keys())
    }
}

impl Catalogue {
    /// The trait of a scope, or, without one, that of the requirement as a whole.
    pub(crate) fn grant(&self, scope: Option<&str>, of: &Requirement) -> Option<&String> {
        match scope {
            Some(scope) => self.scopes.get(scope),
            None => self.composites.get(of),
        }
    }

    /// The traits that a type with the scopes in `granted` implements by `impl` blocks of its own, in a fixed order.
    pub(crate) fn implemented_by(&self, granted: &BTreeSet<String>) -> Vec<&str> {
        let scopes = self
            .scopes
            .iter()
            .filter(|(scope, _)| granted.contains(*scope))
            .map(|(_, name)| name);
        let composites = (self.composites.iter())
            .filter(|(requirement, _)| {
                requirement.satisfied_by(granted) && !blanket_covers(requirement, granted)
            })
            .map(|(_, name)| name);
        scopes.chain(composites).map(String::as_str).collect()
    }

    /// The traits that a type with the scopes in `granted` lacks without those in `optional`: of the scopes among these, and
    /// of composites.
    pub(crate) fn waiting<'a>(
        &'a self,
        granted: &BTreeSet<String>,
        optional: &BTreeSet<String>,
    ) -> (Vec<(&'a str, &'a str)>, Vec<&'a str>) {
        let scopes = self.scopes.iter();
        let scopes =
            scopes.filter(|(scope, _)| optional.contains(*scope) && !granted.contains(*scope));
        let scopes = scopes.map(|(scope, name)| (scope.as_str(), name.as_str()));
        let all = granted | optional;
        let composites = self.composites.iter().filter(|(requirement, _)| {
            requirement.satisfied_by(&all) && !requirement.satisfied_by(granted)
        });
        let composites = composites.map(|(_, name)| name.as_str());
        (scopes.collect(), composites.collect())
    }
}

/// Returns whether the blanket implementation of a composite applies: its only alternative of several scopes is granted.
fn blanket_covers(requirement: &Requirement, granted: &BTreeSet<String>) -> bool {
    let mut joined = requirement
        .alternatives()
        .iter()
        .filter(|alternative| alternative.scopes().len() > 1);
    match (joined.next(), joined.next()) {
        (Some(only), None) => only.scopes().is_subset(granted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        scope a
        scope b.read
        scope c
        composite One any("a", "b.read")
        composite Joined any("a", all("b.read", "c"))
        composite TwiceJoined any(all("a", "b.read"), all("b.read", "c"))
    "#;

    fn implemented(granted: &[&str]) -> Vec<String> {
        let (scopes, composites) = read(TEXT).unwrap();
        let catalogue = Catalogue {
            root: TokenStream::new(),
            is_addressed: true,
            scopes,
            composites,
        };
        let granted = granted.iter().map(|&scope| scope.to_owned()).collect();
        catalogue
            .implemented_by(&granted)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_set_implements_what_it_satisfies_and_no_blanket_covers() {
        assert_eq!(implemented(&["a"]), ["A", "Joined", "One"]);
        assert_eq!(implemented(&["c"]), ["C"]);
        assert_eq!(
            implemented(&["b.read", "c"]),
            ["BRead", "C", "TwiceJoined", "One"]
        );
        assert_eq!(implemented(&["unknown"]), Vec::<String>::new());
    }

    #[test]
    fn a_faulty_catalogue_is_refused_with_the_line() {
        let fault = |text| read(text).unwrap_err();
        assert_eq!(
            fault("scopes a"),
            "`scopes a` is neither a `scope` nor a `composite`"
        );
        assert_eq!(fault("composite A"), "`composite A` has no requirement");
        assert_eq!(
            fault("composite A any(1)"),
            "`composite A any(1)`: not a scope requirement: expected a scope in quotes, `all(...)`, `oauth2(...)` or \
             `private_apps(...)` at byte 4"
        );
        assert!(fault("scope -").contains("no Rust identifier"));
    }
}

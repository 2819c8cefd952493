//! Tests of the scope check.

use std::sync::Arc;

use super::*;
use crate::definitions::Tier;
use crate::store::{Account, Holder};

fn grant(kind: Kind, scopes: &[&str]) -> Grant {
    Grant {
        account: Arc::new(Account::new("acme", 1, Tier::default())),
        scopes: Arc::new(scopes.iter().map(|&scope| scope.to_owned()).collect()),
        kind,
        holder: Arc::new(Holder {
            app_id: 1,
            client_id: None,
            name: String::new(),
        }),
        expires_at: None,
    }
}

/// The scopes that let a call pass, or the wording and the scopes of the refusal.
fn checked(
    requirement: &str,
    kind: Kind,
    scopes: &[&str],
) -> Result<Vec<String>, (String, Vec<String>)> {
    let requirement = requirement.parse().unwrap();
    match check(&requirement, &grant(kind, scopes)) {
        Ok(scopes) => Ok(scopes.into_iter().flatten().cloned().collect()),
        Err(refusal) => {
            assert_eq!(
                (refusal.status, refusal.body.category),
                (403, "MISSING_SCOPES")
            );
            let detail = refusal.body.errors.into_iter().next().unwrap();
            Err((
                detail.message,
                detail.context["requiredGranularScopes"].clone(),
            ))
        }
    }
}

fn any_of(scopes: &[&str]) -> Result<Vec<String>, (String, Vec<String>)> {
    let message = "One or more of the following scopes are required.";
    Err((
        message.to_owned(),
        scopes.iter().map(|&scope| scope.to_owned()).collect(),
    ))
}

fn all_of(scopes: &[&str]) -> Result<Vec<String>, (String, Vec<String>)> {
    let message = "All of the following scopes are required.";
    Err((
        message.to_owned(),
        scopes.iter().map(|&scope| scope.to_owned()).collect(),
    ))
}

#[test]
fn nothing_needed_lets_every_token_pass() {
    assert_eq!(checked("", Kind::Static, &[]), Ok(vec![]));
}

#[test]
fn any_of_some_scopes() {
    let requirement = r#"any("a.read", "b.read")"#;
    assert_eq!(
        checked(requirement, Kind::Static, &["b.read", "c"]),
        Ok(vec!["b.read".to_owned()])
    );
    assert_eq!(
        checked(requirement, Kind::Static, &["c"]),
        any_of(&["a.read", "b.read"])
    );
}

#[test]
fn all_of_some_scopes() {
    let requirement = r#""a.read", "b.read""#;
    let both = ["a.read".to_owned(), "b.read".to_owned()];
    assert_eq!(
        checked(requirement, Kind::OAuth, &["a.read", "b.read"]),
        Ok(both.to_vec())
    );
    assert_eq!(
        checked(requirement, Kind::OAuth, &["a.read"]),
        all_of(&["a.read", "b.read"])
    );
}

#[test]
fn where_several_are_needed_together_the_least_of_the_ways_is_named() {
    let requirement = r#"any(all("a.write", "b.write"), all("c.read", "d.read"))"#;
    assert_eq!(
        checked(requirement, Kind::Static, &[]),
        all_of(&["c.read", "d.read"])
    );
    let mixed = r#"any("a.read", all("b.read", "c.read"))"#;
    assert_eq!(
        checked(mixed, Kind::Static, &["b.read"]),
        all_of(&["a.read"])
    );
}

#[test]
fn each_kind_of_token_has_its_own_alternatives() {
    let requirement = r#"any(oauth2("a"), private_apps("b"))"#;
    assert_eq!(
        checked(requirement, Kind::OAuth, &["a"]),
        Ok(vec!["a".to_owned()])
    );
    assert_eq!(checked(requirement, Kind::Static, &["a"]), any_of(&["b"]));
    assert_eq!(checked(requirement, Kind::OAuth, &["b"]), any_of(&["a"]));
}

//! Tests of the scope check.

use std::sync::Arc;

use super::*;
use crate::definitions::Tier;
use crate::store::{Account, Holder};

fn grant(kind: LoginKind, scopes: &str) -> Grant {
    Grant {
        account: Arc::new(Account::new("acme", 1, Tier::default())),
        scopes: Arc::new(scopes.split_whitespace().map(str::to_owned).collect()),
        kind,
        holder: Arc::new(Holder {
            app_id: 1,
            client_id: None,
            name: String::new(),
        }),
        expires_at: None,
    }
}

/// The scopes that allow the request, or the wording of the error and its scopes.
fn checked(requirement: &str, kind: LoginKind, scopes: &str) -> String {
    let requirement = requirement.parse().unwrap();
    let refusal = match check(&requirement, &grant(kind, scopes)) {
        Ok(scopes) => {
            let scopes = scopes.into_iter().flatten().cloned();
            return scopes.collect::<Vec<_>>().join(" ");
        }
        Err(refusal) => refusal,
    };
    let category = (refusal.status, refusal.body.category);
    assert_eq!(category, (403, "MISSING_SCOPES"));
    let [detail] = &refusal.body.errors[..] else {
        panic!("{refusal:?}");
    };
    let wording = detail.message.split(' ').next().unwrap();
    let scopes = detail.context["requiredGranularScopes"].join(" ");
    format!("{wording}: {scopes}")
}

#[test]
fn a_token_needs_one_alternative_of_its_kind() {
    let either = r#"any("a.read", "b.read")"#;
    let both = r#""a.read", "b.read""#;
    let pairs = r#"any(all("a.write", "b.write"), all("c.read", "d.read"))"#;
    let mixed = r#"any("a.read", all("b.read", "c.read"))"#;
    let by_kind = r#"any(oauth2("a"), private_apps("b"))"#;
    for (requirement, kind, scopes, expected) in [
        ("", LoginKind::PrivateApps, "", ""),
        (either, LoginKind::PrivateApps, "b.read c", "b.read"),
        (either, LoginKind::PrivateApps, "c", "One: a.read b.read"),
        (both, LoginKind::OAuth2, "a.read b.read", "a.read b.read"),
        (both, LoginKind::OAuth2, "a.read", "All: a.read b.read"),
        // If several scopes are needed together, the least powerful alternative is named.
        (pairs, LoginKind::PrivateApps, "", "All: c.read d.read"),
        (mixed, LoginKind::PrivateApps, "b.read", "All: a.read"),
        (by_kind, LoginKind::OAuth2, "a", "a"),
        (by_kind, LoginKind::PrivateApps, "a", "One: b"),
        (by_kind, LoginKind::OAuth2, "b", "One: a"),
    ] {
        assert_eq!(
            checked(requirement, kind, scopes),
            expected,
            "{requirement}"
        );
    }
}

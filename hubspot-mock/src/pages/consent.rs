//! The consent page, on which a user grants an app its scopes or denies them.
//!
//! The response to its form redirects to the app, with a code or with `access_denied`. A link or form that is not valid gets
//! an error page and no redirect, because its redirect URI cannot be trusted. There is no login: whoever opens the page is
//! the super admin of every account.

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use crate::behavior::oauth::{LinkError, installer};
use crate::pages::render::{problem, redirect, render, wrong_method};
use crate::pages::scopes::{access, describe};
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, Approval, Consent, InstallLink, ServerState};
use crate::values::sync;

/// The consent page of an account, or a choice of accounts if there are several.
pub(super) fn page(request: &PageRequest<'_>, state: &ServerState, hub_id: Option<&str>) -> Page {
    match request.method {
        "GET" | "HEAD" => show(request, state, hub_id),
        "POST" => decide(request, state),
        _ => wrong_method("GET, HEAD, POST"),
    }
}

fn show(request: &PageRequest<'_>, state: &ServerState, hub_id: Option<&str>) -> Page {
    let link = match InstallLink::read(request.query, &state.tokens) {
        Ok(link) => link,
        Err(error) => return link_problem(&error),
    };
    let accounts: Vec<Arc<Account>> = sync::read(&state.accounts).values().cloned().collect();
    let named = |account: &&Arc<Account>| hub_id == Some(account.hub_id.to_string().as_str());
    let account = match (&accounts[..], hub_id) {
        ([], None) => return problem(404, "There is no account yet", "no_account", json!({})),
        ([only], None) => only,
        (several, None) => return choice(&link, several, request.query),
        (all, Some(_)) => match all.iter().find(named) {
            Some(account) => account,
            None => return problem(404, "No account has this Hub ID", "account", json!({})),
        },
    };
    let withheld = state.tokens.withheld(account.hub_id);
    match link.consent(account, &withheld) {
        Ok(consent) => {
            let now = state.clock.now();
            let nonce = state.tokens.open_consent(consent.clone(), now);
            consent_page(&consent, &nonce)
        }
        Err(error) => link_problem(&error),
    }
}

/// Redirects to the app after the user's decision.
fn decide(request: &PageRequest<'_>, state: &ServerState) -> Page {
    let granted = match request.form("decision") {
        Some("grant") => true,
        Some("deny") => false,
        _ => return expired(),
    };
    let now = state.clock.now();
    let nonce = request.form("nonce").unwrap_or_default();
    let Some(consent) = state.tokens.take_consent(nonce, now) else {
        return expired();
    };
    let link = &consent.link;
    // It was validated when the app was registered.
    let Ok(mut target) = Url::parse(&link.redirect_uri) else {
        return expired();
    };
    let mut query = target.query_pairs_mut();
    if granted {
        let approval = Approval {
            app: &link.app,
            account: &consent.account,
            redirect_uri: &link.redirect_uri,
            scopes: consent.granted(),
            challenge: link.challenge.as_deref(),
        };
        query.append_pair("code", &state.tokens.authorize(approval, now));
    } else {
        let description = "The user denied the app access to the account.";
        query.append_pair("error", "access_denied");
        query.append_pair("error_description", description);
    }
    if let Some(state) = &link.state {
        query.append_pair("state", state);
    }
    drop(query);
    redirect(target.into())
}

fn consent_page(consent: &Consent, nonce: &str) -> Page {
    let (link, account) = (&consent.link, &consent.account);
    let app = &link.app;
    let origin = Url::parse(&link.redirect_uri).map(|url| url.origin().ascii_serialization());
    let required = link.scope.difference(&app.scopes.conditional);
    let conditional = link.scope.intersection(&app.scopes.conditional);
    let values = json!({
        "title": format!("Connect {} to {}", app.name, account.name),
        "app": app.name,
        "account": { "name": account.name, "hub_id": account.hub_id },
        "user": installer(account).email,
        "redirect_uri": link.redirect_uri,
        "nonce": nonce,
        "lists": [
            scopes("Required", "required", required),
            scopes("Required by this link", "conditional", conditional),
            scopes("Optional", "optional", consent.optional.iter()),
        ],
    });
    render(200, "consent.html", &values, origin.as_deref().ok())
}

fn scopes<'a>(title: &str, kind: &str, scopes: impl Iterator<Item = &'a String>) -> Value {
    let scopes = scopes.map(|scope| {
        let (access, style) = access(scope);
        json!({ "name": scope, "words": describe(scope), "access": access, "style": style })
    });
    json!({ "title": title, "kind": kind, "scopes": scopes.collect::<Vec<_>>() })
}

fn choice(link: &InstallLink, accounts: &[Arc<Account>], query: &[(String, String)]) -> Page {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let accounts = accounts.iter();
    let accounts =
        accounts.map(|account| json!({ "name": account.name, "hub_id": account.hub_id }));
    let values = json!({
        "title": format!("Choose an account for {}", link.app.name),
        "app": link.app.name,
        "accounts": accounts.collect::<Vec<_>>(),
        "query": query,
    });
    render(200, "accounts.html", &values, None)
}

/// The error page for an install link.
fn link_problem(error: &LinkError) -> Page {
    let (title, kind, details) = match error {
        LinkError::Missing(name) => ("The link is incomplete", "missing", json!({ "name": name })),
        LinkError::Repeated(name) => ("The link is ambiguous", "repeated", json!({ "name": name })),
        LinkError::UnknownApp => ("No app has this client ID", "app", json!({})),
        LinkError::RedirectUri {
            requested,
            registered,
        } => (
            "The redirect URI is not registered",
            "redirect_uri",
            json!({ "requested": requested, "registered": registered }),
        ),
        LinkError::Scopes(differences) => (
            "The link's scopes differ from the app's settings",
            "scopes",
            json!({ "differences": differences }),
        ),
        LinkError::Unsupported(name, expected) => (
            "The link requests something that is not supported",
            "unsupported",
            json!({ "name": name, "expected": expected }),
        ),
        LinkError::Tier { account, scopes } => {
            let details = json!({ "account": account, "scopes": scopes });
            return problem(403, "This account cannot be connected", "tier", details);
        }
    };
    problem(400, title, kind, details)
}

/// The page for a form that was forged, sent twice, or has expired.
fn expired() -> Page {
    problem(400, "This page is no longer valid", "expired", json!({}))
}

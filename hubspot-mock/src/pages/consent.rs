//! The consent page, on which a user grants an app its scopes or denies them.
//!
//! After an answer it redirects to the app, with a code or with `access_denied`. A link or form that is not valid gets an
//! error page and no redirect, because its redirect URI cannot be trusted. There is no login: whoever opens the page is the
//! super admin of every account.

use std::sync::Arc;

use maud::{Markup, html};
use url::Url;

use crate::behavior::oauth::{LinkError, installer};
use crate::pages::layout::{Document, imprint, problem, redirect, wrong_method};
use crate::pages::scopes::{access, describe};
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, Approval, Consent, InstallLink, ServerState};
use crate::values::sync;

/// The consent page of an account, or a choice of accounts if there are several.
pub(super) fn page(request: &PageRequest<'_>, state: &ServerState, hub_id: Option<&str>) -> Page {
    match request.method {
        "GET" | "HEAD" => ask(request, state, hub_id),
        "POST" => answer(request, state),
        _ => wrong_method("GET, HEAD, POST"),
    }
}

fn ask(request: &PageRequest<'_>, state: &ServerState, hub_id: Option<&str>) -> Page {
    let link = match InstallLink::read(request.query, &state.tokens) {
        Ok(link) => link,
        Err(error) => return refuse(&error),
    };
    let accounts: Vec<Arc<Account>> = sync::read(&state.accounts).values().cloned().collect();
    let named = |account: &&Arc<Account>| hub_id == Some(account.hub_id.to_string().as_str());
    let account = match (&accounts[..], hub_id) {
        ([], None) => return no_account(),
        ([only], None) => only,
        (several, None) => return choice(&link, several, request.query),
        (all, Some(_)) => match all.iter().find(named) {
            Some(account) => account,
            None => return unknown_account(),
        },
    };
    let withheld = state.tokens.withheld(account.hub_id);
    match link.consent(account, &withheld) {
        Ok(consent) => {
            let nonce = state
                .tokens
                .open_consent(consent.clone(), state.clock.now());
            question(&consent, &nonce)
        }
        Err(error) => refuse(&error),
    }
}

/// Redirects to the app after the user's answer.
fn answer(request: &PageRequest<'_>, state: &ServerState) -> Page {
    let now = state.clock.now();
    let granted = match request.form("decision") {
        Some("grant") => true,
        Some("deny") => false,
        _ => return no_question(),
    };
    let nonce = request.form("nonce").unwrap_or_default();
    let Some(consent) = state.tokens.take_consent(nonce, now) else {
        return no_question();
    };
    let link = &consent.link;
    // It was validated when the app was registered.
    let Ok(mut target) = Url::parse(&link.redirect_uri) else {
        return no_question();
    };
    let mut answer = target.query_pairs_mut();
    if granted {
        let approval = Approval {
            app: &link.app,
            account: &consent.account,
            redirect_uri: &link.redirect_uri,
            scopes: consent.granted(),
            challenge: link.challenge.as_deref(),
        };
        answer.append_pair("code", &state.tokens.authorize(approval, now));
    } else {
        answer.append_pair("error", "access_denied");
        answer.append_pair(
            "error_description",
            "The user denied the app access to the account.",
        );
    }
    if let Some(state) = &link.state {
        answer.append_pair("state", state);
    }
    drop(answer);
    redirect(target.into())
}

fn question(consent: &Consent, nonce: &str) -> Page {
    let link = &consent.link;
    let app = &link.app;
    let account = &consent.account;
    let origin = Url::parse(&link.redirect_uri).map(|url| url.origin().ascii_serialization());
    let conditional = link.scope.intersection(&app.conditional);
    let title = format!("Connect {} to {}", app.name, account.name);
    let body = html! {
        body {
            main.sheet {
                article.card {
                    header {
                        div.brand aria-hidden="true" {
                            span.tile { (initial(&app.name)) }
                            span.arrow { "→" }
                            span.tile.account { (initial(&account.name)) }
                        }
                        h1 #app { "Connect " (app.name) "?" }
                        p {
                            (app.name) " asks for access to the account "
                            strong #account data-hub-id=(account.hub_id) { (account.name) }
                            " (Hub ID " (account.hub_id) "). You are signed in as "
                            (installer(account).email) "."
                        }
                    }
                    div #scopes {
                        (list("Required", "required", link.scope.difference(&app.conditional)))
                        (list("Required by this link", "conditional", conditional))
                        (list("Optional", "optional", consent.optional.iter()))
                    }
                    footer {
                        p.soft.small {
                            "Your answer goes to " code #redirect { (link.redirect_uri) }
                            ". You can disconnect the app at any time."
                        }
                        form method="post" #consent {
                            input type="hidden" name="nonce" value=(nonce);
                            div.actions {
                                button #deny type="submit" name="decision" value="deny" { "Deny" }
                                button.primary #grant type="submit" name="decision" value="grant" { "Grant access" }
                            }
                        }
                    }
                }
                (imprint())
            }
        }
    };
    let document = Document {
        title: &title,
        refresh: None,
        form_target: origin.as_deref().ok(),
        body,
    };
    document.into_page(200)
}

fn list<'a>(title: &str, kind: &str, scopes: impl Iterator<Item = &'a String>) -> Markup {
    let mut scopes = scopes.peekable();
    html! {
        @if scopes.peek().is_some() {
            section {
                h3 { (title) }
                ul.scopes {
                    @for scope in scopes {
                        li data-scope=(scope) data-kind=(kind) {
                            @match describe(scope) {
                                Some(words) => {
                                    span.what { (words) }
                                    code { (scope) }
                                }
                                None => span.what { code { (scope) } }
                            }
                            span class={ "pill " (access(scope).style()) } { (access(scope).label()) }
                        }
                    }
                }
            }
        }
    }
}

fn choice(link: &InstallLink, accounts: &[Arc<Account>], query: &[(String, String)]) -> Page {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let title = format!("Choose an account for {}", link.app.name);
    let body = html! {
        body {
            main.sheet {
                article.card {
                    header {
                        div.brand aria-hidden="true" { span.tile { (initial(&link.app.name)) } }
                        h1 { "Choose an account" }
                        p { "Which account do you want to connect " (link.app.name) " to?" }
                    }
                    section {
                        ul.choices #accounts {
                            @for account in accounts {
                                li {
                                    a data-hub-id=(account.hub_id) href={ "/oauth/" (account.hub_id) "/authorize?" (query) } {
                                        span.tile.account aria-hidden="true" { (initial(&account.name)) }
                                        span {
                                            strong { (account.name) }
                                            span.soft.small { "Hub ID " (account.hub_id) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                (imprint())
            }
        }
    };
    let document = Document {
        title: &title,
        refresh: None,
        form_target: None,
        body,
    };
    document.into_page(200)
}

/// The first letter, for a tile.
fn initial(name: &str) -> String {
    let first = name.chars().find(|letter| letter.is_alphanumeric());
    first.map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().collect())
}

/// The error page for an install link.
fn refuse(error: &LinkError) -> Page {
    let status = match error {
        LinkError::Tier { .. } => 403,
        _ => 400,
    };
    let (title, content) = explain(error);
    problem(status, title, &content)
}

/// The title and the content of the error page.
fn explain(error: &LinkError) -> (&'static str, Markup) {
    match error {
        LinkError::Missing(name) => (
            "The link is incomplete",
            html! { p { "It has no " code { (name) } "." } },
        ),
        LinkError::Repeated(name) => (
            "The link is ambiguous",
            html! { p { "It has " code { (name) } " more than once." } },
        ),
        LinkError::UnknownApp => (
            "No app has this client ID",
            html! { p { "Check " code { "client_id" } " in the link against the app's settings." } },
        ),
        LinkError::RedirectUri { asked, registered } => (
            "The redirect URI is not registered",
            html! {
                p { "It has to equal one in the app's settings to the character, the trailing slash included." }
                dl.pair {
                    dt { "In the link" }
                    dd { code #asked { (asked) } }
                    @for uri in registered {
                        dt { "Registered" }
                        dd { code.registered { (uri) } }
                    }
                }
            },
        ),
        LinkError::Scopes(differences) => (
            "The link's scopes differ from the app's settings",
            html! {
                p { "HubSpot connects an app only if " code { "scope" } " and " code { "optional_scope" } " match its settings." }
                ul.faults #differences {
                    @for difference in differences {
                        li data-scope=(difference.scope) { code { (difference.scope) } " " (difference.problem) "." }
                    }
                }
            },
        ),
        LinkError::Unsupported(name, served) => (
            "The link requests something that is not supported",
            html! { p { code { (name) } " has to be " code { (served) } "." } },
        ),
        LinkError::Tier { account, scopes } => (
            "This account cannot be connected",
            html! {
                p { "The app must have scopes whose features " strong { (account) } " lacks: they need a higher product tier." }
                ul.faults #lacking {
                    @for scope in scopes { li data-scope=(scope) { code { (scope) } } }
                }
            },
        ),
    }
}

fn no_account() -> Page {
    let content = html! { p { "An app is connected to an account, and this server has none yet. Set one up first, then open the link again." } };
    problem(404, "There is no account yet", &content)
}

fn unknown_account() -> Page {
    let content =
        html! { p { "Leave the Hub ID out of the link to choose from the accounts that exist." } };
    problem(404, "No account has this Hub ID", &content)
}

/// The page for a form that was forged, sent twice, or is too old.
fn no_question() -> Page {
    let content =
        html! { p { "It was answered before, or too long ago. Open the app's link again." } };
    problem(400, "This page is no longer valid", &content)
}

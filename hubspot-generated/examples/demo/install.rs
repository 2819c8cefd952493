//! The seven steps of connecting an OAuth app, with hubspot-mock as HubSpot and plain requests as the user's browser.
//!
//! Returns a client of the account that installed the app, and reports one line per step.

use std::time::Duration;

use hubspot_generated::Client;
use hubspot_generated::oauth::OAuthApp;
use hubspot_mock::{App, MockHubSpot};

use crate::program::DemoScopes;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// As HubSpot shows it in the app's settings, were this HubSpot's.
const CLIENT_ID: &str = "demo-app";
const CLIENT_SECRET: &str = "demo-secret";
const REDIRECT_URI: &str = "https://demo.example.com/hubspot/callback";

/// Installs the app and gives a client of the account, whose token is refreshed when needed.
pub(crate) async fn install(
    hubspot: &MockHubSpot,
    tell: &mut dyn FnMut(String),
) -> Result<Client<DemoScopes>> {
    let settings = App::new(CLIENT_ID, CLIENT_SECRET)
        .redirect_uri(REDIRECT_URI)
        .scopes_of::<DemoScopes>();
    hubspot.register(settings)?;
    hubspot.account("acme");

    let app = OAuthApp::<DemoScopes>::builder(CLIENT_ID, CLIENT_SECRET, REDIRECT_URI)
        .client(Client::builder().base_url(hubspot.url()))
        .authorize_base_url(hubspot.url())
        .require_scopes()
        .build()?;
    let authorization = app.authorize_url().pkce().build();
    tell("the install link asks for the scopes of DemoScopes, no more and no less".to_owned());
    let callback = grant(authorization.url.as_str()).await?;
    let code = app.callback(&callback, &authorization.state)?;
    tell("the user granted them, and HubSpot called back with a code".to_owned());
    let connection = app
        .connect(&code, authorization.pkce_verifier.as_ref())
        .await?;
    let client = app.account(connection.hub_id);
    tell(format!("account {} is connected", connection.hub_id));

    let check = client.verify_scopes().await?;
    assert!(check.is_complete(), "the token lacks {:?}", check.missing());
    tell("the token has every scope that DemoScopes requires".to_owned());
    Ok(client)
}

/// Lets the token expire, and calls once more.
pub(crate) async fn outlive_the_token(
    hubspot: &MockHubSpot,
    client: &Client<DemoScopes>,
    tell: &mut dyn FnMut(String),
) -> Result<()> {
    let before = hubspot.journal().count("oauth.token");
    hubspot.advance(Duration::from_mins(31));
    client.contacts().list().send().await?;
    let refreshed = hubspot.journal().count("oauth.token") - before;
    assert_eq!(refreshed, 1, "one refresh for one expired token");
    tell("31 minutes later the token was refreshed, once, and the request retried".to_owned());
    Ok(())
}

/// Grants what the consent page asks for, and gives the address to which the browser is sent back.
async fn grant(link: &str) -> Result<String> {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let page = browser.get(link).send().await?.text().await?;
    let nonce = page
        .split_once(r#"name="nonce" value=""#)
        .and_then(|(_, rest)| rest.split('"').next())
        .ok_or("the consent page has no form")?;
    let response = browser
        .post(link)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("nonce={nonce}&decision=grant"))
        .send()
        .await?;
    let address = response.headers().get("location").ok_or("no way back")?;
    Ok(address.to_str()?.to_owned())
}

//! `cargo hubspot audit --token-env`: what a token was granted, beside what the code declares and needs.
//!
//! Comes in: the name of the environment variable with the token, and the app's credentials from the environment, if it is
//! an OAuth app's. Goes out: the scopes that HubSpot says it has. Refused: a variable that is not set, and a token that
//! HubSpot does not know or tells nothing about.
//!
//! The token is sent to HubSpot only, and shown nowhere.

use std::collections::BTreeSet;
use std::env;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use hubspot_generated::oauth::OAuthApp;
use hubspot_generated::{Client, Secret, Unchecked};
use hubspot_scopes::LoginKind;
use serde::Serialize;

use crate::model::{Need, Package, Report};

/// Which token is looked up.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Live account")]
pub(crate) struct Options {
    /// Compare with what the token in this environment variable was granted; for the access token of an OAuth app,
    /// `HUBSPOT_CLIENT_ID` and `HUBSPOT_CLIENT_SECRET` must be set, too
    #[arg(long, value_name = "VARIABLE")]
    token_env: Option<String>,
    /// Ask this HubSpot [default: <https://api.hubapi.com>]
    #[arg(long, value_name = "URL", requires = "token_env")]
    base_url: Option<String>,
}

/// What a token was granted.
#[derive(Debug, Serialize)]
pub(crate) struct Granted {
    /// What kind of token it is: `oauth2` or `private_apps`.
    #[serde(serialize_with = "as_name")]
    pub(crate) login: LoginKind,
    /// The account, where HubSpot tells it.
    pub(crate) hub_id: Option<u64>,
    /// The scopes.
    pub(crate) scopes: BTreeSet<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn as_name<S: serde::Serializer>(scheme: &LoginKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(scheme)
}

impl Granted {
    /// The needs of a package that the token does not satisfy.
    pub(crate) fn lacks<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Need> {
        let needs = package.verdict.needs.iter();
        needs.filter(|need| !need.requirement.satisfied_by_as(&self.scopes, self.login))
    }

    /// The scopes that nothing in the report needs.
    pub(crate) fn surplus<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = &'a String> {
        let needs = report
            .packages
            .iter()
            .flat_map(|package| &package.verdict.needs);
        let needed: BTreeSet<&str> = needs.flat_map(|need| need.requirement.scopes()).collect();
        let surplus = self.scopes.iter();
        surplus.filter(move |scope| *scope != "oauth" && !needed.contains(scope.as_str()))
    }
}

/// Asks HubSpot, if that was asked for.
pub(crate) fn ask(options: &Options) -> Result<Option<Granted>> {
    let Some(variable) = &options.token_env else {
        return Ok(None);
    };
    let token = env::var(variable).map_err(|_| anyhow!("`{variable}` is not set"))?;
    ensure!(!token.trim().is_empty(), "`{variable}` is empty");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    let granted = runtime.block_on(async {
        match (env::var("HUBSPOT_CLIENT_ID"), env::var("HUBSPOT_CLIENT_SECRET")) {
            (Ok(id), Ok(secret)) => of_app(options, token, id, secret).await,
            _ => of_static_token(options, token).await.with_context(|| {
                format!(
                    "cannot learn what the token in `{variable}` was granted; if it is the access token of an OAuth app, \
                     set `HUBSPOT_CLIENT_ID` and `HUBSPOT_CLIENT_SECRET`"
                )
            }),
        }
    });
    granted.map(Some)
}

/// What the token of a private app was granted, or another static one.
async fn of_static_token(options: &Options, token: String) -> Result<Granted> {
    let mut client = Client::unchecked_builder().access_token(token);
    if let Some(url) = &options.base_url {
        client = client.base_url(url);
    }
    let check = client.build()?.verify_scopes().await?;
    Ok(Granted {
        login: LoginKind::PrivateApps,
        hub_id: None,
        scopes: check.granted().clone(),
    })
}

/// What an access token of an OAuth app was granted.
async fn of_app(options: &Options, token: String, id: String, secret: String) -> Result<Granted> {
    let mut client = Client::unchecked_builder();
    if let Some(url) = &options.base_url {
        client = client.base_url(url);
    }
    // No one is sent anywhere: the address is only there because an app has one.
    let app = OAuthApp::<Unchecked>::builder(id, secret, "http://localhost/")
        .client(client)
        .build()?;
    let info = app
        .introspect(&Secret::from(token))
        .await
        .context("HubSpot does not tell what the token was granted")?;
    ensure!(info.active, "the token has expired, or was revoked");
    Ok(Granted {
        login: LoginKind::OAuth2,
        hub_id: info.hub_id,
        scopes: info.scopes.into_iter().collect(),
    })
}

//! The link that installs an app.
//!
//! Comes in: the app's id, where HubSpot sends the user back to, and the scopes, from an app file or by name. Goes out: the
//! address. Refused: a file that is no app file, no scopes at all, and a scope that HubSpot does not have.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// What the link is made of.
#[derive(Args)]
#[command(next_help_heading = "Install link")]
pub(super) struct Options {
    /// Print the link that installs an app
    #[arg(
        long,
        requires = "client_id",
        requires = "redirect_uri",
        conflicts_with = "name"
    )]
    install_url: bool,
    /// The app's client id
    #[arg(long, value_name = "ID", requires = "install_url")]
    client_id: Option<String>,
    /// Where HubSpot sends the user afterwards, exactly as the app states it
    #[arg(long, value_name = "URL", requires = "install_url")]
    redirect_uri: Option<String>,
    /// Take the scopes from this app-hsmeta.json
    #[arg(long, value_name = "FILE", requires = "install_url")]
    app_file: Option<PathBuf>,
    /// Required scopes, separated by commas
    #[arg(
        long,
        value_name = "SCOPES",
        value_delimiter = ',',
        requires = "install_url"
    )]
    scope: Vec<String>,
    /// Optional scopes, separated by commas
    #[arg(
        long,
        value_name = "SCOPES",
        value_delimiter = ',',
        requires = "install_url"
    )]
    optional_scope: Vec<String>,
    /// A value that HubSpot hands back, against forged requests; your program should make a fresh one for each user
    #[arg(long, value_name = "VALUE", requires = "install_url")]
    state: Option<String>,
    /// The account in which the app is to be installed [default: the user chooses]
    #[arg(long, value_name = "ID", requires = "install_url")]
    account: Option<u64>,
}

impl Options {
    pub(super) const fn is_asked(&self) -> bool {
        self.install_url
    }
}

/// The parts of an app file that the link needs.
#[derive(Deserialize)]
struct AppFile {
    config: Config,
}

#[derive(Deserialize)]
struct Config {
    auth: Auth,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    redirect_urls: Vec<String>,
    #[serde(default)]
    required_scopes: Vec<String>,
    #[serde(default)]
    conditionally_required_scopes: Vec<String>,
    #[serde(default)]
    optional_scopes: Vec<String>,
}

/// The link.
pub(super) fn url(options: &Options) -> Result<String> {
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or_default();
    let mut required = options.scope.clone();
    let mut optional = options.optional_scope.clone();
    for scope in required.iter().chain(&optional) {
        if !super::known().any(|known| known == scope) {
            bail!(
                "HubSpot has no scope `{scope}`{}",
                super::nearest(scope, super::known())
            );
        }
    }
    if let Some(path) = &options.app_file {
        let auth = auth(path)?;
        ensure!(
            auth.kind.as_deref() != Some("static"),
            "`{}` describes an app with `static` auth, which has no install link",
            path.display()
        );
        ensure!(
            auth.redirect_urls.is_empty()
                || auth.redirect_urls.iter().any(|url| url == redirect_uri),
            "`{}` does not list `{redirect_uri}` in `redirectUrls`: HubSpot would refuse the link",
            path.display()
        );
        required.extend(auth.required_scopes);
        required.extend(auth.conditionally_required_scopes);
        optional.extend(auth.optional_scopes);
    }
    optional.retain(|scope| !required.contains(scope));
    ensure!(
        !required.is_empty() || !optional.is_empty(),
        "the link needs scopes: `--app-file FILE` or `--scope SCOPES`"
    );
    let account = options.account;
    let account = account.map_or_else(String::new, |account| format!("/{account}"));
    let mut url = format!("https://app.hubspot.com/oauth{account}/authorize");
    let parts = [
        ("client_id", options.client_id.clone().unwrap_or_default()),
        ("redirect_uri", redirect_uri.to_owned()),
        ("scope", joined(required)),
        ("optional_scope", joined(optional)),
        ("state", options.state.clone().unwrap_or_default()),
    ];
    let mut separator = '?';
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        url.extend([separator]);
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        separator = '&';
    }
    Ok(url)
}

/// Each scope once, in order, separated by spaces.
fn joined(mut scopes: Vec<String>) -> String {
    let mut seen = std::collections::BTreeSet::new();
    scopes.retain(|scope| seen.insert(scope.clone()));
    scopes.join(" ")
}

fn auth(path: &PathBuf) -> Result<Auth> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
    let file: AppFile = serde_json::from_str(&text)
        .with_context(|| format!("`{shown}` is not the file of an app"))?;
    Ok(file.config.auth)
}

//! Builds the link that installs an app, from its id, the redirect URL and its scopes.
//!
//! The scopes come from an app file or from the command line. An unknown scope is an error, and so is a redirect URL that
//! HubSpot does not accept.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use hubspot_generated::Unchecked;
use hubspot_generated::oauth::OAuthApp;

use super::{known, nearest};
use crate::app_file::{self, AppFile};

/// The parts of the link.
#[derive(Args)]
#[group(requires = "install_url")]
#[command(next_help_heading = "Install link")]
pub(super) struct LinkOptions {
    /// Print the link that installs an app
    #[arg(long, requires_all = ["client_id", "redirect_uri"], conflicts_with = "name")]
    install_url: bool,
    /// The app's client id
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Where HubSpot sends the user afterwards, exactly as the app states it
    #[arg(long, value_name = "URL")]
    redirect_uri: Option<String>,
    /// Take the scopes from this app-hsmeta.json
    #[arg(long, value_name = "FILE")]
    app_file: Option<PathBuf>,
    /// Ask for the app file's conditionally required scopes, too
    #[arg(long, requires = "app_file")]
    with_conditional: bool,
    /// Required scopes, separated by commas
    #[arg(long, value_name = "SCOPES", value_delimiter = ',')]
    scope: Vec<String>,
    /// Optional scopes, separated by commas
    #[arg(long, value_name = "SCOPES", value_delimiter = ',')]
    optional_scope: Vec<String>,
    /// A value that HubSpot returns, by which your program recognizes its own links [default: random]
    #[arg(long, value_name = "VALUE")]
    state: Option<String>,
    /// The account in which the app is to be installed [default: the user chooses]
    #[arg(long, value_name = "ID")]
    account: Option<u64>,
}

impl LinkOptions {
    pub(super) const fn is_asked(&self) -> bool {
        self.install_url
    }
}

/// Builds the link.
pub(super) fn url(options: &LinkOptions) -> Result<String> {
    let id = options.client_id.as_deref().unwrap_or_default();
    let redirect_uri = options.redirect_uri.as_deref().unwrap_or_default();
    let (required, optional) = scopes(options, redirect_uri)?;
    // The secret is only used to exchange codes.
    let app = OAuthApp::<Unchecked>::builder(id, "none", redirect_uri)
        .scopes(required, optional)
        .build()
        .context("no link can be built from this")?;
    let mut link = app.authorize_url();
    if let Some(account) = options.account {
        link = link.account(account);
    }
    if let Some(state) = &options.state {
        link = link.state(state.as_str());
    }
    Ok(link.build().url.into())
}

/// The required and the optional scopes, each once.
fn scopes(options: &LinkOptions, redirect_uri: &str) -> Result<(Vec<String>, Vec<String>)> {
    let mut required = options.scope.clone();
    let mut optional = options.optional_scope.clone();
    for scope in required.iter().chain(&optional) {
        if !known().any(|known| known == scope) {
            bail!("HubSpot has no scope `{scope}`{}", nearest(scope, known()));
        }
    }
    if let Some(path) = &options.app_file {
        let scopes = app(path, redirect_uri)?.scopes;
        required.extend(scopes.required);
        if options.with_conditional {
            required.extend(scopes.conditional);
        }
        optional.extend(scopes.optional);
    }
    let mut seen = BTreeSet::new();
    let mut is_new = |scope: &String| seen.insert(scope.clone());
    required.retain(&mut is_new);
    optional.retain(&mut is_new);
    ensure!(
        !required.is_empty() || !optional.is_empty(),
        "the link needs scopes: `--app-file FILE` or `--scope SCOPES`"
    );
    Ok((required, optional))
}

/// Reads the app file. Fails if HubSpot would reject a link with this redirect URI.
fn app(path: &Path, redirect_uri: &str) -> Result<AppFile> {
    let app = app_file::read(path)?;
    let shown = path.display();
    ensure!(
        !app.is_static(),
        "`{shown}` describes an app with `static` auth, which has no install link"
    );
    ensure!(
        app.may_redirect_to(redirect_uri),
        "`{shown}` does not list `{redirect_uri}` in `redirectUrls`: HubSpot would reject the link"
    );
    Ok(app)
}

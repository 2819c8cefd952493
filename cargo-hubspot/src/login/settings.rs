//! What an app logs in with.
//!
//! Comes in: the command's options, the app's file and the environment. Goes out: scopes, secret and redirect URI.
//! Refused: an app with static auth, a file that cannot be told from others, an address that does not lead to this machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hubspot_generated::Secret;
use url::Url;

use super::Arguments;
use crate::app_file::{self, AppFile};

/// The environment variable with the client secret.
const SECRET: &str = "HUBSPOT_CLIENT_SECRET";

/// What an app logs in with.
pub(super) struct Settings {
    /// What the link asks for as `scope`.
    pub(super) required: Vec<String>,
    /// What it asks for as `optional_scope`.
    pub(super) optional: Vec<String>,
    pub(super) client_secret: Secret,
    /// As the app states it, to the character.
    pub(super) redirect_uri: String,
    /// The port of this machine to which it leads.
    pub(super) port: u16,
    path: String,
}

impl Settings {
    /// Puts together what the options, the file and the environment say.
    pub(super) fn find(arguments: &Arguments) -> Result<Self> {
        let file = match &arguments.app_file {
            Some(file) => file.clone(),
            None => only_app_file(Path::new("."))?,
        };
        let shown = file.display();
        let app = app_file::read(&file)?;
        ensure!(
            !app.is_static(),
            "`{shown}` describes an app with `static` auth: its token is in the app's settings, nobody logs in"
        );
        let redirect_uri = redirect_uri(arguments, &app)
            .with_context(|| format!("`{shown}` gives nothing to log in with"))?;
        let (port, path) = on_this_machine(&redirect_uri).with_context(|| {
            format!(
                "`{redirect_uri}` does not lead to this machine: add an address such as \
                 `http://localhost:3000/callback` to the app's redirect URLs, and name it with --redirect-uri"
            )
        })?;
        let client_secret = std::env::var(SECRET).map(Secret::from).with_context(|| {
            format!("the environment variable `{SECRET}` does not hold the app's client secret")
        })?;
        let mut required = app.scopes.required;
        if arguments.with_conditional {
            required.extend(app.scopes.conditional);
        }
        Ok(Self {
            required,
            optional: app.scopes.optional,
            client_secret,
            redirect_uri,
            port,
            path,
        })
    }

    /// The path of the page that leads to HubSpot.
    pub(super) fn start_path(&self) -> String {
        format!("{}/install", self.path.trim_end_matches('/'))
    }

    /// The address of the page that leads to HubSpot.
    pub(super) fn start_url(&self) -> String {
        format!("http://localhost:{}{}", self.port, self.start_path())
    }
}

/// The app's file when there is just one below `folder`.
fn only_app_file(folder: &Path) -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = app_file::find(folder)
        .into_iter()
        // One that is broken may be it, and is to be heard of.
        .filter(|file| !matches!(app_file::look(file), Ok(None)))
        .collect();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => bail!("there is no app-hsmeta.json below this folder; name it with --app-file"),
        _ => bail!(
            "there are several app files below this folder; name one of them with --app-file: {}",
            found
                .iter()
                .map(|file| format!("`{}`", file.display()))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn redirect_uri(arguments: &Arguments, app: &AppFile) -> Result<String> {
    if let Some(uri) = &arguments.redirect_uri {
        ensure!(
            app.may_redirect_to(uri),
            "its `redirectUrls` do not list `{uri}`: HubSpot would refuse it"
        );
        return Ok(uri.clone());
    }
    app.redirect_urls
        .iter()
        .find(|uri| on_this_machine(uri).is_some())
        .cloned()
        .context(
            "its `redirectUrls` list no address on localhost: add one such as `http://localhost:3000/callback`, and upload \
             the project",
        )
}

/// The port and path of an address at which this machine can be reached without a certificate.
fn on_this_machine(uri: &str) -> Option<(u16, String)> {
    let url = Url::parse(uri).ok()?;
    let local = url.scheme() == "http" && url.host_str() == Some("localhost");
    local.then(|| (url.port().unwrap_or(80), url.path().to_owned()))
}

//! The settings of a login, from the options, the app file and the environment.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hubspot_generated::Secret;
use url::Url;

use super::options::Arguments;
use crate::app_file::{self, AppFile};

/// The environment variable with the client secret.
const SECRET: &str = "HUBSPOT_CLIENT_SECRET";

/// The settings of a login.
pub(super) struct Settings {
    /// The scopes of the link's `scope`.
    pub(super) required: Vec<String>,
    /// The scopes of the link's `optional_scope`.
    pub(super) optional: Vec<String>,
    pub(super) client_secret: Secret,
    /// Exactly as the app states it.
    pub(super) redirect_uri: String,
    /// The port of the redirect URI.
    pub(super) port: u16,
    path: String,
}

impl Settings {
    /// Reads the options, the file and the environment.
    pub(super) fn find(arguments: &Arguments) -> Result<Self> {
        let file = match &arguments.app_file {
            Some(file) => file.clone(),
            None => only_app_file(Path::new("."))?,
        };
        let shown = file.display();
        let app = app_file::read(&file)?;
        ensure!(
            !app.is_static(),
            "`{shown}` describes an app with `static` auth: its token is in the app's settings, and no login is needed"
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
    let mut found = app_file::find(folder);
    // A broken file may be the right one, and its fault is reported.
    found.retain(|file| !matches!(app_file::look(file), Ok(None)));
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => bail!("there is no app-hsmeta.json below this folder; name it with --app-file"),
        _ => {
            let files = found.iter().map(|file| format!("`{}`", file.display()));
            let files = files.collect::<Vec<_>>().join(", ");
            bail!(
                "there are several app files below this folder; name one of them with --app-file: {files}"
            )
        }
    }
}

fn redirect_uri(arguments: &Arguments, app: &AppFile) -> Result<String> {
    if let Some(uri) = &arguments.redirect_uri {
        ensure!(
            app.may_redirect_to(uri),
            "its `redirectUrls` do not list `{uri}`: HubSpot would reject it"
        );
        return Ok(uri.clone());
    }
    let mut urls = app.redirect_urls.iter();
    let local = urls.find(|uri| on_this_machine(uri).is_some());
    local.cloned().context(
        "its `redirectUrls` list no address on localhost: add one such as `http://localhost:3000/callback`, and upload the \
         project",
    )
}

/// The port and path of an address on this machine without TLS.
fn on_this_machine(uri: &str) -> Option<(u16, String)> {
    let url = Url::parse(uri).ok()?;
    let local = url.scheme() == "http" && url.host_str() == Some("localhost");
    local.then(|| (url.port().unwrap_or(80), url.path().to_owned()))
}

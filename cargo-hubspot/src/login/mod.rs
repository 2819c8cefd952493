//! `cargo hubspot login`: connects an account to an OAuth app from the developer's own machine.
//!
//! In: the app's credentials and settings, and a browser. Out: the account, what it granted, and its tokens in an encrypted
//! file. Refused: an app that HubSpot would not let log in here, with the reason; a user's refusal and a failed exchange end
//! the command, and leave the tokens that were there as they are.

mod keep;
mod settings;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use hubspot_generated::oauth::{CallbackRouter, Connection, FileStore, OAuthApp};
use hubspot_generated::{Client, Unchecked};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use self::settings::Settings;
use crate::output::print;

/// Options of `cargo hubspot login`.
///
/// The client secret is read from the environment variable `HUBSPOT_CLIENT_SECRET`: an argument could be seen by others.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The app's client id
    #[arg(long, value_name = "ID", env = "HUBSPOT_CLIENT_ID")]
    client_id: String,
    /// The file that says with which scopes the app is installed [default: the one app-hsmeta.json below this folder]
    #[arg(long, value_name = "FILE")]
    app_file: Option<PathBuf>,
    /// Where HubSpot sends the browser back to, on localhost [default: the first such address of the app's file]
    #[arg(long, value_name = "URL")]
    redirect_uri: Option<String>,
    /// Ask for the conditionally required scopes, too
    #[arg(long)]
    with_conditional: bool,
    /// The file for the tokens, which is encrypted [default: one for each app, in the user's data folder]
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// The file with the key of that file [default: what `HUBSPOT_TOKEN_KEY` holds, else a key in the user's configuration
    /// folder, made when there is none]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Take the key from the operating system's keyring, and put a new one there when there is none
    #[arg(long, conflicts_with = "key_file")]
    keyring: bool,
    /// Open no browser; print the address only
    #[arg(long)]
    no_browser: bool,
    /// Give up after this many seconds without an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Log in to another HubSpot, such as hubspot-mock on this machine
    #[arg(long, value_name = "URL")]
    hubspot: Option<String>,
}

/// How one callback ended, for the command: `Err` tells why the app is not connected.
type Outcome = std::result::Result<Connection, String>;

/// Listens, sends the user to HubSpot, and waits for them to come back.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let settings = Settings::find(arguments)?;
    let place = keep::place(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    runtime.block_on(async {
        let app = app(arguments, &settings, place.open()?)?;
        let outcome = wait_for_user(arguments, &settings, app.clone()).await;
        // The tokens may be in memory only.
        app.shutdown().await?;
        let connection = match outcome? {
            Ok(connection) => connection,
            Err(reason) => bail!("the app was not connected: {reason}"),
        };
        print(&told(&connection, &settings, &place))?;
        Ok(ExitCode::SUCCESS)
    })
}

fn app(
    arguments: &Arguments,
    settings: &Settings,
    store: FileStore,
) -> Result<OAuthApp<Unchecked>> {
    let mut client = Client::unchecked_builder();
    let mut builder = OAuthApp::<Unchecked>::builder(
        arguments.client_id.as_str(),
        settings.client_secret.clone(),
        settings.redirect_uri.as_str(),
    );
    if let Some(hubspot) = &arguments.hubspot {
        client = client.base_url(hubspot.as_str());
        builder = builder.authorize_base_url(hubspot.as_str());
    }
    let app = builder
        .client(client)
        .scopes(&settings.required, &settings.optional)
        .store(store)
        .build();
    app.context("cannot log in with these settings")
}

/// Serves the two pages of an installation until one callback tells how it ended.
async fn wait_for_user(
    arguments: &Arguments,
    settings: &Settings,
    app: OAuthApp<Unchecked>,
) -> Result<Outcome> {
    let listener = TcpListener::bind(("localhost", settings.port))
        .await
        .with_context(|| {
            format!(
                "cannot listen at port {} of this machine, to which `{}` leads",
                settings.port, settings.redirect_uri
            )
        })?;
    let (tell, mut outcomes) = mpsc::unbounded_channel::<Outcome>();
    let router = CallbackRouter::new(app)
        .install_path(settings.start_path())
        .pkce()
        .on_outcome(move |outcome| {
            let outcome = outcome.cloned().map_err(ToString::to_string);
            // The command may be at its end already.
            let _ = tell.send(outcome);
        })
        .into_router()
        .context("cannot serve the redirect URI")?;
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        let _ = ended.await;
    });
    let server = tokio::spawn(server.into_future());
    send_user(&settings.start_url(), arguments.no_browser)?;

    let patience = Duration::from_secs(arguments.timeout);
    let outcome = tokio::time::timeout(patience, outcomes.recv()).await;
    // The page that tells the user is still on its way.
    drop(end);
    let _ = tokio::time::timeout(Duration::from_secs(2), server).await;
    match outcome {
        Ok(Some(outcome)) => Ok(outcome),
        Ok(None) => bail!("the listener ended before anyone came back from HubSpot"),
        Err(_) => bail!(
            "nobody came back from HubSpot within {} seconds; nothing has changed",
            arguments.timeout
        ),
    }
}

/// Prints the address, and opens it unless told otherwise.
fn send_user(address: &str, no_browser: bool) -> Result<()> {
    let opened = !no_browser && open::that_detached(address).is_ok();
    let mut out = std::io::stdout().lock();
    if opened {
        writeln!(out, "Opened in the browser: {address}")?;
    } else {
        writeln!(out, "Open in a browser: {address}")?;
    }
    out.flush().context("cannot print")
}

/// What the user is told at the end.
fn told(connection: &Connection, settings: &Settings, place: &keep::Place) -> String {
    let mut granted = connection.scopes.clone();
    granted.sort();
    let left_out: Vec<&str> = settings
        .optional
        .iter()
        .filter(|scope| !granted.contains(scope))
        .map(String::as_str)
        .collect();
    let left_out = if left_out.is_empty() {
        String::new()
    } else {
        format!("   not granted (optional): {}\n", left_out.join(", "))
    };
    format!(
        "Account {} is connected.\n   granted: {}\n{left_out}   tokens: {}, encrypted\n   key: {}\n",
        connection.hub_id,
        granted.join(", "),
        place.store.display(),
        place.key
    )
}

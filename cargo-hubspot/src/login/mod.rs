//! `cargo hubspot login`: connects an account to an OAuth app from the developer's own machine.
//!
//! Prints the account and its granted scopes, and stores its tokens in an encrypted file. If the user declines or the exchange
//! fails, the command fails and the stored tokens stay as they are.

mod keep;
mod options;
mod settings;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hubspot_generated::oauth::{CallbackRouter, Connection, FileStore, OAuthApp};
use hubspot_generated::{Client, Unchecked};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(crate) use self::options::Arguments;
use self::settings::Settings;
use crate::output::print;

/// The outcome of one callback; `Err` says why the app is not connected.
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
        // Saves tokens that are in memory only.
        app.shutdown().await?;
        let connection = match outcome? {
            Ok(connection) => connection,
            Err(reason) => bail!("the app was not connected: {reason}"),
        };
        print(&summary(&connection, &settings, &place))?;
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

/// Serves the two pages of an installation until one callback has an outcome.
async fn wait_for_user(
    arguments: &Arguments,
    settings: &Settings,
    app: OAuthApp<Unchecked>,
) -> Result<Outcome> {
    let Settings {
        port, redirect_uri, ..
    } = settings;
    let listener = TcpListener::bind(("localhost", *port)).await;
    let listener = listener
        .with_context(|| format!("cannot listen on port {port}, which `{redirect_uri}` names"))?;
    let (tell, mut outcomes) = mpsc::unbounded_channel::<Outcome>();
    let router = CallbackRouter::new(app)
        .install_path(settings.start_path())
        .pkce()
        .on_outcome(move |outcome| {
            let outcome = outcome.cloned().map_err(ToString::to_string);
            // The command may have ended already.
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

    let timeout = Duration::from_secs(arguments.timeout);
    let outcome = tokio::time::timeout(timeout, outcomes.recv()).await;
    // The browser is still receiving the last page.
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

/// Prints the address, and opens it in a browser.
fn send_user(address: &str, no_browser: bool) -> Result<()> {
    let opened = !no_browser && open::that_detached(address).is_ok();
    let text = if opened { "Opened" } else { "Open" };
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{text} in {} browser: {address}",
        if opened { "the" } else { "a" }
    )?;
    out.flush().context("cannot print")
}

/// The text at the end.
fn summary(connection: &Connection, settings: &Settings, place: &keep::TokenPlace) -> String {
    let mut granted = connection.scopes.clone();
    granted.sort();
    let optional = settings.optional.iter();
    let left_out = optional.filter(|scope| !granted.contains(scope)).cloned();
    let left_out = match left_out.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        left_out => format!("   not granted (optional): {left_out}\n"),
    };
    format!(
        "Account {} is connected.\n   granted: {}\n{left_out}   tokens: {}, encrypted\n   key: {}\n",
        connection.hub_id,
        granted.join(", "),
        place.store.display(),
        place.key
    )
}

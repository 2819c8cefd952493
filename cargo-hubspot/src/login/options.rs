//! The options of a login.

use std::path::PathBuf;

use clap::Args;

/// Options of `cargo hubspot login`.
///
/// The client secret is read from the environment variable `HUBSPOT_CLIENT_SECRET`: an argument could be seen by others.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The app's client id
    #[arg(long, value_name = "ID", env = "HUBSPOT_CLIENT_ID")]
    pub(super) client_id: String,
    /// The file that says with which scopes the app is installed [default: the one app-hsmeta.json below this folder]
    #[arg(long, value_name = "FILE")]
    pub(super) app_file: Option<PathBuf>,
    /// Where HubSpot sends the browser back to, on localhost [default: the first such address of the app's file]
    #[arg(long, value_name = "URL")]
    pub(super) redirect_uri: Option<String>,
    /// Ask for the conditionally required scopes, too
    #[arg(long)]
    pub(super) with_conditional: bool,
    /// The file for the tokens, which is encrypted [default: one for each app, in the user's data folder]
    #[arg(long, value_name = "FILE")]
    pub(super) store: Option<PathBuf>,
    /// The file with the key of that file [default: what `HUBSPOT_TOKEN_KEY` holds, else a key in the user's configuration
    /// folder, made when there is none]
    #[arg(long, value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// Take the key from the operating system's keyring, and put a new one there when there is none
    #[arg(long, conflicts_with = "key_file")]
    pub(super) keyring: bool,
    /// Open no browser; print the address only
    #[arg(long)]
    pub(super) no_browser: bool,
    /// Give up after this many seconds without an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(super) timeout: u64,
    /// Log in to another HubSpot, such as hubspot-mock on this machine
    #[arg(long, value_name = "URL")]
    pub(super) hubspot: Option<String>,
}

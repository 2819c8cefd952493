//! OAuth apps: install links, callbacks, and access tokens that are refreshed.
//!
//! | step | with |
//! | --- | --- |
//! | 1. send the user to the install link | [`OAuthApp::authorize_url`] |
//! | 2. read the callback | [`OAuthApp::callback`], or with the router of the feature `axum` |
//! | 3. exchange the code, save the tokens | [`OAuthApp::connect`], or [`OAuthApp::adopt`] for existing installs |
//! | 4. make requests; tokens are refreshed | [`OAuthApp::account`] |
//! | 5. keep the tokens over a restart | [`TokenStore`]: encrypted in a file (`token-file`) or in Redis (`redis`) |
//! | 6. run several processes | [`RefreshLock`]: in Redis (`redis`) |
//! | 7. verify the scopes | [`Client::verify_scopes`](crate::Client::verify_scopes) |
//! | 8. end the program | [`OAuthApp::shutdown`] |
//!
//! Secrets travel in bodies and headers only, never in a URL, and no `Debug`, log line or error shows one.

mod acceptance;
mod app;
mod authorization;
mod builder;
mod callback;
mod endpoint;
mod event;
mod introspection;
mod lease;
mod link;
mod lock;
mod manager;
mod page;
mod persistence;
mod record;
mod record_guard;
mod redirect;
mod refresh;
mod refusal;
mod requested;
mod runtime;
mod single_flight;
mod source;
mod state;
mod store;
mod token_response;
#[cfg(feature = "axum")]
mod web;

use crate::error::oauth as error;
pub use app::OAuthApp;
pub use authorization::Connection;
pub use builder::OAuthAppBuilder;
pub use endpoint::TokenVersion;

pub use crate::error::oauth::{Denial, OAuthError, StoreError};
pub use event::TokenEvent;
pub use introspection::Introspection;
pub use link::{Authorization, AuthorizeUrl, Link};
pub use lock::{Lease, RefreshLock};
pub use manager::{AccessToken, AccountTokens, TokenManager};
pub use page::callback_page;
pub use record::TokenRecord;
pub use refusal::TokenRefusal;
#[cfg(feature = "token-file")]
pub use store::{FileStore, TokenKey, TokenKeys};
pub use store::{MemoryStore, Saved, StoreFuture, TokenStore};
#[cfg(feature = "redis")]
pub use store::{RedisLock, RedisStore};
pub use token_response::TokenResponse;
#[cfg(feature = "axum")]
pub use web::CallbackRouter;

//! OAuth, from the install link to the hundredth refresh.
//!
//! Comes in: an app's credentials and its scope set. Goes out: install links that ask for exactly those scopes, and
//! clients of the accounts that follow them. Refuses: links that HubSpot would refuse, callbacks that it did not send,
//! tokens of another account, and to ask again with a refresh token that is dead.
//!
//! | step | with |
//! | --- | --- |
//! | 1. send the user to the install link | [`OAuthApp::authorize_url`] |
//! | 2. read the callback | [`OAuthApp::callback`], or with the router of the feature `axum` |
//! | 3. exchange the code, keep the tokens | [`OAuthApp::connect`] |
//! | 4. make calls; tokens are renewed | [`OAuthApp::account`] |
//! | 5. keep the tokens over a restart | [`TokenStore`]: encrypted in a file (`token-file`) or in Redis (`redis`) |
//! | 6. run several processes | [`RefreshLock`]: in Redis (`redis`) |
//! | 7. prove the scopes | [`Client::verify_scopes`](crate::Client::verify_scopes) |
//!
//! Secrets travel in bodies and headers only, never in a URL, and no `Debug`, log line or error shows one.

mod answer;
mod app;
mod builder;
mod callback;
mod endpoint;
mod error;
mod event;
mod flight;
mod introspection;
mod keep;
mod link;
mod lock;
mod manager;
mod page;
mod record;
mod redirect;
mod refusal;
mod renew;
mod source;
mod store;
#[cfg(feature = "axum")]
mod web;

pub use answer::TokenAnswer;
pub use app::{Connection, OAuthApp};
pub use builder::OAuthAppBuilder;
pub use endpoint::TokenVersion;
pub use error::{Denial, OAuthError, StoreError};
pub use event::TokenEvent;
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
#[cfg(feature = "axum")]
pub use web::CallbackRouter;

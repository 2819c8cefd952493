//! Tests of OAuth apps: links, callbacks, tokens, stores and several processes, against a token endpoint that fails on
//! demand.
//!
//! Every secret of these tests contains `hidden`, so that `secrets` finds them in what the tests print.

mod accounts;
mod adopt;
mod callback;
mod clock;
mod endpoint;
mod faults;
mod hub;
#[cfg(all(feature = "keyring", target_os = "linux"))]
mod keyring;
mod lenient;
mod link;
mod local;
mod processes;
mod proof;
mod redis;
mod rotation;
mod router;
mod secrets;
mod shutdown;
mod stores;
mod unauthorized;

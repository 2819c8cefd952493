//! OAuth as an app meets it: links, callbacks, tokens, stores, several processes; against a token endpoint of this test's
//! own that misbehaves on demand.
//!
//! Every secret of these tests has `hidden` in it, so that `secrets` can look for them in all that the tests print.

mod accounts;
mod adopt;
mod callback;
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

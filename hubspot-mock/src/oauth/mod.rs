//! `HubSpot`'s OAuth operations.
//!
//! Comes in: calls of `oauth` in any version. Goes out: tokens and what is known of them. Refuses wrong credentials, codes
//! that were used or are too old, and tokens that it does not know.
//!
//! Not served: the grant type `client_credentials`, which some documents list and which gives no access to an account.

mod app;
mod consent;
mod failure;
mod form;
mod info;
mod token;

pub use app::{App, ErrorShape, InvalidApp, Rotation};
pub(crate) use consent::{Blocked, Consent, Link};
pub(crate) use failure::Failure;

use crate::call::{Answer, Call};
use crate::refusal::Refusal;
use crate::world::World;

/// Does what the call asks for.
pub(crate) fn handle(call: &Call, world: &World) -> Result<Answer, Refusal> {
    let tokens = &world.tokens;
    let outcome = match (call.endpoint.method, call.endpoint.path) {
        (_, path) if path.ends_with("/token") => token::token(call, tokens),
        (_, path) if path.ends_with("/token/introspect") => info::introspect(call, tokens),
        (_, path) if path.ends_with("/token/revoke") => info::revoke(call, tokens),
        ("GET", "/oauth/v1/access-tokens/{token}") => return info::access_token(call, tokens),
        ("GET", "/oauth/v1/refresh-tokens/{token}") => return info::refresh_token(call, tokens),
        ("DELETE", "/oauth/v1/refresh-tokens/{token}") => {
            return info::end_refresh_token(call, tokens);
        }
        (_, path) if path.ends_with("/access-token-info") => {
            return info::private_app(call, tokens);
        }
        _ => {
            return Err(Refusal::not_found(format!(
                "{} is not served",
                call.endpoint.id
            )));
        }
    };
    match outcome {
        Ok(Some(body)) => Answer::json(200, &body),
        Ok(None) => Ok(Answer::empty()),
        Err(failure) => failure.answer(call, tokens.error_shape()),
    }
}

//! The OAuth API, in all versions.
//!
//! The grant type `client_credentials`, which some documents list, is not supported: it gives no access to an account.

mod consent;
mod failure;
mod form;
mod info;
mod token;

pub(crate) use crate::behavior::oauth::consent::LinkError;
pub(crate) use crate::behavior::oauth::info::installer;

use crate::behavior::common::unknown;
use crate::behavior::{Call, Context, Response};
use crate::values::Refusal;

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let tokens = &context.state.tokens;
    let outcome = match call.endpoint.action {
        "token" => token::token(call, tokens),
        "introspect" => info::introspect(call, tokens),
        "revoke" => info::revoke(call, tokens),
        "get_access_token" => return info::access_token(call, tokens),
        "get_refresh_token" => return info::refresh_token(call, tokens),
        "archive_refresh_token" => return info::end_refresh_token(call, tokens),
        "access_token_info" => return info::private_app(call, tokens),
        _ => return Err(unknown(call)),
    };
    match outcome {
        Ok(Some(body)) => Response::json(200, &body),
        Ok(None) => Ok(Response::empty()),
        Err(failure) => failure.response(call, tokens.error_shape()),
    }
}

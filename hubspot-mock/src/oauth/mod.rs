//! HubSpot's OAuth operations.
//!
//! Comes in: calls of `oauth` in any version. Goes out: tokens and what is known of them. Refuses wrong credentials, codes
//! that were used or are too old, and tokens that it does not know.
//!
//! Not served: the grant type `client_credentials`, which some documents list and which gives no access to an account.

mod consent;
mod failure;
mod form;
mod info;
mod token;

pub(crate) use crate::oauth::consent::Blocked;
pub(crate) use crate::oauth::info::installer;

use crate::call::{Answer, Call};
use crate::store::tokens::Grant;
use crate::store::world::World;
use crate::values::refusal::Refusal;

/// Does what the call asks for.
pub(crate) fn handle(call: &Call, world: &World) -> Result<Answer, Refusal> {
    let tokens = &world.tokens;
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
        Ok(Some(body)) => Answer::json(200, &body),
        Ok(None) => Ok(Answer::empty()),
        Err(failure) => failure.answer(call, tokens.error_shape()),
    }
}

/// Takes the app whose token it is out of the token's account.
pub(crate) fn uninstall(call: &Call, grant: &Grant, world: &World) -> Result<Answer, Refusal> {
    if call.endpoint.action != "uninstall" {
        return Err(unknown(call));
    }
    let Some(client_id) = &grant.holder.client_id else {
        let message = "Only apps that were installed through OAuth can be uninstalled here.";
        return Err(Refusal::new(403, "FORBIDDEN", message));
    };
    world.tokens.uninstall(client_id, grant.account.hub_id);
    Ok(Answer::empty())
}

/// An operation that only the table knows.
fn unknown(call: &Call) -> Refusal {
    Refusal::not_found(format!("{} is not served", call.endpoint.id))
}
